"""A worker overrules a plan: somebody else, or nobody, makes a visit, for a reason."""

from datetime import datetime
from typing import Any

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.errors import NotFound
from linbang.operations.dispatch import queries
from linbang.operations.dispatch.actions.planning import (
    count_again,
    free_place,
    store_gaps,
    visit_row,
)
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
    PlanOutOfReach,
    ReasonMissing,
    VolunteerUnfit,
)
from linbang.operations.dispatch.models import PlanGap, PlannedVisit, PlanRun
from linbang.operations.dispatch.queries.plans import Overruling


def preview_overruling(
    *, run_id: int, visit_id: int, volunteer_id: int | None, by: Actor, now: datetime
) -> Overruling:
    """Tell what it would cost to let somebody else, or nobody (None), make a planned visit.

    Nothing is changed. Raises PlanNotFound, NotFound, PlanNotReady, PlannedVisitGone,
    PlannedVolunteerTwice, VolunteerUnfit, PlanOutOfReach.
    """
    # In a transaction for the lock alone: what is weighed does not move meanwhile.
    with transaction.atomic():
        run, visit = _open_visit(run_id, visit_id, by)
        return _weighed(run, visit, volunteer_id, by=by, now=now)


@transaction.atomic
def overrule(
    *, run_id: int, visit_id: int, volunteer_id: int | None, reason: str, by: Actor, now: datetime
) -> Overruling:
    """Let somebody else, or nobody (None), make a planned visit; the visits around it follow.

    The reason and what it costs are kept. Raises PlanNotFound, NotFound, PlanNotReady,
    PlannedVisitGone, PlannedVolunteerTwice, VolunteerUnfit, PlanOutOfReach, ReasonMissing.
    """
    run, visit = _open_visit(run_id, visit_id, by)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    told = _weighed(run, visit, volunteer_id, by=by, now=now)
    visit.state, visit.overruled_for = PlannedState.REPLACED, reason.strip()[:200]
    visit.overruled_by_id, visit.overruled_at = by.person_id, now
    visit.overruling = {"metres": told.metres, "empty": told.empty, "cost": told.cost}
    visit.save(
        update_fields=["state", "overruled_for", "overruled_by_id", "overruled_at", "overruling"]
    )
    _follow(run, visit, volunteer_id, told)
    count_again(run, overruled=1)
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
    run = queries.plans.lock_plan(run_id)
    visit = PlannedVisit.objects.select_related("need__item").filter(run=run, pk=visit_id).first()
    if visit is None or not by.may(Permission.DISPATCH, region=visit.need.region_id):
        raise NotFound
    if run.state != PlanState.READY:
        raise PlanNotReady
    if visit.state != PlannedState.PLANNED:
        raise PlannedVisitGone
    return run, visit


def _weighed(
    run: PlanRun, visit: PlannedVisit, volunteer_id: int | None, *, by: Actor, now: datetime
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
    if not all(by.may(Permission.DISPATCH, region=region) for region in told.regions):
        raise PlanOutOfReach(field="volunteer_id")
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
    taken = queries.plans.places_taken(run.pk, told.need_ids)
    by_hand = (overruled.need_id, volunteer_id)
    made = []
    for visit in told.outcome.visits:
        pair = (visit.need_id, visit.volunteer_id)
        if pair in won:
            place = free_place(taken[visit.need_id])
            taken[visit.need_id].add(place)
            chosen = _chosen(told) if pair == by_hand else {}
            made.append(visit_row(run, visit, place=place, **chosen))
    PlannedVisit.objects.bulk_create(made)
    PlanGap.objects.filter(run=run, need_id__in=told.need_ids).delete()
    store_gaps(run, told.outcome)
    if volunteer_id is None:
        PlanGap.objects.filter(run=run, need_id=overruled.need_id).update(is_by_hand=True)


def _chosen(told: Overruling) -> dict[str, Any]:
    """Return what is stored of a worker's own choice."""
    return {
        "is_by_hand": True,
        "blocker_id": None,
        "reasons": [
            {"code": str(ReasonCode.CHOSEN_BY_STATION), "value": None},
            *({"code": str(ReasonCode.DESPITE), "value": str(cause)} for cause in told.despite),
        ],
    }
