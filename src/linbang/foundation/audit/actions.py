"""Writing the trail, and chaining it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction

from linbang.foundation import db
from linbang.foundation.audit import queries, rules
from linbang.foundation.audit.choices import Outcome
from linbang.foundation.audit.models import AuditEvent, AuditSeal
from linbang.foundation.audit.rules import NO_CELL, Witness

# Any number will do as long as nobody else in this database takes the same lock.
_CHAIN_LOCK = 0x11A0_D170


def record(  # noqa: PLR0913 - one column each, all named by the caller
    *,
    by: Witness,
    action: str,
    now: datetime,
    subject: models.Model | None = None,
    subject_type: str = "",
    subject_id: str = "",
    cell: str | None = None,
    region_code: str = "",
    about_id: int | None = None,
    outcome: Outcome = Outcome.DONE,
    detail: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Add one event to the trail: a single INSERT.

    Cell, region and whose data it is (``about_id``, a person) are read off the subject unless
    given. ``detail`` holds ids, codes and reasons, never personal data.
    """
    cell = cell or getattr(subject, "cell", "") or by.cell or NO_CELL
    return AuditEvent.objects.create(
        at=now,
        cell=cell,
        action=action,
        outcome=outcome,
        account_id=by.account_id,
        person_id=by.person_id,
        on_behalf_of_id=by.on_behalf_of_id,
        about_id=about_id if about_id is not None else _person_of(subject),
        subject_type=subject._meta.label_lower if subject is not None else subject_type,
        subject_id=str(subject.pk) if subject is not None else str(subject_id),
        region_code=region_code or getattr(subject, "region_id", None) or cell,
        address=by.address,
        detail=dict(detail or {}),
    )


def record_many(
    *,
    by: Witness,
    action: str,
    now: datetime,
    subjects: Iterable[models.Model],
    about: Iterable[int | None] = (),
    region_code: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add one event for each subject to the trail: a single INSERT for all of them.

    Whose data a subject is, is read off it (``person_id``) unless given, in the subjects' order;
    its cell stands for the region.
    """
    subjects = list(subjects)
    if not subjects:
        return
    whose = list(about) if about else [_person_of(subject) for subject in subjects]
    cells = [getattr(subject, "cell", "") or by.cell or NO_CELL for subject in subjects]
    db.insert_columns(
        AuditEvent,
        at=now,
        cell=cells,
        action=action,
        outcome=Outcome.DONE,
        account_id=by.account_id,
        person_id=by.person_id,
        on_behalf_of_id=[_acted_for(by, one) for one in whose],
        about_id=whose,
        subject_type=[subject._meta.label_lower for subject in subjects],
        subject_id=[str(subject.pk) for subject in subjects],
        region_code=region_code or [getattr(one, "cell", NO_CELL) for one in subjects],
        address=by.address,
        detail=dict(detail or {}),
    )


def _acted_for(by: Witness, about_id: int | None) -> int | None:
    return about_id if by.person_id is not None and by.person_id != about_id else None


def _person_of(subject: models.Model | None) -> int | None:
    if subject is not None and subject._meta.label_lower == "people.person":
        return int(subject.pk)
    found = getattr(subject, "beneficiary_id", None) or getattr(subject, "person_id", None)
    return int(found) if found is not None else None


@transaction.atomic
def seal_events(*, now: datetime, batch: int = 5000, look_back: int | None = 100_000) -> int:
    """Chain the events that came in and are not sealed yet; return how many.

    Events that commit late are sealed in a later round: the chain follows arrival here, not the
    event's number. ``look_back`` says how far below the newest number to look; None looks at all.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_CHAIN_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    last = AuditSeal.objects.order_by("-sequence").first()
    sequence, previous = (last.sequence, last.hash) if last else (0, rules.GENESIS)
    seals = []
    for event in queries.unsealed_events(look_back=look_back)[:batch]:
        sequence += 1
        digest = rules.chain(previous, queries.sealed_columns(event))
        seals.append(
            AuditSeal(
                sequence=sequence, event=event, previous_hash=previous, hash=digest, sealed_at=now
            )
        )
        previous = digest
    AuditSeal.objects.bulk_create(seals, batch_size=1000)
    return len(seals)
