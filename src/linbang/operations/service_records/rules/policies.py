"""How hours are credited: the policies and their versions.

A version that records refer to is never edited: what changes gets the next number.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from linbang.operations.service_records.choices import Midnight, RecordKind, Rounding


def half_hours(minutes: int) -> int:
    """Round minutes per segment as 志愿山城 does: rest ≤ 15 → 0, ≤ 45 → 30, else 60.

    Source: rule 36 (ZYSC).
    """
    hours, rest = divmod(minutes, 60)
    return hours * 60 + (0 if rest <= 15 else 30 if rest <= 45 else 60)


def whole_minutes(minutes: int) -> int:
    """Leave minutes as they are."""
    return minutes


_ROUNDINGS: Mapping[Rounding, Callable[[int], int]] = {
    Rounding.HALF_HOURS: half_hours,
    Rounding.MINUTES: whole_minutes,
}


@dataclass(frozen=True, kw_only=True)
class CreditPolicy:
    """One version of the crediting rules; its code and version are stored with each record.

    ``margin_minutes``: how far beside the planned window proved presence counts (rule 35);
    ``travel_minutes``: how much further before it, where the way from an assembly counts.
    ``pairs_max``: comings and goings a person, activity and day (rule 32). The day's limits are
    rule 37's: at once, with the station's approval, and at all. ``reviews_location``: presence by
    location alone waits for the station (rule 31).
    """

    code: str
    version: int
    rounding: Rounding
    margin_minutes: int = 15
    travel_minutes: int = 0
    midnight: Midnight = Midnight.SPLIT
    pairs_max: int = 3
    day_minutes_at_once: int = 8 * 60
    day_minutes_by_station: int = 12 * 60
    day_minutes_max: int = 24 * 60
    reviews_location: bool = True
    shows_decimals: bool = False

    def rounded(self, minutes: int) -> int:
        """Return minutes as the policy rounds them."""
        return _ROUNDINGS[self.rounding](minutes)

    def credited(self, minutes: int, *, planned: int, kind: RecordKind) -> int:
        """Return the minutes credited for the counted minutes of one service.

        Rounding never lifts entered hours above the planned length (rule 38).
        """
        most = planned if kind == RecordKind.ENTERED else self.day_minutes_max
        return min(self.rounded(minutes), most)


XINZHU_1 = CreditPolicy(
    code="xinzhu",
    version=1,
    rounding=Rounding.HALF_HOURS,
    midnight=Midnight.CUT,
    reviews_location=False,
)
NATIONAL_1 = CreditPolicy(
    code="national",
    version=1,
    rounding=Rounding.MINUTES,
    midnight=Midnight.CUT,
    reviews_location=False,
)
MINUTES_1 = CreditPolicy(
    code="minutes",
    version=1,
    rounding=Rounding.MINUTES,
    margin_minutes=0,
    midnight=Midnight.CUT,
    reviews_location=False,
)
# Programme rules 31 to 38.
XINZHU = CreditPolicy(code="xinzhu", version=2, rounding=Rounding.HALF_HOURS)
# The national system writes hours with two decimals (domain handbook §5.2), so minutes stay whole
# and only their display rounds.
NATIONAL = CreditPolicy(code="national", version=2, rounding=Rounding.MINUTES, shows_decimals=True)
# IZY1: 8, 12 and 24 hours a day, location alone is audited. IZY2: three pairs, times to the minute.
GUANGDONG = CreditPolicy(code="guangdong", version=1, rounding=Rounding.MINUTES)
# ZYSC: the table of half hours. What it says of margins and limits is not known: ours stand in.
CHONGQING = CreditPolicy(
    code="chongqing", version=1, rounding=Rounding.HALF_HOURS, reviews_location=False
)
MINUTES = CreditPolicy(
    code="minutes",
    version=2,
    rounding=Rounding.MINUTES,
    margin_minutes=0,
    reviews_location=False,
)
# What may be adopted now, as a page lists it.
PRESETS = (XINZHU, NATIONAL, GUANGDONG, CHONGQING, MINUTES)
POLICIES: Mapping[tuple[str, int], CreditPolicy] = {
    (policy.code, policy.version): policy for policy in (XINZHU_1, NATIONAL_1, MINUTES_1, *PRESETS)
}
DEFAULT_POLICY = XINZHU


def policy_named(code: str, version: int) -> CreditPolicy:
    """Return the policy a record was credited by. Raises KeyError for one that never was."""
    return POLICIES[code, version]


def national_hours(minutes: int) -> Decimal:
    """Return minutes as hours with two decimals, half up, as the national system shows them."""
    return (Decimal(minutes) / 60).quantize(Decimal("0.01"), ROUND_HALF_UP)
