"""Monthly grants of the pool to needy elders (rule 71)."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from linbang.foundation.clock import CHINA
from linbang.foundation.people.rules import age_on
from linbang.outcomes.time_bank.rules.schemes import Scheme


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def month_after(month: date) -> date:
    """Return the first day of the next month."""
    return (month + timedelta(days=31)).replace(day=1)


def grant_expires_at(month: date) -> datetime:
    """Return when a month's grant is over: midnight in China after its last day."""
    following = month_after(month)
    return datetime(following.year, following.month, 1, tzinfo=CHINA)


def is_granted(
    scheme: Scheme, *, categories: Collection[str], birth_date: date, month: date
) -> bool:
    """Tell whether somebody on the care register gets the grant of a month."""
    return (
        scheme.grant_minutes > 0
        and not scheme.grant_categories.isdisjoint(categories)
        and age_on(birth_date, month) >= scheme.grant_age_min
    )


def grant_shares(free: int, people: int, *, most: int, step: int) -> list[int]:
    """Divide what a pool holds among people in whole steps, nobody more than ``most``.

    Where it does not reach for all in full, all get the same, and the steps left over go to those
    who come first.
    """
    if not people:
        return []
    steps, cap = max(free, 0) // step, most // step
    each = min(steps // people, cap)
    over = min(steps - each * people, people) if each < cap else 0
    return [(each + (place < over)) * step for place in range(people)]


def born_by(age: int, *, today: date) -> date:
    """Return the last birthday of those who are at least so old."""
    try:
        return today.replace(year=today.year - age)
    except ValueError:
        # Whoever was born on 29 February ages on 1 March.
        return today.replace(year=today.year - age, day=28)
