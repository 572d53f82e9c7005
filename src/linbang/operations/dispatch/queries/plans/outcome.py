"""What a plan of ``matching`` says, in the terms of our tables: visits, gaps and figures."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from linbang.operations.dispatch.choices import PlanCause, ReasonCode
from linbang.operations.dispatch.queries.plans.question import Planning, rows_of
from matching import SKILLS, SLOTS, WEIGHTS, Tier, codes_of
from matching.plans import (
    PLAN_WEIGHTS,
    Candidates,
    OpenCause,
    Plan,
    Stage,
    assign,
    candidates,
    causes_of_none,
)
from matching.plans.answers import CAUSES
from matching.sift import AREAS, UNKNOWN_METRES

_TIER_REASONS: Mapping[int, ReasonCode] = {
    Tier.BUILDING: ReasonCode.SAME_BUILDING,
    Tier.GRID: ReasonCode.SAME_GRID,
    Tier.COMMUNITY: ReasonCode.SAME_COMMUNITY,
    Tier.STREET: ReasonCode.SAME_STREET,
}
_PER_MILLE = 1_000


@dataclass(frozen=True, slots=True)
class VisitOutcome:
    """One pair of a plan; ``offer_id`` where she is promised or asked already."""

    need_id: int
    cell: str
    volunteer_id: int
    place: int
    rank: int
    cost: int
    regret: int
    metres: int | None
    tier: int
    reasons: list[dict[str, Any]]
    blocker_id: int | None
    is_fixed: bool
    offer_id: int | None


@dataclass(frozen=True, slots=True)
class GapOutcome:
    """One need that stays short of helpers, and why."""

    need_id: int
    cell: str
    missing: int
    hopeless: int
    causes: dict[str, dict[str, int]]


@dataclass(frozen=True)
class PlanOutcome:
    """A plan for the needs it was asked for; who is only held elsewhere is left out."""

    visits: list[VisitOutcome]
    gaps: list[GapOutcome]
    figures: dict[str, Any]


def candidates_of(planning: Planning) -> Candidates:
    """Return who could go to the needs that are asked; nobody is sought for the others."""
    asked = sum(need.is_asked for need in planning.needs)
    found = candidates(planning.volunteers, planning.requests.take(np.arange(asked)))
    rest = len(planning.needs) - asked
    return replace(
        found,
        ptr=np.concatenate([found.ptr, np.full(rest, found.ptr[-1], np.int64)]),
        eligible=np.concatenate([found.eligible, np.zeros(rest, np.int32)]),
    )


def solved(
    planning: Planning,
    *,
    also: Sequence[tuple[int, int]] = (),
    last: Stage = Stage.PROVEN,
    tell: Callable[[Stage], None] | None = None,
) -> tuple[Plan, PlanOutcome]:
    """Plan: return what the library answers, and that in our terms; no query.

    ``also``: pairs (need, volunteer) that stay besides those fixed already. ``tell``: called as
    each stage is done.
    """
    found = candidates_of(planning)
    plan = assign(
        planning.volunteers,
        planning.requests,
        found=found,
        fixed=np.concatenate([planning.fixed, rows_of(planning, also)]),
        last=last,
        tell=tell,
    )
    return plan, outcome_of(planning, found, plan)


def outcome_of(planning: Planning, found: Candidates, plan: Plan) -> PlanOutcome:
    """Return what a plan says of the needs that were asked; no query."""
    is_asked = np.array([need.is_asked for need in planning.needs], np.bool_)
    visits = _visits(planning, found, plan, is_asked)
    gaps = _gaps(planning, found, plan, is_asked)
    return PlanOutcome(visits, gaps, _figures(planning, visits, gaps, plan))


def _visits(
    planning: Planning, found: Candidates, plan: Plan, is_asked: npt.NDArray[np.bool_]
) -> list[VisitOutcome]:
    metres, tiers = _ways(planning, plan)
    blockers = _blockers(planning, found, plan)
    ids = planning.volunteers.ids
    places: defaultdict[int, int] = defaultdict(int)
    visits = []
    for at in np.flatnonzero(is_asked[plan.request]).tolist():
        row, person = int(plan.request[at]), int(plan.volunteer[at])
        need, volunteer_id = planning.needs[row], int(ids[person])
        places[row] += 1
        is_fixed = bool(plan.fixed[at])
        visits.append(
            VisitOutcome(
                need_id=need.id,
                cell=need.cell,
                volunteer_id=volunteer_id,
                place=places[row],
                rank=int(plan.rank[at]),
                cost=int(plan.cost[at]),
                regret=int(plan.regret[at]),
                metres=None if metres[at] == UNKNOWN_METRES else int(metres[at]),
                tier=int(tiers[at]),
                reasons=_reasons(planning, row, person, int(tiers[at])),
                blocker_id=None if is_fixed else blockers.get(at),
                is_fixed=is_fixed,
                offer_id=planning.offers.get((need.id, volunteer_id)),
            )
        )
    return visits


def _ways(planning: Planning, plan: Plan) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """Return how far each pair lives from each other, in metres and by area."""
    volunteers, requests = planning.volunteers, planning.requests
    east = volunteers.x[plan.volunteer].astype(np.float64) - requests.x[plan.request]
    north = volunteers.y[plan.volunteer].astype(np.float64) - requests.y[plan.request]
    metres = np.rint(np.sqrt(east * east + north * north))
    homes, wanted = volunteers.place[plan.volunteer], requests.place[plan.request]
    tiers = np.full(len(homes), Tier.OTHER, np.uint8)
    for tier, size, parent in AREAS:
        tiers[(homes // size == wanted // size) & (wanted % parent != 0)] = tier
    return np.where(np.isnan(metres), UNKNOWN_METRES, metres).astype(np.int64), tiers


def _blockers(planning: Planning, found: Candidates, plan: Plan) -> dict[int, int]:
    """Return, for pairs that are not the cheapest, the visit that keeps the cheapest one."""
    visits_of: defaultdict[int, list[int]] = defaultdict(list)
    for row, person in zip(plan.request.tolist(), plan.volunteer.tolist(), strict=True):
        visits_of[person].append(row)
    blockers = {}
    for at in np.flatnonzero(plan.rank != 1).tolist():
        row = int(plan.request[at])
        for person in found.volunteer[found.ptr[row] : found.ptr[row + 1]].tolist():
            if person == plan.volunteer[at]:
                break
            others = visits_of[person]
            if others and row not in others:
                nearest = min(others, key=lambda other: (_apart(planning, row, other), other))
                blockers[at] = planning.needs[nearest].id
                break
    return blockers


def _apart(planning: Planning, one: int, other: int) -> int:
    starts = planning.requests.starts
    return abs(int(starts[one]) - int(starts[other]))


def _reasons(planning: Planning, row: int, person: int, tier: int) -> list[dict[str, Any]]:
    """Return what speaks for a pair, in the order and words of a single ranking."""
    requests, volunteers = planning.requests, planning.volunteers
    orders, rating = int(volunteers.orders30[person]), int(volunteers.rating[person])
    lists = requests.previous
    knows = volunteers.ids[person] in lists.ids[lists.ptr[row] : lists.ptr[row + 1]]
    told: list[tuple[ReasonCode, Any]] = [
        *([(_TIER_REASONS[tier], None)] if tier in _TIER_REASONS else []),
        *((ReasonCode.HAS_SKILL, code) for code in codes_of(int(requests.skills[row]), SKILLS)),
        *((ReasonCode.FREE_THEN, code) for code in codes_of(int(requests.slots[row]), SLOTS)),
        *([(ReasonCode.FEW_ORDERS, orders)] if orders <= WEIGHTS.few_orders else []),
        *([(ReasonCode.RATING, rating)] if rating >= WEIGHTS.good_rating else []),
        *([(ReasonCode.SERVED_BEFORE, None)] if knows else []),
    ]
    return [{"code": str(code), "value": value} for code, value in told]


def _gaps(
    planning: Planning, found: Candidates, plan: Plan, is_asked: npt.NDArray[np.bool_]
) -> list[GapOutcome]:
    there = np.flatnonzero(is_asked[plan.open_request])
    rows = plan.open_request[there].astype(np.int64)
    nobody = causes_of_none(planning.volunteers, planning.requests, rows).tolist()
    visits_of = _visits_of(plan)
    gaps = []
    for at, (index, row) in enumerate(zip(there.tolist(), rows.tolist(), strict=True)):
        need = planning.needs[row]
        counts = dict(zip(CAUSES, nobody[at], strict=True))
        gaps.append(
            GapOutcome(
                need_id=need.id,
                cell=need.cell,
                missing=int(plan.missing[index]),
                hopeless=int(plan.hopeless[index]),
                causes={
                    "nobody": {str(cause): count for cause, count in counts.items() if count},
                    "busy": _busy_causes(planning, found, visits_of, row),
                },
            )
        )
    return gaps


def _visits_of(plan: Plan) -> Mapping[int, list[int]]:
    visits: defaultdict[int, list[int]] = defaultdict(list)
    for row, person in zip(plan.request.tolist(), plan.volunteer.tolist(), strict=True):
        visits[person].append(row)
    return visits


def _busy_causes(
    planning: Planning, found: Candidates, visits_of: Mapping[int, list[int]], row: int
) -> dict[str, int]:
    """Count what keeps each candidate from an open place, by the first that applies."""
    counts: defaultdict[str, int] = defaultdict(int)
    for person in found.volunteer[found.ptr[row] : found.ptr[row + 1]].tolist():
        theirs = visits_of.get(person, [])
        if row not in theirs:
            counts[_PLAN_CAUSES[_what_keeps(planning, person, theirs, row)]] += 1
    return {str(cause): counts[cause] for cause in PlanCause if counts[cause]}


_PLAN_CAUSES: Mapping[OpenCause, PlanCause] = dict(zip(OpenCause, PlanCause, strict=True))


def _what_keeps(planning: Planning, person: int, theirs: Sequence[int], row: int) -> OpenCause:
    if any(_meet(planning, row, other) for other in theirs):
        return OpenCause.OVERLAP
    days = planning.requests.starts // np.int32(24 * 60)
    if sum(days[other] == days[row] for other in theirs) >= planning.volunteers.day_cap[person]:
        return OpenCause.DAY_FULL
    if len(theirs) >= planning.volunteers.week_cap[person]:
        return OpenCause.WEEK_FULL
    return OpenCause.DEARER


def _meet(planning: Planning, one: int, other: int) -> bool:
    """Tell whether two visits overlap, the way from one to the other included."""
    requests = planning.requests
    if requests.starts[one] > requests.starts[other]:
        one, other = other, one
    gap = int(requests.starts[other]) - int(requests.ends[one]) - PLAN_WEIGHTS.settle
    if gap < 0:
        return True
    apart = np.hypot(
        float(requests.x[one]) - float(requests.x[other]),
        float(requests.y[one]) - float(requests.y[other]),
    )
    return bool(apart > gap * PLAN_WEIGHTS.metres_a_minute)


def _figures(
    planning: Planning, visits: Sequence[VisitOutcome], gaps: Sequence[GapOutcome], plan: Plan
) -> dict[str, Any]:
    known = [visit.metres for visit in visits if visit.metres is not None]
    wanted = [need for need in planning.needs if need.is_asked]
    return {
        "needs": len(wanted),
        "volunteers": len(planning.volunteers),
        "filled": len(visits),
        "fixed": sum(visit.is_fixed for visit in visits),
        "missing": sum(gap.missing for gap in gaps),
        "hopeless": sum(gap.hopeless for gap in gaps),
        "mean_metres": round(sum(known) / len(known)) if known else None,
        "first_choices": sum(visit.rank == 1 for visit in visits),
        "busiest_share": _busiest_share(visit.volunteer_id for visit in visits),
        "seconds": {stage: round(seconds, 3) for stage, seconds in plan.seconds.items()},
    }


def _busiest_share(volunteers: Iterable[int]) -> int:
    """Return per mille of the visits that the busiest tenth of those who go carries."""
    counts: defaultdict[int, int] = defaultdict(int)
    for volunteer_id in volunteers:
        counts[volunteer_id] += 1
    loads = sorted(counts.values(), reverse=True)
    tenth = loads[: -(-len(loads) // 10)]
    return round(_PER_MILLE * sum(tenth) / sum(loads)) if loads else 0
