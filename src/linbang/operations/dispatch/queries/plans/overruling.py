"""What it costs to put somebody else, or nobody, in the place of a planned visit."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest

import numpy as np

from linbang.foundation.people.models import VolunteerProfile
from linbang.foundation.places.rules import prefix_range
from linbang.operations.dispatch.choices import (
    JUDGED_BY_WORKER,
    PlannedState,
    Unfit,
)
from linbang.operations.dispatch.errors import PlannedVisitGone
from linbang.operations.dispatch.models import PlanGap, PlannedVisit, PlanRun
from linbang.operations.dispatch.queries.plans.outcome import (
    GapOutcome,
    PlanOutcome,
    solved,
)
from linbang.operations.dispatch.queries.plans.question import (
    Planning,
    load_planning,
)
from linbang.operations.dispatch.queries.plans.runs import scope_of
from linbang.operations.dispatch.queries.pool import reasons_against
from matching.plans import PLAN_WEIGHTS, Stage

_COMMUNITY_DIGITS = 12
_DISTRICT_DIGITS = 6


@dataclass(frozen=True)
class Change:
    """What becomes of one planned visit: ``lost`` goes no more, ``won`` goes instead; either may
    be nobody.
    """

    need_id: int
    lost: int | None
    won: int | None


@dataclass(frozen=True)
class Overruling:
    """What a worker's own choice costs against the plan as it is: metres to walk, empty visits,
    and the weighted sum; and whom else it moves. ``despite``: what she judges for herself.
    ``regions``: where visits change hands.
    """

    metres: int
    empty: int
    cost: int
    changes: tuple[Change, ...]
    despite: tuple[Unfit, ...]
    against: Unfit | None
    outcome: PlanOutcome
    need_ids: frozenset[int]
    overruled_id: int
    regions: frozenset[str]

    @property
    def moved(self) -> int:
        """How many other visits change hands."""
        return sum(change.need_id != self.overruled_id for change in self.changes)


@dataclass(frozen=True)
class _Stored:
    need_id: int
    volunteer_id: int
    is_movable: bool

    @property
    def pair(self) -> tuple[int, int]:
        return self.need_id, self.volunteer_id


def overruling_of(
    run: PlanRun, visit: PlannedVisit, volunteer_id: int | None, *, now: datetime
) -> Overruling:
    """Return what it costs to let this volunteer, or nobody, make a planned visit.

    The visits of the same community, and those of the chosen volunteer, are planned once more
    around the choice; all others stay. Nothing is written. Raises PlannedVisitGone.
    """
    against, despite = _judged(visit, volunteer_id, now=now)
    stored, need_ids = _stored_near(run, visit, volunteer_id)
    movable = [one.pair for one in stored if one.is_movable]
    mine = (visit.need_id, visit.volunteer_id)
    planning = load_planning(
        scope_of(
            run,
            home=visit.need.region_id[:_COMMUNITY_DIGITS],
            need_ids=need_ids,
            held=[one.pair for one in stored if not one.is_movable],
            barred=[mine],
            also=[one for _, one in [*movable, mine, (0, volunteer_id)] if one is not None],
        ),
        now=now,
    )
    if not any(need.id == visit.need_id and need.is_asked for need in planning.needs):
        raise PlannedVisitGone
    _, before = solved(planning, also=[*movable, mine], last=Stage.GREEDY)
    if volunteer_id is None:
        _, after = solved(_with_one_less(planning, visit.need_id))
        after = _left_open(after, visit)
    else:
        _, after = solved(planning, also=[(visit.need_id, volunteer_id)])
    changes = _changes([*movable, mine], after)
    places = {need.id: need.region_code for need in planning.needs}
    return Overruling(
        metres=_metres(after) - _metres(before),
        empty=_empty(after) - _empty(before),
        cost=_cost(after, planning) - _cost(before, planning),
        changes=changes,
        despite=despite,
        against=against,
        outcome=after,
        need_ids=frozenset(need.id for need in planning.needs if need.is_asked),
        overruled_id=visit.need_id,
        regions=frozenset(places[one.need_id] for one in changes if one.need_id in places),
    )


def _judged(
    visit: PlannedVisit, volunteer_id: int | None, *, now: datetime
) -> tuple[Unfit | None, tuple[Unfit, ...]]:
    """Return what rules a volunteer out, and what a worker may judge for herself."""
    if volunteer_id is None:
        return None, ()
    profile = VolunteerProfile.objects.filter(person_id=volunteer_id, ended_at=None).first()
    if profile is None:
        return Unfit.NOT_ACTIVE, ()
    causes = reasons_against(visit.need, profile, now=now)
    hard = [cause for cause in causes if cause not in JUDGED_BY_WORKER]
    return (hard[0] if hard else None), causes


def _stored_near(
    run: PlanRun, visit: PlannedVisit, volunteer_id: int | None
) -> tuple[list[_Stored], set[int]]:
    """Return the other visits of the district that nobody was asked for yet, and the needs that
    are planned once more; two queries.
    """
    low, high = prefix_range(visit.need.region_id[:_DISTRICT_DIGITS])
    nearby = {"run": run, "need__region_id__gte": low, "need__region_id__lt": high}
    rows = list(
        PlannedVisit.objects.filter(**nearby, state=PlannedState.PLANNED)
        .exclude(pk=visit.pk)
        .order_by("need_id", "place")
        .values_list("need_id", "volunteer_id", "is_by_hand", "need__region_id")
    )
    community = visit.need.region_id[:_COMMUNITY_DIGITS]
    low, high = prefix_range(community)
    gaps = PlanGap.objects.filter(run=run, need__region_id__gte=low, need__region_id__lt=high)
    need_ids = {visit.need_id, *gaps.values_list("need_id", flat=True)}
    for need_id, person_id, _by_hand, region_code in rows:
        if region_code.startswith(community) or person_id == volunteer_id:
            need_ids.add(need_id)
    stored = [
        _Stored(need_id, person_id, not by_hand and need_id in need_ids)
        for need_id, person_id, by_hand, _region_code in rows
    ]
    return stored, need_ids


def _with_one_less(planning: Planning, need_id: int) -> Planning:
    """Let a need want one helper less; one who wants nobody any more is left out."""
    row = next(row for row, need in enumerate(planning.needs) if need.id == need_id)
    helpers = planning.requests.helpers.copy()
    if helpers[row] > 1:
        helpers[row] -= 1
        return replace(planning, requests=replace(planning.requests, helpers=helpers))
    kept = np.delete(np.arange(len(planning.needs)), row)
    fixed = planning.fixed[planning.fixed[:, 0] != row]
    fixed[:, 0] -= fixed[:, 0] > row
    return replace(
        planning,
        needs=tuple(planning.needs[one] for one in kept.tolist()),
        requests=planning.requests.take(kept),
        fixed=fixed,
    )


def _left_open(outcome: PlanOutcome, visit: PlannedVisit) -> PlanOutcome:
    """Count the place that a worker leaves empty among the gaps."""
    gaps = [gap for gap in outcome.gaps if gap.need_id != visit.need_id]
    mine = next((gap for gap in outcome.gaps if gap.need_id == visit.need_id), None)
    missing = 1 + (mine.missing if mine else 0)
    hopeless, causes = (mine.hopeless, mine.causes) if mine else (0, {})
    gaps.append(GapOutcome(visit.need_id, visit.cell, missing, hopeless, causes))
    return replace(outcome, gaps=gaps)


def _metres(outcome: PlanOutcome) -> int:
    return sum(visit.metres or 0 for visit in outcome.visits)


def _empty(outcome: PlanOutcome) -> int:
    return sum(gap.missing for gap in outcome.gaps)


def _cost(outcome: PlanOutcome, planning: Planning) -> int:
    priorities = planning.requests.priority
    rows = {need.id: row for row, need in enumerate(planning.needs)}
    empty = sum(
        gap.missing * (PLAN_WEIGHTS.empty << (int(priorities[rows[gap.need_id]]) - 1))
        for gap in outcome.gaps
    )
    return sum(visit.cost for visit in outcome.visits) + empty


def _changes(before: Iterable[tuple[int, int]], after: PlanOutcome) -> tuple[Change, ...]:
    """Return what else is planned than before, need by need."""
    had: defaultdict[int, list[int]] = defaultdict(list)
    for need_id, volunteer_id in before:
        had[need_id].append(volunteer_id)
    # Whom another plan has asked meanwhile still goes, though she is not planned any more.
    goes = {(visit.need_id, visit.volunteer_id) for visit in after.visits}
    has: defaultdict[int, list[int]] = defaultdict(list)
    for visit in after.visits:
        if visit.offer_id is None:
            has[visit.need_id].append(visit.volunteer_id)
    changes = []
    for need_id in sorted({*had, *has}):
        lost = [one for one in had[need_id] if (need_id, one) not in goes]
        won = [one for one in has[need_id] if one not in had[need_id]]
        changes += [Change(need_id, *pair) for pair in zip_longest(lost, won)]
    return tuple(changes)
