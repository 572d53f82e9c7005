"""What happened to people."""

from dataclasses import dataclass
from datetime import datetime

from linbang.foundation.events import Event
from linbang.foundation.people.choices import ConsentKind


@dataclass(frozen=True, kw_only=True)
class PersonRegistered(Event):
    """Somebody was registered, perhaps unconfirmed yet."""

    person_id: int
    cell: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PersonConfirmed(Event):
    """A person, or a minor's guardian, consented to the registration (rule 4)."""

    person_id: int
    cell: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PersonClosed(Event):
    """A person closed the account: everything but storage ends (rule 9)."""

    person_id: int
    cell: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(Event):
    """A person took one consent back."""

    person_id: int
    cell: str
    at: datetime
    kind: ConsentKind


@dataclass(frozen=True, kw_only=True)
class VolunteerRegistered(Event):
    """A person became a volunteer."""

    person_id: int
    cell: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class VolunteerEnded(Event):
    """A person stopped being a volunteer."""

    person_id: int
    cell: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class IdentityClaimed(Event):
    """Somebody says that a record is their own; the station looks into it."""

    claim_id: int
    cell: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RegistrationDisputeAnswered(Event):
    """Somebody said "it was not me who registered" and is told what was found (rule 5)."""

    dispute_id: int
    phone: str
    was_ended: bool
    cell: str
    at: datetime
