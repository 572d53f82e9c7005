from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from linbang.foundation.errors import KeyReused
from linbang.foundation.ledger import actions, errors, queries
from linbang.foundation.ledger.choices import AccountKind, Outcome, Unit
from linbang.foundation.ledger.factories import CELL, NOW, make_account, make_issue, make_order
from linbang.foundation.ledger.models import Account, Entry, Hold, HoldEnd, Transfer
from linbang.foundation.ledger.rules import (
    AccountOrder,
    HoldOrder,
    ReleaseOrder,
    ReversalOrder,
    SettlementOrder,
    Verdict,
)

pytestmark = pytest.mark.django_db


def hold(account: Account, amount: int, key: str = "hold") -> HoldOrder:
    return HoldOrder(
        cell=account.cell, key=key, account_id=account.pk, amount=amount, purpose="need"
    )


def settlement(hold_id: int, credit: Account, amount: int, key: str = "pay") -> SettlementOrder:
    return SettlementOrder(
        cell=credit.cell,
        key=key,
        hold_id=hold_id,
        credit_id=credit.pk,
        amount=amount,
        purpose="spend",
    )


def reversal(transfer_id: int, key: str = "undo") -> ReversalOrder:
    return ReversalOrder(cell=CELL, key=key, transfer_id=transfer_id, purpose="reversed")


def balances(*accounts: Account) -> list[int]:
    for account in accounts:
        account.refresh_from_db()
    return [account.balance for account in accounts]


def test_account_is_opened_once():
    first = make_issue()

    assert make_issue() == first


@pytest.mark.parametrize(("already", "asked"), [(0, 3), (1, 3), (3, 1)])
def test_books_are_opened_together(already, asked):
    orders = [
        AccountOrder(cell=CELL, owner=f"team:{n}", unit=Unit.MINUTES, kind=AccountKind.TEAM)
        for n in (2, 0, 1)
    ]
    actions.open_accounts(orders=orders[:already], now=NOW)

    with CaptureQueriesContext(connection) as context:
        books = actions.open_accounts(orders=[*orders, orders[0]], now=NOW)

    assert len(context) == asked
    assert [book.owner for book in books] == ["team:2", "team:0", "team:1", "team:2"]
    assert {(book.balance, book.held, book.version, book.frozen_at) for book in books} == {
        (0, 0, 0, None)
    }


def test_transfer_moves_minutes():
    giver, taker = make_account(minutes=90), make_account()

    actions.post_transfer(order=make_order(giver, taker, 60), now=NOW)

    assert balances(giver, taker) == [30, 60]
    assert queries.check_books() == []


def test_repeated_key_answers_with_first_transfer():
    giver, taker = make_account(minutes=90), make_account()
    order = make_order(giver, taker, 60)

    first = actions.post_transfer(order=order, now=NOW)

    assert actions.post_transfer(order=order, now=NOW) == first
    assert balances(giver, taker) == [30, 60]


def test_bad_row_spoils_no_other():
    giver, taker = make_account(minutes=90), make_account()
    orders = [
        make_order(giver, taker, 60),
        make_order(giver, taker, 60),
        make_order(taker, giver, 10),
        make_order(giver, giver, 1),
    ]

    verdicts = actions.post_transfers(orders=orders, now=NOW)

    assert [verdict.outcome for verdict in verdicts] == [
        Outcome.POSTED,
        Outcome.INSUFFICIENT,
        Outcome.POSTED,
        Outcome.SAME_ACCOUNT,
    ]
    assert balances(giver, taker) == [40, 50]


def test_batch_chains_balances_and_versions():
    giver, taker = make_account(minutes=90), make_account()

    actions.post_transfers(orders=[make_order(giver, taker, n) for n in (10, 20, 30)], now=NOW)

    entries = Entry.objects.filter(account=taker).order_by("account_version")
    assert list(entries.values_list("account_version", "amount", "balance_after")) == [
        (1, 10, 10),
        (2, 20, 30),
        (3, 30, 60),
    ]


def test_batch_spends_what_it_received():
    first, second, third = make_account(minutes=30), make_account(), make_account()

    verdicts = actions.post_transfers(
        orders=[make_order(first, second, 30), make_order(second, third, 30)], now=NOW
    )

    assert [verdict.outcome for verdict in verdicts] == [Outcome.POSTED, Outcome.POSTED]
    assert balances(first, second, third) == [0, 0, 30]


