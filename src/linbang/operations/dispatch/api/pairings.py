"""Pairings and their proposals under ``/api/v1/``."""

from typing import Any, Literal
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.shell.schemas import PageIn, paged
from linbang.operations.dispatch import actions
from linbang.operations.dispatch.queries import (
    own_pairings,
    pairing_proposals,
    pairings,
    unit_with,
)
from linbang.operations.dispatch.schemas.pairings import (
    AgreementIn,
    HelperIn,
    OwnPairingsOut,
    PairingProposalOut,
    ProposePairsIn,
    ResidentPairingEndIn,
    ResidentPairingIn,
    ResidentPairingOut,
    ResidentPairingPageOut,
)

router = Router(tags=["dispatch"])


@router.get("/pairings/mine", response=OwnPairingsOut, operation_id="get_own_pairings")
def get_own_pairings(request: Any) -> OwnPairingsOut:
    """Show whom one stands by and who stands by oneself."""
    return OwnPairingsOut.of(own_pairings.pairings_of(request.actor))


@router.get("/pairings", response=ResidentPairingPageOut, operation_id="list_resident_pairings")
def list_resident_pairings(
    request: Any,
    page: Query[PageIn],
    q: str = "",
    state: Literal["", "overdue", "ended"] = "",
) -> dict[str, Any]:
    """List the pairings where one dispatches, the longest unvisited first; the look is logged."""
    if not request.actor.may_anywhere(Permission.DISPATCH):
        raise Http404
    now = clock.now()
    actions.note_pairings_seen(by=request.actor, now=now)
    found = pairings.pairings_found(request.actor, text=q, state=state, now=now)
    return paged(
        found,
        page,
        lambda shown: [ResidentPairingOut.of(row) for row in pairings.pairing_rows(shown, now=now)],
    )


@router.post("/pairings", response={201: ResidentPairingOut}, operation_id="add_resident_pairing")
def add_resident_pairing(request: Any, given: ResidentPairingIn) -> Any:
    """Note a pairing that both sides agreed to."""
    [person] = pairings.people_to_pair_with(request.actor, [given.beneficiary_id])
    made = actions.add_pairing(
        beneficiary_id=person.pk,
        rhythm=given.rhythm,
        note=given.note,
        both_agree=given.both_agree,
        by=request.actor,
        now=clock.now(),
        **_helper(given),
    )
    return Status(201, _out(request, made.public_id))


@router.get(
    "/pairings/{uuid:pairing_id}", response=ResidentPairingOut, operation_id="get_resident_pairing"
)
def get_resident_pairing(request: Any, pairing_id: UUID) -> ResidentPairingOut:
    """Show one pairing."""
    found = _pairing(request, pairing_id)
    actions.note_pairings_seen(by=request.actor, now=clock.now(), pairing=found)
    return _out(request, pairing_id)


@router.post(
    "/pairings/{uuid:pairing_id}/ending",
    response=ResidentPairingOut,
    operation_id="end_resident_pairing",
)
def end_resident_pairing(
    request: Any, pairing_id: UUID, given: ResidentPairingEndIn
) -> ResidentPairingOut:
    """End a pairing for a reason; both are told."""
    found = _pairing(request, pairing_id)
    actions.end_pairing(pairing_id=found.pk, by=request.actor, now=clock.now(), **given.dict())
    return _out(request, pairing_id)


@router.post(
    "/pairing-proposals", response={201: PairingProposalOut}, operation_id="propose_pairings"
)
def propose_pairings(request: Any, given: ProposePairsIn) -> Any:
    """Propose who could stand by whom, near first; nobody is asked yet."""
    people = None
    if given.people is not None:
        people = pairings.people_to_pair_with(request.actor, given.people)
    made = actions.propose_pairs(
        region=given.region,
        people=people,
        wishes=given.wishes,
        by=request.actor,
        now=clock.now(),
    )
    return Status(201, _proposal_out(request, made))


