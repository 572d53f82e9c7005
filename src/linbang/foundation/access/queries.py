"""Reads of accounts, roles, codes and devices."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import pyotp
from django.conf import settings
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from linbang.foundation.access import rules
from linbang.foundation.access.choices import AttemptKind, CodePurpose, Permission, Role
from linbang.foundation.access.errors import PassRefused, SignInNeeded
from linbang.foundation.access.models import (
    Account,
    Device,
    DirectoryEntry,
    PassRevocation,
    RoleGrant,
    SecondFactor,
    SignInAttempt,
    SignInCode,
    phone_digest,
)
from linbang.foundation.access.rules import Actor, Grant
from linbang.foundation.errors import NotFound
from linbang.foundation.places.models import Region
from linbang.foundation.places.queries import within_any


@dataclass(frozen=True)
class Membership:
    """An account with what decides whether a session of it still stands."""

    actor: Actor
    has_factor: bool
    sessions_valid_from: datetime | None
    device_ended: bool


def actor_of(account_id: int | None, *, address: str | None = None) -> Actor:
    """Return who acts under an account: two queries; a stranger for None or a closed account."""
    membership = membership_of(account_id, address=address)
    return membership.actor if membership else Actor(address=address)


def membership_of(
    account_id: int | None, *, address: str | None = None, device_id: int | None = None
) -> Membership | None:
    """Return an open account's actor and session facts: two queries."""
    if account_id is None:
        return None
    ended = Device.objects.filter(
        cell=OuterRef("cell"), account=OuterRef("pk"), pk=device_id or 0, ended_at__isnull=False
    )
    account = (
        Account.objects.filter(pk=account_id, is_active=True)
        .annotate(device_ended=Exists(ended))
        # The person stands above; its key is reached through the one-to-one's other end.
        .values(
            "id",
            "cell",
            "person__id",
            "sessions_valid_from",
            "second_factor__confirmed_at",
            "device_ended",
        )
        .first()
    )
    if account is None:
        return None
    grants = RoleGrant.objects.filter(
        cell=account["cell"], account_id=account["id"], ended_at=None
    ).values_list("role", "region_id", "organisation_path")
    return Membership(
        actor=Actor(
            account_id=account["id"],
            person_id=account["person__id"],
            cell=account["cell"],
            grants=tuple(Grant(Role(role), region or "", path) for role, region, path in grants),
            address=address,
        ),
        has_factor=account["second_factor__confirmed_at"] is not None,
        sessions_valid_from=account["sessions_valid_from"],
        device_ended=account["device_ended"],
    )


def account_with_phone(phone: str) -> Account | None:
    """Return the open account that signs in with a number, by the directory and its cell."""
    entry = DirectoryEntry.objects.filter(pk=phone_digest(phone)).first()
    if entry is None:
        return None
    return Account.objects.filter(cell=entry.cell, pk=entry.owner_id, is_active=True).first()


def account_with_id(account_id: int | None) -> Account:
    """Return an open account. Raises NotFound."""
    account = Account.objects.filter(pk=account_id or 0, is_active=True).first()
    if account is None:
        raise NotFound
    return account


def lock_account(account_id: int) -> Account:
    """Return an account with its row locked. Raises NotFound."""
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise NotFound
    return account


def lock_grant(grant_id: int) -> RoleGrant:
    """Return a grant with its row locked. Raises NotFound."""
    grant = RoleGrant.objects.select_for_update().filter(pk=grant_id).first()
    if grant is None:
        raise NotFound
    return grant


def lock_phone(digest: str) -> None:
    """Let one transaction at a time try a number, whether or not it has an account."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 103))", [digest])


def lock_last_code(digest: str, purpose: CodePurpose) -> SignInCode | None:
    """Return the newest code sent to a number for a purpose, locked: only that one counts."""
    return (
        SignInCode.objects.select_for_update()
        .filter(phone_digest=digest, purpose=purpose)
        .order_by("-issued_at", "-id")
        .first()
    )


def lock_factor(account: Account) -> SecondFactor | None:
    """Return an account's second factor with its row locked."""
    factors = SecondFactor.objects.select_for_update()
    return factors.filter(cell=account.cell, account=account).first()


def codes_issued(digest: str, *, since: datetime) -> list[datetime]:
    """Return when codes were sent to a number, newest first."""
    codes = SignInCode.objects.filter(phone_digest=digest, issued_at__gte=since)
    return list(codes.order_by("-issued_at").values_list("issued_at", flat=True))


def tries_from(address: str, *, now: datetime) -> int:
    """Count codes sent and failed tries of an address within the lock time."""
    return SignInAttempt.objects.filter(
        Q(failed=True) | Q(kind=AttemptKind.CODE_SENT),
        address=address,
        at__gt=now - rules.LOCK_TIME,
    ).count()


def last_failures(digest: str, kind: AttemptKind) -> list[datetime]:
    """Return when the failures since the last success happened, newest first, five at most."""
    tries = SignInAttempt.objects.filter(phone_digest=digest, kind=kind).order_by("-at", "-id")
    failed_at = []
    for attempt in tries[: rules.FAILURES_MAX]:
        if not attempt.failed:
            break
        failed_at.append(attempt.at)
    return failed_at


def roles_of(account: Account) -> frozenset[Role]:
    """Return the roles an account holds now."""
    held = RoleGrant.objects.filter(cell=account.cell, account=account, ended_at=None)
    return frozenset(Role(role) for role in held.values_list("role", flat=True))


