"""Changing a series: which shift takes place when afterwards, and what is lost or added.

Somebody may have signed up for every shift that is ahead: it is moved to the nearest new day of the
same week or month, and where there is none it is cancelled with a reason, never dropped in silence.
What has begun is not touched.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby

from linbang.foundation.clock import CHINA, local_date, minutes_between
from linbang.intake.activities.choices import DayRule, EditScope
from linbang.intake.activities.errors import (
    NothingAhead,
    ShiftNotPlanned,
    ShiftStarted,
    WindowPast,
)
from linbang.intake.activities.rules.details import Window
from linbang.intake.activities.rules.rhythms import (
    Days,
    Rhythm,
    frequency_of,
    occurrences,
    period_of,
    settled,
)
from linbang.intake.activities.rules.windows import window_on


@dataclass(frozen=True)
class Held:
    """A shift of a series as it stands; ``is_moved``: its own time was set by hand."""

    shift_id: int
    series_date: date
    window: Window
    is_moved: bool = False
    is_cancelled: bool = False


@dataclass(frozen=True)
class SeriesChange:
    """What is to be different; None leaves it. ``on`` is another day, for one date alone."""

    start_time: time | None = None
    minutes: int | None = None
    rule: str | None = None
    day_rule: DayRule | None = None
    ends_on: date | None = None
    on: date | None = None


@dataclass(frozen=True)
class Kept:
    """A shift that stays: under which date of the rhythm, and when it takes place."""

    shift_id: int
    series_date: date
    window: Window


@dataclass(frozen=True)
class EditPlan:
    """What a change does to each shift, and the series that holds from then on.

    ``moves`` take place at another time, ``stays`` keep theirs and follow the new series, ``loose``
    keep theirs and follow none, ``cancels`` do not take place, ``adds`` are new days. For one date
    alone there is no new rhythm.
    """

    moves: tuple[Kept, ...] = ()
    stays: tuple[Kept, ...] = ()
    loose: tuple[int, ...] = ()
    cancels: tuple[int, ...] = ()
    adds: tuple[date, ...] = ()
    rhythm: Rhythm | None = None
    old_ends_on: date | None = None

    @property
    def windows(self) -> tuple[Window, ...]:
        """When the moved and the new shifts take place."""
        moved = tuple(kept.window for kept in self.moves)
        if self.rhythm is None:
            return moved
        rhythm = self.rhythm
        return moved + tuple(window_on(d, rhythm.start_time, rhythm.minutes) for d in self.adds)


def plan_edit(
    rhythm: Rhythm,
    held: Sequence[Held],
    change: SeriesChange,
    *,
    scope: EditScope | str,
    pivot: date,
    now: datetime,
    days: Days,
) -> EditPlan:
    """Work out what a change of one date, this and following, or all does to a series.

    ``held`` are all shifts of the series; ``pivot`` is the date in the series that was opened.
    Raises ShiftStarted, ShiftNotPlanned, NothingAhead, WindowImpossible, WindowPast, and what
    ``occurrences`` raises.
    """
    ahead = [one for one in held if one.window.starts_at > now]
    if scope == EditScope.ONE:
        return _plan_one([one for one in ahead if one.series_date == pivot], change, now=now)
    if scope == EditScope.FOLLOWING:
        if not any(one.series_date == pivot for one in ahead):
            raise ShiftStarted
        ahead = [one for one in ahead if one.series_date >= pivot]
    if not ahead:
        raise NothingAhead
    return _plan_rest(rhythm, held, ahead, change, now=now, days=days)


def _plan_one(held: Sequence[Held], change: SeriesChange, *, now: datetime) -> EditPlan:
    if not held:
        raise ShiftStarted
    open_ones = [one for one in held if not one.is_cancelled]
    if not open_ones:
        raise ShiftNotPlanned
    kept = [
        Kept(one.shift_id, one.series_date, moved_window(one.window, change)) for one in open_ones
    ]
    if any(one.window.starts_at <= now for one in kept):
        raise WindowPast(field="start_time")
    before = {one.shift_id: one.window for one in open_ones}
    return EditPlan(
        moves=tuple(one for one in kept if one.window != before[one.shift_id]),
        stays=tuple(one for one in kept if one.window == before[one.shift_id]),
    )


def moved_window(window: Window, change: SeriesChange) -> Window:
    """Return a window with another day, time or length. Raises WindowImpossible."""
    day = change.on or local_date(window.starts_at)
    start_time = change.start_time or window.starts_at.astimezone(CHINA).time()
    minutes = change.minutes or minutes_between(window.starts_at, window.ends_at)
    return window_on(day, start_time, minutes)


def _plan_rest(
    rhythm: Rhythm,
    held: Sequence[Held],
    ahead: Sequence[Held],
    change: SeriesChange,
    *,
    now: datetime,
    days: Days,
) -> EditPlan:
    pivot = min(one.series_date for one in ahead)
    changed = _changed(rhythm, change, pivot=pivot)
    dates = [
        day
        for day in occurrences(changed, days)
        if window_on(day, changed.start_time, changed.minutes).starts_at > now
    ]
    old = sorted({one.series_date for one in ahead})
    # What was cancelled or begun on a day stays so: the day is not planned a second time.
    taken = {one.series_date for one in held} - set(old)
    frequencies = (frequency_of(rhythm.rule), frequency_of(changed.rule))
    pairs = pair_dates(old, [day for day in dates if day not in taken], frequencies)
    paired = set(pairs.values())
    adds = tuple(day for day in dates if day >= pivot and day not in paired and day not in taken)
    kept = [*paired, *adds]
    plan = _sorted_out(ahead, pairs, changed)
    before = [one.series_date for one in held if one.series_date < pivot]
    return replace(
        plan,
        adds=adds,
        rhythm=settled(changed, sorted(kept)) if kept else None,
        old_ends_on=max(before, default=None),
    )


def _changed(rhythm: Rhythm, change: SeriesChange, *, pivot: date) -> Rhythm:
    """Return the rhythm from the pivot on; a new rule begins with the pivot's week or month."""
    start = pivot
    if change.rule is not None:
        spans = (frequency_of(rhythm.rule), frequency_of(change.rule))
        start = _first_day(pivot, spans)
    return Rhythm(
        rule=change.rule if change.rule is not None else rhythm.rule,
        starts_on=start,
        ends_on=change.ends_on or rhythm.ends_on,
        start_time=change.start_time or rhythm.start_time,
        minutes=change.minutes or rhythm.minutes,
        day_rule=change.day_rule if change.day_rule is not None else rhythm.day_rule,
    )


