"""When, where and by which proof a visit begins and ends, over plain values."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from linbang.intake.needs.choices import NeedState
from linbang.operations.service import errors
from linbang.operations.service.choices import PresenceMethod, VisitState

# Every helper the need wants is found (rule 63), or one of them has begun.
STATES_READY = frozenset({NeedState.ASSIGNED, NeedState.UNDER_WAY})

CHECK_IN_OPENS_MINUTES = 60
PRESENCE_MINUTES_MIN = 1
CHECK_OUT_CLOSES = timedelta(hours=24)
CHECK_OUT_REMINDER = timedelta(minutes=30)


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
