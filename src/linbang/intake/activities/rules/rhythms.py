"""Rhythms: which days an RRULE means in China, how people choose one, and its words.

Times are China's wall clock, which knows no summer time. Source: RFC 5545 for the rules, the State
Council's yearly notice for workdays and holidays; both calendars are handed in as functions.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby, islice

from dateutil.rrule import rrulestr

from linbang.foundation.places.choices import Weekday
from linbang.intake.activities.choices import RHYTHM_WORDS, DayRule, Nth, Repeat
from linbang.intake.activities.errors import (
    RhythmEmpty,
    RhythmEndsEarly,
    RhythmTooDense,
    RhythmTooLong,
    RhythmUnreadable,
)

DATES_MAX = 400
SPAN_MAX = timedelta(days=366)
INTERVAL_MAX = 99
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WORKING = CODES[:5]
_FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
# No BYHOUR and the like: a series has one time of day. Our weeks begin on Monday.
_PARTS = {
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH",
    "BYSETPOS",
}  # fmt: skip
_EVERY_DAY = ",".join(CODES)

Calendar = Callable[[date], bool]


@dataclass(frozen=True)
class Days:
    """The State Council's calendar; both raise CalendarYearMissing rather than guess."""

    is_workday: Calendar
    is_holiday: Calendar


@dataclass(frozen=True)
class Rhythm:
    """When a series takes place: its rule, the days that count, from when to when, at what time."""

    rule: str
    starts_on: date
    ends_on: date
    start_time: time
    minutes: int
    day_rule: DayRule = DayRule.ANY


@dataclass(frozen=True)
class Wish:
    """A rhythm as people choose it; ``nth`` of ``Nth``, ``month_day`` 1–31 or -1 for the last."""

    repeat: Repeat
    weekdays: tuple[int, ...] = ()
    interval: int = 1
    nth: int = 1
    month_day: int = 1
    day_rule: DayRule = DayRule.ANY


def rule_from(wish: Wish) -> tuple[str, DayRule]:
    """Return the RRULE of a wish, and which days count. Raises RhythmUnreadable.

    Mondays to Fridays "on workdays" are all workdays, make-up days included: no rule by weekday
    could name a Saturday that is worked.
    """
    days = tuple(CODES[day] for day in sorted(set(wish.weekdays)))
    every = f";INTERVAL={wish.interval}" if wish.interval > 1 else ""
    weekly = wish.repeat == Repeat.WEEKLY
    if weekly and days == _WORKING and wish.interval == 1 and wish.day_rule == DayRule.WORKDAYS:
        return "FREQ=DAILY", DayRule.WORKDAYS
    if weekly and days:
        return f"FREQ=WEEKLY{every};BYDAY={','.join(days)}", wish.day_rule
    if wish.repeat == Repeat.MONTHLY_NTH and len(days) == 1 and wish.nth in Nth.values:
        return f"FREQ=MONTHLY{every};BYDAY={wish.nth}{days[0]}", wish.day_rule
    if wish.repeat == Repeat.MONTHLY_DAY and (1 <= wish.month_day <= 31 or wish.month_day == -1):
        return f"FREQ=MONTHLY{every};BYMONTHDAY={wish.month_day}", wish.day_rule
    if wish.repeat == Repeat.LAST_WORKDAY:
        return f"FREQ=MONTHLY{every};BYDAY={_EVERY_DAY};BYSETPOS=-1", DayRule.WORKDAYS
    if wish.repeat == Repeat.DAILY:
        return f"FREQ=DAILY{every}", wish.day_rule
    raise RhythmUnreadable(field="weekdays")


