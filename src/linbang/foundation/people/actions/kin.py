"""Who may speak for whom: declared by one side, confirmed by the other or by the station."""

from datetime import datetime

from django.db import transaction

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.errors import NotAllowed, refusing
from linbang.foundation.people import queries, rules
from linbang.foundation.people.choices import Relation
from linbang.foundation.people.errors import (
    KinshipKnown,
    KinshipWithOneself,
    RelationMissing,
    RelativeNotFound,
)
from linbang.foundation.people.models import Kinship, Person


@transaction.atomic
def declare_kinship(
    *,
    person_id: int,
    relative_id: int,
    relation: Relation,
    is_guardian: bool = False,
    by: Actor,
    now: datetime,
) -> Kinship:
    """Say that a relative may speak for a person: ``relation`` is what the relative is to them.

    Counts once the person or the station confirms; said by them, at once.
    Raises KinshipKnown, KinshipWithOneself, RelationMissing, NotAllowed, PersonClosed.
    """
    person = queries.lock_person(person_id)
    if person_id == relative_id:
        raise KinshipWithOneself
    if relation not in Relation.values:
        raise RelationMissing(field="relation")
    confirms = _may_confirm(by, person, now=now)
    if not confirms and by.person_id != relative_id:
        raise NotAllowed
    with refusing({"kinship_once_a_pair": KinshipKnown}), transaction.atomic():
        kinship = Kinship.objects.create(
            cell=person.cell,
            person=person,
            relative_id=relative_id,
            relation=relation,
            is_guardian=is_guardian,
            declared_at=now,
            declared_by_id=by.person_id or relative_id,
            confirmed_at=now if confirms else None,
            confirmed_by_id=by.person_id if confirms else None,
        )
    _record(kinship, "people.declare_kinship", person, by=by, now=now)
    return kinship


@transaction.atomic
def ask_to_speak_for(
    *, name: str, phone: str, relation: Relation, by: Actor, now: datetime
) -> Kinship:
    """Ask to speak for a relative known by name and phone; ``relation`` is what one is to them.

    Raises RelativeNotFound unless both fit one confirmed person, and what declaring refuses.
    """
    found = queries.person_named(rules.normal_name(name), phone=rules.normal_phone(phone))
    if found is None or by.person_id is None:
        raise RelativeNotFound(field="phone")
    return declare_kinship(
        person_id=found.pk, relative_id=by.person_id, relation=relation, by=by, now=now
    )


@transaction.atomic
def declare_kin_by_phone(
    *, person_id: int, name: str, phone: str, relation: str, by: Actor, now: datetime
) -> Kinship:
    """Enter a relative known by name and phone, as the station does for a person at the desk.

    Raises RelativeNotFound, and what declaring refuses.
    """
    found = queries.person_named(rules.normal_name(name), phone=rules.normal_phone(phone))
    if found is None:
        raise RelativeNotFound(field="phone")
    return declare_kinship(
        person_id=person_id, relative_id=found.pk, relation=Relation(relation), by=by, now=now
    )


@transaction.atomic
def confirm_kinship(*, kinship_id: int, by: Actor, now: datetime) -> Kinship:
    """Agree that the relative may speak for the person; safe to repeat.

    Raises NotAllowed, NotFound.
    """
    kinship = queries.lock_kinship(kinship_id)
    if not _may_confirm(by, kinship.person, now=now):
        raise NotAllowed
    if kinship.confirmed_at is None:
        kinship.confirmed_at, kinship.confirmed_by_id = now, by.person_id
        kinship.save(update_fields=["confirmed_at", "confirmed_by_id"])
        _record(kinship, "people.confirm_kinship", kinship.person, by=by, now=now)
    return kinship


@transaction.atomic
def end_kinship(*, kinship_id: int, by: Actor, now: datetime) -> None:
    """End or refuse a relation: either side may, and the station.

    A guardian's relation ends at the station only. Raises NotAllowed, NotFound.
    """
    kinship = queries.lock_kinship(kinship_id)
    person = kinship.person
    is_either = by.person_id in {kinship.person_id, kinship.relative_id}
    is_staff = by.may(Permission.EDIT_PEOPLE, region=person.region_id)
    if not is_staff and (kinship.is_guardian or not is_either):
        raise NotAllowed
    kinship.ended_at = now
    kinship.save(update_fields=["ended_at"])
    _record(kinship, "people.end_kinship", person, by=by, now=now)


def _may_confirm(by: Actor, person: Person, *, now: datetime) -> bool:
    if by.may(Permission.EDIT_PEOPLE, region=person.region_id):
        return True
    is_minor = rules.needs_guardian(person.birth_date, today=clock.local_date(now))
    return by.person_id == person.pk and not is_minor


def _record(kinship: Kinship, action: str, person: Person, *, by: Actor, now: datetime) -> None:
    record(
        by=by,
        action=action,
        subject=kinship,
        region_code=person.region_id,
        detail={"relative": kinship.relative_id, "relation": kinship.relation},
        now=now,
    )
