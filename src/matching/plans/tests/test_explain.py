"""Reasons are those that plain Python finds by walking through a plan."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matching import Cause, Tier
from matching.factories import NAN, Volunteer
from matching.plans import OpenCause, Plan, Stage, assign, candidates
from matching.plans.check import do_meet
from matching.plans.explain import explain
from matching.plans.nobody import causes_of_none
from matching.plans.tests.factories import DAY, Visit, Week, examples, small_weeks
from matching.plans.weights import PLAN_WEIGHTS
from matching.verify import first_cause, rule_59
from matching.weights import METRES_MAX, WEIGHTS

KEEPS = st.sampled_from([64, 64, 2])


@examples(100)
@given(small_weeks, KEEPS)
def test_explanation_equals_plain_recount(week: Week, keep: int) -> None:
    volunteers, requests = week.asked
    found = candidates(volunteers, requests, keep=keep)
    plan = assign(volunteers, requests, found=found, fixed=week.fixed_rows)
    lists = [
        found.volunteer[begin:end].tolist()
        for begin, end in zip(found.ptr[:-1], found.ptr[1:], strict=True)
    ]

    told = explain(volunteers, requests, found, plan)

    pairs = list(zip(plan.request.tolist(), plan.volunteer.tolist(), strict=True))
    for at, (row, volunteer) in enumerate(pairs):
        tier, orders, _, is_new, metres, _ = rule_59(
            volunteers, volunteer, requests.one(row), WEIGHTS
        )
        assert told.tier[at] == tier
        assert told.metres[at] == (-1 if metres == METRES_MAX else metres)
        assert (told.orders30[at], told.knows[at]) == (orders, not is_new)
        assert told.blocker[at] == _blocker(week, plan, lists[row], (row, volunteer))
    for at, row in enumerate(plan.open_request.tolist()):
        counted = Counter(
            _in_the_way(week, plan, row, other)[0]
            for other in lists[row]
            if (row, other) not in pairs
        )
        assert told.busy[at].tolist() == [counted[cause] for cause in OpenCause]


def _blocker(week: Week, plan: Plan, ranked: list[int], pair: tuple[int, int]) -> int:
    row, volunteer = pair
    there = plan.volunteer[plan.request == row].tolist()
    before = ranked[: ranked.index(volunteer)] if volunteer in ranked else ranked
    passed = [one for one in before if one not in there]
    return _in_the_way(week, plan, row, passed[0])[1] if passed else -1


def _in_the_way(week: Week, plan: Plan, row: int, volunteer: int) -> tuple[OpenCause, int]:
    """Give why a volunteer does not go, and the first visit of hers that is in the way."""
    _, requests = week.asked
    person = week.people[volunteer]
    visits = plan.request[plan.volunteer == volunteer].tolist()
    visits.sort(key=lambda one: int(requests.starts[one]))
    day = requests.starts[row] // DAY
    met = [one for one in visits if do_meet(requests, one, row, PLAN_WEIGHTS)]
    on_day = [one for one in visits if requests.starts[one] // DAY == day]
    if met:
        return OpenCause.OVERLAP, met[0]
    if len(on_day) >= person.day_cap:
        return OpenCause.DAY_FULL, on_day[0]
    if len(visits) >= person.week_cap:
        return OpenCause.WEEK_FULL, visits[0] if visits else -1
    return OpenCause.DEARER, -1


@examples(100)
@given(small_weeks)
def test_causes_of_none_equal_plain_count(week: Week) -> None:
    volunteers, requests = week.asked
    rows = np.arange(len(requests))[::-1]

    counts = causes_of_none(volunteers, requests, rows)

    for row, counted in zip(rows.tolist(), counts.tolist(), strict=True):
        request = requests.one(row, travel=PLAN_WEIGHTS.before_busy)
        causes = Counter(first_cause(volunteers, at, request) for at in range(len(volunteers)))
        assert counted == [causes[cause] for cause in Cause]


def test_who_is_first_choice_elsewhere_is_named() -> None:
    near, far = Volunteer(1), Volunteer(2, x=1_000.0, place="110101002")
    week = Week((near, far), (Visit(7, priority=2), Visit(8, starts=570, ends=630)))
    found = candidates(*week.asked)
    plan = assign(*week.asked, found=found, last=Stage.GREEDY)

    told = explain(*week.asked, found, plan)

    assert list(zip(plan.request, plan.volunteer, strict=True)) == [(0, 0), (1, 1)]
    assert told.tier.tolist() == [Tier.BUILDING, Tier.DISTRICT]
    assert told.metres.tolist() == [0, 1_000]
    assert told.blocker.tolist() == [-1, 0]


def test_second_helper_is_nobodys_substitute() -> None:
    week = Week((Volunteer(1), Volunteer(2), Volunteer(3)), (Visit(7, helpers=2),))
    found = candidates(*week.asked)
    plan = assign(*week.asked, found=found)

    told = explain(*week.asked, found, plan)

    assert plan.rank.tolist() == [1, 2]
    assert told.blocker.tolist() == [-1, -1]


def test_promise_to_somebody_who_could_not_be_asked_is_explained() -> None:
    stranger = Volunteer(1, x=NAN, place="110102", skills=0, orders30=4)
    visit = Visit(7, skills=1, previous=frozenset({1}))
    week = Week((stranger, Volunteer(2)), (visit,), fixed=((7, 1),))
    found = candidates(*week.asked)
    plan = assign(*week.asked, found=found, fixed=week.fixed_rows)

    told = explain(*week.asked, found, plan)

    assert plan.rank.tolist() == [0]
    assert (told.tier.tolist(), told.metres.tolist()) == ([Tier.OTHER], [-1])
    assert (told.orders30.tolist(), told.knows.tolist()) == ([4], [True])
    # The neighbour is free: nothing but the promise speaks against her.
    assert told.blocker.tolist() == [-1]


def test_open_place_counts_causes_in_fixed_order() -> None:
    hour = 60
    people = (
        Volunteer(1),  # serves eight at the same hour
        Volunteer(2, day_cap=1),  # serves nine that day
        Volunteer(3, week_cap=1),  # serves ten the day after
        Volunteer(4),  # promised to eleven, which nothing needs
    )
    visits = (
        Visit(7, helpers=4),
        Visit(8, starts=9 * hour + 30, ends=11 * hour),
        Visit(9, starts=14 * hour, ends=15 * hour),
        Visit(10, starts=DAY + 9 * hour, ends=DAY + 10 * hour),
        Visit(11, starts=DAY + 9 * hour, ends=DAY + 10 * hour),
    )
    week = Week(people, visits, fixed=((8, 1), (9, 2), (10, 3), (11, 4)))
    found = candidates(*week.asked)
    plan = assign(*week.asked, found=found, fixed=week.fixed_rows)

    told = explain(*week.asked, found, plan)

    assert plan.open_request.tolist() == [0]
    assert plan.volunteer[plan.request == 0].tolist() == [3]
    assert told.busy.tolist() == [[1, 1, 1, 0]]
