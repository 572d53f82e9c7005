"""The desk of whoever leads shifts, teams and units, under ``/api/v1/``."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from linbang.foundation import clock
from linbang.foundation.shell.schemas import PageIn, paged
from linbang.operations.dispatch import actions, queries
from linbang.operations.dispatch.schemas.offers import ReasonIn
from linbang.operations.dispatch.schemas.sign_ups import (
    ApprovalsIn,
    DecisionOut,
    MessageIn,
    PeopleIn,
    ReportOut,
    ReservationIn,
    ReservationOut,
    SignUpOut,
    SignUpPageOut,
    SomebodyIn,
    TeamSignUpIn,
    ToldOut,
)

router = Router(tags=["dispatch"])


@router.get(
    "/shifts/{uuid:shift_id}/people", response=SignUpPageOut, operation_id="list_shift_people"
)
def list_shift_people(request: Any, shift_id: UUID, page: Query[PageIn]) -> dict[str, Any]:
    """List the people of a shift one leads, in the order they came."""
    found = queries.sign_ups_led_by(request.actor).filter(shift__public_id=shift_id)
    return paged(found.order_by("id"), page, lambda shown: [SignUpOut.of(one) for one in shown])


@router.post(
    "/shifts/{uuid:shift_id}/people", response={201: SignUpOut}, operation_id="sign_up_for"
)
def sign_up_for(request: Any, shift_id: UUID, given: SomebodyIn) -> Any:
    """Sign somebody up as whoever leads the shift; she is told."""
    made = actions.sign_up_for(
        shift=shift_id,
        person_id=queries.person_to_sign_up(request.actor, given.person_id),
        waits=given.waits,
        by=request.actor,
        now=clock.now(),
    )
    return Status(201, SignUpOut.of(queries.sign_up_of_id(made.pk)))


@router.post(
    "/sign-ups/{uuid:sign_up_id}/approval", response=SignUpOut, operation_id="approve_sign_up"
)
def approve_sign_up(request: Any, sign_up_id: UUID) -> SignUpOut:
    """Give a place to somebody who asked for one."""
    found = _led(request, sign_up_id)
    return SignUpOut.of(
        actions.approve_sign_up(sign_up_id=found.pk, by=request.actor, now=clock.now())
    )


@router.post("/sign-ups/approvals", response=list[DecisionOut], operation_id="approve_sign_ups")
def approve_sign_ups(request: Any, given: ApprovalsIn) -> list[DecisionOut]:
    """Approve many requests, each by itself; those that cannot be say why."""
    found = {
        one.pk: one.public_id
        for one in queries.sign_ups_led_by(request.actor).filter(public_id__in=given.sign_up_ids)
    }
    if len(found) != len(set(given.sign_up_ids)):
        raise Http404
    decisions = actions.approve_sign_ups(
        sign_up_ids=sorted(found), by=request.actor, now=clock.now()
    )
    return [
        DecisionOut(
            sign_up_id=found[one.sign_up_id],
            code=one.refusal.code if one.refusal else "",
            detail=str(one.refusal) if one.refusal else "",
        )
        for one in decisions
    ]


@router.post(
    "/sign-ups/{uuid:sign_up_id}/refusal", response=SignUpOut, operation_id="decline_sign_up"
)
def decline_sign_up(request: Any, sign_up_id: UUID, given: ReasonIn) -> SignUpOut:
    """Turn a request down and say why."""
    found = _led(request, sign_up_id)
    ended = actions.decline_sign_up(
        sign_up_id=found.pk, reason=given.reason, by=request.actor, now=clock.now()
    )
    return SignUpOut.of(ended)


@router.post(
    "/sign-ups/{uuid:sign_up_id}/release", response=SignUpOut, operation_id="release_sign_up"
)
def release_sign_up(request: Any, sign_up_id: UUID, given: ReasonIn) -> SignUpOut:
    """Take somebody off a shift, told why and without a mark."""
    found = _led(request, sign_up_id)
    ended = actions.release_sign_up(
        sign_up_id=found.pk, reason=given.reason, by=request.actor, now=clock.now()
    )
    return SignUpOut.of(ended)


@router.post("/shifts/{uuid:shift_id}/team", response=list[ReportOut], operation_id="sign_up_team")
def sign_up_team(request: Any, shift_id: UUID, given: TeamSignUpIn) -> list[ReportOut]:
    """Sign members of a team or unit up in one go, with a report for each."""
    shift = queries.shift_with(shift_id)
    team, now = queries.team_of(request.actor, given.organisation_id), clock.now()
    members = queries.member_choices(team, shift, now=now)
    reports = actions.sign_up_team(
        shift=shift_id,
        organisation_id=team.pk,
        person_ids=_members(members, given.person_ids),
        waits=given.waits,
        by=request.actor,
        now=now,
    )
    return ReportOut.all_of(reports, members)


@router.post(
    "/shifts/{uuid:shift_id}/reservations",
    response=ReservationOut,
    operation_id="reserve_places",
)
def reserve_places(request: Any, shift_id: UUID, given: ReservationIn) -> ReservationOut:
    """Keep places of a shift for a unit until it names its people; zero gives all back."""
    kept = actions.reserve_places(
        shift=shift_id,
        organisation_id=queries.unit_with(given.organisation_id),
        places=given.places,
        by=request.actor,
        now=clock.now(),
    )
    return ReservationOut(
        id=kept.public_id, organisation=kept.organisation.name, places=kept.places
    )


@router.post(
    "/reservations/{uuid:reservation_id}/people",
    response=list[ReportOut],
    operation_id="name_reserved",
)
def name_reserved(request: Any, reservation_id: UUID, given: PeopleIn) -> list[ReportOut]:
    """Put a unit's people on the places kept for it, with a report for each."""
    kept, now = queries.reservation_for(request.actor, reservation_id), clock.now()
    members = queries.member_choices(kept.organisation, kept.shift, now=now)
    reports = actions.name_reserved(
        reservation_id=kept.pk,
        person_ids=_members(members, given.person_ids),
        by=request.actor,
        now=now,
    )
    return ReportOut.all_of(reports, members)


@router.post(
    "/activities/{uuid:activity_id}/messages", response=ToldOut, operation_id="message_people"
)
def message_people(request: Any, activity_id: UUID, given: MessageIn) -> ToldOut:
    """Write to everybody with a place: of shifts, of a day, or of all that is ahead."""
    activity, now = _activity(request, activity_id), clock.now()
    lines = queries.shift_lines(activity, now=now) if given.shift_ids else []
    ids = [line.shift.pk for line in lines if line.shift.public_id in set(given.shift_ids)]
    if len(ids) != len(set(given.shift_ids)):
        raise Http404
    told = actions.message_people(
        activity_id=activity.pk,
        text=given.text,
        shift_ids=ids,
        day=given.day,
        by=request.actor,
        now=now,
    )
    return ToldOut(people=told)


def _led(request: Any, sign_up_id: UUID) -> Any:
    return get_object_or_404(queries.sign_ups_led_by(request.actor), public_id=sign_up_id)


def _activity(request: Any, activity_id: UUID) -> Any:
    return get_object_or_404(queries.activities_led_by(request.actor), public_id=activity_id)


def _members(members: list[queries.MemberChoice], wanted: list[UUID]) -> list[int]:
    known = {one.public_id: one.person_id for one in members}
    if not known.keys() >= set(wanted):
        raise Http404
    return [known[one] for one in wanted]
