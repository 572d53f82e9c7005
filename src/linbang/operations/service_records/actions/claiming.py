"""Somebody says that a record is not right, and is answered."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotAllowed
from linbang.foundation.messaging import actions as messaging
from linbang.foundation.messaging.choices import NoticeKind
from linbang.operations.service_records import errors, queries, rules
from linbang.operations.service_records.actions.telling import (
    person_id_of,
    record_step,
    told_of,
)
from linbang.operations.service_records.actions.verifying import require_verifier
from linbang.operations.service_records.choices import ClaimKind, ClaimOutcome
from linbang.operations.service_records.models import RecordClaim, ServiceRecord


@transaction.atomic
def claim_record(*, record_id: int, text: str, by: Actor, now: datetime) -> RecordClaim:
    """Say that a record is not right: one's own at any time, another's while it is on notice.

    Saying it again before it was answered returns the first. Raises NotAllowed, NoticeOver,
    NoteMissing.
    """
    record, _ = queries.lock_record(record_id)
    person_id = person_id_of(by)
    kind = ClaimKind.OWN if person_id == record.person_id else ClaimKind.NOTICE
    if kind == ClaimKind.NOTICE:
        _require_notice(record, now=now)
    if not text.strip():
        raise errors.NoteMissing(field="text")
    claim, is_new = RecordClaim.objects.get_or_create(
        cell=record.cell,
        record=record,
        by_id=person_id,
        answered_at=None,
        defaults={"kind": kind, "text": text.strip(), "made_at": now},
    )
    if is_new:
        record_step(record, "claim_record", by=by, now=now, detail={"kind": kind})
        if kind == ClaimKind.NOTICE:
            _tell(record, "record_claimed", record.person_id, now=now, key=str(claim.pk))
    return claim


@transaction.atomic
def answer_claim(
    *, claim: UUID, outcome: ClaimOutcome, answer: str, by: Actor, now: datetime
) -> RecordClaim:
    """Answer a claim, once; what is to change is corrected by a step of its own.

    Raises NotFound, NotAllowed, OwnRecord, SecondPersonNeeded, ClaimAnswered, NoteMissing.
    """
    record, _ = queries.lock_record(queries.claim_with(claim).record_id)
    found = queries.claim_with(claim)
    require_verifier(record, by=by)
    if by.person_id == found.by_id:
        raise errors.OwnRecord
    if found.answered_at is not None:
        raise errors.ClaimAnswered
    if not answer.strip():
        raise errors.NoteMissing(field="answer")
    found.outcome, found.answer = outcome, answer.strip()
    found.answered_by_id, found.answered_at = person_id_of(by), now
    found.save(update_fields=["outcome", "answer", "answered_by_id", "answered_at"])
    record_step(record, "answer_claim", by=by, now=now, detail={"outcome": outcome})
    _tell(record, "claim_answered", found.by_id, now=now, key=str(found.pk), answer=found.answer)
    return found


def _require_notice(record: ServiceRecord, *, now: datetime) -> None:
    if queries.activity_of(record) is None:
        raise NotAllowed  # what happened in somebody's home is nobody else's affair
    if not rules.is_on_notice(record.drafted_at, now=now):
        raise errors.NoticeOver


def _tell(
    record: ServiceRecord, template: str, person_id: int, *, now: datetime, key: str, **told: str
) -> None:
    is_own = person_id == record.person_id
    messaging.notify(
        person_id=person_id,
        kind=NoticeKind.RECORD,
        template=template,
        params={**told_of(record), **told},
        url=f"/records/{record.public_id}/" if is_own else "",
        key=f"{template}:{key}",
        now=now,
    )
