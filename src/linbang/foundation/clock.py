"""The one clock. Views, API, jobs and commands read it; everything below is told the time."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

CHINA = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return the present instant, aware."""
    return timezone.now()


def local_date(instant: datetime) -> date:
    """Return the calendar day of an instant in China."""
    return instant.astimezone(CHINA).date()


def day_window(day: date) -> tuple[datetime, datetime]:
    """Return the half-open window of a calendar day in China."""
    start = datetime(day.year, day.month, day.day, tzinfo=CHINA)
    return start, start + timedelta(days=1)


def minutes_between(start: datetime, end: datetime) -> int:
    """Return the whole minutes from start to end, rounded down."""
    return int((end - start).total_seconds() // 60)
