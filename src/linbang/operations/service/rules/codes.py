"""Rotating codes: six digits of the moment, made from a secret and the clock (RFC 6238)."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

import pyotp

from linbang.operations.service import errors

CODE_STEP_S = 30
CODE_STEPS_TOLERATED = 1
WRONG_CODES_MAX = 5
WRONG_CODES_WINDOW = timedelta(minutes=1)


def new_secret() -> str:
    """Return a fresh secret for a visit's rotating code: 160 random bits in base 32."""
    return pyotp.random_base32()


def code_at(secret: str, instant: datetime) -> str:
    """Return the six digits that hold at an instant: HMAC-SHA256 by 30-second step (RFC 6238)."""
    return _rotating(secret).at(instant)


def is_right_code(secret: str, code: str, instant: datetime) -> bool:
    """Tell whether the code holds now, or held one step before or after; constant time."""
    return _rotating(secret).verify(code, for_time=instant, valid_window=CODE_STEPS_TOLERATED)


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
