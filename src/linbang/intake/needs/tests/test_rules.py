from datetime import date, datetime, timedelta

import pytest

from linbang.foundation.clock import CHINA
from linbang.intake.needs import rules
from linbang.intake.needs.choices import (
    Emergency,
    HelpersReason,
    KnownRisk,
    NeedChannel,
    NeedState,
)
from linbang.intake.needs.errors import RiskUnknown, StateNotNext, WindowNotBookable

S = NeedState
R = HelpersReason


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


NOW = at("2026-11-23T10:00")  # a Monday


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (S.OPENED, S.VERIFIED),
        (S.VERIFIED, S.OFFERED),
        (S.OFFERED, S.ASSIGNED),
        (S.OFFERED, S.ESCALATED),
        (S.ESCALATED, S.ASSIGNED),
        (S.ASSIGNED, S.OFFERED),
        (S.ASSIGNED, S.UNDER_WAY),
        (S.UNDER_WAY, S.SERVED),
        (S.SERVED, S.FULFILLED),
    ],
)
def test_the_good_road_may_be_walked(before, after):
    assert rules.may_follow(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (S.OPENED, S.OFFERED),  # rule 57: verified before dispatch
        (S.OPENED, S.ASSIGNED),
        (S.SERVED, S.WITHDRAWN),
        (S.FULFILLED, S.SERVED),
        (S.WITHDRAWN, S.OPENED),
        (S.DECLINED, S.VERIFIED),
        (S.VERIFIED, S.OPENED),
    ],
)
def test_shortcuts_and_returns_are_refused(before, after):
    with pytest.raises(StateNotNext):
        rules.require_following(before, after)


def test_every_state_before_served_may_be_withdrawn():
    assert (
        frozenset({S.OPENED, S.VERIFIED, S.OFFERED, S.ESCALATED, S.ASSIGNED, S.UNDER_WAY})
        == rules.WITHDRAWABLE
    )


def test_every_state_is_in_the_table():
    assert set(rules.FOLLOWING) == set(NeedState)
    assert frozenset({S.FULFILLED, S.DECLINED, S.WITHDRAWN, S.LAPSED}) == rules.FINAL


@pytest.mark.parametrize(
    ("state", "ahead"),
    [
        (S.OPENED, (S.VERIFIED, S.ASSIGNED, S.SERVED, S.FULFILLED)),
        (S.OFFERED, (S.ASSIGNED, S.SERVED, S.FULFILLED)),
        (S.ESCALATED, (S.ASSIGNED, S.SERVED, S.FULFILLED)),
        (S.UNDER_WAY, (S.SERVED, S.FULFILLED)),
        (S.SERVED, (S.FULFILLED,)),
        (S.DECLINED, ()),
    ],
)
def test_milestones_ahead_of_a_state(state, ahead):
    assert rules.milestones_ahead(state) == ahead


@pytest.mark.parametrize(
    ("asker", "is_kin", "may_take", "channel"),
    [
        (7, False, False, NeedChannel.SELF),
        (8, True, True, NeedChannel.RELATIVE),
        (8, False, True, NeedChannel.PHONE),
        (8, False, False, None),
        (None, False, False, None),
    ],
)
def test_channel_for_an_asker(asker, is_kin, may_take, channel):
    assert (
        rules.channel_for(asker_id=asker, beneficiary_id=7, is_kin=is_kin, may_take=may_take)
        == channel
    )


@pytest.mark.parametrize(
    ("channel", "asker", "requester", "is_kin", "may_take", "is_open"),
    [
        (NeedChannel.SELF, 7, 7, True, False, True),
        (NeedChannel.SELF, 8, 7, True, True, False),
        (NeedChannel.RELATIVE, 8, 8, True, False, True),
        (NeedChannel.RELATIVE, 8, 8, False, True, False),
        (NeedChannel.RELATIVE, 8, 9, True, False, False),
        (NeedChannel.PHONE, 8, 7, False, True, True),
        (NeedChannel.VISIT, 8, 9, False, True, True),
        (NeedChannel.PHONE, 8, 7, True, False, False),
    ],
)
def test_who_may_use_a_channel(channel, asker, requester, is_kin, may_take, is_open):
    assert is_open == rules.is_channel_open(
        channel,
        asker_id=asker,
        requester_id=requester,
        beneficiary_id=7,
        is_kin=is_kin,
        may_take=may_take,
    )


@pytest.mark.parametrize(
    ("starts", "minutes"), [(NOW, 15), (NOW + timedelta(days=30), 480), (NOW, 60)]
)
def test_bookable_windows_pass(starts, minutes):
    rules.require_bookable(starts, starts + timedelta(minutes=minutes), now=NOW)


@pytest.mark.parametrize(
    ("starts", "minutes"),
    [
        (NOW - timedelta(minutes=1), 60),
        (NOW + timedelta(days=30, minutes=1), 60),
        (NOW, 14),
        (NOW, 481),
        (NOW, -60),
    ],
)
def test_other_windows_are_refused(starts, minutes):
    with pytest.raises(WindowNotBookable):
        rules.require_bookable(starts, starts + timedelta(minutes=minutes), now=NOW)


