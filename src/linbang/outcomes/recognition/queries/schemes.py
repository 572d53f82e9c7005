"""Which level table holds where, and what another one would change."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, QuerySet, Subquery

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import day_window, local_date
from linbang.foundation.errors import NotFound
from linbang.foundation.people.models import Person
from linbang.foundation.places.choices import RegionLevel
from linbang.foundation.places.models import Region
from linbang.foundation.places.queries import within_any
from linbang.foundation.places.rules import ancestor_codes
from linbang.operations.service_records import queries as records
from linbang.operations.service_records.queries import Totals
from linbang.outcomes.recognition import rules
from linbang.outcomes.recognition.choices import STAR_MAX
from linbang.outcomes.recognition.models import StarChange, StarScheme
from linbang.outcomes.recognition.rules import LevelTable

# Districts, streets and communities have levels of their own.
_LEVELS = (RegionLevel.COUNTY, RegionLevel.COMMUNITY)


@dataclass(frozen=True)
class SchemeHere:
    """The table that holds in a region, and who adopted it: nobody where the default holds."""

    table: LevelTable
    region: Region | None
    adopted_at: datetime | None

    @property
    def label(self) -> str:
        """What the table is called."""
        return str(self.table.code.label)


@dataclass(frozen=True)
class StarCount:
    """How many of a region's volunteers hold a star, and how many reach it by either table.

    ``hours`` is what the present table asks for, ``hours_then`` what the chosen one would.
    """

    star: int
    hours: int
    holding: int
    reaching: int
    hours_then: int
    reaching_then: int


@dataclass(frozen=True)
class Preview:
    """What a table would change in a region, beside what holds there."""

    region: Region
    here: SchemeHere
    table: LevelTable
    counts: tuple[StarCount, ...]
    volunteers: int
    adoptions: tuple[StarScheme, ...]

    @property
    def is_own(self) -> bool:
        """The region itself adopted this very table."""
        own = self.here.region is not None and self.here.region.pk == self.region.pk
        return own and self.here.table == self.table


def scheme_at(region_code: str) -> SchemeHere:
    """Return the table of a region: the newest adoption of the nearest region above; one query."""
    adopted = (
        StarScheme.objects.select_related("region")
        .filter(region_id__in=ancestor_codes(region_code))
        # A longer code sorts after its own prefix.
        .order_by("-region_id", "-id")
        .first()
    )
    if adopted is None:
        return SchemeHere(rules.DEFAULT_TABLE, None, None)
    table = rules.table_named(adopted.code, adopted.version)
    return SchemeHere(table, adopted.region, adopted.adopted_at)


def adoptions_in(region_code: str) -> QuerySet[StarScheme]:
    """Return what was adopted in a region itself, the newest first."""
    return StarScheme.objects.filter(region_id=region_code).order_by("-id")


def regions_with_stars(actor: Actor) -> list[Region]:
    """Return the regions for which the actor may adopt a table, the highest first; 300."""
    return list(
        Region.objects.current()
        .filter(within_any("code", actor.regions_for(Permission.SET_STARS)))
        .filter(level__range=_LEVELS)
        .order_by("code")[:300]
    )


def region_to_set(actor: Actor, code: str) -> Region:
    """Return a region for which the actor may adopt a table. Raises NotFound."""
    region = Region.objects.current().filter(pk=code, level__range=_LEVELS).first()
    if region is None or not actor.may(Permission.SET_STARS, region=code):
        raise NotFound
    return region


def year_window(year: int) -> tuple[datetime, datetime]:
    """Return the half-open window of a calendar year in China."""
    return day_window(date(year, 1, 1))[0], day_window(date(year + 1, 1, 1))[0]


def minutes_under(table: LevelTable, people: object, *, year: int) -> Mapping[int, Totals]:
    """Return what counts for people under a table: all their hours, or those of a year."""
    if not table.is_yearly:
        return records.totals_by_person(people)
    since, until = year_window(year)
    return records.totals_by_person(people, since=since, until=until)


def star_counts(region: Region, *, then: LevelTable, now: datetime) -> list[StarCount]:
    """Return for each star how many hold it, reach it, and would reach it; three queries at most.

    None of the counts takes a star from anybody: it says who could ask for one.
    """
    here = scheme_at(region.code).table
    people = _volunteers_in(region.code)
    year = local_date(now).year
    reaching = _reached(here, people, year=year)
    reaching_then = reaching if then == here else _reached(then, people, year=year)
    newest = StarChange.objects.filter(cell=OuterRef("cell"), person=OuterRef("pk"))
    held = Counter(
        people.annotate(star=Subquery(newest.order_by("-id").values("star")[:1]))
        .filter(star__gt=0)
        .values_list("star", flat=True)
    )
    return [
        StarCount(
            star=star,
            hours=here.hours[star - 1],
            holding=held[star],
            reaching=reaching[star],
            hours_then=then.hours[star - 1],
            reaching_then=reaching_then[star],
        )
        for star in range(1, STAR_MAX + 1)
    ]


def preview_of(region: Region, table: LevelTable, *, now: datetime) -> Preview:
    """Return what a table would change in a region, beside what holds there."""
    return Preview(
        region=region,
        here=scheme_at(region.code),
        table=table,
        counts=tuple(star_counts(region, then=table, now=now)),
        volunteers=_volunteers_in(region.code).count(),
        adoptions=tuple(adoptions_in(region.code)[:10]),
    )


def _volunteers_in(region_code: str) -> QuerySet[Person]:
    return Person.objects.filter(
        within_any("region_id", [region_code]),
        closed_at=None,
        volunteer__isnull=False,
        volunteer__ended_at=None,
    )


def _reached(table: LevelTable, people: QuerySet[Person], *, year: int) -> Counter[int]:
    found = minutes_under(table, people.values("pk"), year=year)
    return Counter(table.star_for(totals.proved + totals.entered) for totals in found.values())
