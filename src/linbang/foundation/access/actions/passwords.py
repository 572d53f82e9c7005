"""Passwords by rule 96. None of these runs inside a caller's transaction: failures must stay."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from linbang.foundation.access import queries, rules
from linbang.foundation.access.actions.attempts import (
    is_locked,
    note_attempt,
    require_calm_address,
)
from linbang.foundation.access.actions.codes import prove_phone
from linbang.foundation.access.actions.devices import sign_out_everywhere
from linbang.foundation.access.choices import AttemptKind, CodePurpose
from linbang.foundation.access.errors import NoSuchAccount, PasswordLocked, PasswordWrong
from linbang.foundation.access.models import Account, phone_digest
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record


def sign_in_with_password(*, phone: str, password: str, by: Actor, now: datetime) -> Account:
    """Return the account that number and password open.

    The same refusals, and the same work, for numbers without an account.
    Raises NotAPhone, TooManyTries, PasswordLocked, PasswordWrong.
    """
    phone = rules.require_phone(phone)
    account = queries.account_with_phone(phone)
    _try_password(account, phone_digest(phone), password, by=by, now=now)
    if account is None:
        raise PasswordWrong
    return account


def _try_password(
    account: Account | None, digest: str, password: str, *, by: Actor, now: datetime
) -> None:
    with transaction.atomic():
        queries.lock_phone(digest)
        require_calm_address(by, now=now)
        if is_locked(digest, AttemptKind.PASSWORD, now=now):
            raise PasswordLocked
        fits = _fits(account, password)
        note_attempt(AttemptKind.PASSWORD, digest, failed=not fits, by=by, now=now, account=account)
    if not fits:
        raise PasswordWrong


def _fits(account: Account | None, password: str) -> bool:
    if account is None or not account.has_usable_password():
        # Hash anyway: the time it takes must not tell who has a password.
        make_password(password)
        return False
    return account.check_password(password)


@transaction.atomic
def set_password(*, account_id: int, password: str, by: Actor, now: datetime) -> Account:
    """Set a password and sign every device out. Raises PasswordWeak."""
    rules.require_strong_password(password)
    account = queries.lock_account(account_id)
    account.set_password(password)
    account.password_set_at = now
    account.save(update_fields=["password", "password_set_at"])
    sign_out_everywhere(account_id=account.pk, by=by, now=now)
    record(by=by, action="access.set_password", subject=account, now=now)
    return account


def change_password(
    *, account_id: int, current: str, password: str, by: Actor, now: datetime
) -> Account:
    """Replace a password by who knows the current one; a first password needs none.

    Raises PasswordWeak, PasswordWrong, PasswordLocked.
    """
    rules.require_strong_password(password)
    account = queries.account_with_id(account_id)
    if account.has_usable_password():
        _try_password(account, account.phone_digest, current, by=by, now=now)
    return set_password(account_id=account_id, password=password, by=by, now=now)


def reset_password(*, phone: str, code: str, password: str, by: Actor, now: datetime) -> Account:
    """Set a new password by who receives the number's codes.

    Raises PasswordWeak, CodeWrong, NoSuchAccount (only to who proved the number).
    """
    rules.require_strong_password(password)
    proven = prove_phone(phone=phone, code=code, purpose=CodePurpose.RESET_PASSWORD, by=by, now=now)
    account = queries.account_with_phone(proven)
    if account is None:
        raise NoSuchAccount
    return set_password(account_id=account.pk, password=password, by=by, now=now)
