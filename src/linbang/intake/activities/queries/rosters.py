"""Rosters: what is planned where and when, and where it has holes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import QuerySet

from linbang.foundation.clock import day_window, local_date
from linbang.foundation.workdays import is_public_holiday, is_workday
from linbang.intake.activities import rules
from linbang.intake.activities.choices import DayRule, EditScope, ShiftState
from linbang.intake.activities.models import Activity, Post, Series, Shift
from linbang.intake.activities.queries.activities import posts_of, shifts_of
from linbang.intake.activities.rules import DutyShift, Held, Rhythm, Window

# The State Council's calendar; a missing year is refused by name.
CHINA_DAYS = rules.Days(is_workday, is_public_holiday)


@dataclass(frozen=True)
class RosterCell:
    """What a post has on one day: its shifts, and the times at which only others are staffed."""

    day: date
    shifts: tuple[Shift, ...]
    holes: tuple[rules.Hole, ...]


@dataclass(frozen=True)
class RosterRow:
    """One post of a roster, day by day."""

    post: Post
    cells: tuple[RosterCell, ...]


@dataclass(frozen=True)
class Roster:
    """The days of a roster and a row for each post."""

    days: tuple[date, ...]
    rows: tuple[RosterRow, ...]
    holes: int


def roster_of(activity: Activity, *, first: date, days: int = 7) -> Roster:
    """Return so many days of an activity's roster with the holes of each post; two queries."""
    shown = tuple(first + timedelta(days=n) for n in range(days))
    starts_at, ends_at = day_window(shown[0])[0], day_window(shown[-1])[1]
    shifts = list(
        shifts_of(activity).filter(
            state=ShiftState.PLANNED, starts_at__gte=starts_at, starts_at__lt=ends_at
        )
    )
    holes = rules.holes([(s.post_id, Window(s.starts_at, s.ends_at)) for s in shifts])
    posts = list(posts_of(activity))
    by_cell: dict[tuple[int, date], list[Shift]] = {}
    for shift in shifts:
        by_cell.setdefault((shift.post_id, local_date(shift.starts_at)), []).append(shift)
    missing: dict[tuple[int, date], list[rules.Hole]] = {}
    for hole in holes:
        missing.setdefault((hole.post_id, hole.day), []).append(hole)
    rows = tuple(
        RosterRow(
            post,
            tuple(
                RosterCell(
                    day,
                    tuple(by_cell.get((post.pk, day), ())),
                    tuple(missing.get((post.pk, day), ())),
                )
                for day in shown
            ),
        )
        for post in posts
    )
    return Roster(shown, rows, len(holes))


@dataclass(frozen=True)
class DateRow:
    """Everything that takes place in one window of an activity."""

    window: Window
    shifts: tuple[Shift, ...]

    @property
    def first(self) -> Shift:
        """The shift whose address stands for the date."""
        return self.shifts[0]

    @property
    def places(self) -> int:
        """Places of all posts together."""
        return sum(shift.places for shift in self.shifts if shift.state == ShiftState.PLANNED)

    @property
    def is_cancelled(self) -> bool:
        """None of the shifts takes place."""
        return all(shift.state == ShiftState.CANCELLED for shift in self.shifts)

    @property
    def is_moved(self) -> bool:
        """One of the shifts has a time of its own."""
        return any(shift.is_moved for shift in self.shifts)


def date_rows(shifts: QuerySet[Shift] | Sequence[Shift]) -> list[DateRow]:
    """Return shifts, which come by time, gathered by window."""
    by_window: dict[Window, list[Shift]] = {}
    for shift in shifts:
        by_window.setdefault(Window(shift.starts_at, shift.ends_at), []).append(shift)
    return [DateRow(window, tuple(found)) for window, found in by_window.items()]


def series_of(activity: Activity) -> QuerySet[Series]:
    """Return the series of an activity that still hold, by start."""
    series = Series.objects.filter(cell=activity.cell, activity=activity, replaced_at=None)
    return series.order_by("starts_on", "id")


def rhythm_of(series: Series) -> Rhythm:
    """Return a stored series as a value."""
    return Rhythm(
        series.rule,
        series.starts_on,
        series.ends_on,
        series.start_time,
        series.minutes,
        DayRule(series.day_rule),
    )


def held_in(series: Series) -> list[Held]:
    """Return the shifts of a series as values, by date; one query."""
    shifts = Shift.objects.filter(cell=series.cell, series=series).order_by("series_date", "id")
    return [
        Held(
            shift.pk,
            shift.series_date,
            Window(shift.starts_at, shift.ends_at),
            is_moved=shift.is_moved,
            is_cancelled=shift.state == ShiftState.CANCELLED,
        )
        for shift in shifts
        if shift.series_date is not None
    ]


def edit_plan(
    shift: Shift, change: rules.SeriesChange, *, scope: str, now: datetime
) -> rules.EditPlan:
    """Return what a change would do to the series of a shift; nothing is written.

    Raises what ``rules.plan_edit`` raises.
    """
    series, pivot = shift.series, shift.series_date
    if series is None or pivot is None:
        window = rules.moved_window(Window(shift.starts_at, shift.ends_at), change)
        return rules.EditPlan(moves=(rules.Kept(shift.pk, local_date(shift.starts_at), window),))
    return rules.plan_edit(
        rhythm_of(series), held_in(series), change, scope=scope, pivot=pivot, now=now,
        days=CHINA_DAYS,
    )  # fmt: skip


