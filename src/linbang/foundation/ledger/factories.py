"""Books for tests."""

from datetime import datetime, timedelta
from itertools import count

from linbang.foundation.clock import CHINA
from linbang.foundation.ledger import actions
from linbang.foundation.ledger.choices import AccountKind, Unit
from linbang.foundation.ledger.models import Account
from linbang.foundation.ledger.rules import TransferOrder

CELL = "450103"
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=CHINA)

_owners = count(1)
_keys = count(1)


def make_account(
    *,
    minutes: int = 0,
    cell: str = CELL,
    kind: AccountKind = AccountKind.PERSONAL,
    unit: Unit = Unit.MINUTES,
    now: datetime = NOW,
) -> Account:
    """Open a book of a new owner and pay ``minutes`` into it from the cell's issue."""
    account = actions.open_account(
        cell=cell, owner=f"person:{next(_owners)}", unit=unit, kind=kind, now=now
    )
    if minutes:
        issue = make_issue(cell=cell, unit=unit, now=now)
        order = make_order(issue, account, minutes, purpose="grant")
        actions.post_transfer(order=order, now=now - timedelta(days=1))
        account.refresh_from_db()
    return account


def make_issue(*, cell: str = CELL, unit: Unit = Unit.MINUTES, now: datetime = NOW) -> Account:
    """Return the book a cell issues from."""
    return actions.open_account(
        cell=cell, owner=f"cell:{cell}", unit=unit, kind=AccountKind.ISSUE, now=now
    )


def make_order(
    debit: Account, credit: Account, amount: int, *, key: str = "", purpose: str = "gift"
) -> TransferOrder:
    """Return an order to move an amount between two books, under a new key unless given."""
    return TransferOrder(
        cell=debit.cell,
        key=key or f"test:{next(_keys)}",
        debit_id=debit.id,
        credit_id=credit.id,
        amount=amount,
        purpose=purpose,
        source="test",
    )
