"""Getting in and staying in: codes, passwords, second factors, sessions."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import Enum, auto
from itertools import pairwise

import pyotp

from linbang.foundation.access.choices import Role
from linbang.foundation.access.errors import NotAPhone, PasswordWeak
from linbang.foundation.access.rules.members import needs_second_factor

# Sign-in by code (rule 103) and by password (rule 96).
CODE_DIGITS = 6
CODE_LIFETIME = timedelta(minutes=5)
CODE_PAUSE = timedelta(seconds=60)
CODES_A_DAY = 5
CODE_TRIES = 5
FAILURES_MAX = 5
LOCK_TIME = timedelta(minutes=10)
# A station's computers share one address: generous for people, hopeless for guessing.
TRIES_PER_ADDRESS = 60
IDLE_TIME = timedelta(minutes=15)
SESSION_LIFETIME = timedelta(days=30)
PROOF_LIFETIME = timedelta(minutes=30)
RECOVERY_CODES = 10

_PHONE = re.compile(r"1[3-9]\d{9}", re.ASCII)


def require_phone(text: str) -> str:
    """Return a mainland mobile number without blanks, dashes or +86. Raises NotAPhone."""
    digits = re.sub(r"[\s-]", "", text)
    phone = digits.removeprefix("+86").removeprefix("0086")
    if not _PHONE.fullmatch(phone):
        raise NotAPhone(field="phone")
    return phone


def require_strong_password(password: str) -> None:
    """Refuse a password that breaks rule 96. Raises PasswordWeak."""
    kinds = (r"[A-Z]", r"[a-z]", r"\d")
    if (
        not 8 <= len(password) <= 20
        or not all(re.search(kind, password, re.ASCII) for kind in kinds)
        or _has_run(password)
    ):
        raise PasswordWeak(field="password")


def _has_run(text: str, length: int = 4) -> bool:
    """Tell whether four characters in a row repeat, rise or fall by one: aaaa 1234 dcba."""
    run, last_step = 1, None
    for before, after in pairwise(text.lower()):
        step = ord(after) - ord(before)
        run = run + 1 if step == last_step and abs(step) <= 1 else 2 if abs(step) <= 1 else 1
        last_step = step
        if run >= length:
            return True
    return False


def locked_until(failed_at: Iterable[datetime]) -> datetime | None:
    """Return until when the last failures in a row lock; ``failed_at``: newest first."""
    newest = list(failed_at)[:FAILURES_MAX]
    if len(newest) < FAILURES_MAX or newest[0] - newest[-1] > LOCK_TIME:
        return None
    return newest[0] + LOCK_TIME


def matching_step(secret: str, code: str, *, now: datetime, after_step: int) -> int | None:
    """Return the 30-second step whose one-time code this is, one step of clock error allowed.

    Steps up to ``after_step`` were used before and match no more.
    """
    totp = pyotp.TOTP(secret)
    present = int(now.timestamp()) // totp.interval
    for step in (present - 1, present, present + 1):
        if step > after_step and pyotp.utils.strings_equal(totp.generate_otp(step), code):
            return step
    return None


def authenticator_address(secret: str, *, name: str) -> str:
    """Return the otpauth address an authenticator app reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="邻帮")


class Standing(Enum):
    """How far a session has got."""

    STRANGER = auto()
    FACTOR_MISSING = auto()
    MEMBER = auto()


def standing_of(
    roles: Iterable[Role],
    *,
    signed_in_at: float,
    seen_at: float,
    valid_from: float,
    is_ended: bool,
    has_factor: bool,
    factor_given: bool,
    now: float,
) -> Standing:
    """Decide what a session is worth now. Instants are seconds since 1970."""
    roles = frozenset(roles)
    idle = idles_out(roles) and now - seen_at > IDLE_TIME.total_seconds()
    if is_ended or signed_in_at < valid_from or idle:
        return Standing.STRANGER
    if (has_factor or needs_second_factor(roles)) and not factor_given:
        return Standing.FACTOR_MISSING
    return Standing.MEMBER


def seen_pause(roles: Iterable[Role]) -> timedelta:
    """Return how often a session notes that it is in use: exact only where it idles out."""
    return timedelta(minutes=1) if idles_out(roles) else timedelta(hours=1)


def idles_out(roles: Iterable[Role]) -> bool:
    """Tell whether a session with one of the roles ends after 15 quiet minutes (rule 96)."""
    return needs_second_factor(roles)


def device_name(agent: str) -> str:
    """Name a browser for its owner by what its User-Agent says, such as iPhone · 微信."""
    systems = {
        "iPhone": "iPhone", "iPad": "iPad", "HarmonyOS": "HarmonyOS", "OpenHarmony": "HarmonyOS",
        "Android": "Android", "Windows": "Windows", "Macintosh": "Mac", "Linux": "Linux",
    }  # fmt: skip
    browsers = {
        "MicroMessenger": "WeChat", "Edg": "Edge", "HuaweiBrowser": "Huawei", "Firefox": "Firefox",
        "Chrome": "Chrome", "Safari": "Safari",
    }  # fmt: skip
    found = (
        next((label for token, label in names.items() if token in agent), "")
        for names in (systems, browsers)
    )
    return " · ".join(name for name in found if name)
