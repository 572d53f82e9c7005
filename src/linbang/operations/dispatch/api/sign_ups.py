"""Signing up and one's own places, under ``/api/v1/``."""

from typing import Annotated, Any
from uuid import UUID

from django.http import Http404
from ninja import Header, Query, Router, Status

from linbang.foundation import clock
from linbang.foundation.access.gates import by_pass, by_session
from linbang.foundation.shell.schemas import PageIn, paged
from linbang.operations.dispatch import actions, queries
from linbang.operations.dispatch.schemas.offers import ReasonIn
from linbang.operations.dispatch.schemas.sign_ups import SignUpIn, SignUpOut, SignUpPageOut

router = Router(tags=["dispatch"])
Key = Annotated[str, Header(alias="Idempotency-Key", max_length=64)]


@router.post(
    "/shifts/{uuid:shift_id}/sign-ups",
    auth=[by_pass, by_session],
    response={201: SignUpOut},
    operation_id="sign_up",
)
def sign_up(request: Any, shift_id: UUID, given: SignUpIn, idempotency_key: Key = "") -> Any:
    """Sign up for a shift, oneself or a minor in one's care; repeating returns the same.

    Refused with ``not_cleared`` it tells every cause, and where to settle each.
    """
    now = clock.now()
    made = actions.sign_up_accepting(
        shift=shift_id,
        person_id=_whom(request, given.person_id),
        accepted={one.kind: one.digest for one in given.accepted},
        key=idempotency_key,
        waits=given.waits,
        by=request.actor,
        now=now,
    )
    return Status(201, _shown(queries.sign_up_of_id(made.pk)))


@router.get("/sign-ups", response=SignUpPageOut, operation_id="list_sign_ups")
def list_sign_ups(request: Any, page: Query[PageIn], is_live: bool | None = None) -> dict[str, Any]:
    """List one's own sign-ups and those of minors in one's care, the newest first."""
    found = queries.sign_ups_of(request.actor).order_by("-id")
    if is_live is not None:
        found = found.filter(ended_at__isnull=is_live)
    return paged(found, page, _all_shown)


@router.get("/sign-ups/{uuid:sign_up_id}", response=SignUpOut, operation_id="get_sign_up")
def get_sign_up(request: Any, sign_up_id: UUID) -> SignUpOut:
    """Show one's own sign-up, with the place in the line."""
    return _shown(_own(request, sign_up_id))


@router.post(
    "/sign-ups/{uuid:sign_up_id}/withdrawal", response=SignUpOut, operation_id="withdraw_sign_up"
)
def withdraw_sign_up(request: Any, sign_up_id: UUID, given: ReasonIn) -> SignUpOut:
    """Give a place back, leave a waiting list, or take a request back."""
    found = _own_or_led(request, sign_up_id)
    ended = actions.withdraw_sign_up(
        sign_up_id=found.pk, reason=given.reason, by=request.actor, now=clock.now()
    )
    return _shown(ended)


@router.post("/sign-ups/{uuid:sign_up_id}/taking", response=SignUpOut, operation_id="take_place")
def take_place(request: Any, sign_up_id: UUID) -> SignUpOut:
    """Say yes to a freed place that is being kept."""
    found = _own_or_led(request, sign_up_id)
    return _shown(actions.take_held_place(sign_up_id=found.pk, by=request.actor, now=clock.now()))


@router.post(
    "/sign-ups/{uuid:sign_up_id}/declining", response=SignUpOut, operation_id="decline_place"
)
def decline_place(request: Any, sign_up_id: UUID) -> SignUpOut:
    """Say no to a freed place, which costs nothing."""
    found = _own_or_led(request, sign_up_id)
    return _shown(
        actions.decline_held_place(sign_up_id=found.pk, by=request.actor, now=clock.now())
    )


def _whom(request: Any, public_id: UUID | None) -> int:
    people = queries.signed_up_by(request.actor, now=clock.now())
    for one in people:
        if one.is_self if public_id is None else one.public_id == public_id:
            return one.person_id
    raise Http404


def _own(request: Any, sign_up_id: UUID) -> Any:
    found = queries.sign_up_seen_by(request.actor, sign_up_id)
    if found is None:
        raise Http404
    return found


def _own_or_led(request: Any, sign_up_id: UUID) -> Any:
    led = queries.sign_ups_led_by(request.actor).filter(public_id=sign_up_id).first()
    return led or _own(request, sign_up_id)


def _shown(sign_up: Any) -> SignUpOut:
    return SignUpOut.of(sign_up, position=queries.waiting_positions([sign_up]).get(sign_up.pk))


def _all_shown(sign_ups: Any) -> list[SignUpOut]:
    found = list(sign_ups)
    positions = queries.waiting_positions(found)
    return [SignUpOut.of(one, position=positions.get(one.pk)) for one in found]
