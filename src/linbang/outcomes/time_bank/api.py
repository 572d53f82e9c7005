from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from linbang.foundation import clock
from linbang.foundation.access.rules import Actor
from linbang.outcomes.time_bank import actions, queries
from linbang.outcomes.time_bank.schemas import StatementOut

router = Router(tags=["love savings"])


@router.get("/love-savings", response=StatementOut, operation_id="get_own_statement")
def get_own_statement(
    request: HttpRequest,
    before: int | None = Query(None, ge=1),
    limit: int = Query(30, ge=1, le=100),
) -> StatementOut:
    """Show one's own savings; older movements follow with ``before``."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    own = get_object_or_404(queries.people_visible_to(actor), pk=actor.person_id)
    return _out(queries.statement_of(own, before=before, limit=limit))


@router.get(
    "/people/{uuid:person_id}/love-savings", response=StatementOut, operation_id="get_statement"
)
def get_statement(
    request: HttpRequest,
    person_id: UUID,
    before: int | None = Query(None, ge=1),
    limit: int = Query(30, ge=1, le=100),
) -> StatementOut:
    """Show somebody's savings; the look is logged."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    person = get_object_or_404(queries.people_visible_to(actor), public_id=person_id)
    actions.note_look(person=person, by=actor, now=clock.now())
    return _out(queries.statement_of(person, before=before, limit=limit))


def _out(statement: queries.Statement) -> StatementOut:
    scheme = queries.scheme_of(statement.person.region_id, at=clock.now())
    return StatementOut.of(statement, scheme=str(scheme.name), unit=str(scheme.unit))
