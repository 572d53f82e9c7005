"""Pairings: who stands by whom for a long time, near first, as one plan (就近结对)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from matching.answers import Cause, Tier
from matching.codes import LANGUAGES, SKILLS, codes_of
from matching.inputs import Busy, FloatArray, Int32Array, Int64Array, UInt8Array, Volunteers
from matching.inputs import UInt32Array as Masks
from matching.plans import (
    PLAN_WEIGHTS,
    Candidates,
    Plan,
    PlanWeights,
    Stage,
    assign,
    candidates,
)
from matching.requests import IdLists, Requests
from matching.sift import sift

# Pairings have no hour: each person is given a minute of her own, so that none meets another, and
# a pace at which the way between two homes takes no time.
PAIRING_WEIGHTS: PlanWeights = replace(
    PLAN_WEIGHTS, settle=0, metres_a_minute=100_000, before_busy=0
)
PEOPLE_MAX = 5_000  # two minutes each, within the week of a plan
FEW_VISITS = 2  # up to here "has time" is named as a reason


class PairingReason(StrEnum):
    """Name what speaks for a pairing, in the order shown; stored, so meanings never change."""

    SAME_BUILDING = "same_building"
    SAME_GRID = "same_grid"
    SAME_COMMUNITY = "same_community"
    SAME_STREET = "same_street"
    KNOWS = "knows"
    HAS_SKILL = "has_skill"
    SPEAKS = "speaks"
    HAS_TIME = "has_time"


_TIERS = {
    Tier.BUILDING: PairingReason.SAME_BUILDING,
    Tier.GRID: PairingReason.SAME_GRID,
    Tier.COMMUNITY: PairingReason.SAME_COMMUNITY,
    Tier.STREET: PairingReason.SAME_STREET,
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairingPeople:
    """Hold who wishes to be paired, one row a person, in any order.

    ids: i8[P], unique · place, x, y, skills, languages, sex, exclude, blocked, previous as in
    Requests · helpers: u1[P], 1 to 4, how many are wanted · radius_m: i4[P].
    """

    ids: Int64Array
    place: Int64Array
    x: FloatArray
    y: FloatArray
    skills: Masks
    languages: Masks
    sex: UInt8Array
    helpers: UInt8Array
    radius_m: Int32Array
    exclude: IdLists
    blocked: IdLists
    previous: IdLists

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedPairing:
    """Propose one volunteer for one person.

    metres: None when a home point is unknown · visits: the volunteer's, in 30 days · regret: cost
    above the cheapest who could · reasons: codes, with a skill's or language's code, or the visits.
    """

    person: int
    volunteer: int
    tier: Tier
    metres: int | None
    visits: int
    cost: int
    regret: int
    reasons: tuple[tuple[PairingReason, int | str | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingGap:
    """Say how many helpers a person lacks, and why nobody else takes the place.

    causes: every volunteer once, by the first cause · full: who could, but carries as many as she
    may, by this plan or before.
    """

    person: int
    missing: int
    causes: Mapping[Cause, int]
    full: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingPlan:
    """Answer who is paired with whom, by ids of people and volunteers, and what stays open."""

    pairs: tuple[ProposedPairing, ...]
    gaps: tuple[PairingGap, ...]
    weights_version: int
    stage: Stage
    objective: int
    bound: int
    plan_hash: str


def propose_pairings(
    volunteers: Volunteers,
    people: PairingPeople,
    *,
    room: UInt8Array,
    weights: PlanWeights = PAIRING_WEIGHTS,
    last: Stage = Stage.PROVEN,
    tell: Callable[[Stage], None] | None = None,
) -> PairingPlan:
    """Propose who stands by whom; the order of neither side matters.

    room: u1[V], how many pairings each volunteer may still take on; orders30 is what she does
    already. Hours, busy windows and caps of a visit are not asked. Raises ValueError.
    """
    if len(people) > PEOPLE_MAX:
        raise ValueError(f"at most {PEOPLE_MAX} people can be paired at once")
    if len(room) != len(volunteers) or room.dtype != np.uint8:
        raise ValueError("room must be uint8, one a volunteer")
    by_id = np.argsort(volunteers.ids)
    pool = _take(volunteers, by_id, room[by_id])
    requests = _requests(people, np.argsort(people.ids))
    takers = np.flatnonzero(pool.week_cap > 0)
    free = _take(pool, takers, pool.week_cap[takers])
    found = candidates(free, requests, keep=_enough(requests), weights=weights)
    plan = assign(free, requests, found=found, weights=weights, last=last, tell=tell)
    return PairingPlan(
        pairs=tuple(_proposed(free, requests, found, plan)),
        gaps=tuple(_gaps(pool, requests, plan)),
        weights_version=plan.weights_version,
        stage=plan.stage,
        objective=plan.objective,
        bound=plan.bound,
        plan_hash=plan.plan_hash,
    )


def _enough(requests: Requests) -> int:
    """Give how long the lists must be for nothing to be lost: of as many volunteers as places are
    wanted, one at least has room when all other places are filled.
    """
    return max(int(requests.helpers.sum()), 1)


def _take(volunteers: Volunteers, rows: Int64Array, room: UInt8Array) -> Volunteers:
    """Keep these rows in this order, with their room as the only cap and no hours promised."""
    nothing = np.zeros(0, np.int32)
    return Volunteers(
        ids=volunteers.ids[rows],
        place=volunteers.place[rows],
        x=volunteers.x[rows],
        y=volunteers.y[rows],
        skills=volunteers.skills[rows],
        categories=volunteers.categories[rows],
        availability=volunteers.availability[rows],
        active=volunteers.active[rows],
        paused=volunteers.paused[rows],
        adult=volunteers.adult[rows],
        sex=volunteers.sex[rows],
        languages=volunteers.languages[rows],
        orders30=volunteers.orders30[rows],
        rating=volunteers.rating[rows],
        day_cap=room,
        week_cap=room,
        busy=Busy(ptr=np.zeros(len(rows) + 1, np.int64), start=nothing, end=nothing),
    )


def _requests(people: PairingPeople, rows: Int64Array) -> Requests:
    """Pose people as visits of a minute each, a minute apart from the next."""
    count = len(rows)
    starts = np.arange(count, dtype=np.int32) * np.int32(2)
    return Requests(
        ids=people.ids[rows],
        place=people.place[rows],
        x=people.x[rows],
        y=people.y[rows],
        starts=starts,
        ends=starts + np.int32(1),
        slots=np.zeros(count, np.uint32),
        skills=people.skills[rows],
        category=np.zeros(count, np.uint32),
        languages=people.languages[rows],
        helpers=people.helpers[rows],
        priority=np.ones(count, np.uint8),
        radius_m=people.radius_m[rows],
        sex=people.sex[rows],
        require_adult=np.ones(count, np.bool_),
        exclude=people.exclude.take(rows),
        blocked=people.blocked.take(rows),
        previous=people.previous.take(rows),
    )


def _proposed(
    volunteers: Volunteers, requests: Requests, found: Candidates, plan: Plan
) -> list[ProposedPairing]:
    proposed = []
    for row, mate, cost, regret in zip(
        plan.request.tolist(),
        plan.volunteer.tolist(),
        plan.cost.tolist(),
        plan.regret.tolist(),
        strict=True,
    ):
        line = slice(int(found.ptr[row]), int(found.ptr[row + 1]))
        at = line.start + int(np.flatnonzero(found.volunteer[line] == mate)[0])
        metres, tier = int(found.metres[at]), Tier(int(found.tier[at]))
        proposed.append(
            ProposedPairing(
                person=int(requests.ids[row]),
                volunteer=int(volunteers.ids[mate]),
                tier=tier,
                metres=None if metres < 0 else metres,
                visits=int(volunteers.orders30[mate]),
                cost=cost,
                regret=regret,
                reasons=tuple(_reasons(volunteers, requests, row, mate, tier)),
            )
        )
    return proposed


def _reasons(
    volunteers: Volunteers, requests: Requests, row: int, mate: int, tier: Tier
) -> list[tuple[PairingReason, int | str | None]]:
    skills = codes_of(int(requests.skills[row]) & int(volunteers.skills[mate]), SKILLS)
    tongues = codes_of(int(requests.languages[row]) & int(volunteers.languages[mate]), LANGUAGES)
    visits = int(volunteers.orders30[mate])
    knows = int(volunteers.ids[mate]) in requests.previous.row(row)
    return [
        *([(_TIERS[tier], None)] if tier in _TIERS else []),
        *([(PairingReason.KNOWS, None)] if knows else []),
        *((PairingReason.HAS_SKILL, code) for code in skills),
        *((PairingReason.SPEAKS, code) for code in tongues),
        *([(PairingReason.HAS_TIME, visits)] if visits <= FEW_VISITS else []),
    ]


def _gaps(pool: Volunteers, requests: Requests, plan: Plan) -> list[PairingGap]:
    gaps = []
    count = np.bincount(plan.request, minlength=len(requests))
    for row, missing in zip(plan.open_request.tolist(), plan.missing.tolist(), strict=True):
        eligible, causes = sift(pool, requests.one(row))
        gaps.append(
            PairingGap(
                person=int(requests.ids[row]),
                missing=missing,
                causes=causes,
                # Lists are long enough: whoever could and does not, has no room left.
                full=len(eligible.rows) - int(count[row]),
            )
        )
    return gaps
