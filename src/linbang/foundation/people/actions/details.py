"""Changing details, and seeing what is masked."""

from datetime import datetime

from django.db import transaction

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.audit.choices import Outcome
from linbang.foundation.people import queries, rules
from linbang.foundation.people.actions import guards
from linbang.foundation.people.choices import MINOR_REASONS, UnmaskField, UnmaskReason
from linbang.foundation.people.models import (
    Household,
    Person,
    VolunteerProfile,
    phone_digest,
    phone_tail_digest,
)

_PERMISSIONS = {
    UnmaskField.PHONE: Permission.UNMASK_CONTACT,
    UnmaskField.ADDRESS: Permission.UNMASK_CONTACT,
    UnmaskField.DOCUMENT: Permission.UNMASK_IDENTITY,
}


@transaction.atomic
def unmask(
    *, person_id: int, field: UnmaskField, reason: str, note: str = "", by: Actor, now: datetime
) -> str:
    """Return one full value of a person, and keep who saw it and why (rules 94, 98, 99).

    A minor's needs one of the approved reasons. Raises NotAllowed, ReasonMissing, PersonClosed.
    """
    person = queries.lock_person(person_id)
    guards.require_staff(by, person, _PERMISSIONS[UnmaskField(field)])
    told = _require_reason(person, reason, note, now=now)
    _record_sight(person, "people.unmask", {"field": field, "reason": told, "note": note}, by, now)
    if field == UnmaskField.ADDRESS:
        return queries.full_address(person)
    return str(person.phone if field == UnmaskField.PHONE else person.document_number)


@transaction.atomic
def open_minor_file(
    *, person_id: int, reason: str, note: str = "", by: Actor, now: datetime
) -> Person:
    """Open a minor's record for an approved reason, and keep that it was opened (rule 99).

    Raises NotAllowed, ReasonMissing, PersonClosed.
    """
    person = queries.lock_person(person_id)
    guards.require_staff(by, person, Permission.SEE_PEOPLE)
    told = _require_reason(person, reason, note, now=now)
    _record_sight(person, "people.open_minor_file", {"reason": told, "note": note}, by, now)
    return person


def _require_reason(person: Person, reason: str, note: str, *, now: datetime) -> UnmaskReason:
    is_minor = rules.needs_guardian(person.birth_date, today=clock.local_date(now))
    approved = MINOR_REASONS if is_minor else tuple(UnmaskReason)
    return rules.require_reason(reason, note, approved=approved)


def _record_sight(
    person: Person, action: str, detail: dict[str, str], by: Actor, now: datetime
) -> None:
    record(by=by, action=action, subject=person, outcome=Outcome.SEEN, detail=detail, now=now)


@transaction.atomic
def update_person(*, person_id: int, change: rules.Change, by: Actor, now: datetime) -> Person:
    """Change phone, place or address; the volunteer profile's home moves along.

    Raises PhoneMalformed, RegionUnknown, NotAllowed, PersonClosed.
    """
    person = queries.lock_person(person_id)
    guards.require_may_edit(by, person)
    changed = []
    if change.phone is not None:
        person.phone = rules.normal_phone(change.phone)
        person.phone_digest = phone_digest(person.phone)
        person.phone_tail_digest = phone_tail_digest(person.phone)
        changed += ["phone", "phone_digest", "phone_tail_digest"]
    if change.address is not None:
        person.address = change.address.strip()
        changed.append("address")
    if change.region_code is not None and change.region_code != person.region_id:
        _move(person, change.region_code)
        changed += ["region", "household"]
    person.save(update_fields=changed)
    record(
        by=guards.acting_for(by, person), action="people.update_person", subject=person,
        detail={"changed": changed}, now=now,
    )  # fmt: skip
    return person


def _move(person: Person, code: str) -> None:
    person.region = guards.require_home(code)
    person.household = None
    home = queries.home_point(code)
    VolunteerProfile.objects.filter(cell=person.cell, person=person).update(
        region_id=code, longitude=home.longitude, latitude=home.latitude
    )


@transaction.atomic
def set_household(*, person_id: int, door: str, by: Actor, now: datetime) -> Household:
    """Put a person into the household behind a door of their building, made when it is new.

    Raises NotAllowed, PersonClosed.
    """
    person = queries.lock_person(person_id)
    guards.require_staff(by, person, Permission.EDIT_PEOPLE)
    wanted = door.strip()
    # Doors are sealed, so equal ones are found by opening the few of the building.
    household = next(
        (one for one in queries.households_in(person.region_id) if one.door == wanted), None
    ) or Household.objects.create(
        cell=person.cell, region_id=person.region_id, door=wanted, created_at=now
    )
    person.household = household
    person.save(update_fields=["household"])
    record(by=by, action="people.set_household", subject=person, now=now)
    return household
