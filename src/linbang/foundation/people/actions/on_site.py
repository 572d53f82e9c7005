"""Somebody who stands before us is registered on the device of whoever is in charge there."""

from datetime import date, datetime

from django.db import transaction

from linbang.foundation import clock
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.events import announce
from linbang.foundation.people import queries, rules
from linbang.foundation.people.actions import guards
from linbang.foundation.people.actions.consents import store_consent
from linbang.foundation.people.actions.registration import Identity, read_identity, store_person
from linbang.foundation.people.actions.volunteers import store_profile
from linbang.foundation.people.choices import ConsentKind, ConsentMethod
from linbang.foundation.people.errors import DocumentDiffers, DuplicateIdentity, GuardianNeeded
from linbang.foundation.people.events import (
    PersonConfirmed,
    PersonRegistered,
    VolunteerRegistered,
)
from linbang.foundation.people.models import Person, document_digest


@transaction.atomic
def register_on_site(*, details: rules.Registration, by: Actor, now: datetime) -> Person:
    """Return the person of a document, registered now if nobody is under it yet.

    Who may do so is the caller's to check: the leader of an event, before whom the person stands.
    Raises GuardianNeeded, DocumentDiffers when the name is another's, PersonClosed, RegionUnknown,
    and what reading the document refuses.
    """
    today = clock.local_date(now)
    identity = read_identity(details, today=today)
    known = _known(identity)
    if known is not None:
        return known
    _require_adult(identity.birth_date, today=today)
    region = guards.require_home(details.region_code)
    try:
        person = store_person(identity, details, cell=region.cell, account=None, by=by, now=now)
    except DuplicateIdentity:
        # Another desk was faster by a moment: its row is there now.
        known = _known(identity)
        if known is None:
            raise
        return known
    record(
        by=guards.acting_for(by, person), action="people.register_on_site", subject=person, now=now
    )
    announce(PersonRegistered(person_id=person.pk, cell=person.cell, at=now))
    return person


@transaction.atomic
def enrol_on_site(
    *, person_id: int, offer: rules.VolunteerDetails, by: Actor, now: datetime
) -> Person:
    """Store that a person ticked both texts on the device before her: confirmed, and a volunteer.

    Repeating changes nothing. Who may do so is the caller's to check. Raises NotFound,
    PersonClosed, GuardianNeeded for a minor who is not both already.
    """
    person = queries.lock_person(person_id)
    is_new = not queries.is_volunteer(person.pk)
    if person.is_confirmed and not is_new:
        return person
    _require_adult(person.birth_date, today=clock.local_date(now))
    actor = guards.acting_for(by, person)
    if not person.is_confirmed:
        _consent(person, ConsentKind.REGISTRATION, now=now)
        person.confirmed_at = now
        person.save(update_fields=["confirmed_at"])
        detail = {"method": ConsentMethod.ON_SITE}
        record(by=actor, action="people.confirm_person", subject=person, detail=detail, now=now)
        announce(PersonConfirmed(person_id=person.pk, cell=person.cell, at=now))
    if is_new:
        _consent(person, ConsentKind.VOLUNTEER, now=now)
        store_profile(person, offer, now=now)
        record(by=actor, action="people.register_volunteer", subject=person, now=now)
        announce(VolunteerRegistered(person_id=person.pk, cell=person.cell, at=now))
    return person


def _known(identity: Identity) -> Person | None:
    """Return the open record of a document. Raises DocumentDiffers, PersonClosed."""
    digest = document_digest(identity.document.type, identity.document.number)
    person = queries.person_with_document(digest)
    if person is None:
        return None
    if person.name != identity.name:
        raise DocumentDiffers(field="name")
    return queries.lock_person(person.pk)


def _require_adult(birth_date: date, *, today: date) -> None:
    if rules.needs_guardian(birth_date, today=today):
        raise GuardianNeeded(field="document_number")


def _consent(person: Person, kind: ConsentKind, *, now: datetime) -> None:
    store_consent(person, kind, method=ConsentMethod.ON_SITE, given_by_id=person.pk, now=now)
