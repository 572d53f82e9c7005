"""The second factor: one-time codes of an authenticator app, and recovery codes."""

import secrets
from datetime import datetime

import pyotp
from django.db import transaction

from linbang.foundation.access import queries, rules
from linbang.foundation.access.actions.attempts import is_locked, note_attempt
from linbang.foundation.access.actions.devices import sign_out_everywhere
from linbang.foundation.access.choices import AttemptKind
from linbang.foundation.access.errors import (
    FactorLocked,
    FactorRequired,
    FactorSetAlready,
    FactorWrong,
)
from linbang.foundation.access.models import Account, RecoveryCode, SecondFactor
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.crypto import blind_index


@transaction.atomic
def begin_factor(*, account_id: int, by: Actor, now: datetime) -> SecondFactor:
    """Return the secret to scan, the same until it is confirmed. Raises FactorSetAlready."""
    account = queries.lock_account(account_id)
    factor = queries.lock_factor(account)
    if factor is None:
        factor = SecondFactor.objects.create(
            cell=account.cell, account=account, secret=pyotp.random_base32(), created_at=now
        )
        record(by=by, action="access.begin_factor", subject=account, now=now)
    if factor.confirmed_at is not None:
        raise FactorSetAlready
    return factor


@transaction.atomic
def confirm_factor(*, account_id: int, code: str, by: Actor, now: datetime) -> list[str]:
    """Switch the second factor on by its first right code; return the recovery codes, once.

    Raises FactorWrong, FactorSetAlready.
    """
    account = queries.lock_account(account_id)
    factor = queries.lock_factor(account)
    if factor is None:
        raise FactorWrong
    if factor.confirmed_at is not None:
        raise FactorSetAlready
    if not _use_totp(factor, code.strip(), now=now):
        raise FactorWrong(field="code")
    factor.confirmed_at = now
    factor.save(update_fields=["confirmed_at"])
    record(by=by, action="access.confirm_factor", subject=account, now=now)
    return _make_recovery_codes(account)


def _use_totp(factor: SecondFactor, code: str, *, now: datetime) -> bool:
    step = rules.matching_step(factor.secret, code, now=now, after_step=factor.last_step)
    if step is None:
        return False
    factor.last_step = step
    factor.save(update_fields=["last_step"])
    return True


def _make_recovery_codes(account: Account) -> list[str]:
    alphabet = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that looks like something else
    codes = [
        "".join(secrets.choice(alphabet) for _ in range(10)) for _ in range(rules.RECOVERY_CODES)
    ]
    RecoveryCode.objects.filter(cell=account.cell, account=account).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(cell=account.cell, account=account, code_hash=_recovery_hash(account, code))
        for code in codes
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _recovery_hash(account: Account, code: str) -> str:
    return blind_index(f"{account.pk}:{code}", purpose="access.recovery")


def pass_factor(*, account_id: int, code: str, by: Actor, now: datetime) -> None:
    """Accept a one-time code or a recovery code, each once. Call outside a transaction.

    Raises FactorWrong; FactorLocked after five wrong ones.
    """
    with transaction.atomic():
        account = queries.lock_account(account_id)
        if is_locked(account.phone_digest, AttemptKind.FACTOR, now=now):
            raise FactorLocked
        is_right = _use_totp_of(account, code, now=now) or _use_recovery_code(
            account, code, now=now
        )
        note_attempt(
            AttemptKind.FACTOR,
            account.phone_digest,
            failed=not is_right,
            by=by,
            now=now,
            account=account,
        )
    if not is_right:
        raise FactorWrong(field="code")


def _use_totp_of(account: Account, code: str, *, now: datetime) -> bool:
    factor = queries.lock_factor(account)
    if factor is None or factor.confirmed_at is None:
        return False
    return _use_totp(factor, code.strip(), now=now)


def _use_recovery_code(account: Account, code: str, *, now: datetime) -> bool:
    plain = code.replace("-", "").replace(" ", "").lower()
    unused = RecoveryCode.objects.filter(
        cell=account.cell,
        account=account,
        code_hash=_recovery_hash(account, plain),
        used_at=None,
    )
    return unused.update(used_at=now) == 1


def remove_factor(*, account_id: int, code: str, by: Actor, now: datetime) -> Account:
    """Take the second factor off, with a right code, and sign every device out.

    Raises FactorRequired, FactorWrong, FactorLocked.
    """
    account = queries.account_with_id(account_id)
    if rules.needs_second_factor(queries.roles_of(account)):
        raise FactorRequired
    pass_factor(account_id=account_id, code=code, by=by, now=now)
    with transaction.atomic():
        SecondFactor.objects.filter(cell=account.cell, account=account).delete()
        RecoveryCode.objects.filter(cell=account.cell, account=account).delete()
        record(by=by, action="access.remove_factor", subject=account, now=now)
        # No session may go on counting as having given it.
        sign_out_everywhere(account_id=account.pk, by=by, now=now)
    return account


def renew_recovery_codes(*, account_id: int, code: str, by: Actor, now: datetime) -> list[str]:
    """Replace the recovery codes, with a right code. Raises FactorWrong, FactorLocked."""
    pass_factor(account_id=account_id, code=code, by=by, now=now)
    with transaction.atomic():
        account = queries.lock_account(account_id)
        record(by=by, action="access.renew_recovery_codes", subject=account, now=now)
        return _make_recovery_codes(account)
