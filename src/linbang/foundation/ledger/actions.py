"""Writes of the books: orders in, one verdict an order out, decided by set-based SQL functions.

The ledger knows books, not people: who may move what is decided, and audited, by its callers.
Every call is one statement per cell and atomic by itself, so nothing here opens a transaction
of its own; inside the caller's it is part of it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db import OperationalError, connection
from psycopg.errors import SerializationFailure

from linbang.foundation import db
from linbang.foundation.errors import Refused
from linbang.foundation.ledger import queries
from linbang.foundation.ledger.choices import AccountKind, Outcome, Unit
from linbang.foundation.ledger.errors import REFUSALS, ReversalInsufficient
from linbang.foundation.ledger.models import Account
from linbang.foundation.ledger.rules import (
    AccountOrder,
    HoldOrder,
    ReleaseOrder,
    ReversalOrder,
    SettlementOrder,
    TransferOrder,
    Verdict,
)

__all__ = [
    "AccountOrder",
    "HoldOrder",
    "ReleaseOrder",
    "ReversalOrder",
    "SettlementOrder",
    "TransferOrder",
    "Verdict",
    "freeze_account",
    "open_account",
    "open_accounts",
    "place_hold",
    "place_holds",
    "post_transfer",
    "post_transfers",
    "release_hold",
    "release_holds",
    "reverse_transfer",
    "reverse_transfers",
    "settle_hold",
    "settle_holds",
    "thaw_account",
]

POST = """
SELECT outcome, transfer_id
FROM ledger_post_v1(
    %s, %s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[],
    %s::timestamptz
)
"""
REVERSE = """
SELECT outcome, transfer_id
FROM ledger_reverse_v1(
    %s, %s::text[], %s::bigint[], %s::text[], %s::text[], %s::timestamptz
)
"""
HOLD = """
SELECT outcome, hold_id
FROM ledger_hold_v1(
    %s, %s::text[], %s::bigint[], %s::bigint[], %s::text[], %s::timestamptz
)
"""
SETTLE = """
SELECT outcome, transfer_id
FROM ledger_settle_v1(
    %s, %s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[],
    %s::timestamptz
)
"""
RELEASE = """
SELECT outcome, hold_id
FROM ledger_release_v1(%s, %s::bigint[], %s::timestamptz)
"""
_TRIES = 3


def open_accounts(*, orders: Sequence[AccountOrder], now: datetime) -> list[Account]:
    """Open the books that are missing and return all, in the orders' order.

    One query where all are open, as nearly always; three where some were missing.
    """
    found = queries.accounts_by_order(orders)
    missing = sorted(set(orders) - found.keys(), key=attrgetter("cell", "owner", "unit", "kind"))
    if missing:
        db.insert_columns(
            Account,
            once=True,
            cell=[order.cell for order in missing],
            owner=[order.owner for order in missing],
            unit=[order.unit for order in missing],
            kind=[order.kind for order in missing],
            opened_at=now,
        )
        found = queries.accounts_by_order(orders)
    return [found[order] for order in orders]


def open_account(*, cell: str, owner: str, unit: Unit, kind: AccountKind, now: datetime) -> Account:
    """Open an owner's book, or return the one that is open."""
    order = AccountOrder(cell=cell, owner=owner, unit=unit, kind=kind)
    return open_accounts(orders=[order], now=now)[0]


def post_transfers(*, orders: Sequence[TransferOrder], now: datetime) -> list[Verdict]:
    """Post many transfers; one verdict an order, in their order. One statement per cell."""
    columns = ("key", "debit_id", "credit_id", "amount", "purpose", "source")
    verdicts = _ask(POST, orders, columns, now)
    unknown = {
        account_id
        for order, verdict in zip(orders, verdicts, strict=True)
        if verdict.outcome is Outcome.UNKNOWN_ACCOUNT
        for account_id in (order.debit_id, order.credit_id)
    }
    elsewhere = queries.cells_of(unknown) if unknown else {}
    return [
        Verdict(Outcome.CELL_MISMATCH)
        if verdict.outcome is Outcome.UNKNOWN_ACCOUNT
        and {order.debit_id, order.credit_id} <= elsewhere.keys()
        else verdict
        for order, verdict in zip(orders, verdicts, strict=True)
    ]


