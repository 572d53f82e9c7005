"""Voiding proven false hours: two officers, what follows, and the appeal (rule 55)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import local_date
from linbang.foundation.errors import NotAllowed, refusing
from linbang.foundation.events import announce
from linbang.foundation.messaging import actions as messaging
from linbang.foundation.messaging.choices import NoticeKind
from linbang.operations.service_records import errors, queries, rules
from linbang.operations.service_records.actions.integrity import after_clearing, decided
from linbang.operations.service_records.actions.telling import (
    person_id_of,
    record_step,
    told_of,
)
from linbang.operations.service_records.choices import AppealOutcome, FlagOutcome, VoidOutcome
from linbang.operations.service_records.events import RecordRestored, RecordVoided
from linbang.operations.service_records.models import (
    RecordVoid,
    ServiceBar,
    ServiceRecord,
    VoidAppeal,
)


@transaction.atomic
def propose_void(
    *, record_id: int, reason: str, evidence: str, by: Actor, now: datetime
) -> RecordVoid:
    """Propose that a record be void, with reason and where the evidence is; another decides.

    Raises NotAllowed, OwnRecord, SecondPersonNeeded, NoteMissing, VoidOpen.
    """
    record, _ = queries.lock_record(record_id)
    _require_judge(record, by=by)
    for field, text in (("reason", reason), ("evidence", evidence)):
        if not text.strip():
            raise errors.NoteMissing(field=field)
    with refusing({"void_once_a_record": errors.VoidOpen}), transaction.atomic():
        void = RecordVoid.objects.create(
            cell=record.cell,
            record=record,
            reason=reason.strip(),
            evidence=evidence.strip(),
            proposed_by_id=person_id_of(by),
            proposed_at=now,
        )
    record_step(record, "propose_void", by=by, now=now)
    return void


@transaction.atomic
def decide_void(
    *,
    void: UUID,
    outcome: VoidOutcome,
    answer: str,
    by: Actor,
    now: datetime,
    person_years: int = 0,
    enterer_years: int = 0,
    unit_years: int = 0,
) -> RecordVoid:
    """Decide a proposal: void the record, or leave it as it is.

    Voiding may bar who gained, who entered and the unit for one to three years. Refusing clears
    the doubts that were upheld. Raises NotFound, NotAllowed, OwnRecord, SecondPersonNeeded,
    VoidNeedsSecond, VoidDecided, NoteMissing, BarYearsWrong.
    """
    record, _ = queries.lock_record(queries.void_with(void).record_id)
    found = queries.void_with(void)
    _require_judge(record, by=by)
    rules.require_two_people(
        by.person_id, proposed_by_id=found.proposed_by_id, gainer_id=record.person_id
    )
    if found.decided_by_id is not None:
        raise errors.VoidDecided
    if not answer.strip():
        raise errors.NoteMissing(field="answer")
    found.answer, found.decided_by_id = answer.strip(), person_id_of(by)
    if outcome == VoidOutcome.VOIDED:
        found.voided_at = now
    else:
        found.refused_at = now
    found.save(update_fields=["answer", "decided_by_id", "voided_at", "refused_at"])
    record_step(record, "decide_void", by=by, now=now, detail={"outcome": outcome})
    if outcome == VoidOutcome.VOIDED:
        years = {"person": person_years, "enterer": enterer_years, "unit": unit_years}
        _bar(found, record, years, by=by, now=now)
        _void(found, record, now=now)
    else:
        _clear(record, answer, by=by, now=now)
    return found


def _void(void: RecordVoid, record: ServiceRecord, *, now: datetime) -> None:
    if getattr(record, "verification", None) is not None:
        announce(RecordVoided(record_id=record.pk, cell=record.cell, at=now))
    until = f"{rules.appeal_until(now):%Y-%m-%d}"
    for person_id in sorted({record.person_id, queries.leader_of(record) or record.person_id}):
        _tell(void, record, "record_voided", person_id, now=now, reason=void.reason, day=until)


def _bar(
    void: RecordVoid, record: ServiceRecord, years: dict[str, int], *, by: Actor, now: datetime
) -> None:
    starts = local_date(now)
    organiser_id = queries.organiser_of(record)
    subjects = {
        "person": {"person_id": record.person_id},
        "enterer": {"person_id": record.entered_by_id} if record.entered_by_id else None,
        "unit": {"organisation_id": organiser_id} if organiser_id else None,
    }
    for name, subject in subjects.items():
        if not years[name] or subject is None:
            continue
        bar = ServiceBar.objects.create(
            cell=void.cell,
            void=void,
            **subject,
            from_date=starts,
            until_date=rules.bar_end(starts, years[name]),
            reason=void.reason,
            by_id=person_id_of(by),
            at=now,
        )
        record_step(
            record, "bar_service", by=by, now=now, detail={"whom": name, "years": years[name]}
        )
        if bar.person_id is not None:
            _tell(
                void, record, "service_barred", bar.person_id, now=now,
                reason=void.reason, day=f"{bar.until_date:%Y-%m-%d}",
            )  # fmt: skip


def _clear(record: ServiceRecord, reason: str, *, by: Actor, now: datetime) -> None:
    """Clear what is undecided or was upheld: the officers found the hours to be right."""
    for flag in queries.flags_holding(record):
        turn = 1 if flag.outcome is None else 2  # type: ignore[attr-defined]  # annotated
        decided(flag, FlagOutcome.CLEARED, reason, by=by, now=now, turn=turn)
    after_clearing(record, now=now)


@transaction.atomic
def appeal_void(*, void: UUID, text: str, by: Actor, now: datetime) -> VoidAppeal:
    """Say within fifteen working days that a voiding was wrong: who gained, or the leader.

    Raises NotFound, NotAllowed, NoteMissing, AppealTooLate, AppealOpen.
    """
    record, _ = queries.lock_record(queries.void_with(void).record_id)
    found = queries.void_with(void)
    if person_id_of(by) not in (record.person_id, queries.leader_of(record)):
        raise NotAllowed
    if found.voided_at is None or found.lifted_at is not None:
        raise errors.AppealTooLate
    if not text.strip():
        raise errors.NoteMissing(field="text")
    rules.require_appeal_time(found.voided_at, now=now)
    if queries.appeal_of(found) is not None:
        raise errors.AppealOpen
    appeal = VoidAppeal.objects.create(
        cell=found.cell, void=found, by_id=person_id_of(by), text=text.strip(), made_at=now
    )
    record_step(record, "appeal_void", by=by, now=now)
    return appeal


@transaction.atomic
def answer_appeal(
    *, void: UUID, outcome: AppealOutcome, answer: str, by: Actor, now: datetime
) -> VoidAppeal:
    """Answer an appeal, as somebody who had no part in the voiding.

    Upheld, the voiding is lifted with its bars, and the hours count as before. Raises NotFound,
    NotAllowed, OwnRecord, SecondPersonNeeded, AppealNeedsThird, AppealAnswered, NoteMissing.
    """
    record, _ = queries.lock_record(queries.void_with(void).record_id)
    found = queries.void_with(void)
    appeal = queries.require_appeal(found)
    _require_judge(record, by=by)
    rules.require_third_person(
        by.person_id, voided_by_ids=(found.proposed_by_id, found.decided_by_id)
    )
    if appeal.answered_at is not None:
        raise errors.AppealAnswered
    if not answer.strip():
        raise errors.NoteMissing(field="answer")
    appeal.outcome, appeal.answer = outcome, answer.strip()
    appeal.answered_by_id, appeal.answered_at = person_id_of(by), now
    appeal.save(update_fields=["outcome", "answer", "answered_by_id", "answered_at"])
    record_step(record, "answer_appeal", by=by, now=now, detail={"outcome": outcome})
    if outcome == AppealOutcome.UPHELD:
        _lift(found, record, answer, by=by, now=now)
    else:
        _tell(found, record, "void_appeal_rejected", appeal.by_id, now=now, reason=appeal.answer)
    return appeal


def _lift(
    void: RecordVoid, record: ServiceRecord, answer: str, *, by: Actor, now: datetime
) -> None:
    void.lifted_at = now
    void.save(update_fields=["lifted_at"])
    ServiceBar.objects.filter(cell=void.cell, void=void, lifted_at=None).update(lifted_at=now)
    if getattr(record, "verification", None) is not None:
        announce(RecordRestored(record_id=record.pk, cell=record.cell, at=now))
    _tell(
        void, record, "record_restored", record.person_id, now=now,
        minutes=queries.current_minutes(record),
    )  # fmt: skip
    _clear(record, answer, by=by, now=now)


def _tell(
    void: RecordVoid,
    record: ServiceRecord,
    template: str,
    person_id: int,
    *,
    now: datetime,
    **told: object,
) -> None:
    messaging.notify(
        person_id=person_id,
        kind=NoticeKind.RECORD,
        template=template,
        params={**told_of(record), **told},
        url=f"/voids/{void.public_id}/",
        key=f"{template}:{void.cell}:{void.pk}:{person_id}",
        now=now,
    )


def _require_judge(record: ServiceRecord, *, by: Actor) -> None:
    """Refuse who is no officer above the station, or has a part in the record."""
    if not (by.is_signed_in and by.may(Permission.JUDGE_RECORDS, region=record.region_id)):
        raise NotAllowed
    rules.require_clear_hands(
        by.person_id,
        gainer_id=record.person_id,
        leader_id=queries.leader_of(record),
        entered_by_ids={*queries.entered_by_ids(record), record.entered_by_id or 0},
    )