def test_batch_over_cells_keeps_its_order():
    here, there = make_account(minutes=30), make_account(minutes=30, cell="110101")
    taker_there = make_account(cell="110101")
    orders = [
        make_order(there, taker_there, 10),
        make_order(here, make_account(), 99),
        make_order(there, taker_there, 5),
    ]

    verdicts = actions.post_transfers(orders=orders, now=NOW)

    assert [verdict.outcome for verdict in verdicts] == [
        Outcome.POSTED,
        Outcome.INSUFFICIENT,
        Outcome.POSTED,
    ]
    assert balances(there, taker_there) == [15, 15]


def test_batch_is_one_statement():
    giver, taker = make_account(minutes=90), make_account()
    orders = [make_order(giver, taker, 1) for _ in range(50)]

    with CaptureQueriesContext(connection) as context:
        actions.post_transfers(orders=orders, now=NOW)

    assert len(context) == 1


def test_empty_batch_is_nothing():
    assert actions.post_transfers(orders=[], now=NOW) == []
    assert actions.open_accounts(orders=[], now=NOW) == []


def test_insufficient_is_refused():
    giver, taker = make_account(minutes=59), make_account()

    with pytest.raises(errors.Insufficient):
        actions.post_transfer(order=make_order(giver, taker, 60), now=NOW)
    assert balances(giver, taker) == [59, 0]


def test_other_content_under_same_key_is_refused():
    giver, taker = make_account(minutes=90), make_account()
    order = make_order(giver, taker, 60)
    actions.post_transfer(order=order, now=NOW)

    with pytest.raises(KeyReused):
        actions.post_transfer(order=replace(order, amount=61), now=NOW)


def test_frozen_account_receives_only():
    frozen, other = make_account(minutes=30), make_account(minutes=30)
    actions.freeze_account(account_id=frozen.pk, cell=frozen.cell, now=NOW)

    with pytest.raises(errors.AccountFrozen):
        actions.post_transfer(order=make_order(frozen, other, 10), now=NOW)
    with pytest.raises(errors.AccountFrozen):
        actions.place_hold(order=hold(frozen, 10), now=NOW)
    actions.post_transfer(order=make_order(other, frozen, 10), now=NOW)
    assert balances(frozen, other) == [40, 20]

    actions.thaw_account(account_id=frozen.pk, cell=frozen.cell)
    actions.post_transfer(order=make_order(frozen, other, 10), now=NOW)
    assert balances(frozen, other) == [30, 30]


def test_unknown_account_is_refused():
    giver, taker = make_account(minutes=90), make_account()

    with pytest.raises(errors.UnknownAccount):
        actions.post_transfer(order=replace(make_order(giver, taker, 1), credit_id=10**9), now=NOW)


def test_account_of_other_cell_is_refused():
    giver, taker = make_account(minutes=90), make_account(cell="110101")

    with pytest.raises(errors.CellMismatch):
        actions.post_transfer(order=make_order(giver, taker, 1), now=NOW)


def test_other_unit_is_refused():
    giver, taker = make_account(minutes=90), make_account(unit=Unit.FEN)

    with pytest.raises(errors.UnitMismatch):
        actions.post_transfer(order=make_order(giver, taker, 1), now=NOW)


def test_transfer_to_oneself_is_refused():
    giver = make_account(minutes=90)

    with pytest.raises(errors.SameAccount):
        actions.post_transfer(order=make_order(giver, giver, 1), now=NOW)


@pytest.mark.parametrize("amount", [0, -1, 10**12 + 1])
def test_bad_amount_is_refused(amount):
    giver, taker = make_issue(), make_account()

    with pytest.raises(errors.BadAmount):
        actions.post_transfer(order=make_order(giver, taker, amount), now=NOW)


def test_reversal_mirrors_transfer():
    giver, taker = make_account(minutes=90), make_account()
    transfer_id = actions.post_transfer(order=make_order(giver, taker, 60), now=NOW)

    mirror_id = actions.reverse_transfer(order=reversal(transfer_id), now=NOW)

    assert balances(giver, taker) == [90, 0]
    assert Transfer.objects.get(pk=mirror_id).reverses_id == transfer_id
    assert actions.reverse_transfer(order=reversal(transfer_id), now=NOW) == mirror_id
    assert queries.check_books() == []


