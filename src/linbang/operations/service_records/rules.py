"""What counts: presence to minutes, and who lets a record count, over plain values."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from linbang.foundation.access.choices import Permission, Role
from linbang.foundation.access.rules import PERMISSIONS, Actor
from linbang.foundation.clock import day_window, local_date, minutes_between
from linbang.foundation.workdays import add_workdays
from linbang.operations.service.choices import (
    PROVED_ATTENDANCE,
    PROVED_METHODS,
    AttendanceMethod,
    PresenceMethod,
)
from linbang.operations.service_records import errors
from linbang.operations.service_records.choices import (
    Approval,
    Cut,
    RecordKind,
    RecordState,
    Verdict,
    Wait,
)

# The resident has a working day to answer; the station's call is due on the third (rule 64).
ANSWER_WORKDAYS = 1
CALL_WORKDAYS = 3
# Records are complete within ten working days of the service (Order 67, article 11; rule 41).
RECORD_WORKDAYS = 10
# A claim of error is answered within ten working days, as disputes about hours are (rule 73).
CLAIM_WORKDAYS = 10
# The hours of an activity are on notice for five working days (rule 44).
NOTICE_WORKDAYS = 5


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


@dataclass(frozen=True)
class Window:
    """A half-open stretch of time."""

    starts_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> int:
        """The whole minutes of the stretch, rounded down; never negative."""
        return max(0, minutes_between(self.starts_at, self.ends_at))


@dataclass(frozen=True)
class Segment:
    """What counts of a presence, and why not all of it."""

    window: Window
    minutes: int
    cuts: tuple[Cut, ...]


def counted_segment(
    presence: Window,
    planned: Window,
    *,
    kind: RecordKind,
    taken: Iterable[Window] = (),
    policy: CreditPolicy = DEFAULT_POLICY,
) -> Segment:
    """Cut a presence down to what counts.

    To the planned window ± the policy's margin, none for entered hours (rules 35, 38); to the
    day it began on (rule 34); and to what no other segment of the person holds (rule 34).
    When nothing is left, the segment is the presence itself with 0 minutes.
    """
    margin = timedelta(minutes=policy.margin_minutes if kind == RecordKind.PROVED else 0)
    cuts: list[Cut] = []
    start, end = presence.starts_at, presence.ends_at
    if start < planned.starts_at - margin:
        start = planned.starts_at - margin
        cuts.append(Cut.BEFORE)
    if end > planned.ends_at + margin:
        end = planned.ends_at + margin
        cuts.append(Cut.AFTER)
    midnight = day_window(local_date(start))[1]
    if end > midnight:
        end = midnight
        cuts.append(Cut.MIDNIGHT)
    window = longest_free(Window(start, end), taken)
    if window != Window(start, end):
        cuts.append(Cut.OVERLAP)
    if window is None or window.minutes == 0:
        return Segment(presence, 0, tuple(cuts))
    return Segment(window, window.minutes, tuple(cuts))


def longest_free(window: Window, taken: Iterable[Window]) -> Window | None:
    """Return the longest stretch of a window that none of the others touch; None if there is none.

    Of equally long stretches the first.
    """
    free: list[Window] = []
    reached = window.starts_at
    for other in sorted(taken, key=lambda one: one.starts_at):
        free.append(Window(reached, min(other.starts_at, window.ends_at)))
        reached = max(reached, other.ends_at)
    free.append(Window(reached, window.ends_at))
    longest = max(free, key=lambda one: one.ends_at - one.starts_at)
    return longest if longest.ends_at > longest.starts_at else None


def kind_of(check_in: PresenceMethod, check_out: PresenceMethod) -> RecordKind:
    """Tell whether a machine proved both ends; anybody's word makes entered hours (rule 38)."""
    return RecordKind.PROVED if {check_in, check_out} <= PROVED_METHODS else RecordKind.ENTERED


