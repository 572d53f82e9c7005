"""Two-way ratings, over plain values (rule 53)."""

from collections.abc import Sequence
from datetime import date, timedelta

from linbang.foundation.workdays import is_workday
from linbang.outcomes.recognition import errors

RATING_WORKDAYS = 10
# Fewer ratings would tell who gave them, and one bad day would weigh too much.
RATINGS_MIN = 3
POINTS_EACH = 3


def last_day_over(today: date) -> date:
    """Return the latest day whose records may no longer be rated today.

    A record can be rated up to the tenth working day after its day. Looks back only, so that no
    calendar of next year is needed. Raises CalendarYearMissing.
    """
    day, left = today, RATING_WORKDAYS
    while left:
        day -= timedelta(days=1)
        left -= is_workday(day)
    return day - timedelta(days=1)


def is_shown(*, both_in: bool, is_over: bool) -> bool:
    """Tell whether a rating may be seen: once both are in, or the time is over."""
    return both_in or is_over


def require_points(points: Sequence[int]) -> None:
    """Refuse anything but three points from 1 to 5. Raises PointsOutOfRange."""
    if len(points) != POINTS_EACH or not all(1 <= point <= 5 for point in points):
        raise errors.PointsOutOfRange


def average_tenths(total: int, count: int) -> int | None:
    """Return the average of a person's shown ratings in tenths of a point, half up.

    ``total`` is the sum of all points of ``count`` ratings, three each. None for fewer than three.
    """
    if count < RATINGS_MIN:
        return None
    marks = count * POINTS_EACH
    return (total * 20 + marks) // (marks * 2)


def tenths_text(tenths: int | None) -> str:
    """Write tenths with one decimal: 47 → 4.7; nothing for none."""
    return "" if tenths is None else f"{tenths // 10}.{tenths % 10}"