@pytest.mark.parametrize(
    ("starts", "ends", "night"),
    [
        ("2026-11-24T09:00", "2026-11-24T10:00", False),
        ("2026-11-24T20:00", "2026-11-24T21:00", False),  # half-open: ends as night falls
        ("2026-11-24T20:30", "2026-11-24T21:01", True),
        ("2026-11-24T06:59", "2026-11-24T08:00", True),
        ("2026-11-24T07:00", "2026-11-24T08:00", False),
        ("2026-11-24T23:00", "2026-11-25T01:00", True),
        ("2026-11-24T02:00", "2026-11-24T03:00", True),
    ],
)
def test_night_is_nine_to_seven(starts, ends, night):
    assert rules.is_night(at(starts), at(ends)) == night


@pytest.mark.parametrize(
    ("item", "first", "minor", "night", "count", "reasons"),
    [
        (1, False, False, False, 1, ()),
        (1, True, False, False, 2, (R.FIRST_VISIT,)),
        (1, False, True, False, 2, (R.MINOR,)),
        (1, False, False, True, 2, (R.NIGHT,)),
        (2, False, False, False, 2, (R.ITEM,)),
        (3, True, True, True, 3, (R.ITEM, R.FIRST_VISIT, R.MINOR, R.NIGHT)),
    ],
)
def test_helpers_needed_by_rule_63(item, first, minor, night, count, reasons):
    needed = rules.helpers_needed(item, is_first_visit=first, is_minor=minor, is_night=night)

    assert needed == rules.Helpers(count, reasons)


@pytest.mark.parametrize(("day", "minor"), [(date(2026, 3, 7), True), (date(2026, 3, 8), False)])
def test_majority_comes_with_the_birthday(day, minor):
    assert rules.is_minor(date(2008, 3, 8), day) == minor


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        ("2026-11-23T10:00", "2026-11-25T00:00"),  # Monday → end of Tuesday
        ("2026-11-27T10:00", "2026-12-01T00:00"),  # Friday → end of Monday
        ("2026-11-28T10:00", "2026-12-01T00:00"),  # Saturday → end of Monday
        ("2026-09-30T10:00", "2026-10-09T00:00"),  # over the National Day holiday
        ("2999-01-01T10:00", "2999-01-03T00:00"),  # no calendar: never later than the true term
    ],
)
def test_first_answer_is_due_within_a_working_day(opened, due):
    assert rules.first_answer_due(at(opened)) == at(due)


@pytest.mark.parametrize(
    ("state", "due", "overdue"),
    [
        (S.OPENED, NOW - timedelta(seconds=1), True),
        (S.OPENED, NOW, False),
        (S.VERIFIED, NOW - timedelta(days=1), False),
        (S.OPENED, None, False),
    ],
)
def test_answer_is_overdue_only_while_open(state, due, overdue):
    assert rules.is_answer_overdue(state, due, now=NOW) == overdue


def test_known_risks_keep_the_order_of_the_list():
    assert rules.known_risks(["dog", "fall", "dog"]) == (KnownRisk.FALL, KnownRisk.DOG)


def test_known_risks_outside_the_list_are_refused():
    with pytest.raises(RiskUnknown):
        rules.known_risks(["dragon"])


@pytest.mark.parametrize(
    ("text", "emergency"),
    [
        ("家里着火了", Emergency.FIRE),
        ("老伴晕倒了", Emergency.ILLNESS),
        ("胸痛得厉害", Emergency.ILLNESS),
        ("有人抢劫", Emergency.CRIME),
        ("My kitchen is ON FIRE", Emergency.FIRE),
        ("着火了，老人昏迷", Emergency.ILLNESS),
        ("帮我买点火龙果", None),
        ("", None),
    ],
)
def test_emergencies_are_heard_in_words(text, emergency):
    assert rules.emergency_in(text) == emergency


def test_slots_of_three_days_start_at_human_hours():
    slots = rules.slots(60, now=at("2026-11-23T07:00"))

    assert [(slot.part, f"{slot.starts_at:%d %H:%M}") for slot in slots] == [
        ("morning", "23 09:00"), ("afternoon", "23 14:30"), ("evening", "23 18:30"),
        ("morning", "24 09:00"), ("afternoon", "24 14:30"), ("evening", "24 18:30"),
        ("morning", "25 09:00"), ("afternoon", "25 14:30"), ("evening", "25 18:30"),
    ]  # fmt: skip


def test_slots_of_today_leave_an_hour_and_fall_on_a_quarter():
    morning = rules.slots(60, now=at("2026-11-23T09:20") + timedelta(seconds=5))[0]

    assert morning.starts_at == at("2026-11-23T10:30")


def test_slots_that_are_past_or_reach_the_night_are_empty():
    late = rules.slots(60, now=at("2026-11-23T20:30"))
    long = rules.slots(180, now=at("2026-11-23T07:00"))

    assert [slot.starts_at for slot in late[:3]] == [None, None, None]
    assert (long[1].ends_at, long[2].starts_at) == (at("2026-11-23T17:30"), None)
