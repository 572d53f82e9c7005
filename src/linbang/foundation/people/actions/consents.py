"""Storing what people agree to (rules 4, 10 and 100)."""

from datetime import datetime

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.people import queries
from linbang.foundation.people.actions import guards
from linbang.foundation.people.choices import ConsentKind, ConsentMethod
from linbang.foundation.people.errors import ConsentMissing
from linbang.foundation.people.models import Consent, Person


def store_consent(
    person: Person, kind: ConsentKind, *, method: ConsentMethod, given_by_id: int, now: datetime
) -> Consent:
    """Store the agreement to the newest text of a kind, once. Raises ConsentMissing without one."""
    text = queries.current_text(kind)
    if text is None:
        raise ConsentMissing
    consent, _made = Consent.objects.get_or_create(
        cell=person.cell,
        person=person,
        text=text,
        withdrawn_at=None,
        defaults={"given_by_id": given_by_id, "method": method, "given_at": now},
    )
    return consent


@transaction.atomic
def give_consent(
    *, person_id: int, kind: ConsentKind, method: ConsentMethod, by: Actor, now: datetime
) -> Consent:
    """Agree to the newest text of a kind, for oneself or for whom one may speak.

    Raises NotAllowed, PersonClosed.
    """
    person = queries.lock_person(person_id)
    guards.require_may_edit(by, person)
    is_kin = by.person_id is not None and queries.may_speak_for(by, person.pk)
    giver = by.person_id if is_kin and by.person_id is not None else person.pk
    consent = store_consent(person, kind, method=method, given_by_id=giver, now=now)
    record(
        by=guards.acting_for(by, person), action="people.give_consent", subject=consent,
        region_code=person.region_id, detail={"kind": kind}, now=now,
    )  # fmt: skip
    return consent


def withdraw_all(person: Person, *, now: datetime) -> None:
    """Take every consent of a person back, as closing does."""
    Consent.objects.filter(cell=person.cell, person=person, withdrawn_at=None).update(
        withdrawn_at=now
    )
