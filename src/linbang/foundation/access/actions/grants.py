"""Granting roles, and ending them."""

from datetime import datetime

from django.db import transaction

from linbang.foundation.access import queries, rules
from linbang.foundation.access.choices import Role
from linbang.foundation.access.errors import (
    GrantEndedAlready,
    NoSuchAccount,
    RoleHeldAlready,
    ScopeUnclear,
)
from linbang.foundation.access.events import RoleEnded, RoleGranted
from linbang.foundation.access.models import RoleGrant
from linbang.foundation.access.rules import Actor, Grant
from linbang.foundation.audit.actions import record
from linbang.foundation.errors import refusing
from linbang.foundation.events import announce


@transaction.atomic
def grant_role(
    *,
    account_id: int,
    role: Role,
    region_code: str = "",
    organisation_path: str = "",
    organisation_region: str = "",
    by: Actor,
    now: datetime,
) -> RoleGrant:
    """Give an account a role within one region or one organisation (rule 97).

    ``organisation_region`` is where the organisation is at home, told by who knows.
    Raises ScopeUnclear, GrantToSelf, GrantBeyondScope, GrantTooHigh, RolesKeptApart,
    RoleHeldAlready.
    """
    wished = Grant(Role(role), region_code, organisation_path)
    if bool(region_code) == bool(organisation_path) or not queries.is_region(region_code):
        raise ScopeUnclear(field="region_code")
    rules.require_may_grant(by, wished, account_id=account_id, home=organisation_region)
    account = queries.lock_account(account_id)
    rules.require_kept_apart(wished.role, queries.roles_of(account))
    with refusing({"role_grant_once_a_scope": RoleHeldAlready}), transaction.atomic():
        grant = RoleGrant.objects.create(
            cell=account.cell,
            account=account,
            role=wished.role,
            region_id=region_code or None,
            organisation_path=organisation_path,
            granted_by=by.account_id,
            granted_at=now,
        )
    _record(grant, "access.grant_role", by=by, now=now)
    announce(RoleGranted(grant_id=grant.pk, account_id=account.pk, cell=account.cell, at=now))
    return grant


def grant_role_by_phone(
    *, phone: str, role: str, region_code: str, by: Actor, now: datetime
) -> RoleGrant:
    """Give a role to whoever signs in with a number. Raises NotAPhone, NoSuchAccount, and as
    ``grant_role``.
    """
    account = queries.account_with_phone(rules.require_phone(phone))
    if account is None:
        raise NoSuchAccount(field="phone")
    return grant_role(
        account_id=account.pk, role=Role(role), region_code=region_code, by=by, now=now
    )


@transaction.atomic
def end_grant(*, grant_id: int, by: Actor, now: datetime) -> RoleGrant:
    """Take a role back, keeping who had it and when.

    Raises GrantEndedAlready, GrantToSelf, GrantBeyondScope, GrantTooHigh.
    """
    grant = queries.lock_grant(grant_id)
    if grant.ended_at is not None:
        raise GrantEndedAlready
    held = Grant(Role(grant.role), grant.region_id or "", grant.organisation_path)
    rules.require_may_grant(by, held, account_id=grant.account_id, home=grant.cell)
    grant.ended_by, grant.ended_at = by.account_id, now
    grant.save(update_fields=["ended_by", "ended_at"])
    _record(grant, "access.end_grant", by=by, now=now)
    announce(RoleEnded(grant_id=grant.pk, account_id=grant.account_id, cell=grant.cell, at=now))
    return grant


def _record(grant: RoleGrant, action: str, *, by: Actor, now: datetime) -> None:
    detail = {"role": grant.role, "account": grant.account_id, "path": grant.organisation_path}
    record(by=by, action=action, subject=grant, detail=detail, now=now)
