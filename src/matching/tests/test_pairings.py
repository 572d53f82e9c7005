"""Pairings keep their rules, are the best there are as far as that is proven, and say why."""

from itertools import combinations, product
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.answers import Cause, Tier
from matching.codes import LANGUAGES, SKILLS, mask_of, place_number
from matching.factories import HOME, NAN, Volunteer, make_volunteers, volunteer_rows
from matching.inputs import ANY_SEX, FEMALE, MALE
from matching.pairings import (
    PAIRING_WEIGHTS,
    PEOPLE_MAX,
    PairingPeople,
    PairingPlan,
    PairingReason,
    propose_pairings,
)
from matching.plans.candidates import costs_of
from matching.requests import IdLists, Requests
from matching.verify import first_cause

NOBODY: frozenset[int] = frozenset()


class Elder(NamedTuple):
    """One who wishes to be paired, in plain words."""

    id: int
    place: str = HOME
    x: float = 0.0
    y: float = 0.0
    skills: int = 0
    languages: int = 0
    sex: int = ANY_SEX
    helpers: int = 1
    radius_m: int = 5_000
    exclude: frozenset[int] = NOBODY
    blocked: frozenset[int] = NOBODY
    previous: frozenset[int] = NOBODY


def make_people(*rows: Elder) -> PairingPeople:
    return PairingPeople(
        ids=np.array([row.id for row in rows], np.int64),
        place=np.array([place_number(row.place) for row in rows], np.int64),
        x=np.array([row.x for row in rows], np.float32),
        y=np.array([row.y for row in rows], np.float32),
        skills=np.array([row.skills for row in rows], np.uint32),
        languages=np.array([row.languages for row in rows], np.uint32),
        sex=np.array([row.sex for row in rows], np.uint8),
        helpers=np.array([row.helpers for row in rows], np.uint8),
        radius_m=np.array([row.radius_m for row in rows], np.int32),
        exclude=IdLists.of(row.exclude for row in rows),
        blocked=IdLists.of(row.blocked for row in rows),
        previous=IdLists.of(row.previous for row in rows),
    )


def propose(
    volunteers: list[Volunteer], elders: list[Elder], room: list[int] | None = None
) -> PairingPlan:
    rooms = np.array([1] * len(volunteers) if room is None else room, np.uint8)
    return propose_pairings(make_volunteers(*volunteers), make_people(*elders), room=rooms)


def pairs(plan: PairingPlan) -> list[tuple[int, int]]:
    return [(pair.person, pair.volunteer) for pair in plan.pairs]


def test_near_ones_are_paired_and_the_plan_says_why():
    plan = propose(
        [
            Volunteer(1, x=300, skills=mask_of(["05"], SKILLS), orders30=2),
            Volunteer(2, place="110101001001001002", x=20, languages=0b11, orders30=9),
        ],
        [
            Elder(7, skills=mask_of(["05"], SKILLS), previous=frozenset({1})),
            Elder(8, languages=0b10, place="110101001001001002"),
        ],
    )

    near, far = plan.pairs
    assert pairs(plan) == [(7, 1), (8, 2)]
    assert (near.tier, near.metres, near.visits, near.regret) == (Tier.BUILDING, 300, 2, 0)
    assert near.reasons == (
        (PairingReason.SAME_BUILDING, None),
        (PairingReason.KNOWS, None),
        (PairingReason.HAS_SKILL, "05"),
        (PairingReason.HAS_TIME, 2),
    )
    assert far.reasons == (
        (PairingReason.SAME_BUILDING, None),
        (PairingReason.SPEAKS, LANGUAGES[1]),
    )
    assert plan.gaps == ()


def test_gap_counts_everybody_once_by_the_first_cause():
    plan = propose(
        [
            Volunteer(1),
            Volunteer(2),
            Volunteer(3, paused=True),
            Volunteer(4, sex=MALE),
            Volunteer(5, adult=False),
            Volunteer(6, x=9_000),
            Volunteer(7),
            Volunteer(8),
        ],
        [
            Elder(
                9,
                sex=FEMALE,
                helpers=3,
                exclude=frozenset({7}),
                blocked=frozenset({8}),
            )
        ],
        room=[1, 0, 1, 1, 1, 1, 1, 1],
    )

    [gap] = plan.gaps
    assert (pairs(plan), gap.person, gap.missing, gap.full) == ([(9, 1)], 9, 2, 1)
    assert {cause: count for cause, count in gap.causes.items() if count} == {
        Cause.PAUSED: 1,
        Cause.MINOR: 1,
        Cause.OTHER_SEX: 1,
        Cause.SELF_OR_FAMILY: 1,
        Cause.BLOCKED: 1,
        Cause.TOO_FAR: 1,
    }


