"""What records add up to."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from linbang.foundation.clock import day_window, local_date
from linbang.foundation.db import among
from linbang.operations.service.models import Attendance
from linbang.operations.service_records.choices import (
    RecordKind,
)
from linbang.operations.service_records.errors import VisitNotOver
from linbang.operations.service_records.models import RecordCorrection, ServiceRecord
from linbang.operations.service_records.queries.records import records_with_facts
from linbang.operations.service_records.queries.standing import voids_in_force
from linbang.operations.service_records.rules import Window


@dataclass(frozen=True)
class Totals:
    """A person's verified minutes, the two kinds apart (rule 38), and how many visits."""

    proved: int
    entered: int
    visits: int


def day_minutes(person_id: int, day: date, *, without_id: int) -> int:
    """Return the minutes that count for a person on a day, one record left out (rule 37)."""
    starts_at, ends_at = day_window(day)
    total: int = (
        records_with_facts()
        .filter(verification__isnull=False)
        .filter(person_id=person_id, starts_at__gte=starts_at, starts_at__lt=ends_at)
        .exclude(pk=without_id)
        .aggregate(total=Coalesce(Sum("counts_minutes"), 0))["total"]
    )
    return total


def verified_minutes(person_id: int) -> int:
    """Return the minutes that count for a person, corrections included."""
    totals = totals_of(person_id)
    return totals.proved + totals.entered


def totals_of(person_id: int | None) -> Totals:
    """Return a person's verified minutes and visits; one query."""
    found = (
        records_with_facts()
        .filter(verification__isnull=False)
        .filter(Q(person_id=person_id))
        .aggregate(
            proved=Coalesce(Sum("counts_minutes", filter=Q(kind=RecordKind.PROVED)), 0),
            entered=Coalesce(Sum("counts_minutes", filter=Q(kind=RecordKind.ENTERED)), 0),
            visits=Count("pk", filter=Q(part=1, is_voided=False)),
        )
    )
    return Totals(**found)


def totals_by_person(
    people: Any, *, since: datetime | None = None, until: datetime | None = None
) -> dict[int, Totals]:
    """Return the verified minutes and visits of many people, those without any left out.

    ``people``: their ids, or a query of them; the window is half-open and the start of a record
    decides. One query.
    """
    records = records_with_facts().filter(verification__isnull=False, person_id__in=people)
    if since is not None:
        records = records.filter(starts_at__gte=since)
    if until is not None:
        records = records.filter(starts_at__lt=until)
    summed = (
        records.order_by()
        .values("person_id")
        .annotate(
            proved=Coalesce(Sum("counts_minutes", filter=Q(kind=RecordKind.PROVED)), 0),
            entered=Coalesce(Sum("counts_minutes", filter=Q(kind=RecordKind.ENTERED)), 0),
            visits=Count("pk", filter=Q(part=1, is_voided=False)),
        )
    )
    return {
        row["person_id"]: Totals(row["proved"], row["entered"], row["visits"])
        for row in summed.values("person_id", "proved", "entered", "visits")
    }


def current_minutes(record: ServiceRecord) -> int:
    """Return what a record counts for: newest correction, else verified, else credited.

    Nothing while it is void (rule 55).
    """
    if voids_in_force().filter(cell=record.cell, record=record).exists():
        return 0
    newest = (
        RecordCorrection.objects.filter(cell=record.cell, record=record).order_by("-id").first()
    )
    if newest is not None:
        return newest.credited_minutes
    verification = getattr(record, "verification", None)
    return verification.minutes if verification else record.credited_minutes


def day_minutes_of(records: Collection[ServiceRecord]) -> dict[tuple[int, date], int]:
    """Return the minutes that count already on the days of these records, by person and day; one
    query.
    """
    days: dict[tuple[int, date], int] = defaultdict(int)
    if not records:
        return days
    starts = [local_date(one.starts_at) for one in records]
    found: Any = records_with_facts().filter(
        among("person_id", {one.person_id for one in records}),
        verification__isnull=False,
        starts_at__gte=day_window(min(starts))[0],
        starts_at__lt=day_window(max(starts))[1],
    )
    for person_id, starts_at, minutes in found.values_list(
        "person_id", "starts_at", "counts_minutes"
    ):
        days[person_id, local_date(starts_at)] += minutes
    return days


def segments_around(attendances: Collection[Attendance]) -> dict[int, list[Window]]:
    """Return by person what already counts of the days these attendances lie in; one query."""
    taken: dict[int, list[Window]] = defaultdict(list)
    if not attendances:
        return taken
    rows = ServiceRecord.objects.filter(
        among("person_id", {one.person_id for one in attendances}),
        minutes__gt=0,
        ends_at__gt=min(one.in_at for one in attendances),
        starts_at__lt=max(presence_of(one).ends_at for one in attendances),
    ).values_list("person_id", "starts_at", "ends_at")
    for person_id, starts_at, ends_at in rows:
        taken[person_id].append(Window(starts_at, ends_at))
    return taken


def pairs_recorded(
    attendances: Collection[Attendance], activities: Collection[int]
) -> Counter[tuple[int, int, date]]:
    """Count by person, activity and day the comings to activities that have a record (rule 32);
    one query.
    """
    if not attendances:
        return Counter()
    days = [local_date(one.in_at) for one in attendances]
    rows = (
        ServiceRecord.objects.filter(
            Q(attendance__sign_up__shift__activity__in=activities)
            | Q(entry__back_entry__activity__in=activities),
            among("person_id", {one.person_id for one in attendances}),
            part=1,
            starts_at__gte=day_window(min(days))[0],
            starts_at__lt=day_window(max(days))[1],
        )
        .annotate(
            activity=Coalesce(
                "attendance__sign_up__shift__activity_id", "entry__back_entry__activity_id"
            )
        )
        .values_list("person_id", "activity", "starts_at")
    )
    return Counter((person, activity, local_date(at)) for person, activity, at in rows)


def presence_of(attendance: Attendance) -> Window:
    """Return when somebody was there. Raises VisitNotOver while she still is."""
    if attendance.out_at is None:
        raise VisitNotOver
    return Window(attendance.in_at, attendance.out_at)


def segments_of(person_id: int, window: Window) -> list[Window]:
    """Return the counted segments of a person that touch a window."""
    rows = ServiceRecord.objects.filter(
        person_id=person_id,
        minutes__gt=0,
        starts_at__lt=window.ends_at,
        ends_at__gt=window.starts_at,
    ).values_list("starts_at", "ends_at")
    return [Window(starts_at, ends_at) for starts_at, ends_at in rows]
