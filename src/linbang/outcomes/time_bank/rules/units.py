"""Units and minutes of the savings."""

from decimal import Decimal

MINUTES_PER_UNIT = 60


def units_of(minutes: int, *, per: int = MINUTES_PER_UNIT, step: int = 30) -> Decimal:
    """Return minutes as units: one an hour, in halves, rounded towards zero (rule 66); a scheme
    may speak in other steps. Books keep minutes, so nothing is lost by rounding.
    """
    steps = abs(minutes) // step
    return Decimal((-steps if minutes < 0 else steps) * step) / per


def hours_text(minutes: int) -> str:
    """Write minutes as a number of hours without a needless end: 90 → 1.5, 60 → 1."""
    return f"{Decimal(minutes) / MINUTES_PER_UNIT:.2f}".rstrip("0").rstrip(".")


def percent(part: int, whole: int) -> int:
    """Return a share in whole per cent, halves rounded up; 0 of nothing is 0."""
    return (200 * part + whole) // (2 * whole) if whole else 0


def lacks_helpers(requests: int, *, unfilled: int, helpers: int) -> bool:
    """Tell whether a service lacks helpers: a tenth of its requests find nobody, or nobody can."""
    return requests > 0 and (unfilled * 10 >= requests or not helpers)


# Rule 93: smaller groups are not counted out in public.
SMALLEST_SHOWN = 5


def shown_people(count: int) -> str:
    """Write a number of people for the public: groups smaller than five as "<5" (rule 93)."""
    return f"<{SMALLEST_SHOWN}" if 0 < count < SMALLEST_SHOWN else str(count)
