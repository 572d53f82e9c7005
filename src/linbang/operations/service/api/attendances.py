"""One's own shifts, and coming and going, under ``/api/v1/``."""

from typing import Annotated, Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Header, Query, Router

from linbang.foundation import clock
from linbang.foundation.access.gates import by_pass, by_session
from linbang.foundation.shell.schemas import PageIn, paged
from linbang.operations.service import actions, queries
from linbang.operations.service.schemas.attendances import (
    AbsenceOut,
    AbsencePageOut,
    AbsenceTextIn,
    AttendanceOut,
    OwnShiftOut,
    OwnShiftPageOut,
    PresenceIn,
    SignOut,
)

router = Router(tags=["shifts"])
Key = Annotated[str, Header(alias="Idempotency-Key", max_length=64)]


@router.get("/own-shifts", response=OwnShiftPageOut, operation_id="list_own_shifts")
def list_own_shifts(request: Any, page: Query[PageIn], is_ahead: bool = True) -> dict[str, Any]:
    """List one's own shifts and those of minors in one's care: ahead, or behind."""
    now = clock.now()
    find = queries.shifts_ahead if is_ahead else queries.shifts_behind
    return paged(
        find(request.actor, now),
        page,
        lambda shown: [
            OwnShiftOut.of(card) for card in queries.shift_cards(shown, request.actor, now)
        ],
    )


@router.get("/own-shifts/{uuid:sign_up_id}", response=OwnShiftOut, operation_id="get_own_shift")
def get_own_shift(request: Any, sign_up_id: UUID) -> OwnShiftOut:
    """Show one's own place on a shift, with what to do now."""
    sign_up = get_object_or_404(queries.shifts_of(request.actor), public_id=sign_up_id)
    return OwnShiftOut.of(queries.shift_card(sign_up, request.actor, clock.now()))


@router.post(
    "/activities/{uuid:activity_id}/check-in",
    auth=[by_pass, by_session],
    response=AttendanceOut,
    operation_id="check_in_shift",
)
def check_in_shift(
    request: Any, activity_id: UUID, given: PresenceIn, idempotency_key: Key = ""
) -> AttendanceOut:
    """Check in to the shift of the moment by the code on the screen, or by location."""
    return _prove(request, activity_id, given, idempotency_key, actions.check_in_shift)


@router.post(
    "/activities/{uuid:activity_id}/check-out",
    auth=[by_pass, by_session],
    response=AttendanceOut,
    operation_id="check_out_shift",
)
def check_out_shift(
    request: Any, activity_id: UUID, given: PresenceIn, idempotency_key: Key = ""
) -> AttendanceOut:
    """Check out likewise; repeating returns the first."""
    return _prove(request, activity_id, given, idempotency_key, actions.check_out_shift)


@router.get(
    "/activities/{uuid:activity_id}/check-in-code",
    response=SignOut,
    operation_id="get_check_in_code",
)
def get_check_in_code(request: Any, activity_id: UUID) -> SignOut:
    """Show the code of the moment to who leads the activity."""
    get_object_or_404(queries.activities_led_by(request.actor), public_id=activity_id)
    origin = request.build_absolute_uri("/").rstrip("/")
    sign = queries.sign_of(activity_id, origin=origin, now=clock.now())
    return SignOut(
        digits=sign.code.digits, seconds_left=sign.code.seconds_left, address=sign.address
    )


@router.get("/absences", response=AbsencePageOut, operation_id="list_absences")
def list_absences(request: Any, page: Query[PageIn], is_led: bool = False) -> dict[str, Any]:
    """List one's own absences, or those at shifts one leads, objections first."""
    if is_led:
        found = queries.absences_led_by(request.actor)
    else:
        found = queries.own_absences(request.actor)
    return paged(found, page, lambda shown: [AbsenceOut.of(row) for row in shown])


@router.post(
    "/absences/{uuid:absence_id}/objection",
    response=AbsenceOut,
    operation_id="object_to_absence",
)
def object_to_absence(request: Any, absence_id: UUID, given: AbsenceTextIn) -> AbsenceOut:
    """Say that one was there, or why not; whoever leads the shift answers."""
    return _decided(request, absence_id, actions.object_to_absence, text=given.text)


@router.post(
    "/absences/{uuid:absence_id}/excuse", response=AbsenceOut, operation_id="excuse_absence"
)
def excuse_absence(request: Any, absence_id: UUID, given: AbsenceTextIn) -> AbsenceOut:
    """Excuse somebody who never came, as who leads the shift."""
    return _decided(request, absence_id, actions.excuse_absence, answer=given.text)


@router.post(
    "/absences/{uuid:absence_id}/upholding", response=AbsenceOut, operation_id="uphold_absence"
)
def uphold_absence(request: Any, absence_id: UUID, given: AbsenceTextIn) -> AbsenceOut:
    """Answer an objection with no."""
    return _decided(request, absence_id, actions.uphold_absence, answer=given.text)


def _prove(request: Any, activity_id: UUID, given: PresenceIn, key: str, act: Any) -> AttendanceOut:
    activity = get_object_or_404(queries.open_activities(), public_id=activity_id)
    attendance = act(
        activity_id=activity.pk,
        person_id=queries.person_in_charge(request.actor, given.person_id),
        proof=given.told(key),
        by=request.actor,
        now=clock.now(),
    )
    return AttendanceOut.of(attendance)


def _decided(request: Any, absence_id: UUID, act: Any, **told: str) -> AbsenceOut:
    return AbsenceOut.of(act(absence=absence_id, by=request.actor, now=clock.now(), **told))
