from typing import Any, Literal
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from linbang.foundation import clock
from linbang.foundation.shell.schemas import PageIn, paged
from linbang.operations.dispatch import actions as dispatch
from linbang.operations.service import actions, queries
from linbang.operations.service.choices import ConsoleTab
from linbang.operations.service.schemas.visits import (
    CheckInIn,
    CheckOutIn,
    CodeOut,
    ContactOut,
    VisitOut,
    VisitPageOut,
)

router = Router(tags=["visits"])

SIDES = {
    "given": queries.visits_given_by,
    "received": queries.visits_received_by,
    "handled": queries.visits_handled_by,
}


@router.get("/visits", response=VisitPageOut, operation_id="list_visits")
def list_visits(
    request: Any,
    page: Query[PageIn],
    side: Literal["given", "received", "handled"] = "given",
    tab: ConsoleTab = ConsoleTab.AHEAD,
) -> dict[str, Any]:
    """List the visits one gives, receives or looks after."""
    now = clock.now()
    visits = queries.visits_on_tab(SIDES[side](request.actor), tab, now)
    return paged(
        visits, page, lambda shown: [VisitOut.of(row) for row in queries.visit_rows(shown, now)]
    )


@router.get("/visits/{uuid:visit_id}", response=VisitOut, operation_id="get_visit")
def get_visit(request: Any, visit_id: UUID) -> VisitOut:
    """Show a visit."""
    visit = get_object_or_404(queries.visits_visible_to(request.actor), public_id=visit_id)
    return VisitOut.of(queries.visit_row(visit, clock.now()))


@router.get("/visits/{uuid:visit_id}/code", response=CodeOut, operation_id="get_visit_code")
def get_visit_code(request: Any, visit_id: UUID) -> CodeOut:
    """Show the rotating code of a visit to whom it is paid."""
    visit = get_object_or_404(queries.visits_received_by(request.actor), public_id=visit_id)
    code = queries.code_now(visit, clock.now())
    return CodeOut(digits=code.digits, seconds_left=code.seconds_left)


@router.get("/visits/{uuid:visit_id}/contact", response=ContactOut, operation_id="see_contact")
def see_contact(request: Any, visit_id: UUID) -> Any:
    """Show the helper whom to visit and where, while rule 62 keeps it open; the look is logged."""
    visit = get_object_or_404(queries.visits_given_by(request.actor), public_id=visit_id)
    contact = dispatch.see_contact(assignment=visit.assignment, by=request.actor, now=clock.now())
    if contact is None:
        raise Http404
    return contact


@router.post("/visits/{uuid:visit_id}/check-in", response=VisitOut, operation_id="check_in")
def check_in(request: Any, visit_id: UUID, proof: CheckInIn) -> VisitOut:
    """Begin a visit, proved by code, location or the resident's word."""
    visit = get_object_or_404(queries.visits_visible_to(request.actor), public_id=visit_id)
    actions.check_in(
        visit_id=visit.id,
        by=request.actor,
        now=clock.now(),
        **proof.dict(),
    )
    return get_visit(request, visit_id)


@router.post("/visits/{uuid:visit_id}/check-out", response=VisitOut, operation_id="check_out")
def check_out(request: Any, visit_id: UUID, proof: CheckOutIn) -> VisitOut:
    """End a visit, proved likewise; the record is drafted."""
    visit = get_object_or_404(queries.visits_visible_to(request.actor), public_id=visit_id)
    actions.check_out(
        visit_id=visit.id,
        by=request.actor,
        now=clock.now(),
        **proof.dict(),
    )
    return get_visit(request, visit_id)
