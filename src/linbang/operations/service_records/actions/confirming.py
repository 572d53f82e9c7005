"""The resident says whether it was so."""

from datetime import datetime

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotAllowed
from linbang.foundation.events import announce
from linbang.foundation.people import queries as people
from linbang.operations.service_records import errors, queries, rules
from linbang.operations.service_records.actions.telling import person_id_of, record_step, tell
from linbang.operations.service_records.actions.verifying import (
    close_when_confirmed,
    let_count_by_policy,
)
from linbang.operations.service_records.choices import (
    ConfirmedBy,
    Verdict,
)
from linbang.operations.service_records.events import (
    RecordConfirmed,
    RecordDisputed,
)
from linbang.operations.service_records.models import (
    RecordConfirmation,
    ServiceRecord,
)


@transaction.atomic
def confirm_record(
    *,
    record_id: int,
    verdict: Verdict,
    note: str = "",
    by: Actor,
    now: datetime,
    by_station: bool = False,
    by_card: bool = False,
) -> RecordConfirmation:
    """Store the resident's word on a record: own, a relative's, or given to the station by phone.
    ``by_card``: the caller has seen that the helper holds the resident's own card.

    What a machine proved counts at once; the rest waits for a second person. Giving the same
    word twice returns the first. Raises NotAllowed, OwnRecord, AlreadyConfirmed, NoteMissing.
    """
    record, need = queries.lock_record(record_id)
    if need is None or record.beneficiary_id is None:
        raise NotAllowed  # a shift serves nobody by name
    speaker = _speaker(record, by=by, by_station=by_station, by_card=by_card)
    existing: RecordConfirmation | None = getattr(record, "confirmation", None)
    if existing is not None:
        if existing.verdict != verdict:
            raise errors.AlreadyConfirmed
        return existing
    if by_station and not note.strip():
        raise errors.NoteMissing(field="note")
    confirmation = RecordConfirmation.objects.create(
        cell=record.cell,
        record=record,
        verdict=verdict,
        by=speaker,
        by_id=person_id_of(by),
        at=now,
        note=note.strip(),
    )
    record.confirmation = confirmation
    record_step(
        record, "confirm_record", by=by, now=now, detail={"verdict": verdict, "by": speaker}
    )
    if verdict == Verdict.DISPUTED:
        announce(RecordDisputed(record_id=record.id, cell=record.cell, at=now))
        tell("record_disputed", record, [record.person_id], now=now)
        return confirmation
    announce(RecordConfirmed(record_id=record.id, cell=record.cell, at=now))
    let_count_by_policy(record, now=now)
    close_when_confirmed(need, by=by, now=now)
    return confirmation


@transaction.atomic
def remind_confirmations(*, now: datetime) -> int:
    """Remind residents of records they have not answered for a working day; once a record."""
    records = list(queries.people_to_remind(now))
    for record in records:
        if record.beneficiary_id is not None:
            tell("record_reminder", record, [record.beneficiary_id], now=now)
    return len(records)


def _speaker(record: ServiceRecord, *, by: Actor, by_station: bool, by_card: bool) -> ConfirmedBy:
    """Tell in whose name the actor confirms. Raises OwnRecord, NotAllowed."""
    if by_card:
        if not by.is_signed_in or by.person_id != record.person_id:
            raise NotAllowed
        return ConfirmedBy.CARD
    rules.require_other_hands(by.person_id, gainer_id=record.person_id)
    if by_station:
        if not (by.is_signed_in and by.may(Permission.VERIFY_RECORDS, region=record.region_id)):
            raise NotAllowed
        return ConfirmedBy.STATION
    beneficiary_id = record.beneficiary_id
    if by.is_signed_in and by.person_id == beneficiary_id:
        return ConfirmedBy.RESIDENT
    if beneficiary_id is None or not people.may_speak_for(by, beneficiary_id):
        raise NotAllowed
    return ConfirmedBy.RELATIVE
