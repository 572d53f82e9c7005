"""Reads of accounts and roles."""

from linbang.foundation.access.choices import Role
from linbang.foundation.access.models import Account, DirectoryEntry, RoleGrant, phone_digest
from linbang.foundation.access.rules import Actor, Grant
from linbang.foundation.errors import NotFound
from linbang.foundation.places.models import Region


def actor_of(account_id: int | None, *, address: str | None = None) -> Actor:
    """Return who acts under an account: two queries; a stranger for None or a closed account."""
    account = (
        Account.objects.filter(pk=account_id, is_active=True)
        # The person stands above; its key is reached through the one-to-one's other end.
        .values("id", "cell", "person__id")
        .first()
    )
    if account is None:
        return Actor(address=address)
    grants = RoleGrant.objects.filter(
        cell=account["cell"], account_id=account["id"], ended_at=None
    ).values_list("role", "region_id", "organisation_path")
    return Actor(
        account_id=account["id"],
        person_id=account["person__id"],
        cell=account["cell"],
        grants=tuple(Grant(Role(role), region or "", path) for role, region, path in grants),
        address=address,
    )


def account_with_phone(phone: str) -> Account | None:
    """Return the open account that signs in with a number, by the directory and its cell."""
    entry = DirectoryEntry.objects.filter(pk=phone_digest(phone)).first()
    if entry is None:
        return None
    return Account.objects.filter(cell=entry.cell, pk=entry.owner_id, is_active=True).first()


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


def roles_of(account: Account) -> frozenset[Role]:
    """Return the roles an account holds now."""
    held = RoleGrant.objects.filter(cell=account.cell, account=account, ended_at=None)
    return frozenset(Role(role) for role in held.values_list("role", flat=True))


def is_region(code: str) -> bool:
    """Tell whether a code names a region that is in force; the empty code passes."""
    return not code or Region.objects.current().filter(pk=code).exists()
