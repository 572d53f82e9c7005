"""What can happen to a record: drafted, confirmed, verified, corrected."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.clock import local_date
from linbang.foundation.errors import NotAllowed
from linbang.foundation.events import announce
from linbang.foundation.messaging import actions as messaging
from linbang.foundation.messaging.choices import NoticeKind
from linbang.foundation.people import queries as people
from linbang.intake.needs import actions as needs
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.models import Need
from linbang.operations.service.choices import PROVED_METHODS, PresenceMethod
from linbang.operations.service.models import Visit
from linbang.operations.service_records import errors, queries, rules
from linbang.operations.service_records.choices import (
    Approval,
    ConfirmedBy,
    RecordKind,
    Verdict,
)
from linbang.operations.service_records.events import (
    RecordConfirmed,
    RecordCorrected,
    RecordDisputed,
    RecordDrafted,
    RecordVerified,
)
from linbang.operations.service_records.models import (
    RecordConfirmation,
    RecordCorrection,
    RecordVerification,
    ServiceRecord,
)
from linbang.operations.service_records.rules import Window


@transaction.atomic
def draft_record(*, visit_id: int, now: datetime) -> ServiceRecord:
    """Turn a visit that is over into a record, and ask the resident; once a visit.

    Raises VisitNotOver.
    """
    visit = Visit.objects.select_related(
        "check_in", "check_out", "assignment__need__item", "volunteer"
    ).get(pk=visit_id)
    if getattr(visit, "check_in", None) is None or getattr(visit, "check_out", None) is None:
        raise errors.VisitNotOver
    queries.lock_person(visit.volunteer_id)
    existing = ServiceRecord.objects.filter(cell=visit.volunteer.cell, visit=visit).first()
    if existing is not None:
        return existing
    record = _create_record(visit, now=now)
    need = visit.assignment.need
    _record(record, "draft_record", by=Actor.system(record.cell), now=now)
    announce(RecordDrafted(record_id=record.id, cell=record.cell))
    _ask_to_confirm(record, need, now=now)
    return record


@transaction.atomic
def confirm_record(
    *,
    record_id: int,
    verdict: Verdict,
    note: str = "",
    by: Actor,
    now: datetime,
    by_station: bool = False,
) -> RecordConfirmation:
    """Store the resident's word on a record: own, a relative's, or given to the station by phone.

    What a machine proved counts at once; the rest waits for a second person. Giving the same
    word twice returns the first. Raises NotAllowed, OwnRecord, AlreadyConfirmed, NoteMissing.
    """
    record, need = queries.lock_record(record_id)
    speaker = _speaker(record, by=by, by_station=by_station)
    existing = getattr(record, "confirmation", None)
    if existing is not None:
        if existing.verdict != verdict:
            raise errors.AlreadyConfirmed
        return existing
    if by_station and not note.strip():
        raise errors.NoteMissing(field="note")
    record.confirmation = RecordConfirmation.objects.create(
        cell=record.cell,
        record=record,
        verdict=verdict,
        by=speaker,
        by_id=by.person_id,
        at=now,
        note=note.strip(),
    )
    _record(record, "confirm_record", by=by, now=now, detail={"verdict": verdict, "by": speaker})
    if verdict == Verdict.DISPUTED:
        announce(RecordDisputed(record_id=record.id, cell=record.cell))
        return record.confirmation
    announce(RecordConfirmed(record_id=record.id, cell=record.cell))
    if _approval(record, record.credited_minutes) == Approval.POLICY:
        _verify(record, minutes=record.credited_minutes, by=Actor.system(record.cell), now=now)
    _close_when_confirmed(need, by=by, now=now)
    return record.confirmation


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
    MinutesOutOfRange, HigherApprovalNeeded, DayIsFull.
    """
    record, need = queries.lock_record(record_id)
    _require_verifier(record, by=by)
    existing = getattr(record, "verification", None)
    if existing is not None:
        return existing
    if queries.verdict_of(record) is None:
        raise errors.NotConfirmedYet
    minutes = record.credited_minutes if minutes is None else minutes
    rules.require_minutes(minutes, most=record.credited_minutes)
    is_plain = minutes == record.credited_minutes
    if not (is_plain and queries.verdict_of(record) == Verdict.CONFIRMED) and not note.strip():
        raise errors.NoteMissing(field="note")
    verification = _verify(record, minutes=minutes, note=note.strip(), by=by, now=now)
    _close_when_confirmed(need, by=by, now=now)
    return verification


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
    _require_verifier(record, by=by)
    if getattr(record, "verification", None) is None:
        raise errors.NotVerifiedYet
    if not reason.strip():
        raise errors.NoteMissing(field="reason")
    planned = Window(record.visit.starts_at, record.visit.ends_at)
    rules.require_minutes(
        credited_minutes, most=rules.minutes_most(planned, kind=RecordKind(record.kind))
    )
    before = queries.current_minutes(record)
    if credited_minutes > before:
        _require_approval(record, credited_minutes, by=by)
    correction = RecordCorrection.objects.create(
        cell=record.cell,
        record=record,
        credited_minutes=credited_minutes,
        reason=reason.strip(),
        by_id=by.person_id,
        at=now,
    )
    detail = {"before": before, "after": credited_minutes}
    _record(record, "correct_record", by=by, now=now, detail=detail)
    announce(
        RecordCorrected(
            record_id=record.id,
            cell=record.cell,
            correction_id=correction.id,
            minutes_before=before,
            minutes_after=credited_minutes,
        )
    )
    _tell_volunteer(
        record, "record_corrected", f"correction:{correction.id}", credited_minutes, now
    )
    return correction


