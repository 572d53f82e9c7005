"""Reads of the place tree and of stations."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat

from linbang.foundation.audit.rules import Viewer
from linbang.foundation.clock import CHINA
from linbang.foundation.errors import NotFound
from linbang.foundation.places import rules
from linbang.foundation.places.choices import RegionLevel, StationFeature, Weekday
from linbang.foundation.places.models import Region, RegionQuerySet, Station


def within_any(field: str, prefixes: Iterable[str]) -> Q:
    """Return the condition that a region code column lies in one of the subtrees.

    ``field`` is the column's name, such as ``region_id``. No prefix means no row.
    """
    condition = Q(pk__in=[])
    for prefix in prefixes:
        low, high = rules.prefix_range(prefix)
        condition |= Q(**{f"{field}__gte": low, f"{field}__lt": high})
    return condition


def lineage(code: str) -> list[Region]:
    """Return the regions from the province down to this one; one query."""
    return list(Region.objects.filter(code__in=rules.ancestor_codes(code)).order_by("code"))


def regions_under(prefix: str, *, level: int) -> RegionQuerySet:
    """Return the current regions of one level in a subtree, by code."""
    return Region.objects.within(prefix).current().filter(level=level).order_by("code")


def lock_region(code: str) -> Region:
    """Return a region with its row locked. Raises NotFound."""
    region = Region.objects.select_for_update().filter(pk=code).first()
    if region is None:
        raise NotFound
    return region


def codes_under(parent: str) -> set[str]:
    """Return the codes directly under a region, closed ones included."""
    return set(Region.objects.filter(parent_id=parent).values_list("code", flat=True))


def regions_kept_by(actor: Viewer) -> QuerySet[Region]:
    """Return the regions where the actor keeps places, closed ones included, by code."""
    regions = Region.objects.order_by("code")
    if actor.is_system:
        return regions
    return regions.filter(within_any("code", actor.regions_for(rules.EDIT_PLACES)))


def kept_region(actor: Viewer, code: str) -> Region:
    """Return one region the actor keeps. Raises NotFound."""
    region = regions_kept_by(actor).filter(pk=code).first()
    if region is None:
        raise NotFound
    return region


def roots_kept_by(actor: Viewer) -> QuerySet[Region]:
    """Return the outermost regions the actor keeps, with their counts."""
    codes = actor.regions_for(rules.EDIT_PLACES)
    return with_counts(Region.objects.filter(pk__in=codes)).order_by("code")


def children_of(code: str) -> QuerySet[Region]:
    """Return the regions directly under one, current ones first, with their counts."""
    children = with_counts(Region.objects.filter(parent_id=code))
    return children.order_by(Case(When(valid_to=None, then=0), default=1), "code")


def with_counts(regions: QuerySet[Region]) -> QuerySet[Region]:
    """Add how many current ``communities``, ``grids``, ``buildings`` lie inside each region.

    Each count is a range of the primary key a row: for lists of a page.
    """
    return regions.annotate(
        communities=_count_inside(RegionLevel.COMMUNITY),
        grids=_count_inside(RegionLevel.GRID),
        buildings=_count_inside(RegionLevel.BUILDING),
    )


def _count_inside(level: RegionLevel) -> Coalesce:
    inside = (
        Region.objects.current()
        .filter(code__gt=OuterRef("code"), code__lt=Concat(OuterRef("code"), Value(":")))
        .filter(level=level)
        .order_by()
        .values("level")
        .annotate(found=Count("code"))
        .values("found")
    )
    return Coalesce(Subquery(inside, output_field=IntegerField()), 0)


def crumbs_of(actor: Viewer, code: str) -> list[Region]:
    """Return the way from the actor's outermost region down to one, for the head of a page."""
    own = actor.regions_for(rules.EDIT_PLACES)
    return [region for region in lineage(code) if region.code.startswith(own)]


def stations_visible_to(actor: Viewer) -> QuerySet[Station]:
    """Return the stations: all of them to whoever is signed in, those of the own county first."""
    stations = Station.objects.select_related("region").prefetch_related("opening_hours")
    if not (actor.is_system or actor.is_signed_in):
        return stations.none()
    near = Case(When(cell=actor.cell, then=0), default=1)
    return stations.order_by(near, "region_id", "id")


def stations_found(actor: Viewer, *, prefix: str = "", text: str = "") -> QuerySet[Station]:
    """Return the stations of a subtree whose name or address has the text."""
    stations = stations_visible_to(actor)
    if prefix:
        stations = stations.filter(within_any("region_id", [prefix]))
    if text:
        stations = stations.filter(Q(name__contains=text) | Q(address__contains=text))
    return stations


def stations_kept_by(actor: Viewer, *, prefix: str = "") -> QuerySet[Station]:
    """Return the stations the actor keeps, within a subtree."""
    stations = stations_found(actor, prefix=prefix)
    if actor.is_system:
        return stations
    return stations.filter(within_any("region_id", actor.regions_for(rules.EDIT_PLACES)))


def lock_station(station_id: int) -> Station:
    """Return a station with its row locked. Raises NotFound."""
    station = Station.objects.select_for_update(of=("self",)).filter(pk=station_id).first()
    if station is None:
        raise NotFound
    return station


def station_homes(actor: Viewer) -> list[Region]:
    """Return the current streets and communities where the actor may open a station; 500."""
    levels = (RegionLevel.STREET, RegionLevel.COMMUNITY)
    return list(regions_kept_by(actor).filter(valid_to=None, level__in=levels)[:500])


def streets_with_stations(actor: Viewer) -> list[Region]:
    """Return the streets that have a station, to choose from; 200 at most."""
    codes = {code[:9] for code in stations_visible_to(actor).values_list("region_id", flat=True)}
    return list(Region.objects.filter(pk__in=codes).order_by("code")[:200])


@dataclass(frozen=True)
class DayHours:
    """When a station is open on one weekday."""

    weekday: int
    label: str
    text: str
    is_today: bool


@dataclass(frozen=True)
class StationRow:
    """A station as pages show it."""

    station: Station
    place: str
    is_open: bool
    days: tuple[DayHours, ...]
    features: tuple[tuple[str, str, bool], ...]

    @property
    def today(self) -> DayHours | None:
        """The opening hours of today."""
        return next((day for day in self.days if day.is_today), None)


def windows_of(station: Station) -> tuple[rules.OpeningWindow, ...]:
    """Return a station's opening windows by day and time."""
    return tuple(
        sorted(
            rules.OpeningWindow(hours.weekday, hours.opens_at, hours.closes_at)
            for hours in station.opening_hours.all()
        )
    )


def station_rows(stations: Iterable[Station], *, now: datetime) -> list[StationRow]:
    """Return stations as their pages show them; regions and hours come with ``stations``."""
    return [_station_row(station, now=now) for station in stations]


def _station_row(station: Station, *, now: datetime) -> StationRow:
    local = now.astimezone(CHINA)
    windows = windows_of(station)
    return StationRow(
        station=station,
        place=rules.short_name(station.region.name),
        is_open=rules.is_open(windows, weekday=local.weekday(), at=local.time()),
        days=tuple(
            DayHours(
                weekday=int(day),
                label=str(day.label),
                text=rules.windows_text(w for w in windows if w.weekday == day),
                is_today=day == local.weekday(),
            )
            for day in Weekday
        ),
        features=tuple(
            (feature.value, str(feature.label), feature in station.features)
            for feature in StationFeature
        ),
    )
