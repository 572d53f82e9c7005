"""Spot checks of hours that count: drawn by an officer, checked by whoever may look into them."""

import secrets
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.errors import NotAllowed
from linbang.operations.service_records import errors, queries, rules
from linbang.operations.service_records.actions.integrity import require_checker
from linbang.operations.service_records.actions.telling import person_id_of, record_step
from linbang.operations.service_records.choices import RecordKind, SpotMethod, SpotOutcome
from linbang.operations.service_records.models import SpotCheck, SpotRound


@transaction.atomic
def draw_sample(
    *,
    region: str,
    from_date: date,
    until_date: date,
    count: int | None = None,
    percent: int | None = None,
    seed: int | None = None,
    by: Actor,
    now: datetime,
) -> SpotRound:
    """Draw a random sample of the counted records of a region and time, by kind of proof.

    The seed is kept and shown: with it anybody draws the same records again.
    Raises NotAllowed, SampleEmpty, SampleTooLarge.
    """
    if not (by.is_signed_in and by.may(Permission.JUDGE_RECORDS, region=region)):
        raise NotAllowed
    strata = queries.records_to_sample(region, from_date, until_date)
    sizes = {kind: len(keys) for kind, keys in strata.items()}
    size = rules.sample_size(sum(sizes.values()), count=count, percent=percent)
    seed = secrets.randbelow(10**9) if seed is None else seed
    drawn = SpotRound.objects.create(
        cell=region[:6],
        region_id=region,
        from_date=from_date,
        until_date=until_date,
        seed=seed,
        proved=sizes[RecordKind.PROVED],
        entered=sizes[RecordKind.ENTERED],
        drawn_by_id=person_id_of(by),
        drawn_at=now,
    )
    SpotCheck.objects.bulk_create(
        [
            SpotCheck(cell=drawn.cell, round=drawn, record_id=strata[kind][key], stratum=kind)
            for kind, share in rules.shares(size, sizes).items()
            for key in rules.drawn(list(strata[kind]), size=share, seed=seed)
        ]
    )
    audit.record(
        by=by, action="service_records.draw_sample", subject=drawn, region_code=region,
        detail={"size": size}, now=now,
    )  # fmt: skip
    return drawn


@transaction.atomic
def record_spot_check(
    *,
    check: UUID,
    outcome: SpotOutcome,
    method: SpotMethod,
    note: str,
    by: Actor,
    now: datetime,
) -> SpotCheck:
    """Write what a spot check found, once; false hours are voided by steps of their own.

    Raises NotFound, NotAllowed, OwnRecord, SecondPersonNeeded, SpotChecked, NoteMissing.
    """
    found = queries.lock_spot_check(check)
    record = queries.record_with_facts(found.record_id)
    require_checker(record, by=by)
    if found.at is not None:
        raise errors.SpotChecked
    if outcome != SpotOutcome.CONFIRMED and not note.strip():
        raise errors.NoteMissing(field="note")
    found.outcome, found.method, found.note = outcome, method, note.strip()
    found.by_id, found.at = person_id_of(by), now
    found.save(update_fields=["outcome", "method", "note", "by_id", "at"])
    record_step(record, "spot_check", by=by, now=now, detail={"outcome": outcome})
    return found
