"""Changing a series: who keeps a shift on which day, what is cancelled, what is added."""

from datetime import date, datetime, time, timedelta

import pytest

from linbang.foundation.clock import CHINA
from linbang.foundation.workdays import is_public_holiday, is_workday
from linbang.intake.activities import errors, rules
from linbang.intake.activities.choices import DayRule, EditScope
from linbang.intake.activities.rules import Days, Held, Rhythm, SeriesChange, Window

CALENDAR = Days(is_workday, is_public_holiday)
# A Wednesday; what the tables call "now" unless they say otherwise.
NOW = datetime(2026, 6, 3, 12, 0, tzinfo=CHINA)
YEAR = 2026


def day(text):
    return date.fromisoformat(f"{YEAR}-{text}")


def rhythm_of(rule, first, last, day_rule=DayRule.ANY):
    return Rhythm(rule, day(first), day(last), time(9), 120, day_rule)


def held_of(rhythm, *, moved=(), cancelled=()):
    """Return one shift a day of a rhythm, numbered from 1; by date moved to noon, or cancelled."""
    return [
        Held(
            number,
            on,
            rules.window_on(on, time(12) if f"{on:%m-%d}" in moved else time(9), 120),
            is_moved=f"{on:%m-%d}" in moved,
            is_cancelled=f"{on:%m-%d}" in cancelled,
        )
        for number, on in enumerate(rules.occurrences(rhythm, CALENDAR), 1)
    ]


def told(plan, held):
    """Return a plan as words: what becomes of each date, and the dates added."""
    before = {one.shift_id: f"{one.series_date:%m-%d}" for one in held}
    words = {}
    for kept in (*plan.moves, *plan.stays):
        words[before[kept.shift_id]] = f"{kept.series_date:%m-%d}"
    words |= {before[shift]: "loose" for shift in plan.loose}
    words |= {before[shift]: "gone" for shift in plan.cancels}
    return words, [f"{on:%m-%d}" for on in plan.adds]


def edit(rhythm, held, change, *, scope=EditScope.ALL, pivot="06-06", now=NOW):
    return rules.plan_edit(
        rhythm, held, change, scope=scope, pivot=day(pivot), now=now, days=CALENDAR
    )


SATURDAYS = ("FREQ=WEEKLY;BYDAY=SA", "06-01", "06-30")
MON_WED_FRI = ("FREQ=WEEKLY;BYDAY=MO,WE,FR", "06-01", "06-14")
ALL, FOLLOWING = EditScope.ALL, EditScope.FOLLOWING
RULE = "FREQ=WEEKLY;BYDAY="


