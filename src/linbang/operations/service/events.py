"""What happened around a visit."""

from dataclasses import dataclass

from linbang.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class VisitPlanned(Event):
    """A visit stands in a volunteer's calendar."""

    visit_id: int
    cell: str


@dataclass(frozen=True, kw_only=True)
class VisitCancelled(Event):
    """A planned visit will not take place."""

    visit_id: int
    cell: str


@dataclass(frozen=True, kw_only=True)
class VisitStarted(Event):
    """The volunteer is there."""

    visit_id: int
    cell: str


@dataclass(frozen=True, kw_only=True)
class VisitEnded(Event):
    """The volunteer has checked out, or was checked out by the station."""

    visit_id: int
    cell: str


@dataclass(frozen=True, kw_only=True)
class RollsClosed(Event):
    """The rolls of shifts are closed, by their leader or by the clock: what they say may count."""

    shift_ids: tuple[int, ...]
    cell: str


@dataclass(frozen=True, kw_only=True)
class AttendanceEnded(Event):
    """People have gone from a shift, by themselves or by a leader's word; one event a batch."""

    attendance_ids: tuple[int, ...]
    cell: str
