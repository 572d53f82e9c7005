"""A worker overrules a plan: somebody else, or nobody, makes a visit, for a reason."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Avg, Sum

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.errors import NotFound
from linbang.operations.dispatch import queries
from linbang.operations.dispatch.actions.planning import lock_plan_for, store_gaps
from linbang.operations.dispatch.choices import (
    PLANNED_LIVE,
    PlannedState,
    PlanState,
    ReasonCode,
)
from linbang.operations.dispatch.errors import (
    PlannedVisitGone,
    PlannedVolunteerTwice,
    PlanNotReady,
    ReasonMissing,
    VolunteerUnfit,
)
from linbang.operations.dispatch.models import PlanGap, PlannedVisit, PlanRun
from linbang.operations.dispatch.queries.plans import Overruling, VisitOutcome


def preview_overruling(
    *, run_id: int, visit_id: int, volunteer_id: int | None, by: Actor, now: datetime
) -> Overruling:
    """Tell what it would cost to let somebody else, or nobody (None), make a planned visit.

    Nothing is changed. Raises PlanNotFound, NotFound, PlanNotReady, PlannedVisitGone,
    PlannedVolunteerTwice, VolunteerUnfit.
    """
    # In a transaction for the lock alone: what is weighed does not move meanwhile.
    with transaction.atomic():
        run, visit = _open_visit(run_id, visit_id, by)
        return _weighed(run, visit, volunteer_id, now=now)


@transaction.atomic
def overrule(
    *, run_id: int, visit_id: int, volunteer_id: int | None, reason: str, by: Actor, now: datetime
) -> Overruling:
    """Let somebody else, or nobody (None), make a planned visit; the visits around it follow.

    The reason and what it costs are kept. Raises PlanNotFound, NotFound, PlanNotReady,
    PlannedVisitGone, PlannedVolunteerTwice, VolunteerUnfit, ReasonMissing.
    """
    run, visit = _open_visit(run_id, visit_id, by)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    told = _weighed(run, visit, volunteer_id, now=now)
    visit.state, visit.overruled_for = PlannedState.REPLACED, reason.strip()[:200]
    visit.overruled_by_id, visit.overruled_at = by.person_id, now
    visit.overruling = {"metres": told.metres, "empty": told.empty, "cost": told.cost}
    visit.save(
        update_fields=["state", "overruled_for", "overruled_by_id", "overruled_at", "overruling"]
    )
    _follow(run, visit, volunteer_id, told)
    _count_again(run)
    record(
        by=by,
        action="dispatch.overrule_plan",
        subject=visit,
        region_code=run.region_id,
        about_id=visit.volunteer_id,
        now=now,
        detail={"volunteer": volunteer_id, **visit.overruling},
    )
    return told


def _open_visit(run_id: int, visit_id: int, by: Actor) -> tuple[PlanRun, PlannedVisit]:
    run = lock_plan_for(run_id, by)
    visit = PlannedVisit.objects.select_related("need__item").filter(run=run, pk=visit_id).first()
    if visit is None:
        raise NotFound
    if run.state != PlanState.READY:
        raise PlanNotReady
    if visit.state != PlannedState.PLANNED:
        raise PlannedVisitGone
    return run, visit


def _weighed(
    run: PlanRun, visit: PlannedVisit, volunteer_id: int | None, *, now: datetime
) -> Overruling:
    twice = PlannedVisit.objects.filter(
        cell=visit.cell,
        run=run,
        need_id=visit.need_id,
        volunteer_id=volunteer_id,
        state__in=PLANNED_LIVE,
    )
    if volunteer_id is not None and twice.exists():
        raise PlannedVolunteerTwice(field="volunteer_id")
    told = queries.plans.overruling_of(run, visit, volunteer_id, now=now)
    if told.against is not None:
        raise VolunteerUnfit(field="volunteer_id", reason=str(told.against.label))
    return told


def _follow(
    run: PlanRun, overruled: PlannedVisit, volunteer_id: int | None, told: Overruling
) -> None:
    """Store what is planned around a worker's choice, and the choice itself."""
    won = {(one.need_id, one.won) for one in told.changes if one.won is not None}
    for change in told.changes:
        if change.lost is not None:
            PlannedVisit.objects.filter(
                run=run,
                need_id=change.need_id,
                volunteer_id=change.lost,
                state=PlannedState.PLANNED,
            ).update(state=PlannedState.REPLACED)
    taken = _places_taken(run, told)
    by_hand = (overruled.need_id, volunteer_id)
    made = []
    for visit in told.outcome.visits:
        pair = (visit.need_id, visit.volunteer_id)
        if pair in won:
            place = next(n for n in range(1, 5) if n not in taken[visit.need_id])
            taken[visit.need_id].add(place)
            made.append(_new_visit(run, visit, place, by_hand=pair == by_hand, told=told))
    PlannedVisit.objects.bulk_create(made)
    PlanGap.objects.filter(run=run, need_id__in=told.need_ids).delete()
    store_gaps(run, told.outcome)
    if volunteer_id is None:
        PlanGap.objects.filter(run=run, need_id=overruled.need_id).update(is_by_hand=True)


def _places_taken(run: PlanRun, told: Overruling) -> Mapping[int, set[int]]:
    taken: defaultdict[int, set[int]] = defaultdict(set)
    live = PlannedVisit.objects.filter(run=run, need_id__in=told.need_ids, state__in=PLANNED_LIVE)
    for need_id, place in live.values_list("need_id", "place"):
        taken[need_id].add(place)
    return taken


def _new_visit(
    run: PlanRun, visit: VisitOutcome, place: int, *, by_hand: bool, told: Overruling
) -> PlannedVisit:
    chosen = [
        {"code": str(ReasonCode.CHOSEN_BY_STATION), "value": None},
        *({"code": str(ReasonCode.DESPITE), "value": str(cause)} for cause in told.despite),
    ]
    return PlannedVisit(
        cell=visit.cell,
        run=run,
        need_id=visit.need_id,
        volunteer_id=visit.volunteer_id,
        place=place,
        rank=visit.rank,
        cost=visit.cost,
        regret=visit.regret,
        metres=visit.metres,
        tier=visit.tier,
        reasons=chosen if by_hand else visit.reasons,
        blocker_id=None if by_hand else visit.blocker_id,
        is_by_hand=by_hand,
    )


def _count_again(run: PlanRun) -> None:
    """Bring the figures of a plan up to date; what was proven of it stays as it was made."""
    live = PlannedVisit.objects.filter(run=run, state__in=PLANNED_LIVE)
    metres = live.aggregate(mean=Avg("metres"))["mean"]
    gaps = PlanGap.objects.filter(run=run).aggregate(
        missing=Sum("missing", default=0), hopeless=Sum("hopeless", default=0)
    )
    run.figures = {
        **run.figures,
        **gaps,
        "filled": live.count(),
        "first_choices": live.filter(rank=1).count(),
        "mean_metres": None if metres is None else round(metres),
        "overruled": run.figures.get("overruled", 0) + 1,
    }
    run.save(update_fields=["figures"])