def kind_of_attendance(came: AttendanceMethod, left: AttendanceMethod) -> RecordKind:
    """Tell the same of a coming and going on a shift."""
    return RecordKind.PROVED if {came, left} <= PROVED_ATTENDANCE else RecordKind.ENTERED


def approval_needed(
    *,
    kind: RecordKind,
    verdict: Verdict,
    day_minutes: int,
    policy: CreditPolicy = DEFAULT_POLICY,
) -> Approval:
    """Tell who must let a record count; ``day_minutes`` is the person's day with this record.

    Raises DayIsFull above 24 hours. Source: rules 37, 39 and 64.
    """
    if day_minutes > policy.day_minutes_max:
        raise errors.DayIsFull
    if day_minutes > policy.day_minutes_by_station:
        return Approval.OFFICER
    is_plain = kind == RecordKind.PROVED and verdict == Verdict.CONFIRMED
    if is_plain and day_minutes <= policy.day_minutes_at_once:
        return Approval.POLICY
    return Approval.STATION


def reasons_to_wait(
    *,
    kind: RecordKind,
    verdict: Verdict | None,
    day_minutes: int,
    policy: CreditPolicy = DEFAULT_POLICY,
) -> tuple[Wait, ...]:
    """List every reason why a record does not count by itself; empty means it does."""
    waits: list[Wait] = []
    if verdict is None:
        waits.append(Wait.UNCONFIRMED)
    if verdict == Verdict.DISPUTED:
        waits.append(Wait.DISPUTED)
    if kind == RecordKind.ENTERED:
        waits.append(Wait.ENTERED)
    if day_minutes > policy.day_minutes_by_station:
        waits.append(Wait.OVER_12_HOURS)
    elif day_minutes > policy.day_minutes_at_once:
        waits.append(Wait.OVER_8_HOURS)
    return tuple(waits)


def may_approve_above(actor: Actor, *, region: str) -> bool:
    """Tell whether the actor stands above the station that ran the service (rule 37).

    A role other than station worker, or a grant for a whole street or more.
    """
    return any(
        Permission.VERIFY_RECORDS in PERMISSIONS[grant.role]
        and grant.region
        and region.startswith(grant.region)
        and (grant.role != Role.STATION_WORKER or len(grant.region) <= 9)
        for grant in actor.grants
    )


def require_other_hands(
    by_id: int | None, *, gainer_id: int, entered_by_ids: Iterable[int] = ()
) -> None:
    """Refuse who gains from a record, or entered it (rule 39).

    Raises OwnRecord, SecondPersonNeeded.
    """
    if by_id == gainer_id:
        raise errors.OwnRecord
    if by_id in set(entered_by_ids):
        raise errors.SecondPersonNeeded


def is_on_notice(drafted_at: datetime, *, now: datetime) -> bool:
    """Tell whether hours recorded then are still on public notice (rule 44).

    Raises CalendarYearMissing.
    """
    return local_date(now) <= add_workdays(local_date(drafted_at), NOTICE_WORKDAYS)


def require_minutes(minutes: int, *, most: int) -> None:
    """Refuse minutes below nothing or above ``most``. Raises MinutesOutOfRange."""
    if not 0 <= minutes <= most:
        raise errors.MinutesOutOfRange(field="minutes", most=most)


def minutes_most(
    planned: Window, *, kind: RecordKind, policy: CreditPolicy = DEFAULT_POLICY
) -> int:
    """Return the most a visit can be credited with: its planned length and margins (rule 38)."""
    margins = 2 * policy.margin_minutes if kind == RecordKind.PROVED else 0
    return policy.credited(planned.minutes + margins, planned=planned.minutes, kind=kind)


def record_state(*, verdict: Verdict | None, is_verified: bool) -> RecordState:
    """Tell where a record stands."""
    if is_verified:
        return RecordState.VERIFIED
    if verdict is None:
        return RecordState.UNCONFIRMED
    return RecordState.DISPUTED if verdict == Verdict.DISPUTED else RecordState.UNVERIFIED
