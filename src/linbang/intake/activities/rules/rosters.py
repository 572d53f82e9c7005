"""Rosters: which shifts a calendar of duty needs, and where it has holes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time

from linbang.foundation.clock import CHINA, local_date
from linbang.intake.activities.choices import DayRule
from linbang.intake.activities.errors import (
    PostPlacesImpossible,
    RhythmEndsEarly,
    RhythmTooLong,
    RosterEmpty,
    RosterTooLarge,
)
from linbang.intake.activities.rules.details import DutyTime, Window
from linbang.intake.activities.rules.rhythms import SPAN_MAX, Days, Rhythm, occurrences
from linbang.intake.activities.rules.windows import window_between

# Forty crossings, a year, three parts of the day: 43,920.
SHIFTS_MAX = 50_000
PLACES_MAX = 5_000
_EVERY_DAY = "FREQ=DAILY"


@dataclass(frozen=True)
class DutyCalendar:
    """Which points are staffed on which days at which times; no weekday means all seven."""

    points: tuple[int, ...]
    times: tuple[DutyTime, ...]
    starts_on: date
    ends_on: date
    weekdays: tuple[int, ...] = ()
    day_rule: DayRule = DayRule.ANY


@dataclass(frozen=True, order=True)
class DutyShift:
    """One shift a roster needs: where, when, how many."""

    window: Window
    point_id: int
    places: int
    places_min: int


@dataclass(frozen=True, order=True)
class Hole:
    """A time at which other points are staffed and this post is not."""

    post_id: int
    day: date
    start_time: time
    end_time: time


def require_places(places: int, places_min: int) -> None:
    """Refuse numbers no shift may have. Raises PostPlacesImpossible."""
    if not (1 <= places <= PLACES_MAX and 0 <= places_min <= places):
        raise PostPlacesImpossible(field="places")


def duty_days(calendar: DutyCalendar, days: Days) -> tuple[date, ...]:
    """Return the days of a calendar, up to a year.

    Raises RhythmEndsEarly, RhythmTooLong, RhythmEmpty, CalendarYearMissing.
    """
    if calendar.ends_on < calendar.starts_on:
        raise RhythmEndsEarly(field="ends_on")
    if calendar.ends_on - calendar.starts_on > SPAN_MAX:
        raise RhythmTooLong(field="ends_on")
    rhythm = Rhythm(
        _EVERY_DAY, calendar.starts_on, calendar.ends_on, time(0), 15, calendar.day_rule
    )
    wanted = set(calendar.weekdays) or set(range(7))
    return tuple(day for day in occurrences(rhythm, days) if day.weekday() in wanted)


def duty_shifts(calendar: DutyCalendar, days: Days) -> tuple[DutyShift, ...]:
    """Return every shift of a calendar by time and point: days × times × points.

    Raises RosterEmpty, RosterTooLarge, PostPlacesImpossible, WindowImpossible, and what
    ``duty_days`` raises.
    """
    held = duty_days(calendar, days)
    points = tuple(dict.fromkeys(calendar.points))
    size = len(held) * len(calendar.times) * len(points)
    if not size:
        raise RosterEmpty(field="points")
    if size > SHIFTS_MAX:
        raise RosterTooLarge(field="ends_on", count=SHIFTS_MAX)
    for part in calendar.times:
        require_places(part.places, part.places_min)
    return tuple(
        DutyShift(
            window_between(day, part.start_time, part.end_time),
            point,
            part.places,
            part.places_min,
        )
        for day in held
        for part in calendar.times
        for point in points
    )


def missing(needed: Iterable[DutyShift], planned: Iterable[DutyShift]) -> tuple[DutyShift, ...]:
    """Return what a calendar needs and is not planned yet, by point and window."""
    there = {(one.point_id, one.window) for one in planned}
    return tuple(one for one in needed if (one.point_id, one.window) not in there)


def holes(planned: Sequence[tuple[int, Window]]) -> tuple[Hole, ...]:
    """Return the times at which some posts of a roster are planned and others are not.

    ``planned``: post and window of every shift that takes place.
    """
    posts = {post for post, _window in planned}
    by_time: dict[Window, set[int]] = {}
    for post, window in planned:
        by_time.setdefault(window, set()).add(post)
    return tuple(
        sorted(
            _hole(post, window) for window, staffed in by_time.items() for post in posts - staffed
        )
    )


def _hole(post: int, window: Window) -> Hole:
    start, end = window.starts_at.astimezone(CHINA), window.ends_at.astimezone(CHINA)
    return Hole(post, local_date(window.starts_at), start.time(), end.time())
