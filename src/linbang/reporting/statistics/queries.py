"""The figures of a region and a window, counted by a fixed number of set-based statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import local_date
from linbang.foundation.people.choices import ServiceCategory
from linbang.foundation.places.models import Region
from linbang.foundation.places.queries import lineage, regions_under
from linbang.foundation.places.rules import CODE_LENGTHS, prefix_range
from linbang.reporting.statistics import rules
from linbang.reporting.statistics.choices import Measure, PeriodKind, period_label
from linbang.reporting.statistics.rules import Period, Tally, period_at, period_named

# Periods and tallies are what these queries speak in: briefs take them from here.
__all__ = [
    "AgeTally",
    "CategoryTally",
    "Figures",
    "MonthTally",
    "Period",
    "RegionTally",
    "Tally",
    "children_of",
    "figures",
    "figures_of",
    "label_of",
    "period_at",
    "period_named",
    "periods_to_choose",
    "region_visible_to",
    "regions_to_choose",
    "value_of",
    "way_to",
]

Row = dict[str, Any]
# How far back lists of periods go; older ones are reached by their address.
_PERIODS_SHOWN = {PeriodKind.MONTH: 18, PeriodKind.QUARTER: 6, PeriodKind.YEAR: 3}


@dataclass(frozen=True)
class CategoryTally:
    """The figures of one national service category."""

    code: str
    tally: Tally

    @property
    def label(self) -> str:
        known = self.code in ServiceCategory.values
        return str(ServiceCategory(self.code).label) if known else self.code


@dataclass(frozen=True)
class RegionTally:
    """The figures of one region directly below; ``is_own``: what lies in none of them."""

    code: str
    name: str
    is_own: bool
    tally: Tally


@dataclass(frozen=True)
class MonthTally:
    """The main figures of one month of the year; minutes are whole minutes."""

    month: int
    requests: int
    person_times: int
    minutes: int
    active_volunteers: int
    beneficiaries: int


@dataclass(frozen=True)
class AgeTally:
    """Volunteers between two ages, both included; the last band is open."""

    low: int
    high: int | None
    volunteers: int


@dataclass(frozen=True)
class Figures:
    """All figures of a region and a half-open window, as they stood at ``asked_at``.

    Persons of the parts may add up to more than the total (rule 89).
    """

    prefix: str
    starts_at: datetime
    ends_at: datetime
    asked_at: datetime
    total: Tally
    categories: tuple[CategoryTally, ...]
    months: tuple[MonthTally, ...]
    regions: tuple[RegionTally, ...]
    ages: tuple[AgeTally, ...]

    @property
    def year(self) -> int:
        """The year the months belong to."""
        return local_date(self.starts_at).year


def figures(
    *, prefix: str, starts_at: datetime, ends_at: datetime, asked_at: datetime | None = None
) -> Figures:
    """Count everything for a region and a half-open window: six statements, whatever its size.

    ``asked_at`` decides which answers are overdue; by default the end of the window.
    """
    asked_at = asked_at or ends_at
    year_starts_at, year_ends_at = rules.year_of(starts_at)
    low, high = prefix_range(prefix)
    window = {
        "low": low,
        "high": high,
        "child_digits": _child_digits(prefix),
        "starts_at": starts_at,
        "ends_at": ends_at,
        "asked_at": asked_at,
        "last_day": _last_day(ends_at),
        "age_bands": list(rules.AGE_BANDS),
        "year_starts_at": year_starts_at,
        "year_ends_at": year_ends_at,
    }
    requests, service, visits, volunteers, months = (
        _rows(name, window) for name in ("requests", "service", "visits", "volunteers", "months")
    )
    counted = (requests, service, visits, volunteers)
    by_category = _merged("category", counted)
    return Figures(
        prefix=prefix,
        starts_at=starts_at,
        ends_at=ends_at,
        asked_at=asked_at,
        total=_merged(None, counted).get("", Tally()),
        categories=tuple(CategoryTally(code, by_category[code]) for code in sorted(by_category)),
        months=tuple(MonthTally(**row) for row in months),
        regions=_regions(prefix, _merged("child", counted)),
        ages=_ages(volunteers),
    )


def figures_of(*, prefix: str, period: Period, asked_at: datetime) -> Figures:
    """Count everything for a region and a calendar period."""
    return figures(
        prefix=prefix, starts_at=period.starts_at, ends_at=period.ends_at, asked_at=asked_at
    )


def region_visible_to(
    actor: Actor, code: str, *, permission: Permission = Permission.SEE_REPORTS
) -> Region | None:
    """Return a region the actor may see figures of; without a code the first of the actor's own."""
    roots = actor.regions_for(permission)
    wanted = code or next(iter(roots), "")
    if not wanted or not actor.may(permission, region=wanted):
        return None
    return Region.objects.filter(code=wanted).first()


