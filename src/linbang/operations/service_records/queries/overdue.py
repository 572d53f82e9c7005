"""What is not settled within ten working days: reminders and the red list (rule 41)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import mask_name
from linbang.foundation.clock import day_window, local_date
from linbang.foundation.places.queries import within_any
from linbang.foundation.workdays import day_before_workdays, record_due
from linbang.intake.activities.choices import ShiftState
from linbang.intake.activities.models import Activity, Shift
from linbang.operations.dispatch.choices import SignUpState
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service.models import Attendance, ClosedRoll, Visit
from linbang.operations.service_records import rules
from linbang.operations.service_records.models import ServiceRecord

_LOOKED_BACK = timedelta(days=366)


@dataclass(frozen=True)
class OverdueShift:
    """A shift whose records are overdue, and what is missing."""

    activity: Activity
    post: str
    starts_at: datetime
    ends_at: datetime
    due: date | None
    open_count: int
    unverified: int
    is_unclosed: bool

    @property
    def count(self) -> int:
        """How many things are left to do."""
        return self.open_count + self.unverified + self.is_unclosed


@dataclass(frozen=True)
class OverdueVisit:
    """A visit without a record that counts; names masked."""

    visit: Visit
    item: str
    volunteer: str
    due: date | None
    has_record: bool


def shifts_overdue(actor: Actor, now: datetime) -> QuerySet[Shift]:
    """Return the shifts of the actor's regions that are on the red list, the oldest first."""
    return _unsettled_shifts(
        within_any("activity__region_id", actor.regions_for(Permission.VERIFY_RECORDS)),
        ended_by=day_before_workdays(local_date(now), rules.RED_WORKDAY),
        now=now,
    )


def visits_overdue(actor: Actor, now: datetime) -> QuerySet[Visit]:
    """Return the visits of the actor's regions that are on the red list, the oldest first."""
    ended_by = day_before_workdays(local_date(now), rules.RED_WORKDAY)
    verified = ServiceRecord.objects.filter(visit=OuterRef("pk"), verification__isnull=False)
    return (
        Visit.objects.filter(
            within_any("assignment__need__region_id", actor.regions_for(Permission.VERIFY_RECORDS)),
            cancelled_at=None,
            ends_at__lt=day_window(ended_by)[1],
            ends_at__gte=now - _LOOKED_BACK,
        )
        .exclude(Exists(verified))
        .annotate(has_record=Exists(ServiceRecord.objects.filter(visit=OuterRef("pk"))))
        .select_related("assignment__need__item", "volunteer")
        .order_by("ends_at", "id")
    )


def shifts_to_remind(now: datetime) -> list[OverdueShift]:
    """Return the shifts not settled on the seventh working day or since, before they are late."""
    today = local_date(now)
    shifts = _unsettled_shifts(
        Q(ends_at__gte=day_window(day_before_workdays(today, rules.RED_WORKDAY))[1]),
        ended_by=day_before_workdays(today, rules.REMINDER_WORKDAY),
        now=now,
    )
    return overdue_shifts(shifts)


def count_overdue(actor: Actor, now: datetime) -> int:
    """Count what is on the red list; two queries."""
    return shifts_overdue(actor, now).count() + visits_overdue(actor, now).count()


def overdue_shifts(shifts: Iterable[Shift]) -> list[OverdueShift]:
    """Return shifts with what is missing; one query, however many."""
    found = {shift.pk: shift for shift in shifts}
    counted = Shift.objects.filter(pk__in=found).annotate(
        open_count=_count(
            Attendance.objects.filter(sign_up__shift=OuterRef("pk"), out_at=None), "sign_up__shift"
        ),
        unverified=_count(
            ServiceRecord.objects.filter(
                attendance__sign_up__shift=OuterRef("pk"), verification=None
            ),
            "attendance__sign_up__shift",
        ),
        is_unclosed=_is_unclosed(),
    )
    facts = {one.pk: one for one in counted}
    return [
        OverdueShift(
            activity=shift.activity,
            post=shift.post.name,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            due=record_due(local_date(shift.ends_at)),
            open_count=facts[pk].open_count,
            unverified=facts[pk].unverified,
            is_unclosed=facts[pk].is_unclosed,
        )
        for pk, shift in found.items()
    ]


def overdue_visits(visits: Iterable[Visit]) -> list[OverdueVisit]:
    """Return visits as the red list shows them."""
    return [
        OverdueVisit(
            visit=visit,
            item=visit.assignment.need.item.label,
            volunteer=mask_name(visit.volunteer.name),
            due=record_due(local_date(visit.ends_at)),
            has_record=visit.has_record,  # type: ignore[attr-defined]  # annotated
        )
        for visit in visits
    ]


def _unsettled_shifts(scope: Q, *, ended_by: date, now: datetime) -> QuerySet[Shift]:
    still_there = Attendance.objects.filter(sign_up__shift=OuterRef("pk"), out_at=None)
    unverified = ServiceRecord.objects.filter(
        attendance__sign_up__shift=OuterRef("pk"), verification=None
    )
    return (
        Shift.objects.filter(
            scope,
            state=ShiftState.PLANNED,
            ends_at__lt=day_window(ended_by)[1],
            ends_at__gte=now - _LOOKED_BACK,
        )
        .filter(Exists(still_there) | Exists(unverified) | _is_unclosed())
        .select_related("activity__organiser", "post")
        .order_by("ends_at", "id")
    )


def _is_unclosed() -> Q:
    placed = SignUp.objects.filter(shift=OuterRef("pk"), state=SignUpState.CONFIRMED)
    return Q(Exists(placed)) & ~Q(Exists(ClosedRoll.objects.filter(shift=OuterRef("pk"))))


def _count(rows: QuerySet[Attendance] | QuerySet[ServiceRecord], by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(found=Count("pk")).values("found")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
