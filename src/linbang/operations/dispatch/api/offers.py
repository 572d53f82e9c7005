"""Offers and the search for helpers under ``/api/v1/``."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from linbang.foundation import clock
from linbang.foundation.shell.schemas import PageIn, paged
from linbang.operations.dispatch import actions, queries
from linbang.operations.dispatch.schemas.offers import (
    AssignmentOut,
    BlockIn,
    CandidatesOut,
    EscalationOut,
    EscalationPageOut,
    HandOfferIn,
    HandOfferOut,
    OfferOut,
    OfferPageOut,
    ReasonIn,
)

router = Router(tags=["dispatch"])


@router.get("/offers", response=OfferPageOut, operation_id="list_offers")
def list_offers(request: Any, page: Query[PageIn], is_open: bool | None = None) -> dict[str, Any]:
    """List the offers made to oneself."""
    now = clock.now()
    if is_open is None:
        offers = queries.offers_made_to(request.actor)
    elif is_open:
        offers = queries.open_offers_made_to(request.actor, now=now)
    else:
        offers = queries.past_offers_made_to(request.actor, now=now)
    return paged(
        offers,
        page,
        lambda shown: [OfferOut.of(card) for card in queries.cards_of(shown, now=now)],
    )


@router.get("/offers/{uuid:offer_id}", response=OfferOut, operation_id="get_offer")
def get_offer(request: Any, offer_id: UUID) -> OfferOut:
    """Show an offer made to oneself."""
    offer = get_object_or_404(queries.offers_made_to(request.actor), public_id=offer_id)
    [card] = queries.cards_of([offer], now=clock.now())
    return OfferOut.of(card)


@router.post(
    "/offers/{uuid:offer_id}/acceptance", response=AssignmentOut, operation_id="accept_offer"
)
def accept_offer(request: Any, offer_id: UUID) -> AssignmentOut:
    """Accept an offer, or let a dispatcher accept it for the volunteer."""
    offer = get_object_or_404(queries.offers_visible_to(request.actor), public_id=offer_id)
    assignment = actions.accept_offer(offer_id=offer.pk, by=request.actor, now=clock.now())
    return AssignmentOut(
        id=assignment.public_id,
        offer_id=offer.public_id,
        volunteer_id=assignment.volunteer.public_id,
        volunteer=assignment.volunteer.name,
        accepted_at=assignment.accepted_at,
    )


@router.post("/offers/{uuid:offer_id}/refusal", response={204: None}, operation_id="refuse_offer")
def refuse_offer(request: Any, offer_id: UUID, given: ReasonIn) -> Any:
    """Decline an offer; it costs nothing."""
    offer = get_object_or_404(queries.offers_visible_to(request.actor), public_id=offer_id)
    actions.refuse_offer(offer_id=offer.pk, reason=given.reason, by=request.actor, now=clock.now())
    return Status(204, None)


@router.post(
    "/assignments/{uuid:assignment_id}/departure",
    response={204: None},
    operation_id="leave_assignment",
)
def leave_assignment(request: Any, assignment_id: UUID, given: ReasonIn) -> Any:
    """Give an accepted need back before the visit begins."""
    assignment = get_object_or_404(
        queries.assignments_visible_to(request.actor), public_id=assignment_id
    )
    actions.leave_assignment(
        assignment_id=assignment.pk, reason=given.reason, by=request.actor, now=clock.now()
    )
    return Status(204, None)


@router.get(
    "/needs/{uuid:need_id}/candidates", response=CandidatesOut, operation_id="list_candidates"
)
def list_candidates(request: Any, need_id: UUID) -> CandidatesOut:
    """Show a dispatcher the newest ranking of a need with its reasons."""
    need = get_object_or_404(queries.needs_to_dispatch(request.actor), public_id=need_id)
    return CandidatesOut.of(queries.desk_of(need, viewer=request.actor, now=clock.now()))


@router.post(
    "/needs/{uuid:need_id}/candidates", response=CandidatesOut, operation_id="rank_candidates"
)
def rank_candidates(request: Any, need_id: UUID) -> CandidatesOut:
    """Rank once more without asking anybody."""
    need = get_object_or_404(queries.needs_to_dispatch(request.actor), public_id=need_id)
    actions.rank_again(need_id=need.pk, by=request.actor, now=clock.now())
    return CandidatesOut.of(queries.desk_of(need, viewer=request.actor, now=clock.now()))


@router.post(
    "/needs/{uuid:need_id}/offers", response={201: HandOfferOut}, operation_id="offer_by_hand"
)
def offer_by_hand(request: Any, need_id: UUID, given: HandOfferIn) -> Any:
    """Ask a volunteer whom the dispatcher chose."""
    need = get_object_or_404(queries.needs_to_dispatch(request.actor), public_id=need_id)
    offer = actions.offer_to(
        need_id=need.pk,
        volunteer_id=_volunteer(given.volunteer_id),
        by=request.actor,
        now=clock.now(),
    )
    return Status(201, HandOfferOut(id=offer.public_id, expires_at=offer.expires_at))


@router.post("/needs/{uuid:need_id}/blocks", response={204: None}, operation_id="block_pair")
def block_pair(request: Any, need_id: UUID, given: BlockIn) -> Any:
    """Never again bring the beneficiary and a volunteer together."""
    need = get_object_or_404(queries.needs_to_dispatch(request.actor), public_id=need_id)
    actions.block_pair(
        need_id=need.pk,
        volunteer_id=_volunteer(given.volunteer_id),
        reason=given.reason,
        by=request.actor,
        now=clock.now(),
    )
    return Status(204, None)


@router.get("/escalations", response=EscalationPageOut, operation_id="list_escalations")
def list_escalations(request: Any, page: Query[PageIn]) -> dict[str, Any]:
    """List the needs a dispatcher has to take over, the earliest visit first."""
    found = queries.escalations_visible_to(request.actor)
    return paged(
        found,
        page,
        lambda shown: [
            EscalationOut(
                need_id=one.need.public_id,
                item=one.need.item.label,
                starts_at=one.need.starts_at,
                ends_at=one.need.ends_at,
                cause=one.cause,
                raised_at=one.raised_at,
            )
            for one in shown
        ],
    )


@router.post("/needs/{uuid:need_id}/takeover", response={204: None}, operation_id="take_escalation")
def take_escalation(request: Any, need_id: UUID) -> Any:
    """Look after an escalated need oneself."""
    need = get_object_or_404(queries.needs_to_dispatch(request.actor), public_id=need_id)
    actions.take_escalation(need_id=need.pk, by=request.actor, now=clock.now())
    return Status(204, None)


def _volunteer(public_id: UUID) -> int:
    person_id = queries.volunteer_with(public_id)
    if person_id is None:
        raise Http404
    return person_id
