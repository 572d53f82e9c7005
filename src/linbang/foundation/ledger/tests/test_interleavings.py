"""Random calls of several real connections, replayed one after the other by the oracle.

Whatever interleaving the database made of them, there is an order, that in which they held the
books' locks, in which the oracle accepts exactly what was accepted and ends with the same books.
"""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from itertools import pairwise
from threading import Barrier
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from linbang.foundation.ledger import actions, queries
from linbang.foundation.ledger.choices import AccountKind, Outcome
from linbang.foundation.ledger.factories import CELL, NOW, make_account, make_issue
from linbang.foundation.ledger.models import Account, Entry
from linbang.foundation.ledger.rules import (
    HoldOrder,
    ReleaseOrder,
    ReversalOrder,
    SettlementOrder,
    TransferOrder,
    Verdict,
)
from linbang.foundation.ledger.tests.oracle import Book, Oracle

pytestmark = pytest.mark.django_db(transaction=True)

THREADS, CALLS, ACCOUNTS = 4, 12, 4
# Who changed which book, in the order in which the book's lock was held.
WATCH = """
    CREATE TABLE ledger_seen (
        n bigint GENERATED ALWAYS AS IDENTITY, account_id bigint, call xid8
    );
    CREATE FUNCTION ledger_note() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO ledger_seen (account_id, call) VALUES (NEW.id, pg_current_xact_id());
        RETURN NULL;
    END $$;
    CREATE TRIGGER ledger_note AFTER UPDATE ON ledger_account
        FOR EACH ROW EXECUTE FUNCTION ledger_note();
"""
WATCH_NO_MORE = """
    DROP TRIGGER ledger_note ON ledger_account;
    DROP FUNCTION ledger_note();
    DROP TABLE ledger_seen;
"""


@dataclass
class Call:
    """One call of a thread: its transaction, what it asked, and what it was told."""

    number: int
    orders: list[Any]
    verdicts: list[Verdict]


@dataclass
class Scene:
    """What all threads know: the books, and what was accepted so far, by its key."""

    ids: list[int]
    transfers: dict[str, int] = field(default_factory=dict)
    holds: dict[str, int] = field(default_factory=dict)


def batch(dice: random.Random, scene: Scene) -> tuple[Callable[..., list[Verdict]], list[Any]]:
    """Make a random batch of one kind; keys are few, so that threads of one scene share them."""
    kind = dice.choice(["post", "post", "hold", "reverse", "settle", "release"])
    key = lambda: f"{scene.ids[0]}-{dice.randint(1, 60)}"  # noqa: E731 - one line, four uses
    transfers, holds = sorted(scene.transfers.items()), sorted(scene.holds.items())
    size = range(dice.randint(1, 4))
    if kind == "reverse" and transfers:
        return actions.reverse_transfers, [
            ReversalOrder(cell=CELL, key=f"r{key()}", transfer_id=number, purpose="undo")
            for _, number in dice.choices(transfers, k=len(size))
        ]
    if kind == "settle" and holds:
        return actions.settle_holds, [
            SettlementOrder(
                cell=CELL,
                key=f"s{key()}",
                hold_id=number,
                credit_id=dice.choice(scene.ids),
                amount=dice.randint(1, 20),
                purpose="spend",
            )
            for _, number in dice.choices(holds, k=len(size))
        ]
    if kind == "release" and holds:
        return actions.release_holds, [
            ReleaseOrder(cell=CELL, hold_id=number)
            for _, number in dice.choices(holds, k=len(size))
        ]
    if kind == "hold":
        return actions.place_holds, [
            HoldOrder(
                cell=CELL,
                key=f"h{key()}",
                account_id=dice.choice(scene.ids),
                amount=dice.randint(1, 20),
                purpose="need",
            )
            for _ in size
        ]
    return actions.post_transfers, [
        TransferOrder(
            cell=CELL,
            key=f"t{key()}",
            debit_id=debit,
            credit_id=credit,
            amount=dice.randint(1, 25),
            purpose="gift",
        )
        for debit, credit in (dice.sample(scene.ids, 2) for _ in size)
    ]


