"""Doubts about hours: raised by the machine, decided by a person (rule 45)."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import override

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.errors import NotAllowed, Refused
from linbang.foundation.messaging.actions import NoticeOrder, notify_many
from linbang.foundation.messaging.choices import NoticeKind
from linbang.operations.service_records import errors, queries, rules
from linbang.operations.service_records.actions.telling import (
    person_id_of,
    record_step,
    tell,
    told_of,
)
from linbang.operations.service_records.actions.verifying import let_count_by_policy
from linbang.operations.service_records.choices import FlagOutcome
from linbang.operations.service_records.models import FlagDecision, RecordFlag, ServiceRecord
from linbang.operations.service_records.rules import Finding

# Looked at together; a longer list takes several turns.
_A_TURN = 500


def raise_flags(records: Sequence[ServiceRecord], *, now: datetime) -> set[int]:
    """Look into records and keep what is doubtful; return which of them may not count.

    Six queries at most for any number where nothing is found. Each doubt is raised once a record.
    """
    found = {
        facts.record_id: findings
        for facts in queries.facts_of(records)
        if (findings := rules.findings_of(facts, queries.flag_limits()))
    }
    if found:
        _store([one for one in records if one.pk in found], found, now=now)
    return {one.pk for one in records if one.pk in found}


def _store(
    records: Sequence[ServiceRecord],
    found: Mapping[int, Sequence[Finding]],
    *,
    now: datetime,
) -> None:
    known = queries.flags_known(records)
    counted = queries.records_counted(records)
    flags = [
        RecordFlag(
            cell=one.cell,
            record=one,
            kind=finding.kind,
            facts=dict(finding.facts),
            had_counted=one.pk in counted,
            raised_at=now,
        )
        for one in records
        for finding in found[one.pk]
        if (one.pk, finding.kind) not in known
    ]
    RecordFlag.objects.bulk_create(flags, ignore_conflicts=True)
    fresh = {flag.record_id: flag.record for flag in flags}
    for cell in sorted({one.cell for one in fresh.values()}):
        audit.record_many(
            by=Actor.system(cell),
            action="service_records.flag_record",
            subjects=[one for one in fresh.values() if one.cell == cell],
            now=now,
        )
    # Whose hours count already is told when something comes of it.
    _tell_of([one for pk, one in fresh.items() if pk not in counted], found, now=now)


def _tell_of(
    records: Iterable[ServiceRecord], found: Mapping[int, Sequence[Finding]], *, now: datetime
) -> None:
    notify_many(
        orders=[
            NoticeOrder(
                person_id=one.person_id,
                kind=NoticeKind.RECORD,
                template="record_flagged",
                params={**told_of(one), **reason_told(found[one.pk][0])},
                url=f"/records/{one.public_id}/",
                key=f"record_flagged:{one.pk}:",
            )
            for one in records
        ],
        now=now,
    )


def reason_told(finding: Finding) -> dict[str, str]:
    """Return a doubt in both languages, as a notice keeps it."""
    told = {}
    for name, language in (("reason", "zh-hans"), ("reason_en", "en")):
        with override(language):
            told[name] = queries.reason_of(finding.kind, finding.facts)
    return told


def look_back(*, now: datetime) -> int:
    """Look again into the records of the last thirty days, for evidence that came late.

    What counts already goes on counting until a person has looked; return how many are doubtful.
    """
    doubtful = 0
    for ids in queries.records_to_look_into(now, a_turn=_A_TURN):
        with transaction.atomic():
            doubtful += len(raise_flags(queries.records_by_id(ids), now=now))
    return doubtful


@transaction.atomic
def decide_flag(
    *, flag: UUID, outcome: FlagOutcome, reason: str, by: Actor, now: datetime
) -> FlagDecision:
    """Clear a doubt, or uphold it, with a reason; once, by somebody with no part in the record.

    A record whose last doubt is cleared counts if policy lets it, or goes on waiting for its
    approval. Raises NotFound, NotAllowed, OwnRecord, SecondPersonNeeded, FlagDecided, NoteMissing.
    """
    record, _ = queries.lock_record(queries.flag_with(flag).record_id)
    found = queries.flag_with(flag)
    require_checker(record, by=by)
    if found.outcome is not None:  # type: ignore[attr-defined]  # annotated
        raise errors.FlagDecided
    if not reason.strip():
        raise errors.NoteMissing(field="reason")
    decision = decided(found, outcome, reason, by=by, now=now)
    if outcome == FlagOutcome.CLEARED:
        after_clearing(record, now=now)
    return decision


def decided(
    flag: RecordFlag, outcome: FlagOutcome, reason: str, *, by: Actor, now: datetime, turn: int = 1
) -> FlagDecision:
    """Write what was found out about a doubt; the record is locked."""
    decision = FlagDecision.objects.create(
        cell=flag.cell,
        flag=flag,
        turn=turn,
        outcome=outcome,
        reason=reason.strip(),
        by_id=person_id_of(by),
        at=now,
    )
    detail = {"kind": flag.kind, "outcome": outcome}
    record_step(flag.record, "decide_flag", by=by, now=now, detail=detail)
    return decision


def decide_flags(
    *, flags: Sequence[UUID], outcome: FlagOutcome, reason: str, by: Actor, now: datetime
) -> list[Refused]:
    """Decide many doubts alike, each by itself; return what was refused."""
    refusals: list[Refused] = []
    for flag in flags:
        try:
            decide_flag(flag=flag, outcome=outcome, reason=reason, by=by, now=now)
        except Refused as refusal:
            refusals.append(refusal)
    return refusals


def after_clearing(record: ServiceRecord, *, now: datetime) -> None:
    """Let a record count that nothing holds back any more, if policy alone does; and say so."""
    if queries.is_held(record) or queries.is_void(record):
        return
    if getattr(record, "verification", None) is None:
        with suppress(errors.DayIsFull):  # it waits for whoever sorts the day out
            let_count_by_policy(record, now=now)
        tell("record_cleared", record, [record.person_id], now=now)


def require_checker(record: ServiceRecord, *, by: Actor) -> None:
    """Refuse who may not look into a record. Raises NotAllowed, OwnRecord, SecondPersonNeeded."""
    if not (by.is_signed_in and by.may(Permission.CHECK_RECORDS, region=record.region_id)):
        raise NotAllowed
    rules.require_clear_hands(
        by.person_id,
        gainer_id=record.person_id,
        leader_id=queries.leader_of(record),
        entered_by_ids={*queries.entered_by_ids(record), record.entered_by_id or 0},
    )
