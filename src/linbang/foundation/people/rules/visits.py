"""How often a plan may ask a volunteer to visit somebody."""

from linbang.foundation.people.errors import VisitLimitImpossible

VISITS_A_DAY_MAX = 3
VISITS_A_WEEK_MAX = 7
# For who has not said; whoever wants to do more signs up herself.
VISITS_A_DAY = 2
VISITS_A_WEEK = 4


def require_visit_limits(*, a_day: int | None, a_week: int | None) -> None:
    """Raise VisitLimitImpossible unless 1 to 3 visits a day and 1 to 7 a week, where told."""
    limits = (
        ("visits_a_day", a_day, VISITS_A_DAY_MAX),
        ("visits_a_week", a_week, VISITS_A_WEEK_MAX),
    )
    for field, visits, most in limits:
        if visits is not None and not 1 <= visits <= most:
            raise VisitLimitImpossible(field=field, day=VISITS_A_DAY_MAX, week=VISITS_A_WEEK_MAX)
