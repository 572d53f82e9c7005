"""Shifts by address, units and their members, and the places kept for them."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import QuerySet

from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotFound
from linbang.foundation.organisations.models import Membership, Organisation
from linbang.intake.activities.choices import ActivityState
from linbang.intake.activities.models import Shift
from linbang.operations.dispatch.errors import ShiftNotFound
from linbang.operations.dispatch.models import Reservation, SignUp
from linbang.operations.dispatch.queries.sign_ups import leads_organisation, sign_ups_with_shifts

_NOT_SHOWN = (ActivityState.DRAFT, ActivityState.IN_REVIEW)


def shifts_shown() -> QuerySet[Shift]:
    """Return the shifts of activities that were published, whatever became of them."""
    shifts = Shift.objects.select_related("activity__organiser", "post", "load")
    return shifts.exclude(activity__state__in=_NOT_SHOWN).filter(load__isnull=False)


def shift_with(public_id: UUID) -> Shift:
    """Return a published shift with its activity, post and places. Raises ShiftNotFound."""
    shift = shifts_shown().filter(public_id=public_id).first()
    if shift is None:
        raise ShiftNotFound
    return shift


def sign_ups_with_ids(ids: Collection[int | None]) -> list[SignUp]:
    """Return sign-ups with their shifts, by id; one query, none for nothing."""
    found = [one for one in ids if one is not None]
    return list(sign_ups_with_shifts().filter(pk__in=found).order_by("id")) if found else []


def sign_ups_on(ids: Collection[int | None], shifts: Mapping[int, Shift]) -> list[SignUp]:
    """Return sign-ups by id, on shifts that are loaded already; one plain query."""
    found = list(SignUp.objects.filter(pk__in=[one for one in ids if one is not None]))
    for sign_up in found:
        sign_up.shift = shifts[sign_up.shift_id]
    return sorted(found, key=lambda one: one.pk)


def organisation_led_by(actor: Actor, organisation_id: int) -> Organisation:
    """Return an open unit or team for whose people the actor acts. Raises NotFound."""
    organisation = Organisation.objects.filter(pk=organisation_id, closed_at=None).first()
    if organisation is None or not leads_organisation(actor, organisation):
        raise NotFound
    return organisation


def member_ids(organisation: Organisation) -> set[int]:
    """Return the people who belong to a unit or team, or to a team below it; one query."""
    memberships = Membership.objects.filter(
        organisation__path__gte=organisation.path,
        organisation__path__lt=organisation.path + ":",
        approved_at__isnull=False,
        ended_at=None,
    )
    return set(memberships.values_list("person_id", flat=True))


def reservation_of(shift_id: int, organisation_id: int) -> Reservation | None:
    """Return the places still kept for a unit on a shift, if any."""
    return (
        Reservation.objects.select_related("organisation", "shift__activity", "shift__post")
        .filter(shift_id=shift_id, organisation_id=organisation_id, released_at=None)
        .first()
    )


def reservations_of(shift_ids: Collection[int], organisation_id: int) -> dict[int, Reservation]:
    """Return the places still kept for a unit on shifts, by shift; one query."""
    kept = Reservation.objects.select_related("organisation").filter(
        shift_id__in=list(shift_ids), organisation_id=organisation_id, released_at=None
    )
    return {one.shift_id: one for one in kept}


def shifts_with_ids(shift_ids: Collection[int]) -> list[Shift]:
    """Return published shifts with their activities, by id; one query."""
    return list(shifts_shown().filter(pk__in=list(shift_ids)).order_by("id"))


def reservation_with_id(reservation_id: int) -> Reservation:
    """Return a reservation with its unit and shift. Raises NotFound."""
    reservation = (
        Reservation.objects.select_related(
            "organisation", "shift__activity__organiser", "shift__post"
        )
        .filter(pk=reservation_id)
        .first()
    )
    if reservation is None:
        raise NotFound
    return reservation


def organisation_with(organisation_id: int | None) -> Organisation | None:
    """Return an open unit or team; None for none. Raises NotFound."""
    if organisation_id is None:
        return None
    organisation = Organisation.objects.filter(pk=organisation_id, closed_at=None).first()
    if organisation is None:
        raise NotFound
    return organisation
