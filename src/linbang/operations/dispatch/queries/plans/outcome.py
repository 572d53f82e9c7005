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
    Candidates,
    Explanation,
    Plan,
    Stage,
    assign,
    candidates,
    causes_of_none,
    explain,
)
from matching.plans.answers import CAUSES
from matching.sift import UNKNOWN_METRES

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
    told = explain(planning.volunteers, planning.requests, found, plan)
    visits = _visits(planning, plan, told, is_asked)
    gaps = _gaps(planning, plan, told, is_asked)
    return PlanOutcome(visits, gaps, _figures(planning, visits, gaps, plan))


def _visits(
    planning: Planning, plan: Plan, told: Explanation, is_asked: npt.NDArray[np.bool_]
) -> list[VisitOutcome]:
    ids = planning.volunteers.ids
    places: defaultdict[int, int] = defaultdict(int)
    visits = []
    for at in np.flatnonzero(is_asked[plan.request]).tolist():
        row, person = int(plan.request[at]), int(plan.volunteer[at])
        need, volunteer_id = planning.needs[row], int(ids[person])
        places[row] += 1
        is_fixed, blocker = bool(plan.fixed[at]), int(told.blocker[at])
        visits.append(
            VisitOutcome(
                need_id=need.id,
                cell=need.cell,
                volunteer_id=volunteer_id,
                place=places[row],
                rank=int(plan.rank[at]),
                cost=int(plan.cost[at]),
                regret=int(plan.regret[at]),
                metres=None if told.metres[at] == UNKNOWN_METRES else int(told.metres[at]),
                tier=int(told.tier[at]),
                reasons=_reasons(planning, plan, told, at),
                blocker_id=None if is_fixed or blocker < 0 else planning.needs[blocker].id,
                is_fixed=is_fixed,
                offer_id=planning.offers.get((need.id, volunteer_id)),
            )
        )
    return visits


def _reasons(planning: Planning, plan: Plan, told: Explanation, at: int) -> list[dict[str, Any]]:
    """Return what speaks for a pair, in the order and words of a single ranking."""
    requests, row, tier = planning.requests, int(plan.request[at]), int(told.tier[at])
    orders, rating = int(told.orders30[at]), int(planning.volunteers.rating[plan.volunteer[at]])
    reasons: list[tuple[ReasonCode, Any]] = [
        *([(_TIER_REASONS[tier], None)] if tier in _TIER_REASONS else []),
        *((ReasonCode.HAS_SKILL, code) for code in codes_of(int(requests.skills[row]), SKILLS)),
        *((ReasonCode.FREE_THEN, code) for code in codes_of(int(requests.slots[row]), SLOTS)),
        *([(ReasonCode.FEW_ORDERS, orders)] if orders <= WEIGHTS.few_orders else []),
        *([(ReasonCode.RATING, rating)] if rating >= WEIGHTS.good_rating else []),
        *([(ReasonCode.SERVED_BEFORE, None)] if told.knows[at] else []),
    ]
    return [{"code": str(code), "value": value} for code, value in reasons]


def _gaps(
    planning: Planning, plan: Plan, told: Explanation, is_asked: npt.NDArray[np.bool_]
) -> list[GapOutcome]:
    there = np.flatnonzero(is_asked[plan.open_request])
    rows = plan.open_request[there].astype(np.int64)
    nobody = causes_of_none(planning.volunteers, planning.requests, rows).tolist()
    busy = told.busy[there].tolist()
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
                    "busy": {
                        str(cause): count
                        for cause, count in zip(PlanCause, busy[at], strict=True)
                        if count
                    },
                },
            )
        )
    return gaps


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
