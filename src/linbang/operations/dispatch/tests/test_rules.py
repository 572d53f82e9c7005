from datetime import UTC, datetime, timedelta

import pytest

from linbang.intake.needs.choices import NeedState, Urgency
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.choices import Answer, EscalationCause, ReasonCode, Unfit
from matching import Cause
from matching import ReasonCode as MatchingReason

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
DAY_AFTER = NOON + timedelta(days=1)


@pytest.mark.parametrize(
    ("urgency", "starts_in", "minutes"),
    [
        # Rule 60: 30 minutes, urgent 10; never beyond the start of the visit.
        (Urgency.NORMAL, timedelta(days=1), 30),
        (Urgency.URGENT, timedelta(days=1), 10),
        (Urgency.NORMAL, timedelta(minutes=20), 20),
        (Urgency.NORMAL, timedelta(minutes=30), 30),
        (Urgency.URGENT, timedelta(minutes=-5), 1),
    ],
)
def test_offer_expires_by_rule_60(urgency: Urgency, starts_in: timedelta, minutes: int) -> None:
    ends = rules.offer_expires_at(urgency, now=NOON, starts_at=NOON + starts_in)

    assert ends == NOON + timedelta(minutes=minutes)


@pytest.mark.parametrize(("ends_in", "minutes"), [(600, 120), (45, 45), (0, 1)])
def test_hand_offer_expires_before_visit_ends(ends_in: int, minutes: int) -> None:
    ends = rules.hand_offer_expires_at(now=NOON, ends_at=NOON + timedelta(minutes=ends_in))

    assert ends == NOON + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("ended", "minutes_ago", "starts_in", "cause"),
    [
        (0, None, 600, None),
        (2, 119, 600, None),
        (3, 31, 600, EscalationCause.THREE_OFFERS),
        (1, 120, 600, EscalationCause.TWO_HOURS),
        (0, None, 9, EscalationCause.TOO_SOON),
        (0, None, 10, None),
    ],
)
def test_station_takes_over_by_rule_60(
    ended: int, minutes_ago: int | None, starts_in: int, cause: EscalationCause | None
) -> None:
    first = None if minutes_ago is None else NOON - timedelta(minutes=minutes_ago)

    found = rules.station_takes_over(
        ended_offers=ended,
        first_offered_at=first,
        starts_at=NOON + timedelta(minutes=starts_in),
        now=NOON,
    )

    assert found == cause


@pytest.mark.parametrize(
    ("minutes_ago", "asked_since", "is_late"),
    [(1, False, False), (119, False, False), (120, False, True), (1, True, True)],
)
def test_station_itself_may_be_late(minutes_ago: int, asked_since: bool, is_late: bool) -> None:
    taken_at = NOON - timedelta(minutes=minutes_ago)

    found = rules.is_station_late(taken_at=taken_at, asked_since=asked_since, now=NOON)

    assert found is is_late


@pytest.mark.parametrize(
    ("accepted", "left", "now", "is_open"),
    [
        # Rule 62: from acceptance to 24 h after completion, for the accepted helper only.
        (NOON, None, NOON - timedelta(seconds=1), False),
        (NOON, None, NOON, True),
        (NOON, None, DAY_AFTER + timedelta(hours=23, minutes=59), True),
        (NOON, None, DAY_AFTER + timedelta(hours=24), False),
        (NOON, NOON + timedelta(hours=1), NOON + timedelta(hours=2), False),
    ],
)
def test_contact_opens_by_rule_62(
    accepted: datetime, left: datetime | None, now: datetime, is_open: bool
) -> None:
    found = rules.is_contact_open(accepted_at=accepted, ended_at=left, done_at=DAY_AFTER, now=now)

    assert found is is_open


@pytest.mark.parametrize(
    ("answer", "now", "is_open"),
    [
        (None, NOON, True),
        (None, NOON + timedelta(minutes=30), False),
        (Answer.REFUSED, NOON, False),
    ],
)
def test_offer_is_open_until_answered(answer: Answer | None, now: datetime, is_open: bool) -> None:
    assert rules.is_open(answer, expires_at=NOON + timedelta(minutes=30), now=now) is is_open


def test_search_borrows_from_street_then_county() -> None:
    assert rules.search_areas("450103001005001001") == ("450103001", "450103")


@pytest.mark.parametrize("state", list(NeedState))
def test_dispatchable_states_are_the_seeking_ones(state: NeedState) -> None:
    seeking = {"verified", "offered", "escalated", "assigned"}

    assert rules.is_dispatchable(state) is (state in seeking)


@pytest.mark.parametrize(
    ("code", "value", "words"),
    [
        ("same_building", None, "同一栋楼"),
        ("same_grid", None, "同一网格"),
        ("same_community", None, "同一社区"),
        ("same_street", None, "同一街道"),
        ("has_skill", "01", "会医疗急救"),
        ("free_then", "05", "周二下午有空"),
        ("free_then", "24", "节假日晚上有空"),
        ("few_orders", 1, "近30天接单1次"),
        ("rating", 480, "评价4.8分"),
        ("served_before", None, "以前帮助过这位居民"),
        ("chosen_by_station", None, "服务站专门请您帮忙"),
        ("despite", "not_available", "站点确认可去：这个时段没有空"),
    ],
)
def test_reasons_are_told_in_words(code: str, value: object, words: str) -> None:
    assert rules.reason_words([{"code": code, "value": value}]) == (words,)


def test_words_cover_every_code_of_matching() -> None:
    own = {ReasonCode.CHOSEN_BY_STATION, ReasonCode.DESPITE}

    assert {code.value for code in MatchingReason} == {str(c) for c in ReasonCode if c not in own}
    assert [cause.value for cause in Cause] == Unfit.values


def test_causes_are_counted_most_frequent_first() -> None:
    rejected = {"skill": 3, "paused": 3, "minor": 0, "too_far": 9}

    assert rules.cause_words(rejected) == (
        (Unfit.TOO_FAR, 9), (Unfit.PAUSED, 3), (Unfit.SKILL, 3)
    )  # fmt: skip
