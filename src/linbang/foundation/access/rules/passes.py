"""Passes: who somebody is, signed and short-lived, told from forgeries without a query.

A pass is ``lb1.account.person.cell.device.issued.expires.signature``; instants are whole seconds
since 1970, the signature is HMAC-SHA256 over all before it. It carries no role: it is good for
what everybody may do for oneself, such as signing up and checking in.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import NamedTuple

from linbang.foundation.access.errors import PassRefused

PASS_LIFETIME = timedelta(minutes=10)
# A request that was under way when its device was signed out may still hand out a pass.
REVOCATION_LIFETIME = PASS_LIFETIME + timedelta(minutes=2)
# Who could not read the revocations for so long knows of no pass whether it is good.
REVOKED_GOOD_FOR_S = 5.0

_VERSION = "lb1"
# The purpose: no signature made with the same secret for something else is a pass.
_SALT = b"linbang.foundation.access.pass.v1"


class Pass(NamedTuple):
    """Whose a pass is, on which device, and until when; seconds since 1970."""

    account_id: int
    person_id: int
    cell: str
    device_id: int
    issued_at: int
    expires_at: int


@dataclass(frozen=True)
class RevokedPasses:
    """What was revoked within a pass's lifetime, as last read; ``read_at`` by any one clock."""

    accounts: frozenset[int]
    devices: frozenset[int]
    read_at: float

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int | None]], *, read_at: float) -> "RevokedPasses":
        """Return the snapshot of (account, device) rows; without a device all of the account's."""
        known = list(rows)
        return cls(
            accounts=frozenset(account for account, device in known if device is None),
            devices=frozenset(device for _, device in known if device is not None),
            read_at=read_at,
        )

    def is_current(self, now: float) -> bool:
        """Tell whether passes may be believed by this snapshot."""
        return now - self.read_at <= REVOKED_GOOD_FOR_S

    def covers(self, holder: Pass) -> bool:
        """Tell whether a pass was revoked, whenever it was issued."""
        return holder.account_id in self.accounts or holder.device_id in self.devices


def pass_key(secret: str) -> bytes:
    """Return the key of passes, derived from the site's secret."""
    return hmac.digest(secret.encode(), _SALT, "sha256")


def write_pass(holder: Pass, *, key: bytes) -> str:
    """Return the signed text of a pass."""
    told = ".".join(
        str(part)
        for part in (
            _VERSION,
            holder.account_id,
            holder.person_id,
            holder.cell,
            holder.device_id,
            holder.issued_at,
            holder.expires_at,
        )
    )
    return f"{told}.{_signature(told.encode(), key).decode()}"


def read_pass(text: str, *, key: bytes, now: float) -> Pass:
    """Return whose pass a text is. Raises PassRefused: forged, of another version, expired."""
    told, _, signature = text.rpartition(".")
    # Compared as bytes: compare_digest takes no text beyond ASCII.
    if not hmac.compare_digest(signature.encode(), _signature(told.encode(), key)):
        raise PassRefused
    version, *parts = told.split(".")
    if version != _VERSION:
        raise PassRefused
    account, person, cell, device, issued, expires = parts
    if now >= int(expires):
        raise PassRefused
    return Pass(int(account), int(person), cell, int(device), int(issued), int(expires))


def _signature(told: bytes, key: bytes) -> bytes:
    signed = _keyed(key).copy()
    signed.update(told)
    return urlsafe_b64encode(signed.digest()).rstrip(b"=")


@cache
def _keyed(key: bytes) -> hmac.HMAC:
    return hmac.new(key, digestmod="sha256")