def occurrences(rhythm: Rhythm, days: Days) -> tuple[date, ...]:
    """Return the days of a rhythm, at most 400 within a year.

    With BYSETPOS the days that count are picked from: ``BYSETPOS=-1`` on workdays is a month's
    last workday. COUNT counts the days that take place.
    Raises RhythmUnreadable, RhythmEndsEarly, RhythmTooLong, RhythmTooDense, RhythmEmpty,
    CalendarYearMissing.
    """
    parts = _parts(rhythm.rule)
    if rhythm.ends_on < rhythm.starts_on:
        raise RhythmEndsEarly(field="ends_on")
    if rhythm.ends_on - rhythm.starts_on > SPAN_MAX:
        raise RhythmTooLong(field="ends_on")
    count = _number(parts.pop("COUNT"), 1, 10_000) if "COUNT" in parts else None
    last = min(rhythm.ends_on, _until(parts.pop("UNTIL"))) if "UNTIL" in parts else rhythm.ends_on
    found = tuple(islice(_days(parts, rhythm, last, days), count or DATES_MAX + 1))
    if len(found) > DATES_MAX:
        raise RhythmTooDense(field="ends_on", count=DATES_MAX)
    if not found:
        raise RhythmEmpty(field="ends_on")
    return found


def settled(rhythm: Rhythm, dates: Sequence[date]) -> Rhythm:
    """Return the rhythm from its first day to its last, without COUNT and UNTIL."""
    kept = [part for part in _split(rhythm.rule) if part.partition("=")[0] not in _ENDS]
    return replace(rhythm, rule=";".join(kept), starts_on=dates[0], ends_on=dates[-1])


_ENDS = {"COUNT", "UNTIL"}


def period_of(day: date, frequencies: Iterable[str]) -> tuple[int, ...]:
    """Return the week, month or year a day falls into, by the longest of the frequencies."""
    named = set(frequencies)
    if "YEARLY" in named:
        return (day.year,)
    if "MONTHLY" in named:
        return (day.year, day.month)
    return day.isocalendar()[:2]


def frequency_of(rule: str) -> str:
    """Return DAILY, WEEKLY, MONTHLY or YEARLY. Raises RhythmUnreadable."""
    return _parts(rule)["FREQ"]


def rhythm_words(rule: str, day_rule: DayRule | str = DayRule.ANY) -> str:
    """Say a rule in the reader's language: 每月最后一个周六，法定节假日停办."""
    parts = _parts(rule)
    interval, days = int(parts.get("INTERVAL", 1)), parts.get("BYDAY", "")
    shape, words = _shape(parts, days, interval)
    if shape in _SAYS_WORKDAYS and day_rule == DayRule.WORKDAYS:
        shape, day_rule = _SAYS_WORKDAYS[shape], DayRule.ANY
    said = str(RHYTHM_WORDS[shape]) % {"rule": rule, "n": interval, **words}
    if interval > 1 and parts["FREQ"] == "MONTHLY" and shape != "raw":
        said = str(RHYTHM_WORDS["months_every"]) % {"what": said, "n": interval}
    if day_rule == DayRule.ANY:
        return said
    narrowed = {"what": said, "day_rule": str(DayRule(day_rule).label)}
    return str(RHYTHM_WORDS["narrowed"]) % narrowed


_SAYS_WORKDAYS = {"daily": "workdays", "month_set_end": "last_workday"}
_SIMPLE = {
    "WEEKLY": {"FREQ", "INTERVAL", "BYDAY"},
    "DAILY": {"FREQ", "INTERVAL"},
}


def _shape(parts: dict[str, str], days: str, interval: int) -> tuple[str, dict[str, str]]:
    names, frequency = set(parts), parts["FREQ"]
    if frequency == "WEEKLY" and names <= _SIMPLE["WEEKLY"] and _weekdays(days):
        return "days_every" if interval > 1 else "days", {"days": _joined(days.split(","))}
    if frequency == "DAILY" and names <= _SIMPLE["DAILY"]:
        return "daily_every" if interval > 1 else "daily", {}
    if frequency == "MONTHLY":
        return _monthly_shape(parts, days, names - {"FREQ", "INTERVAL"})
    return "raw", {}


def _monthly_shape(parts: dict[str, str], days: str, names: set[str]) -> tuple[str, dict[str, str]]:
    if names == {"BYMONTHDAY"} and parts["BYMONTHDAY"].lstrip("-").isdecimal():
        number = int(parts["BYMONTHDAY"])
        if number == -1:
            return "month_end", {}
        if number > 0:
            shape = "month_day_or_none" if number > 28 else "month_day"
            return shape, {"day": str(number)}
    nth, code = days[:-2], days[-2:]
    if names == {"BYDAY"} and code in CODES and nth in {str(value) for value in Nth.values}:
        return "nth", {"nth": str(Nth(int(nth)).label), "weekday": _joined([code])}
    if names == {"BYDAY", "BYSETPOS"} and days == _EVERY_DAY and parts["BYSETPOS"] == "-1":
        return "month_set_end", {}
    return "raw", {}