def is_region(code: str) -> bool:
    """Tell whether a code names a region that is in force; the empty code passes."""
    return not code or Region.objects.current().filter(pk=code).exists()


def grants_visible_to(actor: Actor) -> QuerySet[RoleGrant]:
    """Return the grants within the scope where the actor grants roles, current ones first.

    Rows carry ``holder`` (the name) and are joined with their region.
    """
    grants = RoleGrant.objects.select_related("region").annotate(holder=F("account__person__name"))
    ordered = grants.order_by(F("ended_at").desc(nulls_first=True), "-granted_at", "-id")
    if actor.is_system:
        return ordered
    scope = within_any("region_id", actor.regions_for(Permission.GRANT_ROLES))
    # An organisation's region is not known here; the county of the account stands for it.
    for region in actor.regions_for(Permission.GRANT_ROLES):
        scope |= Q(region=None, cell__startswith=region)
    for path in actor.organisations_for(Permission.GRANT_ROLES):
        scope |= Q(organisation_path__startswith=path)
    return ordered.filter(scope)


def visible_grant(actor: Actor, grant_id: int) -> RoleGrant:
    """Return a grant within the actor's scope. Raises NotFound."""
    grant = grants_visible_to(actor).filter(pk=grant_id).first()
    if grant is None:
        raise NotFound
    return grant


def regions_to_grant_in(actor: Actor) -> QuerySet[Region]:
    """Return the regions where the actor may grant, the largest first; 500 at most."""
    scope = within_any("code", actor.regions_for(Permission.GRANT_ROLES))
    return Region.objects.current().filter(scope).order_by("level", "code")[:500]


def own_grants(actor: Actor) -> QuerySet[RoleGrant]:
    """Return the roles the actor holds, with their regions."""
    grants = RoleGrant.objects.select_related("region").order_by("granted_at", "id")
    return grants.filter(cell=actor.cell, account_id=actor.account_id or 0, ended_at=None)


def devices_of(actor: Actor) -> QuerySet[Device]:
    """Return the browsers the actor is signed in with, the last used first."""
    devices = Device.objects.order_by("-seen_at", "-id")
    return devices.filter(cell=actor.cell, account_id=actor.account_id or 0, ended_at=None)


@dataclass(frozen=True)
class IssuedPass:
    """A pass as its holder gets it."""

    token: str
    expires_at: datetime


def pass_of(actor: Actor, *, device_id: int | None, now: datetime) -> IssuedPass:
    """Return a fresh pass of who acts in a session on a device; no query. Raises SignInNeeded."""
    if actor.account_id is None or actor.person_id is None or device_id is None:
        raise SignInNeeded
    expires_at = now.replace(microsecond=0) + rules.PASS_LIFETIME
    holder = rules.Pass(
        account_id=actor.account_id,
        person_id=actor.person_id,
        cell=actor.cell,
        device_id=device_id,
        issued_at=int(now.timestamp()),
        expires_at=int(expires_at.timestamp()),
    )
    return IssuedPass(rules.write_pass(holder, key=_pass_key(settings.SECRET_KEY)), expires_at)


def holder_of(token: str, *, now: datetime) -> rules.Pass:
    """Return whose pass a text is; one query. Raises PassRefused: forged, expired, revoked."""
    holder = rules.read_pass(token, key=_pass_key(settings.SECRET_KEY), now=now.timestamp())
    since = now - rules.REVOCATION_LIFETIME
    if (
        PassRevocation.objects.filter(at__gt=since, account_id=holder.account_id)
        .filter(Q(device_id=None) | Q(device_id=holder.device_id))
        .exists()
    ):
        raise PassRefused
    return holder


_pass_key = cache(rules.pass_key)

# For serving processes, which read it every second on a connection of their own, with the moment
# ``rules.REVOCATION_LIFETIME`` ago, into ``rules.RevokedPasses``. Index: pass_revocation_by_time.
REVOKED_PASSES = """
SELECT account_id, device_id
FROM access_passrevocation
WHERE at > %s
"""


def factor_of(actor: Actor) -> SecondFactor | None:
    """Return the actor's second factor, confirmed or begun."""
    factors = SecondFactor.objects.filter(cell=actor.cell, account_id=actor.account_id or 0)
    return factors.first()


def has_factor(account: Account) -> bool:
    """Tell whether an account has a confirmed second factor."""
    factors = SecondFactor.objects.filter(cell=account.cell, account=account)
    return factors.filter(confirmed_at__isnull=False).exists()


def demo_code(account_id: int | None, *, now: datetime) -> str:
    """Return the one-time code an account's app would show now; for demonstrations only."""
    factor = SecondFactor.objects.filter(account_id=account_id or 0).first()
    if factor is None:
        return ""
    totp = pyotp.TOTP(factor.secret)
    # A code is good once: offer the next one when the present one is used.
    step = max(int(now.timestamp()) // totp.interval, factor.last_step + 1)
    return totp.generate_otp(step)


def names_of(account_ids: Collection[int | None]) -> Mapping[int, str]:
    """Return the names of the people behind accounts, by account id; one query."""
    known = [account_id for account_id in account_ids if account_id is not None]
    named = Account.objects.filter(pk__in=known, person__isnull=False)
    return dict(named.values_list("pk", "person__name"))


def accounts_named(text: str) -> Collection[int]:
    """Return the accounts of people whose name begins so; a hundred at most."""
    accounts = Account.objects.filter(person__name__startswith=text).order_by("pk")
    return list(accounts.values_list("pk", flat=True)[:100])
