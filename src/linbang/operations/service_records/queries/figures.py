"""What records added up to at the end of any past day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Substr

from linbang.foundation.clock import day_window, local_date
from linbang.foundation.places.models import Region
from linbang.foundation.places.queries import within_any
from linbang.operations.service_records.choices import RecordKind
from linbang.operations.service_records.models import RecordCorrection, RecordVoid, ServiceRecord
from linbang.operations.service_records.queries.minutes import Totals, totals_of

_COMMUNITY_DIGITS = 12


@dataclass(frozen=True)
class PlaceFigures:
    """What counted in one community."""

    place: str
    totals: Totals
    people: int


@dataclass(frozen=True)
class RegionFigures:
    """What counted in some regions at the end of a day; people are counted once."""

    day: date
    totals: Totals
    people: int
    places: tuple[PlaceFigures, ...]


def end_of(day: date | None, now: datetime) -> datetime:
    """Return up to when a day counts: its end, today up to now (report boundaries)."""
    return min(day_window(day)[1], now) if day else now


def totals_as_of(person_id: int | None, at: datetime) -> Totals:
    """Return a person's minutes as they stood at an instant; one query.

    Verifications and corrections are rows with their time, so what is changed later does not
    change what stood then.
    """
    return _totals(_counting(at).filter(Q(person_id=person_id)))


def totals_on(person_id: int | None, day: date, now: datetime) -> Totals:
    """Return a person's minutes as they stood at the end of a day; today as they stand now."""
    if day == local_date(now):
        return totals_of(person_id)
    return totals_as_of(person_id, day_window(day)[1])


def minutes_as_of(person_id: int, at: datetime) -> int:
    """Return the minutes that counted for a person at an instant."""
    totals = totals_as_of(person_id, at)
    return totals.proved + totals.entered


def region_figures_as_of(regions: Sequence[str], at: datetime, *, day: date) -> RegionFigures:
    """Return what counted in some regions at an instant, by community; three queries."""
    counting = _counting(at).filter(within_any("region_id", regions))
    found = (
        counting.annotate(community=Substr("region_id", 1, _COMMUNITY_DIGITS))
        .order_by("community")
        .values("community")
        .annotate(people=Count("person", distinct=True), **_SUMS)
    )
    rows: list[Any] = list(found)
    names = dict(
        Region.objects.filter(pk__in=[row["community"] for row in rows]).values_list("pk", "name")
    )
    everybody = counting.aggregate(people=Count("person", distinct=True), **_SUMS)
    return RegionFigures(
        day=day,
        totals=Totals(everybody["proved"], everybody["entered"], everybody["visits"]),
        people=everybody["people"],
        places=tuple(
            PlaceFigures(
                place=names.get(row["community"], row["community"]),
                totals=Totals(row["proved"], row["entered"], row["visits"]),
                people=row["people"],
            )
            for row in rows
        ),
    )


_SUMS: Mapping[str, Any] = {
    "proved": Coalesce(Sum("stood", filter=Q(kind=RecordKind.PROVED)), 0),
    "entered": Coalesce(Sum("stood", filter=Q(kind=RecordKind.ENTERED)), 0),
    "visits": Count("pk", filter=Q(part=1)),
}


def _totals(records: QuerySet[ServiceRecord]) -> Totals:
    return Totals(**records.aggregate(**_SUMS))


def _counting(at: datetime) -> QuerySet[ServiceRecord]:
    """Return the records that counted at an instant, with the minutes that ``stood`` then."""
    newest = RecordCorrection.objects.filter(
        cell=OuterRef("cell"), record=OuterRef("pk"), at__lt=at
    ).order_by("-id")
    void_then = RecordVoid.objects.filter(
        Q(lifted_at=None) | Q(lifted_at__gte=at),
        cell=OuterRef("cell"), record=OuterRef("pk"), voided_at__lt=at,
    )  # fmt: skip
    counting = ServiceRecord.objects.filter(~Exists(void_then), verification__verified_at__lt=at)
    return counting.annotate(
        stood=Coalesce(
            Subquery(newest.values("credited_minutes")[:1]),
            F("verification__minutes"),
            output_field=IntegerField(),
        )
    )


def day_asked(text: str | None, now: datetime) -> date:
    """Return the day that was asked for, or today; a day ahead is today."""
    today = local_date(now)
    try:
        return min(date.fromisoformat(text or ""), today)
    except ValueError:
        return today