def post_transfer(*, order: TransferOrder, now: datetime) -> int:
    """Post one transfer and return its id, the first one's when the key comes again.

    Raises the refusal of ``ledger.errors.REFUSALS`` that belongs to the outcome.
    """
    return _accepted(post_transfers(orders=[order], now=now)[0])


def reverse_transfers(*, orders: Sequence[ReversalOrder], now: datetime) -> list[Verdict]:
    """Mirror many transfers; what was spent since is refused, never taken below zero."""
    return _ask(REVERSE, orders, ("key", "transfer_id", "purpose", "source"), now)


def reverse_transfer(*, order: ReversalOrder, now: datetime) -> int:
    """Mirror one transfer and return the mirror's id.

    Raises ReversalInsufficient if the units are spent, AlreadyReversed, UnknownTransfer.
    """
    verdict = reverse_transfers(orders=[order], now=now)[0]
    if verdict.outcome is Outcome.INSUFFICIENT:
        raise ReversalInsufficient
    return _accepted(verdict)


def place_holds(*, orders: Sequence[HoldOrder], now: datetime) -> list[Verdict]:
    """Promise amounts out of many accounts; one verdict an order."""
    return _ask(HOLD, orders, ("key", "account_id", "amount", "purpose"), now)


def place_hold(*, order: HoldOrder, now: datetime) -> int:
    """Promise an amount and return the hold's id. Raises Insufficient, AccountFrozen, …."""
    return _accepted(place_holds(orders=[order], now=now)[0])


def settle_holds(*, orders: Sequence[SettlementOrder], now: datetime) -> list[Verdict]:
    """Pay many holds, fully or in part; the rest of each is released with it."""
    columns = ("key", "hold_id", "credit_id", "amount", "purpose", "source")
    return _ask(SETTLE, orders, columns, now)


def settle_hold(*, order: SettlementOrder, now: datetime) -> int:
    """Pay a hold and return the transfer's id. Raises HoldEnded, AboveHold, …."""
    return _accepted(settle_holds(orders=[order], now=now)[0])


def release_holds(*, orders: Sequence[ReleaseOrder], now: datetime) -> list[Verdict]:
    """Give many holds back; one verdict an order."""
    return _ask(RELEASE, orders, ("hold_id",), now)


def release_hold(*, order: ReleaseOrder, now: datetime) -> None:
    """Give a hold back. Raises HoldEnded if it was paid, UnknownHold."""
    _accepted(release_holds(orders=[order], now=now)[0])


def freeze_account(*, account_id: int, cell: str, now: datetime) -> None:
    """Stop an account from paying and promising; it still receives (rule 73)."""
    Account.objects.filter(cell=cell, pk=account_id, frozen_at=None).update(frozen_at=now)


def thaw_account(*, account_id: int, cell: str) -> None:
    """Let a frozen account pay again."""
    Account.objects.filter(cell=cell, pk=account_id).update(frozen_at=None)


def _accepted(verdict: Verdict) -> int:
    if verdict.outcome in REFUSALS:
        refusal: type[Refused] = REFUSALS[verdict.outcome]
        raise refusal
    if verdict.id is None:
        raise AssertionError("an accepted order has an id")
    return verdict.id


def _ask(
    statement: str, orders: Sequence[Any], columns: Iterable[str], now: datetime
) -> list[Verdict]:
    """Hand the orders to the function, cell by cell in a fixed order, as one array a column."""
    verdicts: dict[int, Verdict] = {}
    for cell in sorted({order.cell for order in orders}):
        places = [place for place, order in enumerate(orders) if order.cell == cell]
        arrays = [[getattr(orders[place], column) for place in places] for column in columns]
        rows = _run(statement, [cell, *arrays, now])
        verdicts |= {
            place: Verdict(Outcome(outcome), subject_id)
            for place, (outcome, subject_id) in zip(places, rows, strict=True)
        }
    return [verdicts[place] for place in range(len(orders))]


def _run(statement: str, parameters: list[Any]) -> list[tuple[str, int | None]]:
    """Run the statement; once more when a key was taken meanwhile, unless others wait on us."""
    for _ in range(_TRIES):
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement, parameters)
                rows: list[tuple[str, int | None]] = cursor.fetchall()
                return rows
        except OperationalError as error:
            if connection.in_atomic_block or not isinstance(error.__cause__, SerializationFailure):
                raise
            latest = error
    raise latest
