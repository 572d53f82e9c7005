"""Who lets a record count, and for how much."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import local_date
from linbang.foundation.errors import NotAllowed, Refused
from linbang.foundation.events import announce
from linbang.intake.needs import actions as needs
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.models import Need
from linbang.operations.service_records import errors, queries, rules
from linbang.operations.service_records.actions.telling import person_id_of, record_step, tell
from linbang.operations.service_records.choices import (
    Approval,
    RecordKind,
    Verdict,
)
from linbang.operations.service_records.events import (
    RecordCorrected,
    RecordsVerified,
)
from linbang.operations.service_records.models import (
    RecordCorrection,
    RecordVerification,
    ServiceRecord,
)


@transaction.atomic
def verify_record(
    *,
    record_id: int,
    by: Actor,
    now: datetime,
    minutes: int | None = None,
    note: str = "",
) -> RecordVerification:
    """Let a record count that policy alone does not: entered, disputed, or a very full day.

    ``minutes`` may be fewer than credited, down to 0, with a note. A second call returns the
    first. Raises NotAllowed, OwnRecord, SecondPersonNeeded, NotConfirmedYet, NoteMissing,
    MinutesOutOfRange, HigherApprovalNeeded, LateEntryAbove, DayIsFull, FlagUndecided, RecordIsVoid.
    """
    record, need = queries.lock_record(record_id)
    require_verifier(record, by=by)
    existing: RecordVerification | None = getattr(record, "verification", None)
    if existing is not None:
        return existing
    if queries.verdict_of(record) is None:
        raise errors.NotConfirmedYet
    require_sound(record)
    minutes = record.credited_minutes if minutes is None else minutes
    rules.require_minutes(minutes, most=record.credited_minutes)
    is_plain = minutes == record.credited_minutes
    if not (is_plain and queries.verdict_of(record) == Verdict.CONFIRMED) and not note.strip():
        raise errors.NoteMissing(field="note")
    verification = let_count(record, minutes=minutes, note=note.strip(), by=by, now=now)
    if need is not None:
        close_when_confirmed(need, by=by, now=now)
    return verification


def verify_records(*, record_ids: Sequence[int], by: Actor, now: datetime) -> list[Refused]:
    """Let many records count as they were credited, each by itself; return what was refused."""
    refusals: list[Refused] = []
    for record_id in record_ids:
        try:
            verify_record(record_id=record_id, by=by, now=now)
        except Refused as refusal:
            refusals.append(refusal)
    return refusals


@transaction.atomic
def correct_record(
    *, record_id: int, credited_minutes: int, reason: str, by: Actor, now: datetime
) -> RecordCorrection:
    """Change what a verified record counts for by a row of its own; the old row stays.

    Announced, so that what was banked can follow. Raises NotAllowed, OwnRecord,
    SecondPersonNeeded, NotVerifiedYet, NoteMissing, MinutesOutOfRange, HigherApprovalNeeded,
    DayIsFull. Source: Order 67, article 13; rule 43.
    """
    record, _ = queries.lock_record(record_id)
    require_verifier(record, by=by)
    if getattr(record, "verification", None) is None:
        raise errors.NotVerifiedYet
    if queries.is_void(record):
        raise errors.RecordIsVoid
    if not reason.strip():
        raise errors.NoteMissing(field="reason")
    most = rules.minutes_most(
        queries.planned_window(record),
        kind=RecordKind(record.kind),
        policy=rules.policy_named(record.policy, record.policy_version),
    )
    rules.require_minutes(credited_minutes, most=most)
    before = queries.current_minutes(record)
    if credited_minutes > before:
        _require_approval(record, credited_minutes, by=by)
    correction = RecordCorrection.objects.create(
        cell=record.cell,
        record=record,
        credited_minutes=credited_minutes,
        reason=reason.strip(),
        by_id=person_id_of(by),
        at=now,
    )
    detail = {"before": before, "after": credited_minutes}
    record_step(record, "correct_record", by=by, now=now, detail=detail)
    announce(
        RecordCorrected(
            record_id=record.id,
            cell=record.cell,
            correction_id=correction.id,
            minutes_before=before,
            minutes_after=credited_minutes,
            at=now,
        )
    )
    tell(
        "record_corrected",
        record,
        [record.person_id],
        now=now,
        minutes=credited_minutes,
        key=str(correction.id),
    )
    return correction


def let_count(
    record: ServiceRecord, *, minutes: int, by: Actor, now: datetime, note: str = ""
) -> RecordVerification:
    """Let the record count from now on.

    With 0 minutes too: the service took place and is a visit in the figures, but earns nothing
    and is not banked.
    """
    approval = _require_approval(record, minutes, by=by)
    verification = RecordVerification.objects.create(
        cell=record.cell,
        record=record,
        approval=approval,
        verified_by_id=by.person_id,
        verified_at=now,
        minutes=minutes,
        note=note,
    )
    record_step(
        record, "verify_record", by=by, now=now, detail={"minutes": minutes, "by": approval}
    )
    announce(RecordsVerified(record_ids=(record.id,), cell=record.cell, at=now))
    tell("record_verified", record, [record.person_id], now=now, minutes=minutes)
    return verification


def let_count_by_policy(record: ServiceRecord, *, now: datetime) -> None:
    """Let a confirmed record count if policy alone lets it and nothing stands against it.

    Raises DayIsFull.
    """
    if queries.verdict_of(record) != Verdict.CONFIRMED:
        return
    needed = approval_for(record, record.credited_minutes)
    if needed == Approval.POLICY and queries.is_sound(record):
        by = Actor.system(record.cell)
        let_count(record, minutes=record.credited_minutes, by=by, now=now)


def require_sound(record: ServiceRecord) -> None:
    """Refuse a record that is doubted or void. Raises FlagUndecided, RecordIsVoid."""
    if queries.is_void(record):
        raise errors.RecordIsVoid
    if queries.is_held(record):
        raise errors.FlagUndecided


def close_when_confirmed(need: Need, *, by: Actor, now: datetime) -> None:
    """Close a need as fulfilled once all its records are confirmed or settled."""
    if need.state == NeedState.SERVED and queries.is_need_confirmed(need):
        needs.advance_need(need=need, state=NeedState.FULFILLED, by=by, now=now)


def require_verifier(record: ServiceRecord, *, by: Actor) -> None:
    """Refuse who may not look after a record. Raises NotAllowed, OwnRecord, SecondPersonNeeded."""
    if not (by.is_signed_in and by.may(Permission.VERIFY_RECORDS, region=record.region_id)):
        raise NotAllowed
    rules.require_other_hands(
        by.person_id,
        gainer_id=record.person_id,
        entered_by_ids=queries.entered_by_ids(record),
    )


def approval_for(record: ServiceRecord, minutes: int) -> Approval:
    """Tell who must let the record count with so many minutes. Raises DayIsFull."""
    others = queries.day_minutes(
        record.person_id, local_date(record.starts_at), without_id=record.id
    )
    return rules.approval_needed(
        kind=RecordKind(record.kind),
        verdict=queries.verdict_of(record) or Verdict.DISPUTED,
        day_minutes=others + minutes,
        policy=rules.policy_named(record.policy, record.policy_version),
        doubt=queries.doubt_of(record),
    )


def _require_approval(record: ServiceRecord, minutes: int, *, by: Actor) -> Approval:
    """Return by which approval the record counts. Raises DayIsFull, HigherApprovalNeeded."""
    needed = approval_for(record, minutes)
    if by.is_system:
        return Approval.POLICY
    is_officer = rules.may_approve_above(by, region=record.region_id)
    if (needed == Approval.OFFICER or queries.is_barred(record)) and not is_officer:
        is_late = queries.doubt_of(record).is_late
        raise errors.LateEntryAbove if is_late else errors.HigherApprovalNeeded
    return Approval.OFFICER if is_officer else Approval.STATION
