"""What counts of a presence, over plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from linbang.foundation.clock import day_window, local_date, minutes_between
from linbang.operations.service.choices import (
    PROVED_ATTENDANCE,
    PROVED_METHODS,
    AttendanceMethod,
    PresenceMethod,
)
from linbang.operations.service_records.choices import (
    Cut,
    RecordKind,
)
from linbang.operations.service_records.rules.policies import DEFAULT_POLICY, CreditPolicy


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


def minutes_most(
    planned: Window, *, kind: RecordKind, policy: CreditPolicy = DEFAULT_POLICY
) -> int:
    """Return the most a visit can be credited with: its planned length and margins (rule 38)."""
    margins = 2 * policy.margin_minutes if kind == RecordKind.PROVED else 0
    return policy.credited(planned.minutes + margins, planned=planned.minutes, kind=kind)
