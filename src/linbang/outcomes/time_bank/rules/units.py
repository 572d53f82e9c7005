"""Units and minutes of the savings."""

from decimal import Decimal

MINUTES_PER_UNIT = 60
_HALF_UNIT = MINUTES_PER_UNIT // 2
_HALF = Decimal("0.5")


def units_of(minutes: int) -> Decimal:
    """Return minutes as units: one an hour, in halves, rounded towards zero (rule 66).

    Books keep minutes; units are how a balance is spoken of, so nothing is lost by rounding.
    """
    halves = abs(minutes) // _HALF_UNIT
    return (-halves if minutes < 0 else halves) * _HALF
