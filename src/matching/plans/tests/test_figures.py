"""Shortage and fairness equal what plain Python counts."""

from collections import Counter
from dataclasses import replace

import numpy as np
from hypothesis import given

from matching.codes import SKILLS, SLOTS, codes_of, place_number
from matching.factories import Volunteer
from matching.plans import Fairness, Plan, Stage, assign, candidates
from matching.plans.fairness import fairness
from matching.plans.shortage import Shortage, shortage
from matching.plans.tests.factories import Visit, Week, examples, small_weeks

COMMUNITY = 10**6


def priced(week: Week) -> Plan:
    """Give the first plan, with prices that differ."""
    plan = assign(*week.asked, last=Stage.GREEDY)
    return replace(plan, price=np.arange(len(week.visits), dtype=np.int32) % 3 * 100)


@examples(80)
@given(small_weeks)
def test_shortage_equals_plain_count(week: Week) -> None:
    plan = priced(week)
    missing = dict(zip(plan.open_request.tolist(), plan.missing.tolist(), strict=True))
    hopeless = dict(zip(plan.open_request.tolist(), plan.hopeless.tolist(), strict=True))
    cells: dict[tuple[int, str | None, str | None], list[int]] = {}
    for row, visit in enumerate(week.visits):
        for skill in codes_of(visit.skills, SKILLS) or (None,):
            for slot in codes_of(visit.slots, SLOTS) or (None,):
                place = place_number(visit.place) // COMMUNITY * COMMUNITY
                cells.setdefault((place, skill, slot), []).append(row)

    told = shortage(week.asked[1], plan)

    assert list(told) == sorted(
        (
            Shortage(
                skill=skill,
                community=community,
                slot=slot,
                missing=empty,
                hopeless=sum(hopeless.get(row, 0) for row in rows),
                price=max(int(plan.price[row]) for row in rows),
            )
            for (community, skill, slot), rows in cells.items()
            if (empty := sum(missing.get(row, 0) for row in rows))
        ),
        key=lambda one: (
            *(-one.missing, -one.price, one.community),
            *(one.skill or "", one.slot or ""),
        ),
    )


def test_shortage_names_skill_community_and_half_day() -> None:
    visits = (
        Visit(7, skills=0b10, slots=0b100, helpers=2),
        Visit(8, skills=0b11, slots=0b100),
        Visit(9, place="110101"),
    )
    week = Week((Volunteer(1, skills=0b01),), visits)

    told = shortage(week.asked[1], priced(week))

    here = place_number("110101001001")
    assert [(one.skill, one.community, one.slot, one.missing, one.price) for one in told] == [
        ("02", here, "03", 3, 100),
        ("01", here, "03", 1, 100),
    ]
    assert [one.hopeless for one in told] == [3, 1]


@examples(80)
@given(small_weeks)
def test_fairness_equals_plain_count(week: Week) -> None:
    volunteers, requests = week.asked
    found = candidates(volunteers, requests)
    plan = assign(volunteers, requests, found=found, fixed=week.fixed_rows, last=Stage.GREEDY)

    told = fairness(volunteers, requests, found, plan)

    visits = Counter(plan.volunteer.tolist())
    people = len({*found.volunteer.tolist(), *visits})
    busiest = sum(count for _, count in visits.most_common(-(-people // 10)))
    assert told.people == people
    assert told.busiest_share == (busiest * 1_000 // visits.total() if visits else 0)
    assert told.gini == _gini(week, Counter(plan.request.tolist()))


def _gini(week: Week, filled: Counter[int]) -> int:
    wanted: Counter[int] = Counter()
    there: Counter[int] = Counter()
    for row, visit in enumerate(week.visits):
        wanted[place_number(visit.place) // COMMUNITY] += visit.helpers
        there[place_number(visit.place) // COMMUNITY] += filled[row]
    shares = [min(there[one] * 10**6 // wanted[one], 10**6) for one in wanted]
    differences = sum(abs(one - other) for one in shares for other in shares)
    return differences * 1_000 // (2 * len(shares) * sum(shares)) if sum(shares) else 0


def test_fairness_of_known_plan() -> None:
    people = tuple(Volunteer(number) for number in range(1, 12))
    visits = (
        *(Visit(number, starts=480 + 90 * number, ends=540 + 90 * number) for number in range(2)),
        *(Visit(number, place="110101002001", skills=16) for number in (2, 3)),
    )
    week = Week(people, visits)
    found = candidates(*week.asked)
    plan = assign(*week.asked, found=found, fixed=np.array([[0, 4], [1, 4]]))

    told = fairness(*week.asked, found, plan)

    # One of eleven carries both visits of a community that wants for nothing, beside one without.
    assert told == Fairness(busiest_share=1_000, gini=500, people=11)
