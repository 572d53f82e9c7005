"""The red card: the number on it, and paying with it on the spot after a visit."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.people.models import Person
from linbang.operations.service_records import actions as service_records
from linbang.operations.service_records.choices import Verdict
from linbang.operations.service_records.models import RecordConfirmation
from linbang.outcomes.time_bank import queries
from linbang.outcomes.time_bank.errors import CardUnknown, NoVisitToday, WrongCard
from linbang.outcomes.time_bank.models import SavingsCard

_TRIES = 5
_LOTS = 10**6


@transaction.atomic
def issue_card(*, person_id: int, by: Actor, now: datetime) -> str:
    """Return the number on a person's red card; who is no volunteer gets one of her own, once.

    By herself, or by a worker of her station. Raises NotFound, NotAllowed.
    """
    person = Person.objects.filter(pk=person_id, closed_at=None).first()
    if person is None:
        raise NotFound
    if by.person_id != person_id and not by.may(Permission.TAKE_NEEDS, region=person.region_id):
        raise NotAllowed
    number = queries.card_number_of(person)
    for _ in range(_TRIES):
        if number is not None:
            return number
        lot = f"S{person.cell}{secrets.randbelow(_LOTS):06d}"
        # A number that is taken, or a card issued meanwhile, is no error: look again.
        SavingsCard.objects.bulk_create(
            [SavingsCard(cell=person.cell, person=person, number=lot, issued_at=now)],
            ignore_conflicts=True,
        )
        number = queries.card_number_of(person)
        audit.record(
            by=by.on_behalf_of(person_id),
            action="time_bank.issue_card",
            subject=person,
            region_code=person.region_id,
            now=now,
        )
    if number is None:
        raise AssertionError("the lots of a county are used up")
    return number


@transaction.atomic
def pay_by_card(*, visit_id: UUID, card: str, by: Actor, now: datetime) -> RecordConfirmation:
    """Confirm a visit by the card of whom it was for: she was there, and what was promised is paid.

    Only the helper's own visit, ended the same day; the card's address or its number. Scanned
    again it says again what it said. Raises NoVisitToday, CardUnknown, WrongCard, and the refusals
    of confirming.
    """
    if by.person_id is None:
        raise NotAllowed
    record = queries.record_ended_today(by, visit_id, now)
    if record is None:
        raise NoVisitToday
    holder_id = queries.card_holder_id(card)
    if holder_id is None:
        raise CardUnknown(field="card")
    if holder_id != record.beneficiary_id:
        raise WrongCard(field="card")
    return service_records.confirm_record(
        record_id=record.pk, verdict=Verdict.CONFIRMED, by=by, now=now, by_card=True
    )