@dataclass(frozen=True)
class DatesPreview:
    """Days that would be planned, month by month, and the rhythm in words."""

    words: str
    days: tuple[date, ...]
    months: tuple[tuple[date, tuple[date, ...]], ...]


def preview_rhythm(rhythm: Rhythm, *, now: datetime) -> DatesPreview:
    """Return the days of a rhythm that lie ahead; nothing is written.

    Raises what ``rules.occurrences`` raises.
    """
    days = [
        day
        for day in rules.occurrences(rhythm, CHINA_DAYS)
        if rules.window_on(day, rhythm.start_time, rhythm.minutes).starts_at > now
    ]
    return preview_days(days, words=rules.rhythm_words(rhythm.rule, rhythm.day_rule))


def preview_days(days: Sequence[date], *, words: str = "") -> DatesPreview:
    """Return days month by month."""
    months = groupby(days, key=lambda day: day.replace(day=1))
    return DatesPreview(words, tuple(days), tuple((month, tuple(d)) for month, d in months))


@dataclass(frozen=True)
class EditPreview:
    """What a change would do, counted, with the shifts it names by id."""

    plan: rules.EditPlan
    shifts: dict[int, Shift]

    @property
    def moves(self) -> list[tuple[Shift, rules.Kept]]:
        """The shifts that take place at another time, with when that is."""
        return [(self.shifts[kept.shift_id], kept) for kept in self.plan.moves]

    @property
    def cancels(self) -> list[Shift]:
        """The shifts that do not take place."""
        return [self.shifts[shift_id] for shift_id in self.plan.cancels]


def preview_edit(
    shift: Shift, change: rules.SeriesChange, *, scope: str, now: datetime
) -> EditPreview:
    """Return what a change would do, for people to read; two queries.

    Raises what ``rules.plan_edit`` raises.
    """
    plan = edit_plan(shift, change, scope=scope, now=now)
    ids = {kept.shift_id for kept in plan.moves} | set(plan.cancels)
    shifts = Shift.objects.filter(cell=shift.cell, pk__in=ids).select_related("post")
    return EditPreview(plan, {one.pk: one for one in shifts})


@dataclass(frozen=True)
class RosterPreview:
    """How many shifts a calendar of duty needs, and how many of them are not planned yet."""

    needed: int
    missing: int
    days: tuple[date, ...]


def preview_roster(activity: Activity, calendar: rules.DutyCalendar) -> RosterPreview:
    """Return what a calendar would plan; nothing is written. Raises as ``rules.duty_shifts``."""
    needed = rules.duty_shifts(calendar, CHINA_DAYS)
    missing = rules.missing(needed, planned_duty(activity))
    days = sorted({local_date(one.window.starts_at) for one in needed})
    return RosterPreview(len(needed), len(missing), tuple(days))


def planned_duty(activity: Activity) -> list[DutyShift]:
    """Return the duty shifts an activity has at its points, cancelled ones not among them."""
    shifts = Shift.objects.filter(
        cell=activity.cell,
        activity=activity,
        state=ShiftState.PLANNED,
        post__point__isnull=False,
        post__removed_at=None,
    )
    return [
        DutyShift(Window(starts_at, ends_at), point_id or 0, places, places_min)
        for starts_at, ends_at, point_id, places, places_min in shifts.values_list(
            "starts_at", "ends_at", "post__point_id", "places", "places_min"
        )
    ]


def shifts_in_scope(shift: Shift, *, scope: EditScope | str, now: datetime) -> list[int]:
    """Return the ids of what a scope reaches from a shift, as far as it has not begun.

    All posts of the date, this and following dates, or all dates of the series; a shift without
    a series stands for its own window.
    """
    shifts = Shift.objects.filter(
        cell=shift.cell,
        activity_id=shift.activity_id,
        state=ShiftState.PLANNED,
        starts_at__gt=now,
    )
    if shift.series_id is None:
        shifts = shifts.filter(starts_at=shift.starts_at, ends_at=shift.ends_at, series=None)
    else:
        shifts = shifts.filter(series_id=shift.series_id)
        if scope == EditScope.ONE:
            shifts = shifts.filter(series_date=shift.series_date)
        elif scope == EditScope.FOLLOWING:
            shifts = shifts.filter(series_date__gte=shift.series_date)
    return list(shifts.order_by("starts_at", "id").values_list("pk", flat=True))


def reach_of(shift: Shift, *, now: datetime) -> dict[str, int]:
    """Return how many shifts each scope reaches from one; three queries."""
    return {scope.value: len(shifts_in_scope(shift, scope=scope, now=now)) for scope in EditScope}


@dataclass(frozen=True)
class SeriesRow:
    """A rhythm of an activity as pages show it, with the address of its next date."""

    series: Series
    words: str
    next_shift: Shift | None


def series_rows(activity: Activity, *, now: datetime) -> list[SeriesRow]:
    """Return the rhythms that hold, each with its next shift; two queries."""
    ahead = Shift.objects.filter(
        cell=activity.cell,
        activity=activity,
        series__isnull=False,
        state=ShiftState.PLANNED,
        starts_at__gt=now,
    ).order_by("series_id", "starts_at", "id")
    following = {one.series_id: one for one in ahead.distinct("series_id")}
    return [
        SeriesRow(
            series,
            rules.rhythm_words(series.rule, series.day_rule),
            following.get(series.pk),
        )
        for series in series_of(activity)
    ]
