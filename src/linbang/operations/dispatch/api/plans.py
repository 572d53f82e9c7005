"""Plans of visits under ``/api/v1/``."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from linbang.foundation import clock
from linbang.foundation.shell.schemas import PageIn, paged
from linbang.operations.dispatch import actions, queries, rules
from linbang.operations.dispatch.schemas.plans import (
    OverrulingIn,
    OverrulingOut,
    OverrulingPreviewIn,
    PlanGapOut,
    PlanGapPageOut,
    PlanIn,
    PlannedVisitOut,
    PlannedVisitPageOut,
    PlanOut,
    PlanPageOut,
)

router = Router(tags=["dispatch"])


@router.post("/plans", response={201: PlanOut}, operation_id="ask_plan")
def ask_plan(request: Any, given: PlanIn) -> Any:
    """Ask for a plan of visits; it is made in the background."""
    now = clock.now()
    starts_on, ends_on = rules.plan_days(now, starts_on=given.starts_on, ends_on=given.ends_on)
    made = actions.ask_plan(
        region_code=given.region, starts_on=starts_on, ends_on=ends_on, by=request.actor, now=now
    )
    return Status(201, _shown(request, made.public_id))


@router.get("/plans", response=PlanPageOut, operation_id="list_plans")
def list_plans(request: Any, page: Query[PageIn]) -> dict[str, Any]:
    """List the plans of the places where one dispatches, the newest first."""
    return paged(
        queries.plans.plans_visible_to(request.actor),
        page,
        lambda shown: [
            PlanOut.of(row) for row in queries.plans.plan_rows(shown, viewer=request.actor)
        ],
    )


@router.get("/plans/{uuid:plan_id}", response=PlanOut, operation_id="get_plan")
def get_plan(request: Any, plan_id: UUID) -> PlanOut:
    """Show how far a plan has got and how good it is."""
    return _shown(request, plan_id)


@router.get(
    "/plans/{uuid:plan_id}/visits", response=PlannedVisitPageOut, operation_id="list_planned_visits"
)
def list_planned_visits(request: Any, plan_id: UUID, page: Query[PageIn]) -> dict[str, Any]:
    """List who goes where and why, by time."""
    now = clock.now()
    return paged(
        queries.plans.visits_of_plan(_plan(request, plan_id), viewer=request.actor),
        page,
        lambda shown: [
            PlannedVisitOut.of(row) for row in queries.plans.planned_rows(shown, now=now)
        ],
    )


@router.get("/plans/{uuid:plan_id}/gaps", response=PlanGapPageOut, operation_id="list_plan_gaps")
def list_plan_gaps(request: Any, plan_id: UUID, page: Query[PageIn]) -> dict[str, Any]:
    """List the needs that stay short of helpers, and why."""
    return paged(
        queries.plans.gaps_of_plan(_plan(request, plan_id), viewer=request.actor),
        page,
        lambda shown: [PlanGapOut.of(row) for row in queries.plans.gap_rows(shown)],
    )


@router.post("/plans/{uuid:plan_id}/publication", response=PlanOut, operation_id="publish_plan")
def publish_plan(request: Any, plan_id: UUID) -> PlanOut:
    """Let a plan count: its volunteers are asked."""
    run = _plan(request, plan_id)
    actions.publish_plan(run_id=run.pk, by=request.actor, now=clock.now())
    return _shown(request, plan_id)


@router.post("/plans/{uuid:plan_id}/discarding", response=PlanOut, operation_id="discard_plan")
def discard_plan(request: Any, plan_id: UUID) -> PlanOut:
    """Put a plan away; nothing comes of it."""
    run = _plan(request, plan_id)
    actions.discard_plan(run_id=run.pk, by=request.actor, now=clock.now())
    return _shown(request, plan_id)


@router.post(
    "/plans/{uuid:plan_id}/visits/{uuid:planned_visit_id}/overruling-preview",
    response=OverrulingOut,
    operation_id="preview_overruling",
)
def preview_overruling(
    request: Any, plan_id: UUID, planned_visit_id: UUID, given: OverrulingPreviewIn
) -> OverrulingOut:
    """Tell what it would cost to let somebody else, or nobody, make a visit."""
    run = _plan(request, plan_id)
    told = actions.preview_overruling(
        run_id=run.pk,
        visit_id=queries.plans.planned_visit_of(run, planned_visit_id, viewer=request.actor).pk,
        volunteer_id=_volunteer(given.volunteer_id),
        by=request.actor,
        now=clock.now(),
    )
    return OverrulingOut.of(told)


@router.post(
    "/plans/{uuid:plan_id}/visits/{uuid:planned_visit_id}/overruling",
    response=OverrulingOut,
    operation_id="overrule_planned_visit",
)
def overrule_planned_visit(
    request: Any, plan_id: UUID, planned_visit_id: UUID, given: OverrulingIn
) -> OverrulingOut:
    """Let somebody else, or nobody, make a visit, for a reason."""
    run = _plan(request, plan_id)
    told = actions.overrule(
        run_id=run.pk,
        visit_id=queries.plans.planned_visit_of(run, planned_visit_id, viewer=request.actor).pk,
        volunteer_id=_volunteer(given.volunteer_id),
        reason=given.reason,
        by=request.actor,
        now=clock.now(),
    )
    return OverrulingOut.of(told)


def _plan(request: Any, plan_id: UUID) -> Any:
    return get_object_or_404(queries.plans.plans_visible_to(request.actor), public_id=plan_id)


def _shown(request: Any, plan_id: UUID) -> PlanOut:
    [row] = queries.plans.plan_rows([_plan(request, plan_id)], viewer=request.actor)
    return PlanOut.of(row)


def _volunteer(public_id: UUID | None) -> int | None:
    if public_id is None:
        return None
    person_id = queries.volunteer_with(public_id)
    if person_id is None:
        raise Http404
    return person_id
