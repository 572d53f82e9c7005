"""The year's 182 collective activities: their dates, sizes and people served, summing exactly."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

import chinese_calendar

from linbang.demo.rules import figures
from linbang.demo.rules.lines import LINES, Duty, Line, Rhythm
from linbang.foundation.clock import CHINA
from linbang.foundation.workdays import is_workday

YEAR = timedelta(days=364)
_FESTIVALS = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明",
    "Labour Day": "五一",
    "Dragon Boat Festival": "端午",
    "National Day": "国庆",
    "Mid-autumn Festival": "中秋",
}


@dataclass
class Turn:
    """One post at one time of an activity; ``wanted`` people are to have been there."""

    duty: Duty
    starts_at: datetime
    ends_at: datetime
    wanted: int


@dataclass
class Held:
    """One activity of the year, with its turns and how many people it reached."""

    line: Line
    name: str
    days: tuple[date, ...]
    served: int
    turns: list[Turn] = field(default_factory=list)


class Calendar:
    """The twelve months that end with ``last_day``: where dates of the year fall."""

    def __init__(self, last_day: date) -> None:
        self.last_day = last_day
        self.days = [last_day - YEAR + timedelta(days=n) for n in range(YEAR.days + 1)]

    def in_month(self, month: int, weekdays: Sequence[int]) -> list[date]:
        """Return the days of a month on some weekdays; of two such months the later one's."""
        found = [day for day in self.days if day.month == month and day.weekday() in weekdays]
        years = {day.year for day in found}
        return [day for day in found if day.year == max(years)]

    def nth(self, month: int, nth: int, weekday: int) -> date:
        """Return the nth weekday of a month; the nearest there is where the year cuts it."""
        found = [day for day in self.days if day.month == month and day.weekday() == weekday]
        return min(found, key=lambda day: (abs((day.day - 1) // 7 + 1 - nth), -day.toordinal()))

    def working_week(self, month: int, nth: int) -> list[date]:
        """Return Monday to Friday of a month's nth week, a week earlier where the year ends."""
        monday = self.nth(month, nth, 0)
        if monday + timedelta(days=4) > self.last_day:
            monday -= timedelta(days=7)
        return [monday + timedelta(days=n) for n in range(5)]

    def day(self, month: int, day: int) -> date:
        """Return the day of that name, or the last one before it."""
        found = [one for one in self.days if (one.month, one.day) <= (month, day)]
        return max(found, key=lambda one: (one.month, one.day, one.year))

    def last_workday(self, month: int) -> date:
        """Return the last day of a month that is worked."""
        return max(day for day in self.days if day.month == month and is_workday(day))

    def festivals(self) -> Iterator[tuple[str, date]]:
        """Yield each public holiday's name with the day before it."""
        seen: set[str] = set()
        for day in self.days[1:]:
            off, english = chinese_calendar.get_holiday_detail(day)
            name = _FESTIVALS.get(str(english), "") if off else ""
            if name and name not in seen:
                seen.add(name)
                yield name, day - timedelta(days=1)


def invent_year(rng: Random, last_day: date) -> list[Held]:
    """Return the activities of the year up to a day, in order of time.

    Exactly ``figures.ACTIVITIES`` of them, with ``PERSON_TIMES`` wanted and ``PEOPLE_SERVED``.
    """
    calendar = Calendar(last_day)
    held = [
        Held(line, _name(line, days[0], festival), tuple(days), line.served * len(days))
        for line in LINES
        if line.rhythm != Rhythm.WEEKLY
        for festival, days in _dates(line, calendar)
    ]
    held += _weekly(calendar, figures.ACTIVITIES - len(held))
    for one in held:
        one.turns = list(_turns(rng, one))
    held.sort(key=lambda one: (one.days[0], one.name))
    _fit(rng, held)
    return held


def _dates(line: Line, calendar: Calendar) -> Iterator[tuple[str, list[date]]]:
    """Yield the days of each activity of a line, with the festival they belong to."""
    when = line.when
    if line.rhythm == Rhythm.FESTIVAL:
        yield from ((name, [day]) for name, day in calendar.festivals())
    elif line.rhythm == Rhythm.CLASSES:
        weekdays, months = when[: when.index(0, 1)], when[when.index(0, 1) + 1 :]
        yield from (("", calendar.in_month(month, weekdays)) for month in months)
    elif line.rhythm == Rhythm.WEEK:
        yield from (("", [day]) for day in calendar.working_week(*when))
    else:
        yield from (("", [day]) for day in _single_days(line, calendar))


def _single_days(line: Line, calendar: Calendar) -> list[date]:
    when = line.when
    match line.rhythm:
        case Rhythm.MONTHLY:
            return [calendar.nth(month, *when) for month in range(1, 13)]
        case Rhythm.MONTHS:
            return [calendar.nth(month, *when[:2]) for month in when[2:]]
        case Rhythm.MONTH_END:
            return [calendar.last_workday(month) for month in range(1, 13)]
        case Rhythm.SUMMER:
            return [day for month in when[1:] for day in calendar.in_month(month, when[:1])]
        case Rhythm.DAY:
            return [calendar.day(*when)]
        case _:
            return [calendar.last_day]


def _weekly(calendar: Calendar, count: int) -> Iterator[Held]:
    """Yield as many weekly activities as are still missing, spread over the year."""
    line = next(line for line in LINES if line.rhythm == Rhythm.WEEKLY)
    weeks = [day for day in calendar.days if day.weekday() in line.when]
    for n in range(count):
        day = weeks[n * len(weeks) // count]
        yield Held(line, _name(line, day, ""), (day,), line.served)


def _name(line: Line, day: date, festival: str) -> str:
    return line.name.format(month=day.month, day=day.day, festival=festival)


def _turns(rng: Random, held: Held) -> Iterator[Turn]:
    line = held.line
    parts = sum(duty.parts for duty in line.duties)
    for day in held.days:
        starts_at = datetime.combine(day, time(*line.starts), CHINA)
        ends_at = starts_at + timedelta(minutes=line.minutes)
        for duty in line.duties:
            wanted = line.people * duty.parts / parts * rng.uniform(0.8, 1.2)
            yield Turn(duty, starts_at, ends_at, max(2, round(wanted)))


def _fit(rng: Random, held: list[Held]) -> None:
    """Bring the sums to the published numbers, in proportion and then one by one."""
    turns = [turn for one in held for turn in one.turns]
    for turn, wanted in zip(
        turns,
        figures.fitted(rng, [turn.wanted for turn in turns], figures.PERSON_TIMES),
        strict=True,
    ):
        turn.wanted = wanted
    reached = [one for one in held if one.served]
    for one, served in zip(
        reached,
        figures.fitted(rng, [one.served for one in reached], figures.PEOPLE_SERVED),
        strict=True,
    ):
        one.served = served