def test_nobody_stays_alone_while_somebody_outside_her_list_has_room():
    # The nearest is everybody's first choice; each must still find one of her own.
    volunteers = [Volunteer(number, x=10.0 * number) for number in range(1, 8)]
    elders = [Elder(number + 100) for number in range(7)]

    plan = propose(volunteers, elders)

    assert len(plan.pairs) == 7
    assert propose(volunteers, elders, room=[7] * 7).gaps == ()


def test_hours_and_promises_are_not_asked():
    plan = propose(
        [Volunteer(1, availability=0, busy=((0, 10_000),), day_cap=0, week_cap=0)],
        [Elder(2)],
    )

    assert pairs(plan) == [(2, 1)]


def test_unknown_home_is_paired_within_the_district_only():
    plan = propose([Volunteer(1, x=NAN)], [Elder(2), Elder(3, place="110102001001001001")], [2])

    [pair] = plan.pairs
    assert (pair.person, pair.metres) == (2, None)
    both = propose([Volunteer(1)], [Elder(2, x=NAN), Elder(3, x=NAN)], [2])
    assert pairs(both) == [(2, 1), (3, 1)]


@settings(max_examples=25, deadline=None)
@given(
    rows=volunteer_rows,
    rooms=st.lists(st.integers(0, 2), min_size=12, max_size=12),
    elders=st.lists(
        st.builds(
            Elder,
            id=st.just(0),
            place=st.sampled_from([HOME, HOME, "110101001001001002", "110101002001001001"]),
            x=st.sampled_from([0.0, 100.0, 3_000.0, NAN]),
            y=st.just(0.0),
            radius_m=st.sampled_from([5_000, 50]),
            exclude=st.just(NOBODY),
            sex=st.sampled_from([ANY_SEX, ANY_SEX, FEMALE]),
            skills=st.sampled_from([0, 0, 1]),
            languages=st.sampled_from([0, 0, 2]),
            helpers=st.integers(1, 2),
            blocked=st.frozensets(st.integers(1, 13), max_size=2),
            previous=st.frozensets(st.integers(1, 13), max_size=3),
        ),
        max_size=4,
    ),
    order=st.randoms(use_true_random=False),
)
def test_proposed_pairings_keep_the_rules_whatever_the_order(
    rows: list[Volunteer], rooms: list[int], elders: list[Elder], order: Any
):
    elders = [elder._replace(id=50 - number) for number, elder in enumerate(elders)]
    room = dict(zip([row.id for row in rows], rooms, strict=False))
    asked = [room[row.id] for row in rows]

    plan = propose(rows, elders, asked)

    assert faults(plan, rows, elders, room) == []
    mixed, others = list(rows), list(elders)
    order.shuffle(mixed)
    order.shuffle(others)
    assert propose(mixed, others, [room[row.id] for row in mixed]) == plan


def faults(
    plan: PairingPlan, rows: list[Volunteer], elders: list[Elder], room: dict[int, int]
) -> list[str]:
    """List every rule a plan breaks, told by plain Python."""
    pool = make_volunteers(*(row._replace(busy=()) for row in rows))
    by_id = {row.id: at for at, row in enumerate(rows)}
    requests = as_requests(elders)
    found = []
    if len(set(pairs(plan))) != len(plan.pairs):
        found.append("a pair twice")
    carried = [pair.volunteer for pair in plan.pairs]
    found += [f"{one} carries too many" for one in room if carried.count(one) > room[one]]
    for row, elder in enumerate(elders):
        mine = [pair.volunteer for pair in plan.pairs if pair.person == elder.id]
        bad = [one for one in mine if first_cause(pool, by_id[one], requests.one(row))]
        found += [f"{elder.id} with {one}" for one in bad]
        missing = {gap.person: gap.missing for gap in plan.gaps}.get(elder.id, 0)
        if len(mine) + missing != elder.helpers:
            found.append(f"{elder.id}: {len(mine)} and {missing}")
        could = [
            one.id
            for one in rows
            if not first_cause(pool, by_id[one.id], requests.one(row))
            and one.id not in mine
            and carried.count(one.id) < room[one.id]
        ]
        if missing and could:
            found.append(f"{elder.id} is short, but {could} could")
    return found


