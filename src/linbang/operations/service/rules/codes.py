"""Rotating codes: six digits of the moment, made from a secret and the clock (RFC 6238)."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import pyotp

from linbang.operations.service import errors

CODE_STEP_S = 30
CODE_STEPS_TOLERATED = 1
WRONG_CODES_MAX = 5
WRONG_CODES_WINDOW = timedelta(minutes=1)
# Parts this use of the site's key from every other one.
_PURPOSE = b"linbang.service.check-in.v1"


def new_secret() -> str:
    """Return a fresh secret for a visit's rotating code: 160 random bits in base 32."""
    return pyotp.random_base32()


def activity_secret(site_key: bytes, activity: UUID) -> str:
    """Return the secret of an activity's check-in code, in base 32; it is stored nowhere.

    An HMAC of the activity's public id under a key derived from the site's. Whoever knows one
    activity's secret learns nothing of another's. Source: ADR 0018.
    """
    key = hmac.digest(site_key, _PURPOSE, "sha256")
    return base64.b32encode(hmac.digest(key, activity.bytes, "sha256")[:20]).decode()


def check_in_address(origin: str, activity: UUID, code: str) -> str:
    """Return what an activity's QR code says: any phone's scanner opens the page."""
    return f"{origin}/check-in/{activity}/?code={code}"


def code_at(secret: str, instant: datetime) -> str:
    """Return the six digits that hold at an instant: HMAC-SHA256 by 30-second step (RFC 6238)."""
    return _rotating(secret).at(instant)


def is_right_code(secret: str, code: str, instant: datetime) -> bool:
    """Tell whether the code holds now, or held one step before or after; constant time."""
    holding = _codes_around(secret, int(instant.timestamp()) // CODE_STEP_S)
    given = code.encode()
    return sum(hmac.compare_digest(given, one) for one in holding) > 0


@lru_cache(maxsize=1024)
def _codes_around(secret: str, step: int) -> tuple[bytes, ...]:
    # A crowd at an entrance shows the same code for half a minute.
    rotating = _rotating(secret)
    steps = range(step - CODE_STEPS_TOLERATED, step + CODE_STEPS_TOLERATED + 1)
    return tuple(rotating.generate_otp(one).encode() for one in steps)


def seconds_left(instant: datetime) -> int:
    """Return for how many seconds the present code still holds: 1 to 30."""
    return CODE_STEP_S - int(instant.timestamp()) % CODE_STEP_S


def require_another_try(wrong_in_window: int) -> None:
    """Refuse a code while five wrong ones lie in the last minute. Raises TooManyWrongCodes."""
    if wrong_in_window >= WRONG_CODES_MAX:
        raise errors.TooManyWrongCodes(field="code")


def _rotating(secret: str) -> pyotp.TOTP:
    # Typed Any: pyotp annotates the digest as ``Any`` and hashlib's constructor is overloaded.
    digest: Any = hashlib.sha256
    return pyotp.TOTP(secret, digits=6, digest=digest, interval=CODE_STEP_S)
