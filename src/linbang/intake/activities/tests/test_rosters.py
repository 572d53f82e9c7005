"""Rosters, windows and states: decisions over plain values."""

from datetime import date, datetime, time, timedelta

import pytest

from linbang.foundation.access.choices import Role
from linbang.foundation.access.rules import Actor, Grant
from linbang.foundation.clock import CHINA
from linbang.foundation.errors import Refused
from linbang.foundation.workdays import is_public_holiday, is_workday
from linbang.intake.activities import errors, rules
from linbang.intake.activities.choices import ActivityState, DayRule
from linbang.intake.activities.rules import Days, DutyCalendar, DutyTime, Hole, Window

CALENDAR = Days(is_workday, is_public_holiday)
MORNING, EVENING = DutyTime(time(7, 30), time(9), 2, 1), DutyTime(time(17, 30), time(19), 3, 2)
NOW = datetime(2026, 6, 3, 12, 0, tzinfo=CHINA)


def calendar(**changes):
    told = {
        "points": (11, 12),
        "times": (MORNING, EVENING),
        "starts_on": date(2026, 9, 28),
        "ends_on": date(2026, 9, 30),
        **changes,
    }
    return DutyCalendar(**told)


def test_duty_is_days_times_points():
    shifts = rules.duty_shifts(calendar(), CALENDAR)

    assert len(shifts) == 3 * 2 * 2
    assert (shifts[0].point_id, shifts[1].point_id) == (11, 12)
    assert shifts[0].window == rules.window_between(date(2026, 9, 28), time(7, 30), time(9))
    assert {(one.places, one.places_min) for one in shifts} == {(2, 1), (3, 2)}


def test_point_named_twice_is_staffed_once():
    assert len(rules.duty_shifts(calendar(points=(11, 11)), CALENDAR)) == 6


@pytest.mark.parametrize(
    ("changes", "days"),
    [
        ({"ends_on": date(2026, 10, 12), "day_rule": DayRule.WORKDAYS},
         "09-28 09-29 09-30 10-08 10-09 10-10 10-12"),
        ({"ends_on": date(2026, 10, 11), "weekdays": (5, 6)}, "10-03 10-04 10-10 10-11"),
        ({"ends_on": date(2026, 10, 3), "day_rule": DayRule.ONLY_HOLIDAYS}, "10-01 10-02 10-03"),
        ({"ends_on": date(2026, 10, 1), "weekdays": (0, 3), "day_rule": DayRule.NOT_HOLIDAYS},
         "09-28"),
    ],
)  # fmt: skip
def test_duty_days_by_weekday_and_calendar(changes, days):
    found = rules.duty_days(calendar(**changes), CALENDAR)

    assert [f"{day:%m-%d}" for day in found] == days.split()


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"points": ()}, errors.RosterEmpty),
        ({"times": ()}, errors.RosterEmpty),
        ({"weekdays": (5,)}, errors.RosterEmpty),
        ({"ends_on": date(2026, 9, 1)}, errors.RhythmEndsEarly),
        ({"ends_on": date(2027, 10, 1)}, errors.RhythmTooLong),
        ({"points": tuple(range(100)), "ends_on": date(2027, 9, 28)}, errors.RosterTooLarge),
        ({"times": (DutyTime(time(9), time(9, 5)),)}, errors.WindowImpossible),
        ({"times": (DutyTime(time(22), time(2)),)}, errors.WindowImpossible),
        ({"times": (DutyTime(time(9), time(10), 0, 0),)}, errors.PostPlacesImpossible),
    ],
)
def test_impossible_calendars_are_refused(changes, refusal):
    with pytest.raises(refusal):
        rules.duty_shifts(calendar(**changes), CALENDAR)


def test_what_is_missing_is_found_by_point_and_window():
    needed = rules.duty_shifts(calendar(), CALENDAR)

    assert rules.missing(needed, needed[1:]) == needed[:1]
    assert rules.missing(needed, needed) == ()


def test_holes_are_where_others_stand():
    nine = rules.window_on(date(2026, 6, 6), time(9), 60)
    ten = rules.window_on(date(2026, 6, 6), time(10), 60)

    assert rules.holes([(1, nine), (2, nine), (1, ten)]) == (
        Hole(2, date(2026, 6, 6), time(10), time(11)),
    )
    assert rules.holes([]) == ()


@pytest.mark.parametrize(
    ("starts_at", "minutes", "possible"),
    [
        ("2026-06-06T09:00", 15, True),
        ("2026-06-06T09:00", 14, False),
        ("2026-06-06T09:00", 0, False),
        ("2026-06-06T22:00", 120, True),
        ("2026-06-06T22:00", 121, False),
        ("2026-06-06T00:00", 1440, True),
        ("2026-06-06T09:00", -60, False),
    ],
)
def test_windows_last_a_while_and_end_by_midnight(starts_at, minutes, possible):
    start = datetime.fromisoformat(starts_at).replace(tzinfo=CHINA)
    window = Window(start, start + timedelta(minutes=minutes))

    if possible:
        assert rules.require_window(window) == window
        return
    with pytest.raises(errors.WindowImpossible):
        rules.require_window(window)


