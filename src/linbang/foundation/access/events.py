"""What happened in access."""

from dataclasses import dataclass

from linbang.foundation.access.choices import CodePurpose
from linbang.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class SignInCodeIssued(Event):
    """A six-digit code waits to be sent to a phone. ``code_id`` makes a good idempotency key."""

    code_id: int
    phone: str
    code: str
    purpose: CodePurpose
    cell: str


@dataclass(frozen=True, kw_only=True)
class RoleGranted(Event):
    """An account got a role."""

    grant_id: int
    account_id: int
    cell: str


@dataclass(frozen=True, kw_only=True)
class RoleEnded(Event):
    """A role was taken back."""

    grant_id: int
    account_id: int
    cell: str
