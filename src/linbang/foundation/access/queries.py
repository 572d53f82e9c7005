"""Reads of accounts and roles."""

from linbang.foundation.access.choices import Role
from linbang.foundation.access.models import Account, RoleGrant
from linbang.foundation.access.rules import Actor, Grant


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