def test_window_may_end_at_midnight():
    window = rules.window_between(date(2026, 6, 6), time(20), time(0))

    assert window.ends_at == datetime(2026, 6, 7, tzinfo=CHINA)


def test_moving_beyond_the_policy_is_refused_with_its_end():
    window = rules.window_on(date(2026, 6, 6), time(9), 60)

    with pytest.raises(errors.ShiftsBeyondPolicy) as refusal:
        rules.require_covered([window], starts_at=NOW, ends_at=window.starts_at)

    assert "2026-06-06 09:00" in str(refusal.value)
    rules.require_covered([window], starts_at=NOW, ends_at=window.ends_at)


def test_past_and_overlong_plans_are_refused():
    window = rules.window_on(date(2026, 6, 6), time(9), 60)
    next_year = rules.window_on(date(2027, 6, 8), time(9), 60)

    rules.require_ahead([window], now=NOW)
    rules.require_within_year([])
    with pytest.raises(errors.WindowPast):
        rules.require_ahead([window], now=window.starts_at)
    with pytest.raises(errors.ActivityTooLong):
        rules.require_within_year([window, next_year])


_S = ActivityState
ALLOWED = {
    (_S.DRAFT, _S.IN_REVIEW), (_S.DRAFT, _S.PUBLISHED), (_S.IN_REVIEW, _S.DRAFT),
    (_S.IN_REVIEW, _S.PUBLISHED), (_S.IN_REVIEW, _S.CANCELLED), (_S.PUBLISHED, _S.CANCELLED),
    (_S.PUBLISHED, _S.CLOSED), (_S.CLOSED, _S.PUBLISHED), (_S.DRAFT, _S.CANCELLED),
}  # fmt: skip


@pytest.mark.parametrize("before", ActivityState)
@pytest.mark.parametrize("after", ActivityState)
def test_states_follow_each_other(before, after):
    if (before, after) in ALLOWED:
        rules.require_following(before, after)
        return
    with pytest.raises(errors.ActivityStateNotNext) as refusal:
        rules.require_following(before, after)
    assert str(before.label) in str(refusal.value)


def refused(call):
    try:
        call()
    except Refused as refusal:
        return refusal.code
    return "done"


def test_only_some_states_may_be_edited():
    assert refused(lambda: rules.require_state("draft", rules.EDITABLE)) == "done"
    assert refused(lambda: rules.require_state("closed", rules.EDITABLE)) == (
        "activity_state_not_next"
    )


def test_reason_is_asked_for_and_cut():
    assert rules.require_reason("  下 雨 ") == "下 雨"
    assert len(rules.require_reason("雨" * 300)) == 200
    assert refused(lambda: rules.require_reason(" \n")) == "activity_reason_missing"


@pytest.mark.parametrize(
    ("person", "authors", "outcome"),
    [(1, {1}, "own_review"), (2, {1}, "done"), (None, {None}, "done"), (3, {1, 3}, "own_review")],
)
def test_nobody_reviews_the_own_plan(person, authors, outcome):
    assert refused(lambda: rules.require_reviewer(person, authors=authors)) == outcome


@pytest.mark.parametrize(
    ("days", "extended", "outcome"),
    [
        (0, False, "done"),
        (30, False, "done"),
        (31, False, "extension_too_late"),
        (1, True, "extended_already"),
    ],
)
def test_activity_is_extended_once_within_thirty_days(days, extended, outcome):
    closed_at = NOW - timedelta(days=days)

    assert outcome == refused(
        lambda: rules.require_extendable(
            closed_at=closed_at, extended_at=closed_at if extended else None, now=NOW
        )
    )


WORKER = Actor(person_id=1, grants=(Grant(Role.STATION_WORKER, region="450103001005"),))
LEADER = Actor(person_id=2, grants=(Grant(Role.TEAM_LEADER, organisation_path="0000000001"),))
OUTSIDER = Actor(person_id=3, grants=(Grant(Role.STATION_WORKER, region="450103001006"),))


@pytest.mark.parametrize(
    ("actor", "region", "path", "home", "may", "reach"),
    [
        (WORKER, "450103001005001", "0000000009", "450103001005", True, "done"),
        (WORKER, "450103001006", "0000000009", "450103001005", False, "organiser_out_of_reach"),
        # An organisation of the street is not the community's to speak for.
        (WORKER, "450103001005", "0000000009", "450103001", True, "organiser_out_of_reach"),
        (LEADER, "450103001005", "00000000010000000002", "450103001005", True, "done"),
        (LEADER, "450103001006", "0000000001", "450103001005", True, "organiser_out_of_reach"),
        (LEADER, "450103001005", "0000000003", "450103001005", False, "organiser_out_of_reach"),
        (OUTSIDER, "450103001005", "0000000009", "450103001005", False, "organiser_out_of_reach"),
        (Actor.system(), "450103001005", "0000000009", "450103", True, "done"),
    ],
)
def test_who_plans_for_whom(actor, region, path, home, may, reach):
    assert rules.may_plan(actor, region=region, path=path) is may
    assert reach == refused(
        lambda: rules.require_within_reach(actor, region=region, path=path, home=home)
    )
