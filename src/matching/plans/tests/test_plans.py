"""Plans keep every rule and stand between their bounds and greed; checked by brute force."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.factories import Volunteer
from matching.plans import PLAN_WEIGHTS, Stage, assign, candidates, prices, proof
from matching.plans.candidates import list_length
from matching.plans.check import bound_of_prices, check_plan
from matching.plans.tests.factories import Visit, Week, examples, small_weeks
from matching.plans.tests.oracle import eligible, optimum

KEEPS = st.sampled_from([64, 64, 64, 2, 1])


@examples(60)
@given(small_weeks, KEEPS)
def test_every_stage_leaves_right_plan(week: Week, keep: int) -> None:
    found = candidates(*week.asked, keep=keep)

    plans = [assign(*week.asked, found=found, fixed=week.fixed_rows, last=last) for last in Stage]

    faults = [check_plan(*week.asked, plan, fixed=week.fixed_rows) for plan in plans]
    assert faults == [()] * len(Stage)
    assert all(plan.stage <= last for plan, last in zip(plans, Stage, strict=True))
    objectives = [plan.objective for plan in plans]
    assert objectives == sorted(objectives, reverse=True)


@examples(100)
@given(small_weeks, KEEPS)
def test_optimum_lies_between_bounds_and_objective(week: Week, keep: int) -> None:
    found = candidates(*week.asked, keep=keep)

    plan = assign(*week.asked, found=found, fixed=week.fixed_rows)

    assert plan.bound <= optimum(week, keep=keep) <= plan.objective
    assert plan.whole_bound <= optimum(week)


@examples(60)
@given(small_weeks, KEEPS)
def test_programme_that_stops_early_bounds_all_plans(week: Week, keep: int) -> None:
    found = candidates(*week.asked, keep=keep)

    with patch.multiple(prices, _LARGE_BLOCK=0, _FEW=1):
        plan = assign(*week.asked, found=found, fixed=week.fixed_rows, last=Stage.MENDED)

    assert check_plan(*week.asked, plan, fixed=week.fixed_rows) == ()
    assert plan.bound <= optimum(week, keep=keep) <= plan.objective


@examples(60)
@given(small_weeks, st.sampled_from([2, 5, 9]))
def test_search_among_too_few_pairs_claims_no_proof(week: Week, most: int) -> None:
    with patch.object(proof, "_PAIRS_MAX", most):
        plan = assign(*week.asked, fixed=week.fixed_rows)

    assert check_plan(*week.asked, plan, fixed=week.fixed_rows) == ()
    assert plan.bound <= optimum(week) <= plan.objective


@examples(60)
@given(small_weeks, st.lists(st.integers(-100, 30_000), min_size=5, max_size=5))
def test_any_prices_bound_all_plans(week: Week, prices: list[int]) -> None:
    plan = assign(*week.asked, fixed=week.fixed_rows)

    for price in (plan.price, np.array(prices[: len(week.visits)], np.int32)):
        assert bound_of_prices(*week.asked, price, fixed=week.fixed_rows) <= optimum(week)


def test_right_prices_bound_plans_tightly() -> None:
    week = Week((Volunteer(1), Volunteer(2, orders30=1)), (Visit(7), Visit(8)))
    fixed = week.fixed_rows

    # Whoever would do either visit for less than the dearer helper earns the difference.
    assert bound_of_prices(*week.asked, np.array([556, 556], np.int32), fixed=fixed) == 525 + 556
    assert bound_of_prices(*week.asked, np.array([0, 0], np.int32), fixed=fixed) == 0
    assert optimum(week) == 525 + 556


@examples(100)
@given(small_weeks, st.sampled_from([64, 3, 2, 1]))
def test_candidates_are_cheapest_of_all_eligible(week: Week, keep: int) -> None:
    volunteers, requests = week.asked
    plain = [eligible(volunteers, requests, row) for row in range(len(requests))]

    found = candidates(volunteers, requests, keep=keep)

    assert found.eligible.tolist() == [len(row) for row in plain]
    assert found.ptr.tolist() == np.cumsum([0, *(len(row[:keep]) for row in plain)]).tolist()
    cheapest = [pair for row in plain for pair in row[:keep]]
    assert list(zip(found.cost.tolist(), found.volunteer.tolist(), strict=True)) == cheapest


@pytest.mark.parametrize(
    ("requests", "length"), [(0, 1_024), (300, 1_024), (5_000, 640), (100_000, 32), (10**6, 32)]
)
def test_lists_are_as_long_as_memory_allows(requests: int, length: int) -> None:
    assert list_length(requests) == length


@examples(100)
@given(small_weeks)
def test_one_more_person_never_worsens_optimum(week: Week) -> None:
    more = week._replace(fixed=())
    fewer = more._replace(people=week.people[1:])

    assert optimum(more) + _hopeless(more) <= optimum(fewer) + _hopeless(fewer)


def _hopeless(week: Week) -> int:
    """What the places that nobody is eligible for would cost: a new face may give them hope."""
    volunteers, requests = week.asked
    return sum(
        max(visit.helpers - len(eligible(volunteers, requests, row)), 0)
        * PLAN_WEIGHTS.empty
        * 2 ** (visit.priority - 1)
        for row, visit in enumerate(week.visits)
    )


def test_check_and_oracle_agree_on_a_known_week() -> None:
    week = Week((Volunteer(1), Volunteer(2, orders30=5)), (Visit(7, helpers=2), Visit(8)))

    plan = assign(*week.asked, last=Stage.GREEDY)

    # Both may serve either visit but not both: a stranger's 500, 25 for want of ratings, 175 for
    # five orders; one of the three places stays empty.
    assert optimum(week) == plan.objective == 525 + 700 + 5_000
    assert check_plan(*week.asked, plan, fixed=week.fixed_rows) == ()


def test_each_stage_is_told_as_it_is_done() -> None:
    week = Week((Volunteer(1),), (Visit(7),))
    told: list[Stage] = []

    plan = assign(*week.asked, tell=told.append)

    assert told == [stage for stage in Stage if stage <= plan.stage]


def test_no_people_and_no_visits_make_empty_plans() -> None:
    for week in (Week((), ()), Week((Volunteer(1),), ()), Week((), (Visit(7),))):
        plan = assign(*week.asked)

        assert check_plan(*week.asked, plan, fixed=week.fixed_rows) == ()
        assert plan.objective == plan.bound == optimum(week) == 0
        assert plan.hopeless.tolist() == [1] * len(week.visits)
        assert plan.gap == 0.0