def _weekdays(days: str) -> bool:
    return all(code in CODES for code in days.split(","))


def _joined(codes: Sequence[str]) -> str:
    labels = [str(Weekday(CODES.index(code)).label) for code in codes]
    return str(RHYTHM_WORDS["joint"]).join(labels)


def _split(rule: str) -> list[str]:
    text = "".join(rule.split()).upper().removeprefix("RRULE:")
    return [part for part in text.split(";") if part]


def _parts(rule: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in _split(rule):
        name, _sign, value = part.partition("=")
        if name not in _PARTS or not value or name in parts:
            raise RhythmUnreadable(field="rule")
        parts[name] = value
    if parts.get("FREQ") not in _FREQUENCIES:
        raise RhythmUnreadable(field="rule")
    # An interval of nought would never end.
    _number(parts.get("INTERVAL", "1"), 1, INTERVAL_MAX)
    return parts


def _number(text: str, low: int, high: int) -> int:
    if not text.isdecimal() or not low <= int(text) <= high:
        raise RhythmUnreadable(field="rule")
    return int(text)


def _until(text: str) -> date:
    try:
        return date.fromisoformat(f"{text[:4]}-{text[4:6]}-{text[6:8]}")
    except ValueError as error:
        raise RhythmUnreadable(field="rule") from error


def _days(parts: dict[str, str], rhythm: Rhythm, last: date, days: Days) -> Iterable[date]:
    counts = _counting(rhythm.day_rule, days)
    if "BYSETPOS" not in parts or rhythm.day_rule == DayRule.ANY:
        return (day for day in _between(parts, rhythm.starts_on, last) if counts(day))
    positions = [_position(text) for text in parts["BYSETPOS"].split(",")]
    picked = _picked(parts, rhythm.starts_on, last, counts=counts, positions=positions)
    return (day for day in picked if rhythm.starts_on <= day <= last)


def _picked(
    parts: dict[str, str], first: date, last: date, *, counts: Calendar, positions: list[int]
) -> Iterable[date]:
    """Yield the nth of the days that count in each period; whole periods, ends included."""
    whole = {name: value for name, value in parts.items() if name != "BYSETPOS"}
    frequency = parts["FREQ"]
    run = _between(whole, _first_of(first, frequency), _last_of(last, frequency))
    for _period, found in groupby(run, key=lambda day: period_of(day, [frequency])):
        held = [day for day in found if counts(day)]
        chosen = {held[n] for n in positions if -len(held) <= n < len(held)}
        yield from sorted(chosen)


def _position(text: str) -> int:
    number = _number(text.removeprefix("-"), 1, 366)
    return -number if text.startswith("-") else number - 1


def _counting(day_rule: DayRule | str, days: Days) -> Calendar:
    return {
        DayRule.ANY: lambda _day: True,
        DayRule.WORKDAYS: days.is_workday,
        DayRule.NOT_HOLIDAYS: lambda day: not days.is_holiday(day),
        DayRule.ONLY_HOLIDAYS: days.is_holiday,
    }[DayRule(day_rule)]


def _between(parts: dict[str, str], first: date, last: date) -> Iterable[date]:
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    try:
        # UNTIL keeps a rule that never fits (30 February) from being looked for till 9999.
        found = rrulestr(f"{text};UNTIL={last:%Y%m%d}", dtstart=datetime.combine(first, time(0)))
    except (ValueError, IndexError, KeyError) as error:
        raise RhythmUnreadable(field="rule") from error
    return (moment.date() for moment in found)


def _first_of(day: date, frequency: str) -> date:
    if frequency == "YEARLY":
        return day.replace(month=1, day=1)
    if frequency == "MONTHLY":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if frequency == "WEEKLY" else day


def _last_of(day: date, frequency: str) -> date:
    if frequency == "YEARLY":
        return day.replace(month=12, day=31)
    if frequency == "MONTHLY":
        return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return day + timedelta(days=6 - day.weekday()) if frequency == "WEEKLY" else day
