"""What is said against records, and the public notice that asks for it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from linbang.foundation.audit.rules import mask_name
from linbang.foundation.clock import local_date
from linbang.foundation.errors import NotFound
from linbang.foundation.workdays import add_workdays
from linbang.intake.activities.choices import ActivityState
from linbang.intake.activities.models import Activity
from linbang.operations.service_records import rules
from linbang.operations.service_records.choices import ClaimKind, ClaimOutcome, RecordKind
from linbang.operations.service_records.models import RecordClaim, ServiceRecord
from linbang.operations.service_records.queries.records import records_with_facts

# Five working days are at most so many, the long holidays of autumn included.
_NOTICE_DAYS_MAX = timedelta(days=16)
_SHOWN_MAX = 1_000


@dataclass(frozen=True)
class ClaimLine:
    """One claim as a page shows it; without who made it."""

    public_id: UUID
    kind: ClaimKind
    text: str
    made_at: datetime
    due: date
    outcome: ClaimOutcome | None
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True)
class NoticeLine:
    """One record on public notice, its name masked (rule 44)."""

    public_id: UUID
    name: str
    title: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    kind: RecordKind
    until: date


def claim_with(claim: UUID) -> RecordClaim:
    """Return a claim. Raises NotFound."""
    found = RecordClaim.objects.filter(public_id=claim).first()
    if found is None:
        raise NotFound
    return found


def claim_lines(record: ServiceRecord, *, by_id: int | None = None) -> list[ClaimLine]:
    """Return what was said against a record, the first first; only one person's, if asked so."""
    claims = record.claims.order_by("id")
    if by_id is not None:
        claims = claims.filter(by_id=by_id)
    return [
        ClaimLine(
            public_id=one.public_id,
            kind=ClaimKind(one.kind),
            text=one.text,
            made_at=one.made_at,
            due=add_workdays(local_date(one.made_at), rules.CLAIM_WORKDAYS),
            outcome=ClaimOutcome(one.outcome) if one.outcome else None,
            answer=one.answer,
            answered_at=one.answered_at,
        )
        for one in claims
    ]


def activity_on_notice(activity: UUID) -> Activity:
    """Return an activity that anybody may read of. Raises NotFound."""
    found = (
        Activity.objects.select_related("organiser")
        .exclude(state__in=[ActivityState.DRAFT, ActivityState.IN_REVIEW])
        .filter(public_id=activity)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def records_on_notice(now: datetime) -> QuerySet[ServiceRecord]:
    """Return the records of activities that are on public notice, or were until lately."""
    return records_with_facts().filter(
        Q(attendance__isnull=False) | Q(entry__back_entry__activity__isnull=False),
        drafted_at__gt=now - _NOTICE_DAYS_MAX,
    )


def notice_lines(activity: Activity, now: datetime) -> list[NoticeLine]:
    """Return what an activity's volunteers are to be credited with, while it may be objected to."""
    records = (
        records_on_notice(now)
        .filter(
            Q(attendance__sign_up__shift__activity=activity)
            | Q(entry__back_entry__activity=activity)
        )
        .order_by("starts_at", "id")
    )
    return [
        notice_line(record)
        for record in records[:_SHOWN_MAX]
        if rules.is_on_notice(record.drafted_at, now=now)
    ]


def notice_line(record: ServiceRecord) -> NoticeLine:
    """Return a record as strangers may see it."""
    return NoticeLine(
        public_id=record.public_id,
        name=mask_name(record.person.name),
        title=record.title,
        starts_at=record.starts_at,
        ends_at=record.ends_at,
        minutes=record.counts_minutes,  # type: ignore[attr-defined]  # annotated
        kind=RecordKind(record.kind),
        until=add_workdays(local_date(record.drafted_at), rules.NOTICE_WORKDAYS),
    )


def record_on_notice(record: UUID, now: datetime) -> ServiceRecord:
    """Return a record that anybody may object to. Raises NotFound."""
    on_notice = records_on_notice(now).select_related(
        "attendance__sign_up__shift__activity", "entry__back_entry__activity"
    )
    found = on_notice.filter(public_id=record).first()
    if found is None or not rules.is_on_notice(found.drafted_at, now=now):
        raise NotFound
    return found


def activity_of(record: ServiceRecord) -> Activity | None:
    """Return the activity a record came from, if one is known."""
    if record.entry is not None:
        return record.entry.back_entry.activity
    return record.attendance.sign_up.shift.activity if record.attendance is not None else None