def ask(act: Callable[..., list[Verdict]], orders: list[Any]) -> Call | None:
    """Make a call in a transaction whose number is known; None if somebody else took its key."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::text::bigint")
            (number,) = cursor.fetchone()
            return Call(number, orders, act(orders=orders, now=NOW))
    except OperationalError as error:
        if "could not serialize" in str(error) or "a key was used" in str(error):
            return None
        raise


def work(seed: int, scene: Scene, start: Barrier) -> list[Call]:
    dice = random.Random(seed)
    calls = []
    try:
        start.wait(timeout=30)
        for _ in range(CALLS):
            act, orders = batch(dice, scene)
            call = ask(act, orders)
            if call is None:
                continue
            calls.append(call)
            known = scene.holds if act == actions.place_holds else scene.transfers
            for order, verdict in zip(orders, call.verdicts, strict=True):
                if verdict.outcome in {Outcome.POSTED, Outcome.PLACED} and verdict.id:
                    known[order.key] = verdict.id
    finally:
        connection.close()
    return calls


@contextmanager
def watched() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(WATCH)
        try:
            yield
        finally:
            cursor.execute(WATCH_NO_MORE)


def in_their_order(calls: list[Call]) -> list[Call]:
    """Sort the calls that changed something so that each book saw them in this order."""
    by_number = {call.number: call for call in calls}
    seen: dict[int, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT account_id, call::text::bigint FROM ledger_seen ORDER BY n")
        for account, number in cursor.fetchall():
            if number in by_number:
                seen.setdefault(account, []).append(number)
    sorter: TopologicalSorter[int] = TopologicalSorter()
    for numbers in seen.values():
        # A batch changes a book once, or twice when a hold is given back.
        line = list(dict.fromkeys(numbers))
        sorter.add(line[0])
        for before, after in pairwise(line):
            sorter.add(after, before)
    # A circle would be raised here: two calls that each came before the other.
    return [by_number[number] for number in sorter.static_order()]


def replay(oracle: Oracle, scene: Scene, calls: list[Call]) -> None:
    """Let the oracle judge what was accepted, one order after the other: it accepts it too."""
    transfers = {number: key for key, number in scene.transfers.items()}
    holds = {number: key for key, number in scene.holds.items()}
    judges: dict[type, Callable[[Any], Outcome]] = {
        TransferOrder: oracle.post,
        HoldOrder: oracle.hold,
        ReversalOrder: lambda order: oracle.reverse(order, transfers[order.transfer_id]),
        SettlementOrder: lambda order: oracle.settle(order, holds[order.hold_id]),
        ReleaseOrder: lambda order: oracle.release(order, holds[order.hold_id]),
    }
    for call in calls:
        for order, verdict in zip(call.orders, call.verdicts, strict=True):
            if verdict.outcome in {Outcome.POSTED, Outcome.PLACED, Outcome.RELEASED}:
                assert judges[type(order)](order) == verdict.outcome, (order, verdict)


def open_scene() -> tuple[Scene, Oracle]:
    issue, *savers = [make_issue(), *(make_account(minutes=30) for _ in range(ACCOUNTS))]
    books = {one.pk: Book(balance=30, history=[30]) for one in savers}
    issue.refresh_from_db()
    paid = Entry.objects.filter(account=issue).order_by("account_version")
    books[issue.pk] = Book(
        is_issue=True,
        balance=issue.balance,
        held=issue.held,
        history=list(paid.values_list("balance_after", flat=True)),
    )
    return Scene([*books]), Oracle(books)


@given(seeds=st.lists(st.integers(0, 10**9), min_size=THREADS, max_size=THREADS, unique=True))
@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    database=None,
    # Threads are never twice the same: there is nothing to shrink.
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_interleavings_have_an_order_that_the_oracle_accepts(seeds):
    scene, oracle = open_scene()
    start = Barrier(THREADS)
    with watched():
        with ThreadPoolExecutor(THREADS) as pool:
            parts = list(pool.map(lambda seed: work(seed, scene, start), seeds))
        calls = in_their_order([call for part in parts for call in part])

    assert len(calls) > CALLS
    replay(oracle, scene, calls)

    for account in Account.objects.filter(pk__in=scene.ids):
        book = oracle.books[account.pk]
        entries = Entry.objects.filter(account=account).order_by("account_version")
        assert list(entries.values_list("balance_after", flat=True)) == book.history
        assert (account.balance, account.held) == (book.balance, book.held)
        assert account.kind == AccountKind.ISSUE or account.balance >= account.held >= 0
    assert sum(Account.objects.values_list("balance", flat=True)) == 0
    assert queries.check_books() == []
