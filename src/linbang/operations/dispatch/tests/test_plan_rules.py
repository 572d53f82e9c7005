"""Which days and places are planned, how long a planned visit may be answered, who waits."""

from datetime import datetime, timedelta

import pytest

from linbang.foundation.clock import CHINA
from linbang.intake.needs.choices import Risk, Urgency
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.choices import (
    Answer,
    PlanCause,
    PlannedState,
    Unfit,
)

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=CHINA)  # a Monday
DAY = timedelta(days=1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=CHINA)


def test_priority_rises_with_urgency_and_risk():
    ways = [(urgency, risk) for urgency in Urgency for risk in (Risk.LOW, Risk.HIGH)]
    assert [rules.plan_priority(*one) for one in ways] == [1, 2, 3, 4]


def test_plan_covers_the_week_from_tomorrow_unless_told():
    tomorrow = (NOON + DAY).date()
    assert rules.plan_days(NOON) == (tomorrow, tomorrow + 6 * DAY)
    assert rules.plan_days(NOON, starts_on=NOON.date()) == (NOON.date(), NOON.date() + 6 * DAY)
    assert rules.plan_days(NOON, ends_on=tomorrow) == (tomorrow, tomorrow)


@pytest.mark.parametrize(
    ("starts_in", "days", "fits"),
    [(0, 1, True), (0, 7, True), (3, 1, True), (-1, 1, False), (0, 8, False), (2, 0, False)],
)
def test_days_are_a_week_at_most_from_today_on(starts_in, days, fits):
    first = NOON.date() + timedelta(days=starts_in)
    last = first + timedelta(days=days - 1)
    assert rules.are_plannable_days(first, last, today=NOON.date()) is fits


@pytest.mark.parametrize(
    ("area", "lends"),
    [
        ("450103001005", "450103001"),
        ("450103001", "450103"),
        ("450103", "4501"),
        ("4501", "4501"),
    ],
)
def test_each_place_borrows_from_the_one_around_it(area, lends):
    assert rules.is_plannable_area(area)
    assert rules.lending_area(area) == lends


def test_a_grid_or_a_province_is_not_planned():
    assert not rules.is_plannable_area("450103001005001")
    assert not rules.is_plannable_area("45")


@pytest.mark.parametrize(
    ("starts_at", "expires_at"),
    [
        (at(26, 10), at(24, 12)),  # a day at most
        (at(24, 10), at(23, 20)),  # eight in the evening of the day before
        (at(23, 15), at(23, 12, 30)),  # today: as any offer
        (at(23, 12, 20), at(23, 12, 20)),  # never after the visit would begin
    ],
)
def test_planned_visit_may_be_answered_until_the_evening_before(starts_at, expires_at):
    found = rules.planned_offer_expires_at(Urgency.NORMAL, now=NOON, starts_at=starts_at)
    assert found == expires_at


def test_two_hours_count_from_the_end_of_a_long_offer():
    short, long = NOON + timedelta(minutes=30), NOON + timedelta(hours=8)
    answered = NOON + timedelta(hours=5)
    since = rules.asked_since
    assert since(offered_at=NOON, expires_at=short, answered_at=None) == NOON
    assert since(offered_at=NOON, expires_at=long, answered_at=answered) == answered
    assert since(offered_at=NOON, expires_at=long, answered_at=None) == long


@pytest.mark.parametrize(
    ("state", "answer", "is_open", "has_left", "standing"),
    [
        (PlannedState.PLANNED, None, False, False, PlannedState.PLANNED),
        (PlannedState.OFFERED, None, True, False, PlannedState.OFFERED),
        (PlannedState.OFFERED, None, False, False, PlannedState.LAPSED),
        (PlannedState.OFFERED, Answer.ACCEPTED, True, False, PlannedState.ACCEPTED),
        (PlannedState.OFFERED, Answer.ACCEPTED, True, True, PlannedState.DECLINED),
        (PlannedState.OFFERED, Answer.WITHDRAWN, True, False, PlannedState.DROPPED),
        (PlannedState.REPLACED, Answer.REFUSED, False, False, PlannedState.DECLINED),
        (PlannedState.REPLACED, Answer.EXPIRED, False, False, PlannedState.LAPSED),
        (PlannedState.REPLACED, None, False, False, PlannedState.REPLACED),
    ],
)
def test_standing_is_read_off_the_offer(state, answer, is_open, has_left, standing):
    assert rules.standing_of(state, answer, is_open=is_open, has_left=has_left) == standing


@pytest.mark.parametrize(
    ("verified_at", "starts_at", "now", "waits"),
    [
        (at(23, 12), at(25, 10), at(23, 12), True),  # planned on the 24th for the 25th
        (at(23, 12), at(24, 10), at(23, 12), False),  # tomorrow: too soon to wait
        (at(23, 12), at(25, 10), at(24, 9), True),  # the round is made, not yet published
        (at(23, 12), at(25, 10), at(24, 10, 30), False),  # it should have been published
        (at(23, 1), at(24, 10), at(23, 1, 30), True),  # before two at night: this round's
        (at(23, 1), at(24, 10), at(23, 11), False),
    ],
)
def test_who_is_two_days_ahead_waits_for_the_next_round_and_no_longer(
    verified_at, starts_at, now, waits
):
    windows = rules.waiting_for_night(now)
    assert any(verified_at >= since and starts_at >= first for since, first in windows) is waits


def test_the_cheaper_of_two_visits_that_meet_stays_then_the_older():
    def visit(key: int, hour: int, day: int = 24) -> rules.Window:
        return rules.Window(key, at(day, hour), at(day, hour + 1))

    meets = [(300, visit(1, 9)), (200, visit(2, 9)), (100, visit(3, 14))]
    assert rules.kept_apart(meets, a_day=2, a_week=4) == {1}
    assert rules.kept_apart([(200, visit(5, 9)), (200, visit(4, 9))], a_day=2, a_week=4) == {5}
    # Back to back there is no time for the way.
    assert rules.kept_apart([(1, visit(1, 9)), (2, visit(2, 10))], a_day=2, a_week=4) == {2}
    full_day = [(n, visit(n, 7 + 2 * n)) for n in range(1, 4)]
    assert rules.kept_apart(full_day, a_day=2, a_week=4) == {3}
    full_week = [(n, visit(n, 9, day=23 + n)) for n in range(1, 6)]
    assert rules.kept_apart(full_week, a_day=2, a_week=4) == {5}


def test_gap_words_count_the_most_frequent_first_and_keep_the_order_of_looking():
    nobody, busy = rules.gap_words(
        {"nobody": {"skill": 2, "paused": 5, "minor": 0}, "busy": {"week_full": 3, "overlap": 1}}
    )
    assert nobody == ((Unfit.PAUSED, 5), (Unfit.SKILL, 2))
    assert busy == ((PlanCause.OVERLAP, 1), (PlanCause.WEEK_FULL, 3))
    assert rules.gap_words({}) == ((), ())