def test_second_reversal_is_refused():
    giver, taker = make_account(minutes=90), make_account()
    transfer_id = actions.post_transfer(order=make_order(giver, taker, 60), now=NOW)
    actions.reverse_transfer(order=reversal(transfer_id), now=NOW)

    with pytest.raises(errors.AlreadyReversed):
        actions.reverse_transfer(order=reversal(transfer_id, key="again"), now=NOW)


def test_reversal_of_spent_units_is_refused():
    giver, taker = make_account(minutes=90), make_account()
    transfer_id = actions.post_transfer(order=make_order(giver, taker, 60), now=NOW)
    actions.post_transfer(order=make_order(taker, make_account(), 1), now=NOW)

    with pytest.raises(errors.ReversalInsufficient):
        actions.reverse_transfer(order=reversal(transfer_id), now=NOW)


def test_unknown_transfer_is_not_reversed():
    with pytest.raises(errors.UnknownTransfer):
        actions.reverse_transfer(order=reversal(10**9), now=NOW)


def test_hold_keeps_units_from_being_spent():
    giver, taker = make_account(minutes=90), make_account()
    actions.place_hold(order=hold(giver, 60), now=NOW)

    with pytest.raises(errors.Insufficient):
        actions.post_transfer(order=make_order(giver, taker, 31), now=NOW)
    with pytest.raises(errors.Insufficient):
        actions.place_hold(order=hold(giver, 31, key="more"), now=NOW)
    assert balances(giver) == [90]


def test_hold_is_settled_in_part():
    giver, taker = make_account(minutes=90), make_account()
    hold_id = actions.place_hold(order=hold(giver, 60), now=NOW)

    transfer_id = actions.settle_hold(order=settlement(hold_id, taker, 30), now=NOW)

    assert balances(giver, taker) == [60, 30]
    assert giver.held == 0
    ending = HoldEnd.objects.get(hold_id=hold_id)
    assert (ending.settled, ending.transfer_id) == (30, transfer_id)
    assert actions.settle_hold(order=settlement(hold_id, taker, 30), now=NOW) == transfer_id
    assert queries.check_books() == []


def test_hold_is_released_once_or_more():
    giver = make_account(minutes=90)
    hold_id = actions.place_hold(order=hold(giver, 60), now=NOW)
    order = ReleaseOrder(cell=giver.cell, hold_id=hold_id)

    assert actions.release_holds(orders=[order, order], now=NOW) == [
        Verdict(Outcome.RELEASED, hold_id),
        Verdict(Outcome.REPLAYED, hold_id),
    ]
    actions.release_hold(order=order, now=NOW)
    giver.refresh_from_db()
    assert giver.held == 0


def test_ended_hold_is_neither_paid_nor_released():
    giver, taker = make_account(minutes=90), make_account()
    hold_id = actions.place_hold(order=hold(giver, 60), now=NOW)
    actions.settle_hold(order=settlement(hold_id, taker, 30), now=NOW)

    with pytest.raises(errors.HoldEnded):
        actions.settle_hold(order=settlement(hold_id, taker, 30, key="again"), now=NOW)
    with pytest.raises(errors.HoldEnded):
        actions.release_hold(order=ReleaseOrder(cell=giver.cell, hold_id=hold_id), now=NOW)


def test_settlement_above_hold_is_refused():
    giver, taker = make_account(minutes=90), make_account()
    hold_id = actions.place_hold(order=hold(giver, 60), now=NOW)

    with pytest.raises(errors.AboveHold):
        actions.settle_hold(order=settlement(hold_id, taker, 61), now=NOW)


def test_unknown_hold_is_refused():
    with pytest.raises(errors.UnknownHold):
        actions.settle_hold(order=settlement(10**9, make_account(), 1), now=NOW)
    with pytest.raises(errors.UnknownHold):
        actions.release_hold(order=ReleaseOrder(cell=CELL, hold_id=10**9), now=NOW)


