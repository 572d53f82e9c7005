"""Browsers somebody signed in with, and forgetting what is no longer needed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from linbang.foundation.access import queries, rules
from linbang.foundation.access.choices import SignInMethod
from linbang.foundation.access.models import (
    Account,
    Device,
    PassRevocation,
    SignInAttempt,
    SignInCode,
)
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.errors import NotFound


def open_device(
    *, account: Account, method: SignInMethod, agent: str, by: Actor, now: datetime
) -> Device:
    """Enter the browser that signs in now."""
    return Device.objects.create(
        cell=account.cell,
        account=account,
        method=method,
        name=rules.device_name(agent),
        address=by.address,
        signed_in_at=now,
        seen_at=now,
    )


def see_device(*, device_id: int, cell: str, now: datetime) -> None:
    """Note that a browser is still in use."""
    Device.objects.filter(cell=cell, pk=device_id, seen_at__lt=now).update(seen_at=now)


@transaction.atomic
def end_device(*, public_id: UUID, by: Actor, now: datetime) -> None:
    """Sign one of one's own browsers out. Raises NotFound."""
    device = queries.devices_of(by).select_for_update().filter(public_id=public_id).first()
    if device is None:
        raise NotFound
    device.ended_at = now
    device.save(update_fields=["ended_at"])
    _revoke([device], now=now)
    record(by=by, action="access.sign_out", subject=device, now=now)


@transaction.atomic
def close_session(*, device_id: int | None, by: Actor, now: datetime) -> None:
    """Sign this very browser out."""
    _end(queries.devices_of(by).filter(pk=device_id or 0), now=now)
    record(by=by, action="access.sign_out", now=now)


@transaction.atomic
def sign_out_everywhere(*, account_id: int, by: Actor, now: datetime) -> None:
    """End every session of an account that began before now."""
    account = queries.lock_account(account_id)
    account.sessions_valid_from = now
    account.save(update_fields=["sessions_valid_from"])
    _end(Device.objects.filter(cell=account.cell, account=account, ended_at=None), now=now)
    record(by=by, action="access.sign_out_everywhere", subject=account, now=now)


def _end(devices: QuerySet[Device], *, now: datetime) -> None:
    ended = list(devices.order_by("id").select_for_update())
    Device.objects.filter(pk__in=[device.pk for device in ended]).update(ended_at=now)
    _revoke(ended, now=now)


def _revoke(devices: Iterable[Device], *, now: datetime) -> None:
    PassRevocation.objects.bulk_create(
        PassRevocation(cell=device.cell, account_id=device.account_id, device=device, at=now)
        for device in devices
    )


def revoke_passes(*, account_id: int | None, cell: str, now: datetime) -> None:
    """Revoke every pass of an account whose sessions stay but say somebody else from now on.

    Call in the transaction that changes it. Nothing to do for who has no account.
    """
    if account_id is not None:
        PassRevocation.objects.create(cell=cell, account_id=account_id, at=now)


def forget_the_old(*, now: datetime) -> None:
    """Delete tries, codes and revocations after two days, silent devices after half a year."""
    PassRevocation.objects.filter(at__lt=now - timedelta(days=2)).delete()
    SignInAttempt.objects.filter(at__lt=now - timedelta(days=2)).delete()
    SignInCode.objects.filter(issued_at__lt=now - timedelta(days=2)).delete()
    # The trail keeps who signed in when, for as long as rule 94 asks.
    Device.objects.filter(seen_at__lt=now - timedelta(days=180)).delete()