def regions_to_choose(
    actor: Actor, region: Region, *, permission: Permission = Permission.SEE_REPORTS
) -> list[tuple[str, str]]:
    """Return where the actor may look from here: own regions, the way down, what lies below.

    Codes with indented names. Three queries; never the whole tree, which may hold thousands.
    """
    roots = actor.regions_for(permission)
    way = {one.code: one for one in lineage(region.code) if actor.may(permission, region=one.code)}
    own = {one.code: one for one in Region.objects.filter(code__in=roots)}
    below = {one.code: one for one in children_of(region.code)}
    found = sorted({**own, **way, **below}.items())
    top = min(len(code) for code, _region in found)
    return [(code, _indented(one.name, code, top)) for code, one in found]


def periods_to_choose(today: date, chosen: Period) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the periods of each kind up to today, with the chosen one, by their names."""
    groups = {
        kind: list(rules.recent_periods(kind, today, count=_PERIODS_SHOWN[kind]))
        for kind in PeriodKind
    }
    if chosen not in groups[chosen.kind]:
        groups[chosen.kind].append(chosen)
    return [
        (str(kind.label), [(one.text, label_of(one)) for one in periods])
        for kind, periods in groups.items()
    ]


def label_of(period: Period) -> str:
    """Name a period in the reader's language."""
    return period_label(period.kind, period.year, period.number)


def way_to(actor: Actor, region: Region) -> list[Region]:
    """Return the regions above one that the actor may see, and itself; one query."""
    return [
        one for one in lineage(region.code) if actor.may(Permission.SEE_REPORTS, region=one.code)
    ]


def children_of(prefix: str) -> Sequence[Region]:
    """Return the current regions one level below; none below a building."""
    digits = _child_digits(prefix)
    return list(regions_under(prefix, level=digits)) if digits > len(prefix) else []


def value_of(tally: Tally, measure: Measure) -> float | int | None:
    """Return one figure of a tally."""
    value: float | int | None = getattr(tally, measure.value)
    return value


def _indented(name: str, code: str, top: int) -> str:
    return "　" * sum(top < digits <= len(code) for digits in CODE_LENGTHS) + name


def _child_digits(prefix: str) -> int:
    return next((length for length in CODE_LENGTHS if length > len(prefix)), len(prefix))


def _last_day(ends_at: datetime) -> date:
    return local_date(ends_at - timedelta(microseconds=1))


@cache
def _statement(name: str) -> str:
    return (Path(__file__).parent / "sql" / f"{name}.sql").read_text("utf-8")


def _rows(name: str, window: Mapping[str, Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(_statement(name), window)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


_GROUPS = ("category", "child", "age_band")


def _merged(group: str | None, counted: Sequence[Sequence[Row]]) -> dict[str, Tally]:
    """Join the rows of one grouping from all statements into tallies, by the group's code.

    A grouping set leaves the columns it does not group by NULL; without a group all are.
    """
    found: dict[str, Row] = {}
    for rows in counted:
        for row in rows:
            if [name for name in _GROUPS if row.get(name) is not None] == (
                [group] if group else []
            ):
                values = {name: value for name, value in row.items() if name not in _GROUPS}
                found.setdefault(row[group] if group else "", {}).update(values)
    return {code: Tally(**values) for code, values in found.items()}


def _regions(prefix: str, tallies: Mapping[str, Tally]) -> tuple[RegionTally, ...]:
    """Return every child region, those without figures too, and last what none of them holds."""
    children = children_of(prefix)
    names = {region.code: region.name for region in children}
    known = [
        RegionTally(code, name, is_own=False, tally=tallies.get(code, Tally()))
        for code, name in names.items()
    ]
    # Of a region that is gone, or directly in this one: told, or the parts would miss something.
    rest = [
        RegionTally(code, "", is_own=code == prefix, tally=tally)
        for code, tally in sorted(tallies.items())
        if code not in names and not tally.is_empty
    ]
    return tuple(known + (rest if known else []))


def _ages(rows: Sequence[Row]) -> tuple[AgeTally, ...]:
    counts = {row["age_band"]: row["volunteers"] for row in rows}
    return tuple(
        AgeTally(low, high, counts.get(number, 0))
        for number, (low, high) in enumerate(rules.age_bands())
    )
