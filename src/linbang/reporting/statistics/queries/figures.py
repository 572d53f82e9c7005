"""The figures of a region and a window, counted by a fixed number of set-based statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from linbang.foundation.clock import local_date
from linbang.foundation.people.choices import ServiceCategory
from linbang.foundation.places.rules import prefix_range
from linbang.reporting.statistics import rules
from linbang.reporting.statistics.choices import Measure
from linbang.reporting.statistics.queries.activities import GroupTally, activity_total
from linbang.reporting.statistics.queries.places import child_digits_of, children_of
from linbang.reporting.statistics.queries.statements import Row, rows
from linbang.reporting.statistics.rules import ActivityTally, Period, Tally


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
    activities: ActivityTally
    brands: tuple[GroupTally, ...]
    categories: tuple[CategoryTally, ...]
    months: tuple[MonthTally, ...]
    regions: tuple[RegionTally, ...]
    ages: tuple[AgeTally, ...]

    @property
    def year(self) -> int:
        """The year the months belong to."""
        return rules.last_year_of(self.ends_at)


def figures(
    *, prefix: str, starts_at: datetime, ends_at: datetime, asked_at: datetime | None = None
) -> Figures:
    """Count everything for a region and a half-open window: eight queries, whatever its size.

    ``asked_at`` decides which answers are overdue; by default the end of the window.
    """
    asked_at = asked_at or ends_at
    year_starts_at, year_ends_at = rules.year_of(ends_at - timedelta(microseconds=1))
    low, high = prefix_range(prefix)
    window = {
        "low": low,
        "high": high,
        "child_digits": child_digits_of(prefix),
        "starts_at": starts_at,
        "ends_at": ends_at,
        "asked_at": asked_at,
        "last_day": _last_day(ends_at),
        "age_bands": list(rules.AGE_BANDS),
        "year_starts_at": year_starts_at,
        "year_ends_at": year_ends_at,
    }
    requests, service, visits, volunteers, months = (
        rows(name, params=window)
        for name in ("requests", "service", "visits", "volunteers", "months")
    )
    counted = (requests, service, visits, volunteers)
    by_category = _merged("category", counted)
    activities, brands = activity_total(
        prefix=prefix, starts_at=starts_at, ends_at=ends_at, asked_at=asked_at
    )
    return Figures(
        prefix=prefix,
        starts_at=starts_at,
        ends_at=ends_at,
        asked_at=asked_at,
        total=_merged(None, counted).get("", Tally()),
        activities=activities,
        brands=brands,
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


def value_of(tally: Tally, measure: Measure) -> float | int | None:
    """Return one figure of a tally."""
    value: float | int | None = getattr(tally, measure.value)
    return value


def _last_day(ends_at: datetime) -> date:
    return local_date(ends_at - timedelta(microseconds=1))


_GROUPS = ("category", "child", "age_band")


def _merged(group: str | None, counted: Sequence[Sequence[Row]]) -> dict[str, Tally]:
    """Join the rows of one grouping from all statements into tallies, by the group's code.

    A grouping set leaves the columns it does not group by NULL; without a group all are.
    """
    found: dict[str, Row] = {}
    for grouped in counted:
        for row in grouped:
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


def _ages(counted: Sequence[Row]) -> tuple[AgeTally, ...]:
    counts = {row["age_band"]: row["volunteers"] for row in counted}
    return tuple(
        AgeTally(low, high, counts.get(number, 0))
        for number, (low, high) in enumerate(rules.age_bands())
    )
