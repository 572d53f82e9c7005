"""When, where and by which proof a visit begins and ends, over plain values."""

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pyotp

from linbang.intake.needs.choices import NeedState
from linbang.operations.service import errors
from linbang.operations.service.choices import PresenceMethod, VisitState

# Every helper the need wants is found (rule 63), or one of them has begun.
STATES_READY = frozenset({NeedState.ASSIGNED, NeedState.UNDER_WAY})

CODE_STEP_S = 30
CODE_STEPS_TOLERATED = 1
WRONG_CODES_MAX = 5
WRONG_CODES_WINDOW = timedelta(minutes=1)

CHECK_IN_OPENS_MINUTES = 60
PRESENCE_MINUTES_MIN = 1
CHECK_OUT_CLOSES = timedelta(hours=24)
CHECK_OUT_REMINDER = timedelta(minutes=30)

LOCATION_RADIUS_M = 200
EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG


@dataclass(frozen=True)
class Proof:
    """What is put forward to show presence; ``at`` and ``note`` count for staff only."""

    method: PresenceMethod
    code: str = ""
    latitude: float | None = None
    longitude: float | None = None
    at: datetime | None = None
    note: str = ""

    @property
    def point(self) -> tuple[float, float] | None:
        """The device's (latitude, longitude), if it gave both."""
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude

    def moment(self, now: datetime) -> datetime:
        """Return when presence was: only staff may name another moment than now."""
        return self.at if self.at and self.method == PresenceMethod.STAFF else now


def new_secret() -> str:
    """Return a fresh secret for a visit's rotating code: 160 random bits in base 32."""
    return pyotp.random_base32()


def code_at(secret: str, instant: datetime) -> str:
    """Return the six digits that hold at an instant: HMAC-SHA256 by 30-second step (RFC 6238)."""
    return _rotating(secret).at(instant)


def is_right_code(secret: str, code: str, instant: datetime) -> bool:
    """Tell whether the code holds now, or held one step before or after; constant time."""
    return _rotating(secret).verify(code, for_time=instant, valid_window=CODE_STEPS_TOLERATED)


def seconds_left(instant: datetime) -> int:
    """Return for how many seconds the present code still holds: 1 to 30."""
    return CODE_STEP_S - int(instant.timestamp()) % CODE_STEP_S


def _rotating(secret: str) -> pyotp.TOTP:
    # Typed Any: pyotp annotates the digest as ``Any`` and hashlib's constructor is overloaded.
    digest: Any = hashlib.sha256
    return pyotp.TOTP(secret, digits=6, digest=digest, interval=CODE_STEP_S)


def require_another_try(wrong_in_window: int) -> None:
    """Refuse a code while five wrong ones lie in the last minute. Raises TooManyWrongCodes."""
    if wrong_in_window >= WRONG_CODES_MAX:
        raise errors.TooManyWrongCodes(field="code")


def distance_m(from_point: tuple[float, float], to_point: tuple[float, float]) -> int:
    """Return the great-circle distance in whole metres, rounded; points are (lat, lon) degrees.

    Source: haversine formula (Sinnott 1984).
    """
    latitude, longitude = math.radians(from_point[0]), math.radians(from_point[1])
    other_latitude, other_longitude = math.radians(to_point[0]), math.radians(to_point[1])
    half_chord = (
        math.sin((other_latitude - latitude) / 2) ** 2
        + math.cos(latitude)
        * math.cos(other_latitude)
        * math.sin((other_longitude - longitude) / 2) ** 2
    )
    return round(2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, half_chord))))


def require_near(metres: int) -> None:
    """Refuse a device further away than the circle of the building. Raises TooFarAway."""
    if metres > LOCATION_RADIUS_M:
        raise errors.TooFarAway(distance_m=metres, limit_m=LOCATION_RADIUS_M)


def require_check_in_time(at: datetime, *, starts_at: datetime, ends_at: datetime) -> None:
    """Refuse a check-in outside [an hour before the start, the planned end).

    Raises TooEarly, TooLateToCheckIn.
    """
    if at < starts_at - timedelta(minutes=CHECK_IN_OPENS_MINUTES):
        raise errors.TooEarly(minutes=CHECK_IN_OPENS_MINUTES)
    if at >= ends_at:
        raise errors.TooLateToCheckIn


def require_check_out_time(at: datetime, *, checked_in_at: datetime) -> None:
    """Refuse a check-out within a minute of the check-in, or a day after it.

    Raises TooShort, TooLateToCheckOut. Source: rules 33 and 34.
    """
    if at < checked_in_at + timedelta(minutes=PRESENCE_MINUTES_MIN):
        raise errors.TooShort
    if at > checked_in_at + CHECK_OUT_CLOSES:
        raise errors.TooLateToCheckOut


def require_settlement_time(
    at: datetime, *, checked_in_at: datetime, ends_at: datetime, ends_shown: str
) -> None:
    """Refuse a check-out by staff that is too short, or later than the planned end.

    Raises TooShort, BeyondPlannedEnd. Source: rules 33 and 38.
    """
    if at < checked_in_at + timedelta(minutes=PRESENCE_MINUTES_MIN):
        raise errors.TooShort(field="at")
    if at > ends_at:
        raise errors.BeyondPlannedEnd(field="at", ends_at=ends_shown)


def require_past(at: datetime, *, now: datetime) -> None:
    """Refuse a presence that has not happened yet. Raises NotThenYet."""
    if at > now:
        raise errors.NotThenYet(field="at")


def visit_state(
    *,
    ends_at: datetime,
    checked_in: bool,
    checked_out: bool,
    cancelled: bool,
    now: datetime,
) -> VisitState:
    """Tell where a visit stands; past its planned end without check-out it is unsettled."""
    if cancelled:
        return VisitState.CANCELLED
    if checked_out:
        return VisitState.DONE
    if now < ends_at:
        return VisitState.RUNNING if checked_in else VisitState.PLANNED
    return VisitState.UNSETTLED if checked_in else VisitState.MISSED
