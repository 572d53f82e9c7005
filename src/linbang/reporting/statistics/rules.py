"""The definitions of the figures, in one place: periods, what a tally holds, rates, small groups.

``choices.DEFINITIONS`` says each in words; ``sql/`` counts them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from linbang.foundation.clock import CHINA, day_window
from linbang.reporting.statistics.choices import PeriodKind
from linbang.reporting.statistics.errors import PeriodUnknown

# Rule 93: a smaller group is not told apart in public.
GROUP_MIN = 5
YEARS = range(2006, 2100)
# Digits of an organisation's path a level.
PATH_DIGITS = 10
# First ages of the bands after "under 8" (domain handbook §6.4).
AGE_BANDS = (8, 14, 18, 28, 35, 40, 45, 60)

_TWELVE_MONTHS = re.compile(r"to-(\d{4}-\d\d-\d\d)", re.ASCII)
_PERIOD = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?", re.ASCII)
_MONTHS = {PeriodKind.YEAR: 12, PeriodKind.QUARTER: 3, PeriodKind.MONTH: 1}


@dataclass(frozen=True, order=True)
class Period:
    """A calendar month, quarter or year in China; ``number`` counts within the year from 1.

    Twelve months up to any day are one too: ``number`` is then that day's place in its year.
    """

    kind: PeriodKind
    year: int
    number: int = 1

    @property
    def starts_on(self) -> date:
        if self.kind == PeriodKind.TWELVE_MONTHS:
            return _a_year_before(self._last_day) + timedelta(days=1)
        return date(self.year, (self.number - 1) * _MONTHS[self.kind] + 1, 1)

    @property
    def ends_before(self) -> date:
        """The day after the last."""
        if self.kind == PeriodKind.TWELVE_MONTHS:
            return self._last_day + timedelta(days=1)
        return self.next().starts_on

    @property
    def _last_day(self) -> date:
        return date(self.year, 1, 1) + timedelta(days=self.number - 1)

    @property
    def starts_at(self) -> datetime:
        return day_window(self.starts_on)[0]

    @property
    def ends_at(self) -> datetime:
        return day_window(self.ends_before)[0]

    @property
    def text(self) -> str:
        """How addresses name it: 2026, 2026-Q4, 2026-11, or to-2026-11-25 for twelve months."""
        if self.kind == PeriodKind.TWELVE_MONTHS:
            return f"to-{self._last_day}"
        if self.kind == PeriodKind.YEAR:
            return f"{self.year}"
        if self.kind == PeriodKind.QUARTER:
            return f"{self.year}-Q{self.number}"
        return f"{self.year}-{self.number:02d}"

    def next(self) -> "Period":
        """Return the period of the same kind that follows."""
        last = 12 // _MONTHS[self.kind]
        if self.number < last:
            return Period(self.kind, self.year, self.number + 1)
        return Period(self.kind, self.year + 1)

    def previous(self) -> "Period":
        """Return the period of the same kind before this one."""
        if self.kind == PeriodKind.TWELVE_MONTHS:
            return twelve_months_to(_a_year_before(self._last_day))
        if self.number > 1:
            return Period(self.kind, self.year, self.number - 1)
        return Period(self.kind, self.year - 1, 12 // _MONTHS[self.kind])


def period_named(text: str) -> Period:
    """Read a period as addresses name it. Raises PeriodUnknown."""
    if twelve := _TWELVE_MONTHS.fullmatch(text):
        return _twelve_months_named(twelve[1])
    found = _PERIOD.fullmatch(text)
    if found is None or int(found[1]) not in YEARS:
        raise PeriodUnknown(field="period")
    year, quarter, month = found.groups()
    if quarter:
        return Period(PeriodKind.QUARTER, int(year), int(quarter))
    if month:
        return Period(PeriodKind.MONTH, int(year), int(month))
    return Period(PeriodKind.YEAR, int(year))


def _twelve_months_named(text: str) -> Period:
    try:
        last = date.fromisoformat(text)
    except ValueError as error:
        raise PeriodUnknown(field="period") from error
    if last.year not in YEARS:
        raise PeriodUnknown(field="period")
    return twelve_months_to(last)


def twelve_months_to(last: date) -> Period:
    """Return the twelve months of which a day is the last."""
    return Period(PeriodKind.TWELVE_MONTHS, last.year, last.timetuple().tm_yday)


def _a_year_before(day: date) -> date:
    # Of a leap day the year before has none.
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def period_at(kind: PeriodKind, day: date) -> Period:
    """Return the period of a kind that a day lies in; of twelve months those before the day."""
    if kind == PeriodKind.TWELVE_MONTHS:
        return twelve_months_to(day - timedelta(days=1))
    return Period(kind, day.year, (day.month - 1) // _MONTHS[kind] + 1)


def recent_periods(kind: PeriodKind, today: date, *, count: int) -> tuple[Period, ...]:
    """Return the current period of a kind and those before it, the newest first."""
    period = period_at(kind, today)
    found = [period]
    while len(found) < count:
        period = period.previous()
        found.append(period)
    return tuple(found)


def year_of(instant: datetime) -> tuple[datetime, datetime]:
    """Return the half-open calendar year in China that an instant lies in."""
    year = Period(PeriodKind.YEAR, instant.astimezone(CHINA).year)
    return year.starts_at, year.ends_at


def last_year_of(ends_at: datetime) -> int:
    """Return the calendar year in China of the last instant before a moment."""
    return (ends_at - timedelta(microseconds=1)).astimezone(CHINA).year


@dataclass(frozen=True)
class Tally:
    """The figures of one group: a region, a category, or all. Minutes are whole minutes.

    ``answered_in_time`` out of ``answers_due`` requests; response times are minutes, None
    where nothing was answered.
    """

    volunteers: int = 0
    active_volunteers: int = 0
    requests: int = 0
    verified: int = 0
    fulfilled: int = 0
    declined: int = 0
    withdrawn: int = 0
    lapsed: int = 0
    response_minutes_median: float | None = None
    response_minutes_mean: float | None = None
    answers_due: int = 0
    answered_in_time: int = 0
    visits: int = 0
    person_times: int = 0
    proved_minutes: int = 0
    entered_minutes: int = 0
    beneficiaries: int = 0

    @property
    def minutes(self) -> int:
        return self.proved_minutes + self.entered_minutes

    @property
    def fulfilment_rate(self) -> float | None:
        return share(self.fulfilled, self.verified)

    @property
    def activity_rate(self) -> float | None:
        return share(self.active_volunteers, self.volunteers)

    @property
    def in_time_rate(self) -> float | None:
        return share(self.answered_in_time, self.answers_due)

    @property
    def is_empty(self) -> bool:
        return all(not getattr(self, field.name) for field in fields(self))


@dataclass(frozen=True)
class ActivityTally:
    """The figures of the activities of one group. ``minutes`` are whole minutes of presence.

    Source: rules 89 and 90; ``choices.ACTIVITY_DEFINITIONS`` says each in words.
    """

    activities: int = 0
    shifts: int = 0
    person_times: int = 0
    people: int = 0
    minutes: int = 0
    people_served: int = 0
    consulted: int = 0
    places: int = 0
    filled: int = 0
    no_shows: int = 0
    unsettled: int = 0

    @property
    def fill_rate(self) -> float | None:
        return share(self.filled, self.places)

    @property
    def no_show_rate(self) -> float | None:
        return share(self.no_shows, self.filled)

    @property
    def is_empty(self) -> bool:
        return all(not getattr(self, field.name) for field in fields(self))


def common_path(first: str, last: str) -> str:
    """Return the path of the lowest organisation that holds both; ten digits a level.

    Of one and the same organisation it is the one above, so that it is told as a part.
    """
    if first == last:
        return first[:-PATH_DIGITS]
    shared = 0
    while (
        shared < len(first)
        and first[shared : shared + PATH_DIGITS] == (last[shared : shared + PATH_DIGITS])
    ):
        shared += PATH_DIGITS
    return first[:shared]


def share(part: int, whole: int) -> float | None:
    """Return part ÷ whole; None when there is no whole to share."""
    return part / whole if whole else None


def public_count(count: int) -> str:
    """Write a count for the public: a group smaller than five is told as “<5”; none as 0.

    Source: rule 93.
    """
    return f"<{GROUP_MIN}" if 0 < count < GROUP_MIN else str(count)


def hours_of(minutes: int) -> float:
    """Return minutes as hours with one decimal, for charts and tables."""
    return round(minutes / 60, 1)


def age_bands() -> Iterator[tuple[int, int | None]]:
    """Yield the first and last age of each band, the youngest first; the last is open."""
    starts = (0, *AGE_BANDS)
    for number, low in enumerate(starts, 1):
        yield low, starts[number] - 1 if number < len(starts) else None
