"""Doubts about records: which there are, what they say, and who looks into them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import local_date
from linbang.foundation.errors import NotFound
from linbang.foundation.places.queries import within_any
from linbang.operations.service_records import rules
from linbang.operations.service_records.choices import FLAG_REASONS, FlagKind, FlagOutcome
from linbang.operations.service_records.models import (
    FlagDecision,
    RecordFlag,
    RecordVerification,
    RecordVoid,
    ServiceBar,
    ServiceRecord,
)
from linbang.operations.service_records.queries.pages import RecordRow, record_row
from linbang.operations.service_records.queries.records import records_with_facts
from linbang.operations.service_records.queries.standing import (
    flags_that_hold,
    flags_with_outcome,
    voids_in_force,
)


def reason_of(kind: str, facts: Mapping[str, Any]) -> str:
    """Say in the reader's words what is doubtful about a record."""
    told = dict(facts)
    if "metres" in told:
        told["kilometres"] = f"{told['metres'] / 1000:.1f}"
    text = str(FLAG_REASONS[FlagKind(kind)])
    return text % told if told else text


def flag_with(flag: UUID) -> RecordFlag:
    """Return a flag with its ``outcome``. Raises NotFound."""
    found = flags_with_outcome().select_related("record").filter(public_id=flag).first()
    if found is None:
        raise NotFound
    return found


def flags_known(records: Collection[ServiceRecord]) -> set[tuple[int, str]]:
    """Return which doubts were raised about the records before."""
    flags = RecordFlag.objects.filter(record__in=[one.pk for one in records])
    return set(flags.values_list("record_id", "kind"))


def records_counted(records: Collection[ServiceRecord]) -> set[int]:
    """Return which of the records count already."""
    verified = RecordVerification.objects.filter(record__in=[one.pk for one in records])
    return set(verified.values_list("record_id", flat=True))


def records_barred(records: Sequence[ServiceRecord]) -> set[int]:
    """Return which of the records fall under a bar (rule 55); one small query where none holds."""
    if not records or not ServiceBar.objects.filter(lifted_at=None).exists():
        return set()
    barred = records_with_facts().filter(Q(is_barred=True), pk__in=[one.pk for one in records])
    return set(barred.values_list("pk", flat=True))


def records_to_look_into(now: datetime, *, a_turn: int) -> Iterator[list[int]]:
    """Return the keys of the records of the last thirty days, in turns."""
    ids = list(
        ServiceRecord.objects.filter(drafted_at__gt=now - rules.LOOK_BACK, credited_minutes__gt=0)
        .order_by("id")
        .values_list("id", flat=True)
    )
    for start in range(0, len(ids), a_turn):
        yield ids[start : start + a_turn]


def records_by_id(ids: Sequence[int]) -> list[ServiceRecord]:
    """Return records with what telling of them needs."""
    found = records_with_facts().filter(Q(is_voided=False), pk__in=ids)
    return list(found.order_by("id"))


def is_held(record: ServiceRecord) -> bool:
    """Tell whether a doubt keeps the record from counting."""
    return flags_that_hold().filter(cell=record.cell, record=record).exists()


def is_void(record: ServiceRecord) -> bool:
    """Tell whether the record is void."""
    return voids_in_force().filter(cell=record.cell, record=record).exists()


def is_barred(record: ServiceRecord) -> bool:
    """Tell whether the record waits for an officer because of a bar (rule 55)."""
    return bool(records_barred([record]))


def is_sound(record: ServiceRecord) -> bool:
    """Tell whether nothing stands against the record: no doubt, no voiding, no bar."""
    return not (is_held(record) or is_void(record) or is_barred(record))


def flags_holding(record: ServiceRecord) -> list[RecordFlag]:
    """Return the flags that keep a record from counting, with their ``outcome``."""
    flags = flags_that_hold().select_related("record").filter(cell=record.cell, record=record)
    return list(flags.order_by("id"))


def leader_of(record: ServiceRecord) -> int | None:
    """Return who leads the activity of a record."""
    if record.attendance is None:
        return None
    return record.attendance.sign_up.shift.activity.leader_id


