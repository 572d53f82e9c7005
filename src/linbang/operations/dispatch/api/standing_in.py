"""Stand-ins and swaps under ``/api/v1/``."""

from typing import Any
from uuid import UUID

from django.http import Http404
from ninja import Router, Status

from linbang.foundation import clock
from linbang.foundation.audit.rules import mask_name
from linbang.operations.dispatch import actions, queries
from linbang.operations.dispatch.schemas.sign_ups import (
    NoteIn,
    SignUpOut,
    StandInOut,
    SwapChoiceOut,
    SwapIn,
)

router = Router(tags=["dispatch"])


@router.get("/stand-ins", response=list[StandInOut], operation_id="list_stand_ins")
def list_stand_ins(request: Any) -> list[StandInOut]:
    """List the searches for a stand-in that I could answer now; 100 at most."""
    rows = queries.searches_for(request.actor, now=clock.now())
    return [StandInOut.of(row.search, who=row.who) for row in rows]


@router.post(
    "/sign-ups/{uuid:sign_up_id}/stand-in",
    response={201: StandInOut},
    operation_id="seek_stand_in",
)
def seek_stand_in(request: Any, sign_up_id: UUID, given: NoteIn) -> Any:
    """Look for somebody to take one's place; it stays one's own until somebody has."""
    found = _own(request, sign_up_id)
    search = actions.seek_stand_in(
        sign_up_id=found.pk, note=given.note, by=request.actor, now=clock.now()
    )
    return Status(201, _shown(search))


@router.get(
    "/sign-ups/{uuid:sign_up_id}/swap-choices",
    response=list[SwapChoiceOut],
    operation_id="list_swap_choices",
)
def list_swap_choices(request: Any, sign_up_id: UUID) -> list[SwapChoiceOut]:
    """List the places of others on other shifts of the activity, to ask for a swap."""
    choices = queries.swap_choices(_own(request, sign_up_id), now=clock.now())
    return [SwapChoiceOut(sign_up_id=UUID(one), label=label) for one, label in choices]


@router.post(
    "/sign-ups/{uuid:sign_up_id}/swap", response={201: StandInOut}, operation_id="ask_swap"
)
def ask_swap(request: Any, sign_up_id: UUID, given: SwapIn) -> Any:
    """Ask somebody to swap; nothing changes until she agrees."""
    found, now = _own(request, sign_up_id), clock.now()
    search = actions.ask_swap(
        sign_up_id=found.pk,
        other_id=queries.swappable(found, given.sign_up_id, now=now),
        note=given.note,
        by=request.actor,
        now=now,
    )
    return Status(201, _shown(search))


@router.post(
    "/stand-ins/{uuid:stand_in_id}/taking", response=SignUpOut, operation_id="take_stand_in"
)
def take_stand_in(request: Any, stand_in_id: UUID) -> SignUpOut:
    """Take the place of somebody who seeks a stand-in."""
    made = actions.take_stand_in(
        stand_in_id=queries.search_with(stand_in_id).pk,
        person_id=request.actor.person_id,
        by=request.actor,
        now=clock.now(),
    )
    return SignUpOut.of(queries.sign_up_of_id(made.pk))


@router.post(
    "/stand-ins/{uuid:stand_in_id}/ending", response=StandInOut, operation_id="stop_seeking"
)
def stop_seeking(request: Any, stand_in_id: UUID) -> StandInOut:
    """Stop looking for a stand-in or a swap."""
    search = actions.stop_seeking(
        stand_in_id=queries.search_with(stand_in_id).pk, by=request.actor, now=clock.now()
    )
    return _shown(search)


@router.post(
    "/stand-ins/{uuid:stand_in_id}/agreement", response=SignUpOut, operation_id="accept_swap"
)
def accept_swap(request: Any, stand_in_id: UUID) -> SignUpOut:
    """Agree to a swap: both change places in one moment. Returns one's own new place."""
    _, mine = actions.accept_swap(
        stand_in_id=queries.search_with(stand_in_id).pk, by=request.actor, now=clock.now()
    )
    return SignUpOut.of(queries.sign_up_of_id(mine.pk))


@router.post(
    "/stand-ins/{uuid:stand_in_id}/refusal", response=StandInOut, operation_id="decline_swap"
)
def decline_swap(request: Any, stand_in_id: UUID) -> StandInOut:
    """Say that one would rather not swap, which costs nothing."""
    search = actions.decline_swap(
        stand_in_id=queries.search_with(stand_in_id).pk, by=request.actor, now=clock.now()
    )
    return _shown(search)


def _own(request: Any, sign_up_id: UUID) -> Any:
    found = queries.sign_up_seen_by(request.actor, sign_up_id)
    if found is None:
        raise Http404
    return found


def _shown(search: Any) -> StandInOut:
    return StandInOut.of(search, who=mask_name(search.sign_up.person.name))
