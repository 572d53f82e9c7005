"""What happened to organisations."""

from dataclasses import dataclass
from datetime import datetime

from linbang.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class TeamFounded(Event):
    """A team was approved and founded."""

    organisation_id: int
    cell: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class MembershipAsked(Event):
    """Somebody asked to join."""

    membership_id: int
    cell: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class MembershipApproved(Event):
    """Somebody became a member."""

    membership_id: int
    cell: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class MembershipEnded(Event):
    """Somebody left, or was not let in."""

    membership_id: int
    cell: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class LeaderAppointed(Event):
    """A member became the leader."""

    membership_id: int
    cell: str
    at: datetime
