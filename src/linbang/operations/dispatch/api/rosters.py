"""Rosters and their proposals under ``/api/v1/``."""

from datetime import date
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Router, Status

from linbang.foundation import clock
from linbang.operations.dispatch import actions, queries
from linbang.operations.dispatch.schemas.rosters import (
    PairIn,
    ProposalDayOut,
    ProposeIn,
    ReplacementIn,
    RosterOut,
    RosterProposalOut,
)

router = Router(tags=["dispatch"])


@router.get(
    "/activities/{uuid:activity_id}/staffing", response=RosterOut, operation_id="get_staffing"
)
def get_staffing(request: Any, activity_id: UUID, week: date | None = None) -> RosterOut:
    """Show the week around a day with its gaps."""
    day = week or clock.local_date(clock.now())
    return RosterOut.of(queries.roster_board(_activity(request, activity_id), day))


@router.post(
    "/activities/{uuid:activity_id}/roster-proposals",
    response={201: RosterProposalOut},
    operation_id="propose_roster",
)
def propose_roster(request: Any, activity_id: UUID, given: ProposeIn) -> Any:
    """Propose who could stand where, fairly; nobody is signed up yet."""
    unit = given.organisation_id
    made = actions.propose_roster(
        activity_id=_activity(request, activity_id).pk,
        organisation_id=queries.unit_with(unit) if unit else None,
        by=request.actor,
        now=clock.now(),
        **given.dict(exclude={"organisation_id"}),
    )
    return Status(201, RosterProposalOut.of(made))


@router.get(
    "/roster-proposals/{uuid:proposal_id}",
    response=RosterProposalOut,
    operation_id="get_roster_proposal",
)
def get_roster_proposal(request: Any, proposal_id: UUID) -> RosterProposalOut:
    """Show a proposal's figures."""
    return RosterProposalOut.of(_proposal(request, proposal_id))


@router.get(
    "/roster-proposals/{uuid:proposal_id}/days/{day}",
    response=ProposalDayOut,
    operation_id="get_roster_proposal_day",
)
def get_roster_proposal_day(request: Any, proposal_id: UUID, day: date) -> ProposalDayOut:
    """Show who is proposed on a day, and why nobody else."""
    return ProposalDayOut.of(queries.proposal_day(_proposal(request, proposal_id), day))


@router.post(
    "/roster-proposals/{uuid:proposal_id}/pairs",
    response={204: None},
    operation_id="add_roster_pair",
)
def add_roster_pair(request: Any, proposal_id: UUID, given: PairIn) -> Any:
    """Put somebody on a shift of a proposal by hand."""
    actions.add_pair(
        proposal_id=_proposal(request, proposal_id).pk,
        shift_id=queries.shift_with(given.shift_id).pk,
        person_id=queries.person_to_sign_up(request.actor, given.person_id),
        by=request.actor,
        now=clock.now(),
    )
    return Status(204, None)


@router.post(
    "/roster-proposals/{uuid:proposal_id}/pairs/{uuid:pair_id}/replacement",
    response={204: None},
    operation_id="replace_roster_pair",
)
def replace_roster_pair(
    request: Any, proposal_id: UUID, pair_id: UUID, given: ReplacementIn
) -> Any:
    """Put somebody else in a person's place."""
    actions.replace_pair(
        pair_id=_pair(request, proposal_id, pair_id).pk,
        person_id=queries.person_to_sign_up(request.actor, given.person_id),
        by=request.actor,
        now=clock.now(),
    )
    return Status(204, None)


@router.delete(
    "/roster-proposals/{uuid:proposal_id}/pairs/{uuid:pair_id}",
    response={204: None},
    operation_id="drop_roster_pair",
)
def drop_roster_pair(request: Any, proposal_id: UUID, pair_id: UUID) -> Any:
    """Take somebody off a proposal."""
    pair = _pair(request, proposal_id, pair_id)
    actions.drop_pair(pair_id=pair.pk, by=request.actor, now=clock.now())
    return Status(204, None)


@router.post(
    "/roster-proposals/{uuid:proposal_id}/confirmation",
    response=RosterProposalOut,
    operation_id="confirm_roster",
)
def confirm_roster(request: Any, proposal_id: UUID) -> RosterProposalOut:
    """Sign everybody of a proposal up and tell them; they may say no for a day without a mark."""
    found = _proposal(request, proposal_id)
    return RosterProposalOut.of(
        actions.confirm_roster(proposal_id=found.pk, by=request.actor, now=clock.now())
    )


@router.post(
    "/roster-proposals/{uuid:proposal_id}/discarding",
    response=RosterProposalOut,
    operation_id="discard_roster",
)
def discard_roster(request: Any, proposal_id: UUID) -> RosterProposalOut:
    """Put a proposal away; nothing comes of it."""
    found = _proposal(request, proposal_id)
    return RosterProposalOut.of(
        actions.discard_roster(proposal_id=found.pk, by=request.actor, now=clock.now())
    )


def _activity(request: Any, activity_id: UUID) -> Any:
    return get_object_or_404(queries.activities_led_by(request.actor), public_id=activity_id)


def _proposal(request: Any, proposal_id: UUID) -> Any:
    return get_object_or_404(queries.proposals_led_by(request.actor), public_id=proposal_id)


def _pair(request: Any, proposal_id: UUID, pair_id: UUID) -> Any:
    found = _proposal(request, proposal_id)
    return get_object_or_404(queries.pairs_of(found), public_id=pair_id)
