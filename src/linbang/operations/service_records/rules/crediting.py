"""What counts of a presence, over plain values."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from linbang.foundation.clock import day_window, local_date, minutes_between
from linbang.operations.service.choices import (
    PROVED_ATTENDANCE,
    PROVED_METHODS,
    AttendanceMethod,
    PresenceMethod,
)
from linbang.operations.service_records.choices import Cut, Midnight, RecordKind
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
    """What counts of a presence on one day, and why not all of it; ``part`` numbers the days."""

    window: Window
    minutes: int
    cuts: tuple[Cut, ...]
    credited: int = 0
    part: int = 1


def credit(
    presence: Window,
    planned: Window,
    *,
    kind: RecordKind,
    taken: Iterable[Window] = (),
    pairs_before: int = 0,
    policy: CreditPolicy = DEFAULT_POLICY,
) -> tuple[Segment, ...]:
    """Return what a policy makes of a presence: one segment, or one for each day it was planned on.

    ``pairs_before``: how often the person came to the activity that day before (rule 32). Of
    which nothing counts, is one segment of 0 minutes.
    """
    if pairs_before >= policy.pairs_max:
        return (Segment(presence, 0, (Cut.PAIRS,)),)
    if policy.midnight == Midnight.CUT:
        one = counted_segment(presence, planned, kind=kind, taken=taken, policy=policy)
        credited = policy.credited(one.minutes, planned=planned.minutes, kind=kind)
        return (replace(one, credited=credited),)
    return _credit_by_day(presence, planned, kind=kind, taken=tuple(taken), policy=policy)


def counted_segment(
    presence: Window,
    planned: Window,
    *,
    kind: RecordKind,
    taken: Iterable[Window] = (),
    policy: CreditPolicy = DEFAULT_POLICY,
) -> Segment:
    """Cut a presence down to what counts, as one segment that ends at midnight.

    To the planned window ± the policy's margin, none for entered hours (rules 35, 38); to the
    day it began on (rule 34); and to what no other segment of the person holds (rule 34).
    When nothing is left, the segment is the presence itself with 0 minutes.
    """
    (start, end), cuts = _near_the_plan(presence, planned, kind=kind, policy=policy)
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


def _near_the_plan(
    presence: Window, planned: Window, *, kind: RecordKind, policy: CreditPolicy
) -> tuple[tuple[datetime, datetime], list[Cut]]:
    """Cut a presence to the planned window, its margins and the way to it (rules 35 and 38)."""
    is_proved = kind == RecordKind.PROVED
    before = timedelta(minutes=policy.margin_minutes + policy.travel_minutes) * is_proved
    after = timedelta(minutes=policy.margin_minutes) * is_proved
    cuts: list[Cut] = []
    start, end = presence.starts_at, presence.ends_at
    if start < planned.starts_at - before:
        start = planned.starts_at - before
        cuts.append(Cut.BEFORE)
    if end > planned.ends_at + after:
        end = planned.ends_at + after
        cuts.append(Cut.AFTER)
    return (start, end), cuts


def _credit_by_day(
    presence: Window,
    planned: Window,
    *,
    kind: RecordKind,
    taken: tuple[Window, ...],
    policy: CreditPolicy,
) -> tuple[Segment, ...]:
    """Part a presence at midnight, each part on its own day (rule 34).

    Only days of the plan have parts: a margin that reaches into another day is no service of that
    day. Minutes and rounding run through the parts, so that together they are what one service
    would be.
    """
    (start, end), cuts = _near_the_plan(presence, planned, kind=kind, policy=policy)
    first = day_window(local_date(planned.starts_at))[0]
    last = day_window(local_date(planned.ends_at - timedelta(microseconds=1)))[1]
    if start < first:
        start = first
        cuts = [Cut.BEFORE, *(cut for cut in cuts if cut != Cut.BEFORE)]
    if end > last:
        end = last
        cuts.append(Cut.MIDNIGHT)
    segments: list[Segment] = []
    seconds = minutes = credited = 0
    for day in _days_of(start, end):
        window = longest_free(day, taken)
        if window != day:
            cuts.append(Cut.OVERLAP)
        if window is None:
            continue
        held = seconds + int((window.ends_at - window.starts_at).total_seconds())
        if held // 60 == minutes:
            continue
        seconds = held
        total = policy.credited(seconds // 60, planned=planned.minutes, kind=kind)
        segments.append(
            Segment(window, seconds // 60 - minutes, (), total - credited, len(segments) + 1)
        )
        minutes, credited = seconds // 60, total
    if not segments:
        return (Segment(presence, 0, tuple(dict.fromkeys(cuts))),)
    return tuple(replace(one, cuts=tuple(dict.fromkeys(cuts))) for one in segments)


def _days_of(start: datetime, end: datetime) -> Iterable[Window]:
    while start < end:
        until = min(day_window(local_date(start))[1], end)
        yield Window(start, until)
        start = until


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