# rhythm, change, scope, pivot, what becomes of each date ahead, dates added
CASES = {
    "time of all": (
        SATURDAYS, {"start_time": time(14)}, ALL, "06-06",
        "06-06=06-06 06-13=06-13 06-20=06-20 06-27=06-27", ""),
    "time from the third on": (
        SATURDAYS, {"start_time": time(14)}, FOLLOWING, "06-20", "06-20=06-20 06-27=06-27", ""),
    "length of all": (
        SATURDAYS, {"minutes": 60}, ALL, "06-06",
        "06-06=06-06 06-13=06-13 06-20=06-20 06-27=06-27", ""),
    "next weekday": (
        SATURDAYS, {"rule": RULE + "SU"}, ALL, "06-06",
        "06-06=06-07 06-13=06-14 06-20=06-21 06-27=06-28", ""),
    "weekday before, in the same week": (
        SATURDAYS, {"rule": RULE + "TH"}, ALL, "06-06",
        "06-06=06-04 06-13=06-11 06-20=06-18 06-27=06-25", ""),
    "weekday of this week is over": (
        SATURDAYS, {"rule": RULE + "TU"}, ALL, "06-06",
        "06-06=gone 06-13=06-09 06-20=06-16 06-27=06-23", "06-30"),
    "weekday from the third on": (
        SATURDAYS, {"rule": RULE + "SU"}, FOLLOWING, "06-20", "06-20=06-21 06-27=06-28", ""),
    "earlier weekday from the third on": (
        SATURDAYS, {"rule": RULE + "MO"}, FOLLOWING, "06-20", "06-20=06-15 06-27=06-22", "06-29"),
    "more days a week": (
        SATURDAYS, {"rule": RULE + "SA,SU"}, ALL, "06-06",
        "06-06=06-06 06-13=06-13 06-20=06-20 06-27=06-27", "06-07 06-14 06-21 06-28"),
    "more days, none before the pivot": (
        SATURDAYS, {"rule": RULE + "MO,SA"}, FOLLOWING, "06-20",
        "06-20=06-20 06-27=06-27", "06-22 06-29"),
    "other days, the nearest is taken": (
        SATURDAYS, {"rule": RULE + "MO,FR"}, FOLLOWING, "06-20",
        "06-20=06-19 06-27=06-26", "06-22 06-29"),
    "fewer days a week, the kept one keeps its people": (
        MON_WED_FRI, {"rule": RULE + "WE"}, FOLLOWING, "06-08",
        "06-08=gone 06-10=06-10 06-12=gone", ""),
    "fewer days, the nearest moves": (
        MON_WED_FRI, {"rule": RULE + "SA"}, FOLLOWING, "06-08",
        "06-08=gone 06-10=gone 06-12=06-13", ""),
    "two days from three": (
        MON_WED_FRI, {"rule": RULE + "TU,TH"}, FOLLOWING, "06-08",
        "06-08=06-09 06-10=06-11 06-12=gone", ""),
    "every second week": (
        SATURDAYS, {"rule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA"}, ALL, "06-06",
        "06-06=06-06 06-13=gone 06-20=06-20 06-27=gone", ""),
    "every week again": (
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SA", "06-06", "06-30"), {"rule": RULE + "SA"}, ALL, "06-06",
        "06-06=06-06 06-20=06-20", "06-13 06-27"),
    "second week keeps its beat": (
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SA", "06-06", "07-20"), {"start_time": time(14)},
        FOLLOWING, "06-20", "06-20=06-20 07-04=07-04 07-18=07-18", ""),
    "longer": (
        SATURDAYS, {"ends_on": day("07-11")}, ALL, "06-06",
        "06-06=06-06 06-13=06-13 06-20=06-20 06-27=06-27", "07-04 07-11"),
    "longer from the third on": (
        SATURDAYS, {"ends_on": day("07-04")}, FOLLOWING, "06-20",
        "06-20=06-20 06-27=06-27", "07-04"),
    "shorter": (
        SATURDAYS, {"ends_on": day("06-15")}, ALL, "06-06",
        "06-06=06-06 06-13=06-13 06-20=gone 06-27=gone", ""),
    "holidays off": (
        ("FREQ=WEEKLY;BYDAY=FR", "06-05", "06-26"), {"day_rule": DayRule.NOT_HOLIDAYS}, ALL,
        "06-05", "06-05=06-05 06-12=06-12 06-19=gone 06-26=06-26", ""),
    "holidays on again": (
        ("FREQ=WEEKLY;BYDAY=FR", "06-05", "06-26", DayRule.NOT_HOLIDAYS),
        {"day_rule": DayRule.ANY}, ALL, "06-05", "06-05=06-05 06-12=06-12 06-26=06-26", "06-19"),
    "daily becomes workdays, make-up day kept": (
        ("FREQ=DAILY", "09-18", "09-22"), {"day_rule": DayRule.WORKDAYS}, ALL, "09-18",
        "09-18=09-18 09-19=gone 09-20=09-20 09-21=09-21 09-22=09-22", ""),
    "weekdays become workdays, make-up day added": (
        (RULE + "MO,TU,WE,TH,FR", "09-17", "09-22"),
        {"rule": "FREQ=DAILY", "day_rule": DayRule.WORKDAYS}, ALL, "09-17",
        "09-17=09-17 09-18=09-18 09-21=09-21 09-22=09-22", "09-20"),
    "third Saturday becomes last": (
        ("FREQ=MONTHLY;BYDAY=3SA", "06-01", "08-31"), {"rule": "FREQ=MONTHLY;BYDAY=-1SA"}, ALL,
        "06-20", "06-20=06-27 07-18=07-25 08-15=08-29", ""),
    "first Monday becomes last Friday of the same month": (
        ("FREQ=MONTHLY;BYDAY=1MO", "07-01", "09-30"), {"rule": "FREQ=MONTHLY;BYDAY=-1FR"}, ALL,
        "07-06", "07-06=07-31 08-03=08-28 09-07=09-25", ""),
    "thirtieth becomes thirty-first, months without it": (
        ("FREQ=MONTHLY;BYMONTHDAY=30", "06-05", "09-30"), {"rule": "FREQ=MONTHLY;BYMONTHDAY=31"},
        ALL, "06-30", "06-30=gone 07-30=07-31 08-30=08-31 09-30=gone", ""),
    "thirty-first becomes the month's end": (
        ("FREQ=MONTHLY;BYMONTHDAY=31", "06-05", "10-31"), {"rule": "FREQ=MONTHLY;BYMONTHDAY=-1"},
        ALL, "07-31", "07-31=07-31 08-31=08-31 10-31=10-31", "09-30"),
    "month's last day becomes last workday": (
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "06-05", "10-31"),
        {"rule": "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=-1",
         "day_rule": DayRule.WORKDAYS},
        ALL, "06-30", "06-30=06-30 07-31=07-31 08-31=08-31 09-30=09-30 10-31=10-30", ""),
    "weekly becomes monthly": (
        SATURDAYS, {"rule": "FREQ=MONTHLY;BYDAY=-1SA"}, ALL, "06-06",
        "06-06=gone 06-13=gone 06-20=gone 06-27=06-27", ""),
    "monthly becomes weekly": (
        ("FREQ=MONTHLY;BYDAY=2SA", "06-01", "06-30"), {"rule": RULE + "FR"}, ALL, "06-13",
        "06-13=06-12", "06-19 06-26"),
    "daily becomes weekly": (
        ("FREQ=DAILY", "06-04", "06-08"), {"rule": RULE + "SA"}, ALL, "06-04",
        "06-04=gone 06-05=gone 06-06=06-06 06-07=gone 06-08=gone", ""),
    "yearly moves within the year": (
        ("FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=1", "06-05", "12-31"),
        {"rule": "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=5"}, ALL, "10-01", "10-01=12-05", ""),
    "time and weekday together": (
        SATURDAYS, {"rule": RULE + "SU", "start_time": time(15)}, FOLLOWING, "06-27",
        "06-27=06-28", ""),
    "past dates are not touched": (
        ("FREQ=WEEKLY;BYDAY=SA", "05-16", "06-13"), {"start_time": time(14)}, ALL, "06-06",
        "06-06=06-06 06-13=06-13", ""),
    "past weekday is not planned again": (
        ("FREQ=WEEKLY;BYDAY=MO", "05-25", "06-15"), {"rule": RULE + "MO,TH"}, ALL, "06-08",
        "06-08=06-08 06-15=06-15", "06-11"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_change_of_a_series(case):
    rhythm, change, scope, pivot, expected, added = CASES[case]
    rhythm = rhythm_of(*rhythm)
    held = held_of(rhythm)

    plan = edit(rhythm, held, SeriesChange(**change), scope=scope, pivot=pivot)

    words, adds = told(plan, held)
    assert words == dict(pair.split("=") for pair in expected.split())
    assert adds == added.split()


def test_only_changed_times_are_moves():
    rhythm = rhythm_of(*SATURDAYS)
    held = held_of(rhythm)

    plan = edit(rhythm, held, SeriesChange(ends_on=day("07-04")))
    moved = edit(rhythm, held, SeriesChange(start_time=time(14)))

    assert (len(plan.moves), len(plan.stays)) == (0, 4)
    assert (len(moved.moves), len(moved.stays)) == (4, 0)
    assert moved.moves[0].window == Window(
        datetime(2026, 6, 6, 14, tzinfo=CHINA), datetime(2026, 6, 6, 16, tzinfo=CHINA)
    )


def test_moved_exception_keeps_its_own_time():
    rhythm = rhythm_of(*SATURDAYS)
    held = held_of(rhythm, moved=["06-13"])

    plan = edit(rhythm, held, SeriesChange(start_time=time(14)))

    assert [kept.shift_id for kept in plan.moves] == [1, 3, 4]
    assert [(kept.shift_id, kept.window) for kept in plan.stays] == [(2, held[1].window)]


def test_moved_exception_follows_a_new_weekday_but_keeps_its_time():
    rhythm = rhythm_of(*SATURDAYS)
    held = held_of(rhythm, moved=["06-13"])

    plan = edit(rhythm, held, SeriesChange(rule=RULE + "SU"))

    assert [(kept.series_date, kept.window) for kept in plan.stays] == [
        (day("06-14"), held[1].window)
    ]


def test_moved_exception_stays_when_its_date_goes():
    rhythm = rhythm_of(*SATURDAYS)
    held = held_of(rhythm, moved=["06-13"])

    plan = edit(rhythm, held, SeriesChange(rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=SA"))

    assert told(plan, held)[0] == {
        "06-06": "06-06", "06-13": "loose", "06-20": "06-20", "06-27": "gone",
    }  # fmt: skip


def test_moved_exception_past_the_new_end_goes():
    rhythm = rhythm_of(*SATURDAYS)
    held = held_of(rhythm, moved=["06-27"])

    plan = edit(rhythm, held, SeriesChange(ends_on=day("06-20")))

    assert plan.cancels == (4,)


def test_cancelled_date_stays_cancelled_and_is_not_added_again():
    rhythm = rhythm_of(*SATURDAYS)
    held = held_of(rhythm, cancelled=["06-13"])

    later = edit(rhythm, held, SeriesChange(start_time=time(14)))
    shorter = edit(rhythm, held, SeriesChange(ends_on=day("06-10")))

    assert [kept.shift_id for kept in later.stays] == [2]
    assert later.adds == ()
    assert shorter.cancels == (3, 4)


def test_several_posts_of_a_day_go_together():
    rhythm = rhythm_of(*SATURDAYS)
    held = held_of(rhythm)
    second = [Held(one.shift_id + 10, one.series_date, one.window) for one in held]

    plan = edit(rhythm, held + second, SeriesChange(rule=RULE + "SU"))

    assert {kept.shift_id: f"{kept.series_date:%m-%d}" for kept in plan.moves} == {
        1: "06-07", 2: "06-14", 3: "06-21", 4: "06-28",
        11: "06-07", 12: "06-14", 13: "06-21", 14: "06-28",
    }  # fmt: skip


def test_this_and_following_splits_the_series():
    rhythm = rhythm_of(*SATURDAYS)

    plan = edit(rhythm, held_of(rhythm), SeriesChange(minutes=90), scope=FOLLOWING, pivot="06-20")

    assert plan.old_ends_on == day("06-13")
    assert plan.rhythm == Rhythm(
        "FREQ=WEEKLY;BYDAY=SA", day("06-20"), day("06-27"), time(9), 90, DayRule.ANY
    )
    assert [f"{window.starts_at:%m-%d}" for window in plan.windows] == ["06-20", "06-27"]


def test_change_of_all_leaves_nothing_of_an_unbegun_series():
    rhythm = rhythm_of(*SATURDAYS)

    assert edit(rhythm, held_of(rhythm), SeriesChange(minutes=90)).old_ends_on is None


def test_one_date_moves_alone():
    rhythm = rhythm_of(*SATURDAYS)
    held = held_of(rhythm)

    plan = edit(
        rhythm,
        held,
        SeriesChange(on=day("06-14"), start_time=time(10), minutes=60),
        scope=EditScope.ONE,
        pivot="06-13",
    )

    assert (plan.rhythm, plan.cancels, plan.adds) == (None, (), ())
    assert [(kept.shift_id, kept.series_date, kept.window) for kept in plan.moves] == [
        (2, day("06-13"), rules.window_on(day("06-14"), time(10), 60))
    ]
    assert plan.windows == (rules.window_on(day("06-14"), time(10), 60),)


def test_one_date_without_change_stays():
    rhythm = rhythm_of(*SATURDAYS)

    plan = edit(rhythm, held_of(rhythm), SeriesChange(), scope=EditScope.ONE, pivot="06-13")

    assert ([kept.shift_id for kept in plan.stays], plan.moves) == ([2], ())


@pytest.mark.parametrize(
    ("scope", "pivot", "change", "now", "refusal"),
    [
        (EditScope.ONE, "06-06", {}, "06-06T09:00", errors.ShiftStarted),
        (EditScope.ONE, "06-13", {}, "06-03T12:00", errors.ShiftNotPlanned),
        (EditScope.ONE, "06-20", {"on": day("06-02")}, "06-03T12:00", errors.WindowPast),
        (EditScope.ONE, "06-20", {"minutes": 5}, "06-03T12:00", errors.WindowImpossible),
        (EditScope.ONE, "06-20", {"start_time": time(23)}, "06-03T12:00", errors.WindowImpossible),
        (FOLLOWING, "06-06", {"minutes": 60}, "06-06T09:00", errors.ShiftStarted),
        (ALL, "06-06", {"minutes": 60}, "07-01T12:00", errors.NothingAhead),
        (ALL, "06-06", {"ends_on": day("06-01")}, "06-03T12:00", errors.RhythmEndsEarly),
        (ALL, "06-06", {"rule": "FREQ=HOURLY"}, "06-03T12:00", errors.RhythmUnreadable),
        (ALL, "06-06", {"rule": "FREQ=MONTHLY;BYMONTH=2"}, "06-03T12:00", errors.RhythmEmpty),
        (ALL, "06-06", {"minutes": 1000}, "06-03T12:00", errors.WindowImpossible),
    ],
)
def test_changes_that_cannot_be_are_refused(scope, pivot, change, now, refusal):
    rhythm = rhythm_of(*SATURDAYS)
    held = held_of(rhythm, cancelled=["06-13"])
    at = datetime.fromisoformat(f"{YEAR}-{now}").replace(tzinfo=CHINA)

    with pytest.raises(refusal):
        edit(rhythm, held, SeriesChange(**change), scope=scope, pivot=pivot, now=at)


def test_all_goes_when_every_new_day_has_passed():
    rhythm = rhythm_of("FREQ=WEEKLY;BYDAY=SA", "06-06", "06-07")

    plan = edit(rhythm, held_of(rhythm), SeriesChange(rule=RULE + "MO"))

    assert (plan.cancels, plan.rhythm, plan.windows) == ((1,), None, ())


def test_pairs_are_the_nearest_and_keep_their_order():
    first = date(2026, 6, 1)
    old = [first + timedelta(days=n) for n in (0, 4)]
    new = [first + timedelta(days=n) for n in (1, 3, 5)]

    assert rules.pair_dates(old, new, ["WEEKLY"]) == {old[0]: new[0], old[1]: new[1]}
    assert rules.pair_dates(new, old, ["DAILY"]) == {new[0]: old[0], new[1]: old[1]}
    assert rules.pair_dates(old, [], ["MONTHLY"]) == {}
