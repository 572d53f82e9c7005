"""Taking consents back, and what ends with them (rule 9)."""

from datetime import datetime

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.events import announce
from linbang.foundation.people import queries
from linbang.foundation.people.actions import guards
from linbang.foundation.people.actions.registration import close_person
from linbang.foundation.people.actions.volunteers import end_volunteer
from linbang.foundation.people.choices import ConsentKind
from linbang.foundation.people.errors import ConsentMissing
from linbang.foundation.people.events import ConsentWithdrawn
from linbang.foundation.people.models import Consent


@transaction.atomic
def withdraw_consent(*, person_id: int, kind: ConsentKind, by: Actor, now: datetime) -> None:
    """Take the consents of a kind back; what rests on them ends at once (rule 9).

    Without the consent to registration the record is closed, without the one to volunteering
    the profile ends. Raises ConsentMissing, NotAllowed, PersonClosed.
    """
    person = queries.lock_person(person_id)
    guards.require_may_edit(by, person)
    given = Consent.objects.filter(
        cell=person.cell, person=person, text__kind=kind, withdrawn_at=None
    )
    if not given.update(withdrawn_at=now):
        raise ConsentMissing
    record(
        by=guards.acting_for(by, person), action="people.withdraw_consent", subject=person,
        detail={"kind": kind}, now=now,
    )  # fmt: skip
    announce(ConsentWithdrawn(person_id=person.pk, cell=person.cell, kind=kind, at=now))
    if kind in {ConsentKind.REGISTRATION, ConsentKind.GUARDIAN}:
        close_person(person_id=person.pk, by=by, now=now)
    elif kind == ConsentKind.VOLUNTEER and queries.is_volunteer(person.pk):
        end_volunteer(person_id=person.pk, by=by, now=now)
