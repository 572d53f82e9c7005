"""What happened to a certificate."""

from dataclasses import dataclass

from linbang.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class CertificateIssued(Event):
    """Verified service was certified under a number of its own."""

    certificate_id: int
    cell: str
    person_id: int


@dataclass(frozen=True, kw_only=True)
class CertificateEnded(Event):
    """A certificate may not be relied on any more: superseded or revoked."""

    certificate_id: int
    cell: str
    state: str
