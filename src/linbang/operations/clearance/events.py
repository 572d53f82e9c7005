"""What changed about who may go; dispatch may want to look at promises again."""

from dataclasses import dataclass

from linbang.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class GuardianConsentWithdrawn(Event):
    """No guardian lets a minor take part in an activity any more."""

    activity_id: int
    person_id: int
    cell: str


@dataclass(frozen=True, kw_only=True)
class CredentialRevoked(Event):
    """A credential was revoked before its end."""

    person_id: int
    qualification: str
    cell: str


@dataclass(frozen=True, kw_only=True)
class PersonSuspended(Event):
    """A person's sign-ups are paused."""

    person_id: int
    cell: str
