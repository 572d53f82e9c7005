"""Counting tries. Rows are committed even when the try is refused: refuse after the block."""

from datetime import datetime

from linbang.foundation.access import queries, rules
from linbang.foundation.access.choices import AttemptKind
from linbang.foundation.access.errors import TooManyTries
from linbang.foundation.access.models import Account, SignInAttempt
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.audit.choices import Outcome


def require_calm_address(by: Actor, *, now: datetime) -> None:
    """Refuse an address that tried too much within ten minutes. Raises TooManyTries."""
    if by.address and queries.tries_from(by.address, now=now) >= rules.TRIES_PER_ADDRESS:
        raise TooManyTries


def is_locked(digest: str, kind: AttemptKind, *, now: datetime) -> bool:
    """Tell whether the last failures lock this number for this kind of try."""
    until = rules.locked_until(queries.last_failures(digest, kind))
    return until is not None and now < until


def note_attempt(
    kind: AttemptKind,
    digest: str,
    *,
    failed: bool,
    by: Actor,
    now: datetime,
    account: Account | None = None,
) -> None:
    """Keep one try, and one line in the trail unless it was only a code being sent."""
    SignInAttempt.objects.create(
        kind=kind, phone_digest=digest, address=by.address, at=now, failed=failed
    )
    if kind is not AttemptKind.CODE_SENT:
        record(
            by=by,
            action="access.sign_in",
            subject=account,
            outcome=Outcome.REFUSED if failed else Outcome.DONE,
            detail={"method": kind.value},
            now=now,
        )
