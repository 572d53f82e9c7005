"""Pauses of sign-ups, and appeals."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.foundation.shell.schemas import PageIn, paged
from linbang.operations.clearance import actions, queries, schemas
from linbang.operations.clearance.choices import SuspensionCause

router = Router(tags=["clearance"])
_CLEARS = permitted(Permission.CLEAR_VOLUNTEERS)


@router.get("/suspensions", response=list[schemas.SuspensionOut], operation_id="list_suspensions")
def list_suspensions(request: MemberRequest):
    """List one's own pauses."""
    mine = queries.suspensions_of(request.actor.person_id)
    return queries.suspension_lines(mine, reader=request.actor, now=clock.now())


@router.get(
    "/suspensions/kept", response=schemas.SuspensionPageOut, operation_id="list_kept_suspensions"
)
@_CLEARS
def list_kept_suspensions(request: MemberRequest, page: Query[PageIn], waiting: bool = False):
    """List the pauses where one clears volunteers; ``waiting``: whose appeal is open."""
    kept = queries.suspensions_kept_by(request.actor)
    shown = queries.with_open_appeal(kept) if waiting else kept
    now = clock.now()
    return paged(
        shown, page, lambda some: queries.suspension_lines(some, reader=request.actor, now=now)
    )


@router.post(
    "/people/{uuid:person_id}/suspensions",
    response={201: schemas.SuspensionOut},
    operation_id="suspend_person",
)
@_CLEARS
def suspend_person(request: MemberRequest, person_id: UUID, body: schemas.SuspensionIn):
    """Pause a person's sign-ups, with a reason the person reads."""
    who = get_object_or_404(queries.people_cleared_by(request.actor), public_id=person_id)
    made = actions.suspend(
        person_id=who.pk,
        cause=SuspensionCause.BY_STAFF,
        **body.dict(),
        by=request.actor,
        now=clock.now(),
    )
    return Status(201, queries.suspension_line(made, reader=request.actor, now=clock.now()))


@router.post(
    "/suspensions/{uuid:suspension_id}/lifting",
    response={204: None},
    operation_id="lift_suspension",
)
@_CLEARS
def lift_suspension(request: MemberRequest, suspension_id: UUID, body: schemas.WhyIn):
    """End a pause early."""
    found = get_object_or_404(queries.suspensions_kept_by(request.actor), public_id=suspension_id)
    actions.lift_suspension(
        suspension_id=found.pk, reason=body.reason, by=request.actor, now=clock.now()
    )
    return Status(204, None)


@router.post(
    "/suspensions/{uuid:suspension_id}/appeal",
    response={201: schemas.AppealOut},
    operation_id="open_appeal",
)
def open_appeal(request: MemberRequest, suspension_id: UUID, body: schemas.AppealIn):
    """Ask a human being to look at one's pause again."""
    found = get_object_or_404(
        queries.suspensions_of(request.actor.person_id), public_id=suspension_id
    )
    made = actions.open_appeal(
        suspension_id=found.pk, text=body.text, by=request.actor, now=clock.now()
    )
    return Status(201, made)


@router.post(
    "/appeals/{uuid:appeal_id}/decision", response=schemas.AppealOut, operation_id="decide_appeal"
)
@_CLEARS
def decide_appeal(request: MemberRequest, appeal_id: UUID, body: schemas.AppealDecisionIn):
    """Answer an appeal, as somebody who did not impose the pause."""
    found = get_object_or_404(queries.appeals_kept_by(request.actor), public_id=appeal_id)
    return actions.decide_appeal(
        appeal_id=found.pk, **body.dict(), by=request.actor, now=clock.now()
    )
