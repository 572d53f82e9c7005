"""Two and more real connections at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from linbang.foundation.ledger import actions, queries
from linbang.foundation.ledger.choices import Outcome
from linbang.foundation.ledger.factories import NOW, make_account, make_issue, make_order
from linbang.foundation.ledger.models import Account, Entry, Hold, Transfer
from linbang.foundation.ledger.rules import HoldOrder, SettlementOrder, Verdict

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls on a connection each, started together; return their answers in order."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=10)
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(run, call) for call in calls]]


def outcomes(verdicts: list[list[Verdict]]) -> list[Outcome]:
    return sorted(verdict.outcome for batch in verdicts for verdict in batch)


def test_same_key_twice_at_once():
    giver, taker = make_account(minutes=90), make_account()
    order = make_order(giver, taker, 60)

    answers = at_once(*[lambda: actions.post_transfers(orders=[order], now=NOW)] * 2)

    assert outcomes(answers) == [Outcome.POSTED, Outcome.REPLAYED]
    assert len({batch[0].id for batch in answers}) == 1
    assert Entry.objects.filter(account=taker).count() == 1


def test_same_key_for_other_accounts_at_once():
    books = [make_account(minutes=90) for _ in range(4)]
    orders = [
        make_order(books[0], books[1], 60, key="race"),
        make_order(books[2], books[3], 60, key="race"),
    ]

    answers = at_once(
        *[lambda order=order: actions.post_transfers(orders=[order], now=NOW) for order in orders]
    )

    assert outcomes(answers) == [Outcome.KEY_REUSED, Outcome.POSTED]
    assert Transfer.objects.filter(key="race").count() == 1
    assert queries.check_books() == []


def test_balance_that_covers_one_pays_one():
    giver, takers = make_account(minutes=60), [make_account(), make_account()]
    orders = [make_order(giver, taker, 60) for taker in takers]

    answers = at_once(
        *[lambda order=order: actions.post_transfers(orders=[order], now=NOW) for order in orders]
    )

    assert outcomes(answers) == [Outcome.INSUFFICIENT, Outcome.POSTED]
    giver.refresh_from_db()
    assert giver.balance == 0


def test_hold_is_settled_or_released():
    giver, taker = make_account(minutes=60), make_account()
    hold_id = actions.place_hold(
        order=HoldOrder(cell=giver.cell, key="h", account_id=giver.pk, amount=60, purpose="need"),
        now=NOW,
    )
    settlement = SettlementOrder(
        cell=giver.cell, key="s", hold_id=hold_id, credit_id=taker.pk, amount=40, purpose="spend"
    )
    release = actions.ReleaseOrder(cell=giver.cell, hold_id=hold_id)

    answers = at_once(
        lambda: actions.settle_holds(orders=[settlement], now=NOW),
        lambda: actions.release_holds(orders=[release], now=NOW),
    )

    assert outcomes(answers) in (
        [Outcome.HOLD_ENDED, Outcome.POSTED],
        [Outcome.HOLD_ENDED, Outcome.RELEASED],
    )
    assert Hold.objects.get().end is not None
    assert queries.check_books() == []


def test_poor_accounts_under_storm():
    # Few units, many takers, batches in opposite orders: what deadlocks or goes negative, does.
    books = [make_account(minutes=20) for _ in range(6)]
    issue = make_issue()

    def storm(turn: int) -> None:
        for step in range(25):
            orders = [
                make_order(
                    books[(turn + step + n) % 6],
                    books[(turn + step + 2 * n + 1) % 6],
                    5 + n,
                    key=f"storm:{(turn * 25 + step) // 2}:{n}",
                )
                for n in range(4)
            ]
            with transaction.atomic():
                actions.post_transfers(orders=orders[:: -1 if turn % 2 else 1], now=NOW)

    at_once(*[lambda turn=turn: storm(turn) for turn in range(4)])

    issue.refresh_from_db()
    assert sum(Account.objects.exclude(pk=issue.pk).values_list("balance", flat=True)) == 120
    assert issue.balance == -120
    assert min(Account.objects.exclude(pk=issue.pk).values_list("balance", flat=True)) >= 0
    assert queries.check_books() == []
