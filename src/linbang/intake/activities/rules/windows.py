"""When things take place: windows on China's wall clock, within a policy, within a year."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from linbang.foundation.clock import CHINA, local_date
from linbang.intake.activities.errors import (
    ActivityTooLong,
    ShiftsBeyondPolicy,
    WindowImpossible,
    WindowPast,
)
from linbang.intake.activities.rules.details import Window

MINUTES_MIN = 15
YEAR = timedelta(days=366)
AGREEMENT_DAYS = 30


def window_on(day: date, start_time: time, minutes: int) -> Window:
    """Return a day's window of so many minutes. Raises WindowImpossible."""
    starts_at = datetime.combine(day, start_time, CHINA)
    return require_window(Window(starts_at, starts_at + timedelta(minutes=minutes)))


def window_between(day: date, start_time: time, end_time: time) -> Window:
    """Return a day's window between two times; 00:00 as its end is midnight.

    Raises WindowImpossible.
    """
    starts_at = datetime.combine(day, start_time, CHINA)
    ends_at = datetime.combine(day, end_time, CHINA)
    if end_time == time(0):
        ends_at += timedelta(days=1)
    return require_window(Window(starts_at, ends_at))


def require_window(window: Window) -> Window:
    """Refuse a window shorter than 15 minutes or past midnight, where hours would be void.

    Source: rule 34, a segment of service does not cross midnight. Raises WindowImpossible.
    """
    last = window.ends_at - timedelta(microseconds=1)
    if window.ends_at - window.starts_at < timedelta(minutes=MINUTES_MIN) or (
        local_date(last) != local_date(window.starts_at)
    ):
        raise WindowImpossible(field="shifts")
    return window


def require_ahead(windows: Iterable[Window], *, now: datetime) -> None:
    """Refuse a window that has begun. Raises WindowPast."""
    if any(window.starts_at <= now for window in windows):
        raise WindowPast(field="shifts")


def uncovered(
    windows: Iterable[Window], *, starts_at: datetime, ends_at: datetime
) -> tuple[Window, ...]:
    """Return the windows not covered from start to end by a policy's period (rule 16)."""
    return tuple(
        window for window in windows if window.starts_at < starts_at or window.ends_at > ends_at
    )


def require_covered(
    windows: Iterable[Window], *, starts_at: datetime, ends_at: datetime, count: int | None = None
) -> None:
    """Refuse windows beyond a policy's period (rule 17). Raises ShiftsBeyondPolicy."""
    outside = uncovered(windows, starts_at=starts_at, ends_at=ends_at)
    if outside:
        until = ends_at.astimezone(CHINA)
        raise ShiftsBeyondPolicy(
            field="shifts", count=count or len(outside), ends_at=f"{until:%Y-%m-%d %H:%M}"
        )


def is_too_long(windows: Sequence[Window]) -> bool:
    """Tell whether windows span more than a year (rule 22)."""
    return bool(windows) and _span(windows) > YEAR


def require_within_year(windows: Sequence[Window]) -> None:
    """Refuse windows that span more than a year (rule 22). Raises ActivityTooLong."""
    if is_too_long(windows):
        raise ActivityTooLong(field="shifts")


def lasts_a_month(windows: Sequence[Window]) -> bool:
    """Tell whether windows span 30 days or more (rule 21)."""
    if not windows:
        return False
    first = min(local_date(window.starts_at) for window in windows)
    last = max(local_date(window.ends_at - timedelta(microseconds=1)) for window in windows)
    return (last - first).days + 1 >= AGREEMENT_DAYS


def _span(windows: Sequence[Window]) -> timedelta:
    return max(w.ends_at for w in windows) - min(w.starts_at for w in windows)
