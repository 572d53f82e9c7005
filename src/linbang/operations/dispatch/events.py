"""What happened while somebody was being found, and to the places of shifts."""

from dataclasses import dataclass
from datetime import datetime

from linbang.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class OfferRefused(Event):
    """A volunteer cannot go: the next one is asked."""

    need_id: int
    cell: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class OfferAccepted(Event):
    """A volunteer goes: a visit is planned."""

    assignment_id: int
    cell: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AssignmentEnded(Event):
    """A volunteer who had accepted does not go after all."""

    assignment_id: int
    need_id: int
    cell: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SignUpsEnded(Event):
    """People gave places back, or were freed of them: whoever waits is offered one."""

    shift_ids: tuple[int, ...]
    cell: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PlacesAdded(Event):
    """Shifts have more places for everybody: whoever waits is offered one."""

    shift_ids: tuple[int, ...]
    cell: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PlanAsked(Event):
    """Somebody wants a plan of visits: it is made by a worker."""

    run_id: int
    cell: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PlanPublished(Event):
    """A plan of visits was published: its volunteers are asked."""

    run_id: int
    cell: str
    at: datetime
