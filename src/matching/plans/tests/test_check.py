from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matching.factories import HOME, Volunteer
from matching.plans import Plan, PlanWeights, Stage, assign
from matching.plans.check import check_plan
from matching.plans.tests.factories import DAY, Visit, Week

# Three may serve seven, which wants two; the dear third one stays free. Nobody can serve eight.
WEEK = Week(
    (Volunteer(1), Volunteer(2, orders30=1), Volunteer(3, orders30=9)),
    (Visit(7, helpers=2), Visit(8, skills=16)),
)
PLAN = assign(*WEEK.asked, last=Stage.GREEDY)


def i4(*values: int) -> "np.ndarray":
    return np.array(values, np.int32)


def faults(week: Week, plan: Plan, **changes: Any) -> list[str]:
    """Name the parts of a plan that are wrong once it has been changed."""
    found = check_plan(*week.asked, replace(plan, **changes), fixed=week.fixed_rows)
    return list(dict.fromkeys(fault.split(":")[0] for fault in found))


def test_right_plan_has_no_fault() -> None:
    assert PLAN.volunteer.tolist() == [0, 1]
    assert faults(WEEK, PLAN) == []


@pytest.mark.parametrize(
    ("names", "changes"),
    [
        (["pairs", "cost"], {"volunteer": i4(1, 0), "regret": i4(31, 0), "rank": i4(2, 1)}),
        (["pairs", "weeks"], {"volunteer": i4(0, 0), "cost": i4(525, 525), "regret": i4(0, 0)}),
        (["weights_version"], {"weights_version": 2}),
        (["fixed"], {"fixed": np.array([True, False])}),
        (["cost"], {"cost": i4(525, 555)}),
        (["rank"], {"rank": i4(1, 0)}),
        (["rank"], {"rank": i4(1, 1)}),
        (["rank"], {"rank": i4(1, 9)}),
        (["regret"], {"regret": i4(0, 30)}),
        (["open_request"], {"open_request": i4(0)}),
        (["missing, hopeless"], {"missing": i4(2)}),
        (["missing, hopeless"], {"hopeless": i4(0)}),
        (["objective"], {"objective": 1_080}),
        (["bound"], {"bound": 1_082}),
        (["whole_bound"], {"whole_bound": 1_082, "bound": 1_081}),
    ],
)
def test_each_fault_is_named(names: list[str], changes: dict[str, Any]) -> None:
    assert set(faults(WEEK, PLAN, **changes)) >= set(names)


@pytest.mark.parametrize(
    ("spoilt", "name"),
    [
        (WEEK._replace(people=(Volunteer(1, paused=True), *WEEK.people[1:])), "pairs"),
        (WEEK._replace(visits=(Visit(7), WEEK.visits[1])), "places"),
        (WEEK._replace(fixed=((8, 3),)), "fixed"),
    ],
)
def test_plan_of_another_week_is_refused(spoilt: Week, name: str) -> None:
    assert name in faults(spoilt, PLAN)


# One person and two visits that she serves one after the other.
TWO = (Visit(7), Visit(8, starts=11 * 60, ends=12 * 60))


@pytest.mark.parametrize(
    ("person", "second", "fault"),
    [
        (Volunteer(1), TWO[1], None),
        (Volunteer(1), TWO[1]._replace(starts=9 * 60 + 30), "weeks: (0, 0) and (1, 0) meet"),
        (Volunteer(1), TWO[1]._replace(starts=10 * 60 + 4), "weeks: (0, 0) and (1, 0) meet"),
        (Volunteer(1), TWO[1]._replace(starts=10 * 60 + 5), None),
        (Volunteer(1), TWO[1]._replace(starts=10 * 60 + 14, x=2_000.0), "weeks: (0, 0) and (1, 0)"),
        (Volunteer(1), TWO[1]._replace(starts=10 * 60 + 15, x=2_000.0), None),
        (Volunteer(1, day_cap=1), TWO[1], "weeks: 0 has 2 visits on day 0"),
        (Volunteer(1, day_cap=1), TWO[1]._replace(starts=DAY, ends=DAY + 60), None),
        (Volunteer(1, week_cap=1), TWO[1]._replace(starts=DAY, ends=DAY + 60), "weeks: 0 has 2 v"),
    ],
)
def test_weeks_are_kept_to_the_minute(person: Volunteer, second: Visit, fault: str | None) -> None:
    easy = Week((Volunteer(1),), TWO)
    hard = Week((person,), (TWO[0], second))
    plan = assign(*easy.asked, last=Stage.GREEDY)
    assert plan.request.tolist() == [0, 1]

    found = check_plan(*hard.asked, plan, fixed=hard.fixed_rows)

    about_weeks = [one for one in found if one.startswith("weeks")]
    assert [one.startswith(fault or "-") for one in about_weeks] == [True] * (fault is not None)


def test_fixed_pairs_may_break_what_new_ones_may_not() -> None:
    """What was promised stays, even beside another promise; only nothing may be added to it."""
    busy = Volunteer(1, day_cap=1, week_cap=1, paused=True, place=HOME)
    week = Week((busy,), (Visit(7), Visit(8, starts=9 * 60 + 30)), fixed=((7, 1), (8, 1)))

    plan = assign(*week.asked, fixed=week.fixed_rows)

    assert plan.fixed.tolist() == [True, True]
    assert faults(week, plan) == []


def test_check_asks_for_weights_of_the_plan() -> None:
    weights = PlanWeights(version=2, empty=6_000, first_visit=0, settle=15)
    week = WEEK._replace(people=(Volunteer(1), Volunteer(2, week_cap=0)))
    plan = assign(*week.asked, weights=weights)

    assert check_plan(*week.asked, plan, fixed=week.fixed_rows, weights=weights) == ()
    assert plan.objective == 25 + 6_000
    assert "weights_version" in faults(week, plan)