def as_requests(elders: list[Elder]) -> Requests:
    people = make_people(*elders)
    count = len(elders)
    return Requests(
        **{name: getattr(people, name) for name in PairingPeople.__slots__},
        starts=np.arange(count, dtype=np.int32) * np.int32(2),
        ends=np.arange(count, dtype=np.int32) * np.int32(2) + np.int32(1),
        slots=np.zeros(count, np.uint32),
        category=np.zeros(count, np.uint32),
        priority=np.ones(count, np.uint8),
        require_adult=np.ones(count, np.bool_),
    )


@settings(max_examples=20, deadline=None)
@given(
    places=st.lists(st.sampled_from([0.0, 40.0, 90.0, 400.0]), min_size=1, max_size=4),
    homes=st.lists(st.sampled_from([0.0, 50.0, 300.0]), min_size=1, max_size=3),
    loads=st.lists(st.integers(0, 4), min_size=4, max_size=4),
    room=st.integers(1, 2),
    known=st.frozensets(st.integers(1, 4), max_size=2),
)
def test_best_possible_lies_between_bound_and_objective(places, homes, loads, room, known):
    volunteers = [
        Volunteer(number, x=x, orders30=load)
        for number, (x, load) in enumerate(zip(places, loads, strict=False), start=1)
    ]
    elders = [Elder(10 + number, x=x, previous=known) for number, x in enumerate(homes)]

    plan = propose(volunteers, elders, [room] * len(volunteers))

    assert plan.bound <= least_cost(volunteers, elders, room) <= plan.objective


def least_cost(volunteers: list[Volunteer], elders: list[Elder], room: int) -> int:
    """Try every way to give each elder one volunteer or none."""
    every = np.array(list(product(range(len(elders)), range(len(volunteers)))), np.int64)
    costs = costs_of(
        make_volunteers(*volunteers), as_requests(elders), every, weights=PAIRING_WEIGHTS
    ).reshape(len(elders), len(volunteers))
    ways = product([None, *range(len(volunteers))], repeat=len(elders))
    return min(
        sum(
            PAIRING_WEIGHTS.empty if mate is None else int(costs[elder, mate])
            for elder, mate in enumerate(way)
        )
        for way in ways
        if all(way.count(mate) <= room for mate in range(len(volunteers)))
    )


def test_two_helpers_of_one_person_are_two_people():
    volunteers = [Volunteer(1), Volunteer(2), Volunteer(3)]

    plan = propose(volunteers, [Elder(9, helpers=2), Elder(8, helpers=2)], [2, 2, 2])

    assert {pair.person for pair in plan.pairs} == {8, 9}
    assert all(one != other for one, other in combinations(pairs(plan), 2))
    assert len(plan.pairs) == 4


def test_two_hundred_people_are_paired_at_once():
    volunteers = [Volunteer(number, x=float(number * 40)) for number in range(1, 71)]
    elders = [Elder(10_000 + number, x=float(number * 14)) for number in range(200)]

    plan = propose(volunteers, elders, [3] * 70)

    assert (len(plan.pairs), plan.gaps) == (200, ())


def test_what_cannot_be_asked_is_refused():
    volunteers, people = make_volunteers(Volunteer(1)), make_people(Elder(2))

    with pytest.raises(ValueError, match="room"):
        propose_pairings(volunteers, people, room=np.zeros(2, np.uint8))
    with pytest.raises(ValueError, match="room"):
        propose_pairings(volunteers, people, room=np.zeros(1, np.int64))
    crowd = make_people(*(Elder(number) for number in range(PEOPLE_MAX + 1)))
    with pytest.raises(ValueError, match="at most"):
        propose_pairings(volunteers, crowd, room=np.ones(1, np.uint8))


def test_nothing_asked_is_nothing_proposed():
    plan = propose([], [])

    assert (plan.pairs, plan.gaps, plan.objective) == ((), (), 0)
    [gap] = propose([], [Elder(1)]).gaps
    assert (gap.missing, gap.full) == (1, 0)
