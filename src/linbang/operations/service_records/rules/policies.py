"""How hours are credited: the policies and their versions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from linbang.operations.service_records.choices import (
    RecordKind,
)


def half_hours(minutes: int) -> int:
    """Round minutes per segment as 志愿山城 does: rest ≤ 15 → 0, ≤ 45 → 30, else 60.

    Source: rule 36 (ZYSC).
    """
    hours, rest = divmod(minutes, 60)
    return hours * 60 + (0 if rest <= 15 else 30 if rest <= 45 else 60)


def whole_minutes(minutes: int) -> int:
    """Leave minutes as they are."""
    return minutes


@dataclass(frozen=True)
class CreditPolicy:
    """One version of the crediting rules; its code and version are stored with each record.

    ``margin_minutes``: how far beside the planned window presence still counts (rule 35).
    The day's limits are rule 37's: at once, with the station's approval, and at all.
    """

    code: str
    version: int
    rounding: Callable[[int], int]
    margin_minutes: int = 15
    day_minutes_at_once: int = 8 * 60
    day_minutes_by_station: int = 12 * 60
    day_minutes_max: int = 24 * 60

    def credited(self, minutes: int, *, planned: int, kind: RecordKind) -> int:
        """Return the minutes credited for the counted minutes of one segment.

        Rounding never lifts entered hours above the planned length (rule 38).
        """
        most = planned if kind == RecordKind.ENTERED else self.day_minutes_max
        return min(self.rounding(minutes), most)


# Xinzhu: programme rules 34 to 38. National: the national system writes hours with two decimals
# (domain handbook §5.2), so minutes stay whole and only their display rounds.
XINZHU = CreditPolicy(code="xinzhu", version=1, rounding=half_hours)
NATIONAL = CreditPolicy(code="national", version=1, rounding=whole_minutes)
MINUTES = CreditPolicy(code="minutes", version=1, rounding=whole_minutes, margin_minutes=0)
POLICIES: Mapping[tuple[str, int], CreditPolicy] = {
    (policy.code, policy.version): policy for policy in (XINZHU, NATIONAL, MINUTES)
}
DEFAULT_POLICY = XINZHU


def policy_named(code: str, version: int) -> CreditPolicy:
    """Return the policy a record was credited by. Raises KeyError for one that never was."""
    return POLICIES[code, version]


def national_hours(minutes: int) -> Decimal:
    """Return minutes as hours with two decimals, half up, as the national system shows them."""
    return (Decimal(minutes) / 60).quantize(Decimal("0.01"), ROUND_HALF_UP)
