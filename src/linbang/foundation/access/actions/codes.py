"""Codes by SMS: sent at most five a day, good for five minutes, used once (rule 103)."""

import secrets
from datetime import datetime

from django.db import transaction

from linbang.foundation import clock
from linbang.foundation.access import queries, rules
from linbang.foundation.access.actions.attempts import note_attempt, require_calm_address
from linbang.foundation.access.choices import AttemptKind, CodePurpose
from linbang.foundation.access.errors import CodesUsedUp, CodeTooSoon, CodeWrong
from linbang.foundation.access.events import SignInCodeIssued
from linbang.foundation.access.models import Account, SignInCode, phone_digest
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import NO_CELL
from linbang.foundation.crypto import blind_index
from linbang.foundation.events import announce


@transaction.atomic
def issue_code(*, phone: str, purpose: CodePurpose, by: Actor, now: datetime) -> None:
    """Send a six-digit code to a number, registered or not: the answer is the same.

    Raises NotAPhone, TooManyTries, CodeTooSoon, CodesUsedUp.
    """
    phone = rules.require_phone(phone)
    digest = phone_digest(phone)
    queries.lock_phone(digest)
    require_calm_address(by, now=now)
    _require_code_due(digest, now=now)
    account = queries.account_with_phone(phone)
    number = f"{secrets.randbelow(10**rules.CODE_DIGITS):0{rules.CODE_DIGITS}}"
    code = SignInCode.objects.create(
        cell=account.cell if account else NO_CELL,
        phone_digest=digest,
        purpose=purpose,
        code_hash=code_hash(digest, number),
        issued_at=now,
        expires_at=now + rules.CODE_LIFETIME,
    )
    note_attempt(AttemptKind.CODE_SENT, digest, failed=False, by=by, now=now)
    announce(
        SignInCodeIssued(
            code_id=code.pk, phone=phone, code=number, purpose=purpose, cell=code.cell, at=now
        )
    )


def _require_code_due(digest: str, *, now: datetime) -> None:
    today, _ = clock.day_window(clock.local_date(now))
    issued = queries.codes_issued(digest, since=min(today, now - rules.CODE_PAUSE))
    if issued and now - issued[0] < rules.CODE_PAUSE:
        raise CodeTooSoon
    if len([moment for moment in issued if moment >= today]) >= rules.CODES_A_DAY:
        raise CodesUsedUp


def code_hash(digest: str, number: str) -> str:
    """Return what is kept of a code."""
    # Keyed, so that a stolen dump cannot be tried against the million possible codes.
    return blind_index(f"{digest}:{number}", purpose="access.code")


def prove_phone(*, phone: str, code: str, purpose: CodePurpose, by: Actor, now: datetime) -> str:
    """Use a code up and return the number it proves. Call outside a transaction.

    Raises NotAPhone, TooManyTries, CodeWrong; five wrong tries spoil a code.
    """
    phone = rules.require_phone(phone)
    digest = phone_digest(phone)
    with transaction.atomic():
        queries.lock_phone(digest)
        require_calm_address(by, now=now)
        is_right = _use_code(digest, code.strip(), purpose, now=now)
        account = queries.account_with_phone(phone)
        note_attempt(AttemptKind.CODE, digest, failed=not is_right, by=by, now=now, account=account)
    if not is_right:
        raise CodeWrong(field="code")
    return phone


def _use_code(digest: str, number: str, purpose: CodePurpose, *, now: datetime) -> bool:
    sent = queries.lock_last_code(digest, purpose)
    if sent is None or sent.used_at or now >= sent.expires_at or sent.failures >= rules.CODE_TRIES:
        return False
    if not secrets.compare_digest(sent.code_hash, code_hash(digest, number)):
        sent.failures += 1
        sent.save(update_fields=["failures"])
        return False
    sent.used_at = now
    sent.save(update_fields=["used_at"])
    return True


def sign_in_with_code(*, phone: str, code: str, by: Actor, now: datetime) -> Account | None:
    """Return the account of a number proven by its code; None if it has no account yet.

    Call outside a transaction. Raises as ``prove_phone``.
    """
    proven = prove_phone(phone=phone, code=code, purpose=CodePurpose.SIGN_IN, by=by, now=now)
    return queries.account_with_phone(proven)