def test_hold_of_settlement_belongs_to_its_key():
    giver, taker = make_account(minutes=90), make_account()
    first = actions.place_hold(order=hold(giver, 30, key="a"), now=NOW)
    second = actions.place_hold(order=hold(giver, 30, key="b"), now=NOW)
    actions.settle_hold(order=settlement(first, taker, 30), now=NOW)

    with pytest.raises(KeyReused):
        actions.settle_hold(order=settlement(second, taker, 30), now=NOW)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"balance": -1}, "ledger_balance_never_negative"),
        ({"held": 91}, "ledger_balance_never_negative"),
        ({"held": -1}, "ledger_held_never_negative"),
    ],
)
def test_database_keeps_limits(change, constraint):
    account = make_account(minutes=90)

    with pytest.raises(IntegrityError, match=constraint):
        Account.objects.filter(pk=account.pk).update(**change)


def test_database_keeps_one_account_an_owner():
    account = make_account()
    account.pk = None

    with pytest.raises(IntegrityError, match="ledger_account_once_an_owner"):
        account.save(force_insert=True)


def test_database_keeps_keys_unique():
    giver, taker = make_account(minutes=90), make_account()
    actions.post_transfer(order=make_order(giver, taker, 1, key="k"), now=NOW)
    actions.place_hold(order=hold(giver, 1, key="k"), now=NOW)

    with pytest.raises(IntegrityError, match="transfer_key_once"), transaction.atomic():
        Transfer.objects.create(cell=CELL, key="k", purpose="gift", posted_at=NOW)
    with pytest.raises(IntegrityError, match="hold_key_once"), transaction.atomic():
        Hold.objects.create(cell=CELL, key="k", account=giver, amount=1, purpose="x", placed_at=NOW)
    with pytest.raises(IntegrityError, match="hold_amount_is_positive"), transaction.atomic():
        Hold.objects.create(cell=CELL, key="l", account=giver, amount=0, purpose="x", placed_at=NOW)


def test_database_keeps_entries_whole():
    giver, taker = make_account(minutes=90), make_account()
    transfer_id = actions.post_transfer(order=make_order(giver, taker, 1), now=NOW)
    entry = Entry.objects.get(transfer_id=transfer_id, account=taker)
    entry.pk = None

    with pytest.raises(IntegrityError, match="entry_versions_have_no_gap"), transaction.atomic():
        entry.save(force_insert=True)
    entry.amount = 0
    with pytest.raises(IntegrityError, match="entry_moves_something"), transaction.atomic():
        entry.save(force_insert=True)


def test_database_keeps_hold_ends_honest():
    hold_id = actions.place_hold(order=hold(make_account(minutes=9), 5), now=NOW)

    with pytest.raises(IntegrityError, match="hold_end_pays_by_transfer_or_nothing"):
        HoldEnd.objects.create(cell=CELL, hold_id=hold_id, settled=5, ended_at=NOW)


def test_entries_that_do_not_sum_to_zero_are_refused():
    giver, taker = make_account(minutes=90), make_account()
    transfer_id = actions.post_transfer(order=make_order(giver, taker, 1), now=NOW)

    Entry.objects.create(
        cell=CELL,
        transfer_id=transfer_id,
        account=taker,
        amount=5,
        balance_after=6,
        account_version=2,
    )
    with pytest.raises(IntegrityError, match="do not sum to zero"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_transfer_without_entries_is_refused():
    Transfer.objects.create(cell=CELL, key="empty", purpose="gift", posted_at=NOW)

    with pytest.raises(IntegrityError, match="do not sum to zero"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("table", ["transfer", "entry", "hold", "holdend"])
@pytest.mark.parametrize("change", ["UPDATE ledger_{} SET cell = cell", "DELETE FROM ledger_{}"])
def test_history_never_changes(table, change):
    giver, taker = make_account(minutes=90), make_account()
    hold_id = actions.place_hold(order=hold(giver, 60), now=NOW)
    actions.settle_hold(order=settlement(hold_id, taker, 30), now=NOW)

    with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(change.format(table))


def test_issuing_account_goes_below_zero():
    issue = make_issue()
    make_account(minutes=90)

    assert issue.kind == AccountKind.ISSUE
    assert balances(issue) == [-90]