@router.get(
    "/pairing-proposals/{uuid:proposal_id}",
    response=PairingProposalOut,
    operation_id="get_pairing_proposal",
)
def get_pairing_proposal(request: Any, proposal_id: UUID) -> PairingProposalOut:
    """Show who is proposed for whom and why, or why nobody."""
    return _proposal_out(request, _proposal(request, proposal_id))


@router.post(
    "/pairing-proposals/{uuid:proposal_id}/discarding",
    response=PairingProposalOut,
    operation_id="discard_pairing_proposal",
)
def discard_pairing_proposal(request: Any, proposal_id: UUID) -> PairingProposalOut:
    """Put a proposal away; what was agreed stays."""
    found = _proposal(request, proposal_id)
    actions.discard_pairs(proposal_id=found.pk, by=request.actor, now=clock.now())
    return _proposal_out(request, _proposal(request, proposal_id))


@router.post(
    "/pairing-proposals/{uuid:proposal_id}/pairs/{uuid:pair_id}/helper",
    response={204: None},
    operation_id="choose_pairing_helper",
)
def choose_pairing_helper(request: Any, proposal_id: UUID, pair_id: UUID, given: HelperIn) -> Any:
    """Propose another volunteer, or a unit or team, for a place."""
    pair = _pair(request, proposal_id, pair_id)
    actions.choose_helper(pair_id=pair.pk, by=request.actor, now=clock.now(), **_helper(given))
    return Status(204, None)


@router.delete(
    "/pairing-proposals/{uuid:proposal_id}/pairs/{uuid:pair_id}/helper",
    response={204: None},
    operation_id="drop_pairing_helper",
)
def drop_pairing_helper(request: Any, proposal_id: UUID, pair_id: UUID) -> Any:
    """Take the helper from a place."""
    pair = _pair(request, proposal_id, pair_id)
    actions.drop_helper(pair_id=pair.pk, by=request.actor, now=clock.now())
    return Status(204, None)


@router.post(
    "/pairing-proposals/{uuid:proposal_id}/pairs/{uuid:pair_id}/agreement",
    response={201: ResidentPairingOut},
    operation_id="agree_pairing",
)
def agree_pairing(request: Any, proposal_id: UUID, pair_id: UUID, given: AgreementIn) -> Any:
    """Make a proposed pair a pairing, once both were asked and said yes."""
    pair = _pair(request, proposal_id, pair_id)
    made = actions.agree_pair(pair_id=pair.pk, by=request.actor, now=clock.now(), **given.dict())
    return Status(201, _out(request, made.public_id))


def _helper(given: HelperIn) -> dict[str, int | None]:
    volunteer, team = given.volunteer_id, given.organisation_id
    return {
        "volunteer_id": pairings.volunteer_to_pair(volunteer) if volunteer else None,
        "organisation_id": unit_with(team) if team else None,
    }


def _out(request: Any, pairing_id: UUID) -> ResidentPairingOut:
    found = _pairing(request, pairing_id)
    return ResidentPairingOut.of(pairings.pairing_rows([found], now=clock.now())[0])


def _proposal_out(request: Any, proposal: Any) -> PairingProposalOut:
    pairs = pairing_proposals.proposed_pairs(proposal)
    rows = pairing_proposals.proposed_rows(pairs, viewer=request.actor)
    return PairingProposalOut.of(proposal, rows)


def _pairing(request: Any, pairing_id: UUID) -> Any:
    return get_object_or_404(pairings.pairings_visible_to(request.actor), public_id=pairing_id)


def _proposal(request: Any, proposal_id: UUID) -> Any:
    found = pairing_proposals.proposals_of_pairings(request.actor)
    return get_object_or_404(found, public_id=proposal_id)


def _pair(request: Any, proposal_id: UUID, pair_id: UUID) -> Any:
    found = pairing_proposals.proposed_pairs(_proposal(request, proposal_id))
    return get_object_or_404(found, public_id=pair_id)
