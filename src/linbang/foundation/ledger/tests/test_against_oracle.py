"""Random books, random orders in random batches: SQL and plain Python must agree on everything."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from linbang.foundation.ledger import actions, queries
from linbang.foundation.ledger.choices import AccountKind
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

ACCOUNTS = 5
UNKNOWN = 10**9

# Few keys, small amounts: replays, reused keys and empty accounts come up all the time.
keys = st.integers(1, 12).map(lambda number: f"t:{number}")
hold_keys = st.integers(1, 8).map(lambda number: f"h:{number}")
amounts = st.integers(-1, 40)
places = st.integers(0, ACCOUNTS)
purposes = st.sampled_from(["gift", "spend"])


class Ledger(RuleBasedStateMachine):
    """Every rule sends a batch to the database and its orders, one by one, to the oracle."""

    @initialize()
    def open_books(self) -> None:
        self.sandbox = transaction.atomic()
        self.sandbox.__enter__()
        accounts = [make_issue(), *(make_account() for _ in range(ACCOUNTS - 1))]
        self.ids = [*(account.pk for account in accounts), UNKNOWN]
        self.oracle = Oracle(
            {one.pk: Book(is_issue=one.kind == AccountKind.ISSUE) for one in accounts}
        )
        self.transfer_ids: dict[str, int] = {}
        self.hold_ids: dict[str, int] = {}

    def teardown(self) -> None:
        if hasattr(self, "sandbox"):
            transaction.set_rollback(True)
            self.sandbox.__exit__(None, None, None)

    @rule(rows=st.lists(st.tuples(keys, places, places, amounts, purposes), min_size=1, max_size=8))
    def post(self, rows: list[tuple[str, int, int, int, str]]) -> None:
        orders = [
            TransferOrder(
                cell=CELL,
                key=key,
                debit_id=self.ids[debit],
                credit_id=self.ids[credit],
                amount=amount,
                purpose=purpose,
            )
            for key, debit, credit, amount, purpose in rows
        ]
        verdicts = actions.post_transfers(orders=orders, now=NOW)
        self.agree(verdicts, [self.oracle.post(order) for order in orders])
        self.remember(self.transfer_ids, orders, verdicts)

    @rule(rows=st.lists(st.tuples(hold_keys, places, amounts), min_size=1, max_size=6))
    def hold(self, rows: list[tuple[str, int, int]]) -> None:
        orders = [
            HoldOrder(cell=CELL, key=key, account_id=self.ids[at], amount=amount, purpose="need")
            for key, at, amount in rows
        ]
        verdicts = actions.place_holds(orders=orders, now=NOW)
        self.agree(verdicts, [self.oracle.hold(order) for order in orders])
        self.remember(self.hold_ids, orders, verdicts)

    @precondition(lambda self: self.transfer_ids)
    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        pick = st.tuples(st.sampled_from(sorted(self.transfer_ids)), keys)
        picked = data.draw(st.lists(pick, min_size=1, max_size=4))
        orders = [
            ReversalOrder(
                cell=CELL, key=f"r{key}", transfer_id=self.transfer_ids[known], purpose="undo"
            )
            for known, key in picked
        ]
        verdicts = actions.reverse_transfers(orders=orders, now=NOW)
        expected = [
            self.oracle.reverse(order, known)
            for order, (known, _) in zip(orders, picked, strict=True)
        ]
        self.agree(verdicts, expected)
        self.remember(self.transfer_ids, orders, verdicts)

    @precondition(lambda self: self.hold_ids)
    @rule(data=st.data())
    def settle(self, data: st.DataObject) -> None:
        pick = st.tuples(st.sampled_from(sorted(self.hold_ids)), keys, places, amounts)
        picked = data.draw(st.lists(pick, min_size=1, max_size=4))
        orders = [
            SettlementOrder(
                cell=CELL,
                key=f"s{key}",
                hold_id=self.hold_ids[known],
                credit_id=self.ids[at],
                amount=amount,
                purpose="spend",
            )
            for known, key, at, amount in picked
        ]
        verdicts = actions.settle_holds(orders=orders, now=NOW)
        expected = [
            self.oracle.settle(order, one[0]) for order, one in zip(orders, picked, strict=True)
        ]
        self.agree(verdicts, expected)
        self.remember(self.transfer_ids, orders, verdicts)

    @precondition(lambda self: self.hold_ids)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        known = st.sampled_from(sorted(self.hold_ids))
        picked = data.draw(st.lists(known, min_size=1, max_size=4))
        orders = [ReleaseOrder(cell=CELL, hold_id=self.hold_ids[key]) for key in picked]
        verdicts = actions.release_holds(orders=orders, now=NOW)
        expected = [
            self.oracle.release(order, key) for order, key in zip(orders, picked, strict=True)
        ]
        self.agree(verdicts, expected)

    @rule(at=st.integers(1, ACCOUNTS - 1), is_frozen=st.booleans())
    def freeze(self, at: int, is_frozen: bool) -> None:
        if is_frozen:
            actions.freeze_account(account_id=self.ids[at], cell=CELL, now=NOW)
        else:
            actions.thaw_account(account_id=self.ids[at], cell=CELL)
        self.oracle.books[self.ids[at]].is_frozen = is_frozen

    @invariant()
    def balances_agree(self) -> None:
        if not hasattr(self, "ids"):
            return
        found = {
            account.pk: (account.balance, account.held, account.version)
            for account in Account.objects.filter(pk__in=self.ids)
        }
        assert found == {
            number: (book.balance, book.held, len(book.history))
            for number, book in self.oracle.books.items()
        }

    @invariant()
    def histories_agree(self) -> None:
        if not hasattr(self, "ids"):
            return
        found: dict[int, list[int]] = {number: [] for number in self.oracle.books}
        for entry in Entry.objects.filter(account__in=self.ids).order_by("account_version", "id"):
            found[entry.account_id].append(entry.balance_after)
        assert found == {number: book.history for number, book in self.oracle.books.items()}
        assert queries.check_books() == []

    def agree(self, verdicts: list[Verdict], expected: list[Any]) -> None:
        assert [verdict.outcome for verdict in verdicts] == expected

    def remember(self, ids: dict[str, int], orders: list[Any], verdicts: list[Verdict]) -> None:
        for order, verdict in zip(orders, verdicts, strict=True):
            if verdict.is_done:
                assert verdict.id is not None
                assert ids.setdefault(order.key, verdict.id) == verdict.id


@pytest.mark.django_db
def test_ledger_agrees_with_oracle(request: pytest.FixtureRequest) -> None:
    machine: Callable[[], RuleBasedStateMachine] = Ledger

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=20,
            stateful_step_count=16,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