@transaction.atomic
def remind_confirmations(*, now: datetime) -> int:
    """Remind residents of records they have not answered for a working day; once a record."""
    records = list(queries.people_to_remind(now))
    for record in records:
        messaging.notify(
            person_id=record.beneficiary_id,
            kind=NoticeKind.RECORD,
            template="record_reminder",
            params={"item": record.item_code},
            url=f"/records/{record.public_id}/confirmation/",
            key=f"record-reminder:{record.id}",
            now=now,
        )
    return len(records)


def _create_record(visit: Visit, *, now: datetime) -> ServiceRecord:
    need, policy = visit.assignment.need, rules.DEFAULT_POLICY
    presence = Window(visit.check_in.at, visit.check_out.at)
    kind = rules.kind_of(
        PresenceMethod(visit.check_in.method), PresenceMethod(visit.check_out.method)
    )
    planned = Window(visit.starts_at, visit.ends_at)
    segment = rules.counted_segment(
        presence,
        planned,
        kind=kind,
        taken=queries.segments_of(visit.volunteer_id, presence),
        policy=policy,
    )
    return ServiceRecord.objects.create(
        cell=visit.volunteer.cell,
        person_id=visit.volunteer_id,
        visit=visit,
        beneficiary_id=need.beneficiary_id,
        category=need.item.category,
        item_code=need.item_id,
        region_id=need.region_id,
        recording_unit=queries.recording_unit(need.region_id),
        starts_at=segment.window.starts_at,
        ends_at=segment.window.ends_at,
        minutes=segment.minutes,
        credited_minutes=policy.credited(segment.minutes, planned=planned.minutes, kind=kind),
        cuts=list(segment.cuts),
        kind=kind,
        policy=policy.code,
        policy_version=policy.version,
        drafted_at=now,
        entered_by_id=_entered_by(visit),
    )


def _entered_by(visit: Visit) -> int | None:
    for presence in (visit.check_out, visit.check_in):
        if presence.method not in PROVED_METHODS:
            return int(presence.by_id)
    return None


def _speaker(record: ServiceRecord, *, by: Actor, by_station: bool) -> ConfirmedBy:
    """Tell in whose name the actor confirms. Raises OwnRecord, NotAllowed."""
    rules.require_other_hands(by.person_id, gainer_id=record.person_id)
    if by_station:
        if not (by.is_signed_in and by.may(Permission.VERIFY_RECORDS, region=record.region_id)):
            raise NotAllowed
        return ConfirmedBy.STATION
    if by.is_signed_in and by.person_id == record.beneficiary_id:
        return ConfirmedBy.RESIDENT
    if not people.may_speak_for(by, record.beneficiary_id):
        raise NotAllowed
    return ConfirmedBy.RELATIVE


def _require_verifier(record: ServiceRecord, *, by: Actor) -> None:
    if not (by.is_signed_in and by.may(Permission.VERIFY_RECORDS, region=record.region_id)):
        raise NotAllowed
    rules.require_other_hands(
        by.person_id,
        gainer_id=record.person_id,
        entered_by_ids=queries.entered_by_ids(record.visit),
    )


def _approval(record: ServiceRecord, minutes: int) -> Approval:
    """Tell who must let the record count with so many minutes. Raises DayIsFull."""
    others = queries.day_minutes(
        record.person_id, local_date(record.starts_at), without_id=record.id
    )
    return rules.approval_needed(
        kind=RecordKind(record.kind),
        verdict=queries.verdict_of(record) or Verdict.DISPUTED,
        day_minutes=others + minutes,
        policy=rules.policy_named(record.policy, record.policy_version),
    )


def _require_approval(record: ServiceRecord, minutes: int, *, by: Actor) -> Approval:
    """Return by which approval the record counts. Raises DayIsFull, HigherApprovalNeeded."""
    needed = _approval(record, minutes)
    if by.is_system:
        return Approval.POLICY
    is_officer = rules.may_approve_above(by, region=record.region_id)
    if needed == Approval.OFFICER and not is_officer:
        raise errors.HigherApprovalNeeded
    return Approval.OFFICER if is_officer else Approval.STATION


def _verify(
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
    _record(record, "verify_record", by=by, now=now, detail={"minutes": minutes, "by": approval})
    announce(RecordVerified(record_id=record.id, cell=record.cell, minutes=minutes))
    _tell_volunteer(record, "record_verified", f"verification:{record.id}", minutes, now)
    return verification


def _close_when_confirmed(need: Need, *, by: Actor, now: datetime) -> None:
    if need.state == NeedState.SERVED and queries.is_need_confirmed(need):
        needs.advance_need(need=need, state=NeedState.FULFILLED, by=by, now=now)


def _ask_to_confirm(record: ServiceRecord, need: Need, *, now: datetime) -> None:
    """Ask the resident, and the relative who made the request."""
    for person_id in {record.beneficiary_id, need.requested_by_id} - {record.person_id}:
        messaging.notify(
            person_id=person_id,
            kind=NoticeKind.RECORD,
            template="record_to_confirm",
            params={"item": record.item_code},
            url=f"/records/{record.public_id}/confirmation/",
            key=f"record:{record.id}",
            now=now,
        )


def _tell_volunteer(
    record: ServiceRecord, template: str, key: str, minutes: int, now: datetime
) -> None:
    messaging.notify(
        person_id=record.person_id,
        kind=NoticeKind.RECORD,
        template=template,
        params={"item": record.item_code, "minutes": minutes},
        url=f"/records/{record.public_id}/",
        key=key,
        now=now,
    )


def _record(
    record: ServiceRecord,
    action: str,
    *,
    by: Actor,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    audit.record(
        by=by,
        action=f"service_records.{action}",
        subject=record,
        region_code=record.region_id,
        detail=detail,
        now=now,
    )
