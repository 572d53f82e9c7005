"""The round that leaves nothing promised for ever."""

from datetime import datetime

from linbang.outcomes.time_bank import queries
from linbang.outcomes.time_bank.actions.gifts import expire_gifts
from linbang.outcomes.time_bank.actions.holds import release_left_over


def sweep_spending(*, now: datetime) -> int:
    """Return gifts nobody took, and give back what ended needs left promised; return how many."""
    touched = expire_gifts(now=now)
    for redemption in queries.redemptions_left_over():
        release_left_over(redemption=redemption, now=now)
        touched += 1
    return touched
