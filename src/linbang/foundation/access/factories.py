"""Accounts, grants and signed-in browsers for tests and demos."""

from datetime import datetime
from itertools import count
from typing import Any

import pyotp
from django.test import Client

from linbang.foundation import clock
from linbang.foundation.access import rules
from linbang.foundation.access.actions import claim_unique
from linbang.foundation.access.actions.codes import code_hash
from linbang.foundation.access.choices import CodePurpose, DirectoryKind, Role, SignInMethod
from linbang.foundation.access.models import (
    Account,
    Device,
    RoleGrant,
    SecondFactor,
    SignInCode,
    phone_digest,
)
from linbang.foundation.access.queries import actor_of, pass_of
from linbang.foundation.places.models import Region

_numbers = count(13_900_000_000)

DEFAULT_CELL = "450103"


def make_account(
    phone: str | None = None,
    *,
    cell: str = DEFAULT_CELL,
    password: str = "",
    now: datetime | None = None,
) -> Account:
    """Make an account with a phone of its own; no password unless given."""
    phone = phone or str(next(_numbers))
    account = Account(
        cell=cell, phone=phone, phone_digest=phone_digest(phone), created_at=now or clock.now()
    )
    account.set_password(password or None)
    account.save()
    claim_unique(
        kind=DirectoryKind.SIGN_IN_PHONE,
        digest=account.phone_digest,
        cell=cell,
        owner_id=account.pk,
    )
    return account


def make_grant(
    account: Account,
    role: Role = Role.STATION_WORKER,
    *,
    region: Region | str | None = None,
    organisation_path: str = "",
    now: datetime | None = None,
) -> RoleGrant:
    """Make a grant past the rules of granting; a region must exist."""
    return RoleGrant.objects.create(
        cell=account.cell,
        account=account,
        role=role,
        region_id=region.code if isinstance(region, Region) else region,
        organisation_path=organisation_path,
        granted_at=now or clock.now(),
    )


def client_of(someone: Any, *, on_device: bool = False) -> Client:
    """Return a browser signed in, second factor given; takes an account, a person or an actor.

    on_device: as one that signed in by itself, which passes may be given to.
    """
    account_id = getattr(someone, "account_id", None) or someone.pk
    account = Account.objects.get(pk=account_id)
    client = Client()
    client.force_login(account)
    session = client.session
    session["factor"] = True
    if on_device:
        session["device"] = make_device(account).pk
    session.save()
    return client


def make_device(account: Account, *, now: datetime | None = None) -> Device:
    """Make a browser the account is signed in with."""
    now = now or clock.now()
    return Device.objects.create(
        cell=account.cell,
        account=account,
        method=SignInMethod.CODE,
        signed_in_at=now,
        seen_at=now,
    )


def make_pass(someone: Any, *, now: datetime | None = None) -> str:
    """Make a pass of somebody on a device of its own; takes an account, a person or an actor."""
    account = Account.objects.get(pk=getattr(someone, "account_id", None) or someone.pk)
    device = make_device(account, now=now)
    return pass_of(actor_of(account.pk), device_id=device.pk, now=now or clock.now()).token


def make_factor(account: Account, *, secret: str = "", now: datetime | None = None) -> SecondFactor:
    """Make a confirmed second factor."""
    now = now or clock.now()
    return SecondFactor.objects.create(
        cell=account.cell,
        account=account,
        secret=secret or pyotp.random_base32(),
        created_at=now,
        confirmed_at=now,
    )


def make_code(
    account: Account,
    code: str = "123456",
    *,
    purpose: CodePurpose = CodePurpose.SIGN_IN,
    now: datetime,
) -> SignInCode:
    """Make a code as if it had been sent to the account's phone."""
    return SignInCode.objects.create(
        cell=account.cell,
        phone_digest=account.phone_digest,
        purpose=purpose,
        code_hash=code_hash(account.phone_digest, code),
        issued_at=now,
        expires_at=now + rules.CODE_LIFETIME,
    )
