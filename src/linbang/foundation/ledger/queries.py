"""Reads of the books."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from django.db import connection
from django.db.models import Q, QuerySet

from linbang.foundation.db import among
from linbang.foundation.ledger.choices import AccountKind, Unit
from linbang.foundation.ledger.models import Account, Entry
from linbang.foundation.ledger.rules import AccountOrder, BookFault

CHECK = (Path(__file__).parent / "sql" / "check_books.sql").read_text()


def account_of(
    *, cell: str, owner: str, unit: Unit, kind: AccountKind = AccountKind.PERSONAL
) -> Account | None:
    """Return an owner's book, if it is open."""
    return Account.objects.filter(cell=cell, owner=owner, unit=unit, kind=kind).first()


def balance(*, cell: str, owner: str, unit: Unit, kind: AccountKind = AccountKind.PERSONAL) -> int:
    """Return what an owner's book holds; 0 while none is open."""
    account = account_of(cell=cell, owner=owner, unit=unit, kind=kind)
    return account.balance if account else 0


def accounts_by_order(orders: Sequence[AccountOrder]) -> dict[AccountOrder, Account]:
    """Return the open books by what was asked for. Index: ``ledger_account_once_an_owner``."""
    if not orders:
        return {}
    wanted = Q()
    for cell in {order.cell for order in orders}:
        owners = [order.owner for order in orders if order.cell == cell]
        wanted |= Q(among("owner", set(owners)), cell=cell)
    return {
        AccountOrder(
            cell=account.cell,
            owner=account.owner,
            unit=Unit(account.unit),
            kind=AccountKind(account.kind),
        ): account
        for account in Account.objects.filter(wanted)
    }


def cells_of(account_ids: Iterable[int]) -> dict[int, str]:
    """Return the cell of each account there is; asks every shard, for refusals only."""
    return dict(Account.objects.filter(pk__in=account_ids).values_list("id", "cell"))


def entries_of(
    account: Account,
    *,
    before: int | None = None,
    limit: int = 50,
    purposes: Collection[str] = (),
    posted: tuple[datetime, datetime] | None = None,
) -> QuerySet[Entry]:
    """Return a page of an account's entries with their transfers, newest first.

    ``before`` is the account version of the last entry seen, exclusive: pages stay put while
    entries come in. ``purposes`` and ``posted``, a half-open window, narrow it.
    Index: ``entry_versions_have_no_gap``.
    """
    entries = Entry.objects.filter(cell=account.cell, account=account)
    if before is not None:
        entries = entries.filter(account_version__lt=before)
    if purposes:
        entries = entries.filter(transfer__purpose__in=purposes)
    if posted is not None:
        entries = entries.filter(
            transfer__posted_at__gte=posted[0], transfer__posted_at__lt=posted[1]
        )
    return entries.select_related("transfer").order_by("-account_version")[:limit]


def check_books(*, cell: str | None = None) -> list[BookFault]:
    """Look for everything that must never be, in one cell or in all; empty means sound.

    One statement that changes nothing. It reads the entries twice in the order of their indexes
    and sorts none of them, so it needs no memory to speak of, however many there are.
    """
    with connection.cursor() as cursor:
        cursor.execute(CHECK, {"cell": cell})
        return [BookFault(*row) for row in cursor.fetchall()]