def organiser_of(record: ServiceRecord) -> int | None:
    """Return the unit that organised the activity of a record."""
    if record.attendance is None:
        return None
    return record.attendance.sign_up.shift.activity.organiser_id


@dataclass(frozen=True)
class FlagLine:
    """One doubt as a page shows it; the answer without who gave it."""

    public_id: UUID
    kind: FlagKind
    reason: str
    raised_at: datetime
    outcome: FlagOutcome | None
    answer: str
    decided_at: datetime | None


@dataclass(frozen=True)
class FlagRow:
    """One doubt on the desk, with its record."""

    line: FlagLine
    record: RecordRow


def flags_looked_into_by(actor: Actor) -> QuerySet[RecordFlag]:
    """Return the flags of the actor's regions with their ``outcome``, the oldest first."""
    flags = flags_with_outcome().select_related("record")
    if not actor.is_system:
        regions = actor.regions_for(Permission.CHECK_RECORDS)
        flags = flags.filter(within_any("record__region_id", regions))
    return flags.order_by("raised_at", "id")


def flags_open(actor: Actor, *, had_counted: bool) -> QuerySet[RecordFlag]:
    """Return the undecided flags: of records that wait, or of what counts already."""
    return flags_looked_into_by(actor).filter(Q(outcome=None), had_counted=had_counted)


def flags_upheld(actor: Actor) -> QuerySet[RecordFlag]:
    """Return the flags found to be right whose records are not void and not proposed to be."""
    return (
        flags_looked_into_by(actor)
        .filter(Q(outcome=FlagOutcome.UPHELD))
        # void_once_a_record: proposed, or in force.
        .exclude(
            record__in=RecordVoid.objects.filter(refused_at=None, lifted_at=None).values("record")
        )
    )


def flags_decided(actor: Actor) -> QuerySet[RecordFlag]:
    """Return the decided flags, the latest first."""
    decided = flags_looked_into_by(actor).filter(Q(outcome__isnull=False))
    return decided.order_by("-raised_at", "-id")


def of_kind(flags: QuerySet[RecordFlag], kind: str) -> QuerySet[RecordFlag]:
    """Keep the flags of a kind; all for a name that is none."""
    return flags.filter(kind=kind) if kind in FlagKind.values else flags


def flag_rows(flags: Sequence[RecordFlag]) -> list[FlagRow]:
    """Return what the desk shows of flags; two queries, whatever their number."""
    flags = list(flags)
    records = {
        one.pk: one
        for one in records_with_facts().filter(pk__in={flag.record_id for flag in flags})
    }
    decisions = _decisions(flags)
    return [
        FlagRow(
            line=_line(flag, decisions.get(flag.pk)), record=record_row(records[flag.record_id])
        )
        for flag in flags
    ]


def flag_lines(record: ServiceRecord) -> list[FlagLine]:
    """Return the doubts about a record, the first first; two queries."""
    flags = list(RecordFlag.objects.filter(cell=record.cell, record=record).order_by("id"))
    decisions = _decisions(flags)
    return [_line(flag, decisions.get(flag.pk)) for flag in flags]


def _decisions(flags: Sequence[RecordFlag]) -> dict[int, FlagDecision]:
    found = FlagDecision.objects.filter(flag__in=[flag.pk for flag in flags]).order_by("turn")
    return {decision.flag_id: decision for decision in found}


def _line(flag: RecordFlag, decision: FlagDecision | None) -> FlagLine:
    return FlagLine(
        public_id=flag.public_id,
        kind=FlagKind(flag.kind),
        reason=reason_of(flag.kind, flag.facts),
        raised_at=flag.raised_at,
        outcome=FlagOutcome(decision.outcome) if decision else None,
        answer=decision.reason if decision else "",
        decided_at=decision.at if decision else None,
    )


def bar_over(actor: Actor, now: datetime) -> ServiceBar | None:
    """Return the bar that the reader is under, the longest."""
    return (
        ServiceBar.objects.filter(
            person_id=actor.person_id or 0, lifted_at=None, until_date__gte=local_date(now)
        )
        .order_by(F("until_date").desc())
        .first()
    )
