"""Voidings and appeals: where they stand, and whose they are to decide (rule 55)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import local_date
from linbang.foundation.errors import NotFound
from linbang.foundation.places.queries import within_any
from linbang.operations.service_records import rules
from linbang.operations.service_records.choices import AppealOutcome, VoidState
from linbang.operations.service_records.models import RecordVoid, ServiceRecord, VoidAppeal
from linbang.operations.service_records.queries.pages import RecordRow, record_row
from linbang.operations.service_records.queries.records import records_with_facts


@dataclass(frozen=True)
class AppealLine:
    """An appeal as a page shows it; without who made or answered it."""

    text: str
    made_at: datetime
    due: date
    outcome: AppealOutcome | None
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True)
class VoidLine:
    """A voiding as a page shows it; without who proposed or decided it."""

    public_id: UUID
    reason: str
    evidence: str
    proposed_at: datetime
    state: VoidState
    answer: str
    voided_at: datetime | None
    lifted_at: datetime | None
    appeal_until: date | None
    appeal: AppealLine | None

    @property
    def is_in_force(self) -> bool:
        """The record counts for nothing now."""
        return self.state == VoidState.VOIDED

    @property
    def is_standing(self) -> bool:
        """In force, or waiting to be decided: no other can be proposed."""
        return self.state in (VoidState.VOIDED, VoidState.PROPOSED)


@dataclass(frozen=True)
class VoidRow:
    """A voiding on the desk, with its record."""

    line: VoidLine
    record: RecordRow
    proposed_by_id: int


def void_with(void: UUID) -> RecordVoid:
    """Return a voiding with its record and appeal. Raises NotFound."""
    found = RecordVoid.objects.select_related("record", "appeal").filter(public_id=void).first()
    if found is None:
        raise NotFound
    return found


def appeal_of(void: RecordVoid) -> VoidAppeal | None:
    """Return the appeal against a voiding, if there is one."""
    appeal: VoidAppeal | None = getattr(void, "appeal", None)
    return appeal


def require_appeal(void: RecordVoid) -> VoidAppeal:
    """Return the appeal against a voiding. Raises NotFound."""
    appeal = appeal_of(void)
    if appeal is None:
        raise NotFound
    return appeal


def record_with_facts(record_id: int) -> ServiceRecord:
    """Return a record with what pages and rules need. Raises NotFound."""
    found = records_with_facts().filter(pk=record_id).first()
    if found is None:
        raise NotFound
    return found


def voids_looked_into_by(actor: Actor) -> QuerySet[RecordVoid]:
    """Return the voidings in the regions where the actor looks into hours, the oldest first."""
    voids = RecordVoid.objects.select_related("record", "appeal")
    if not actor.is_system:
        regions = actor.regions_for(Permission.CHECK_RECORDS)
        voids = voids.filter(within_any("record__region_id", regions))
    return voids.order_by("proposed_at", "id")


def voids_to_decide(actor: Actor) -> QuerySet[RecordVoid]:
    """Return the proposals that wait for a second officer."""
    return voids_looked_into_by(actor).filter(decided_by_id=None)


def appeals_to_answer(actor: Actor) -> QuerySet[RecordVoid]:
    """Return the voidings whose appeal waits for an answer."""
    return voids_looked_into_by(actor).filter(appeal__isnull=False, appeal__answered_at=None)


def voids_decided(actor: Actor) -> QuerySet[RecordVoid]:
    """Return the voidings in force, refused and lifted, the latest first."""
    decided = voids_looked_into_by(actor).filter(decided_by_id__isnull=False)
    return decided.order_by("-proposed_at", "-id")


def voids_told_to(actor: Actor) -> QuerySet[RecordVoid]:
    """Return the decided voidings the actor may read and appeal against: own, and those led."""
    mine = actor.person_id or 0
    return RecordVoid.objects.select_related("record", "appeal").filter(
        Q(record__person_id=mine) | Q(record__attendance__sign_up__shift__activity__leader_id=mine),
        voided_at__isnull=False,
    )


def void_rows(voids: Sequence[RecordVoid]) -> list[VoidRow]:
    """Return what the desk shows of voidings; one query more."""
    voids = list(voids)
    records = {
        one.pk: one
        for one in records_with_facts().filter(pk__in={void.record_id for void in voids})
    }
    return [
        VoidRow(
            line=void_line(void),
            record=record_row(records[void.record_id]),
            proposed_by_id=void.proposed_by_id,
        )
        for void in voids
    ]


def void_lines(record: ServiceRecord) -> list[VoidLine]:
    """Return the voidings of a record, the first first; one query."""
    voids = RecordVoid.objects.select_related("appeal").filter(cell=record.cell, record=record)
    return [void_line(void) for void in voids.order_by("id")]


def void_line(void: RecordVoid) -> VoidLine:
    """Return where a voiding stands."""
    appeal = appeal_of(void)
    return VoidLine(
        public_id=void.public_id,
        reason=void.reason,
        evidence=void.evidence,
        proposed_at=void.proposed_at,
        state=rules.void_state(
            voided_at=void.voided_at, refused_at=void.refused_at, lifted_at=void.lifted_at
        ),
        answer=void.answer,
        voided_at=void.voided_at,
        lifted_at=void.lifted_at,
        appeal_until=rules.appeal_until(void.voided_at) if void.voided_at else None,
        appeal=_appeal_line(appeal) if appeal else None,
    )


def _appeal_line(appeal: VoidAppeal) -> AppealLine:
    return AppealLine(
        text=appeal.text,
        made_at=appeal.made_at,
        due=rules.answer_due(appeal.made_at),
        outcome=AppealOutcome(appeal.outcome) if appeal.outcome else None,
        answer=appeal.answer,
        answered_at=appeal.answered_at,
    )


def may_appeal(line: VoidLine, now: datetime) -> bool:
    """Tell whether the reader of a voiding may appeal against it now."""
    return (
        line.is_in_force
        and line.appeal is None
        and line.appeal_until is not None
        and local_date(now) <= line.appeal_until
    )