def _first_day(day: date, frequencies: Iterable[str]) -> date:
    period = period_of(day, tuple(frequencies))
    while period_of(day - timedelta(days=1), tuple(frequencies)) == period:
        day -= timedelta(days=1)
    return day


def _sorted_out(ahead: Sequence[Held], pairs: dict[date, date], rhythm: Rhythm) -> EditPlan:
    moves, stays, loose, cancels = [], [], [], []
    for one in ahead:
        day = pairs.get(one.series_date)
        if day is None:
            if one.is_moved and not one.is_cancelled and one.series_date <= rhythm.ends_on:
                loose.append(one.shift_id)
            elif not one.is_cancelled:
                cancels.append(one.shift_id)
            continue
        window = window_on(day, rhythm.start_time, rhythm.minutes)
        if one.is_moved or one.is_cancelled or window == one.window:
            stays.append(Kept(one.shift_id, day, one.window))
        else:
            moves.append(Kept(one.shift_id, day, window))
    return EditPlan(tuple(moves), tuple(stays), tuple(loose), tuple(cancels))


def pair_dates(
    old: Sequence[date], new: Sequence[date], frequencies: Iterable[str]
) -> dict[date, date]:
    """Return which new day each old one becomes: the same day, else the nearest of its period.

    The period is the week, the month where one of the rhythms is monthly, or the year. Order is
    kept: nobody's second date comes before the first. ``old`` and ``new`` are sorted.
    """
    named = tuple(frequencies)
    pairs = {day: day for day in set(old) & set(new)}

    def by_period(days: Sequence[date]) -> dict[tuple[int, ...], list[date]]:
        rest = [day for day in days if day not in pairs]
        grouped = groupby(rest, key=lambda day: period_of(day, named))
        return {period: list(found) for period, found in grouped}

    left, free = by_period(old), by_period(new)
    for period in left.keys() & free.keys():
        pairs.update(_nearest(left[period], free[period]))
    return pairs


def _nearest(old: list[date], new: list[date]) -> Iterable[tuple[date, date]]:
    """Pair as many as there can be, in order, with the fewest days between them."""
    if len(old) > len(new):
        return [(mine, theirs) for theirs, mine in _nearest(new, old)]
    # cost[j]: the cheapest pairing of the first i old days with some of the first j new ones.
    table: list[list[tuple[int, list[int]]]] = [[(0, []) for _day in range(len(new) + 1)]]
    for i, day in enumerate(old, 1):
        row: list[tuple[int, list[int]]] = [(10**9, [])] * i
        for j in range(i, len(new) + 1):
            cost, chosen = table[i - 1][j - 1]
            used = (cost + abs((new[j - 1] - day).days), [*chosen, j - 1])
            passed = row[j - 1]
            row.append(used if used[0] < passed[0] else passed)
        table.append(row)
    chosen = table[-1][-1][1]
    return [(day, new[index]) for day, index in zip(old, chosen, strict=True)]
