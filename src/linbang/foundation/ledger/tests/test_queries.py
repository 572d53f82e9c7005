import pytest
from django.db import connection

from linbang.foundation.ledger import actions, queries
from linbang.foundation.ledger.choices import Unit
from linbang.foundation.ledger.factories import CELL, NOW, make_account, make_issue, make_order
from linbang.foundation.ledger.models import Account
from linbang.foundation.ledger.rules import HoldOrder, ReversalOrder

pytestmark = pytest.mark.django_db


@pytest.fixture
def books():
    """Two accounts with a gift, a reversal and an open hold between them."""
    giver, taker = make_account(minutes=90), make_account()
    actions.post_transfer(order=make_order(giver, taker, 60), now=NOW)
    undone = actions.post_transfer(order=make_order(giver, taker, 20), now=NOW)
    actions.reverse_transfer(
        order=ReversalOrder(cell=CELL, key="undo", transfer_id=undone, purpose="reversed"), now=NOW
    )
    actions.place_hold(
        order=HoldOrder(cell=CELL, key="h", account_id=taker.pk, amount=30, purpose="need"),
        now=NOW,
    )
    return giver, taker


def meddle(statement: str) -> None:
    """Do what only the owner of the tables can: write past the triggers."""
    tables = ("ledger_transfer", "ledger_entry", "ledger_hold", "ledger_holdend")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)


def broken_rules() -> set[str]:
    return {fault.rule for fault in queries.check_books()}


def test_balance_of_unopened_book_is_zero():
    assert queries.balance(cell=CELL, owner="person:0", unit=Unit.MINUTES) == 0


def test_balance_is_the_book_s(books):
    giver, _ = books

    assert queries.balance(cell=CELL, owner=giver.owner, unit=Unit.MINUTES) == 30


@pytest.mark.parametrize("count", [1, 3])
def test_entries_come_in_pages(django_assert_num_queries, count):
    account = make_account()
    issue = make_issue()
    actions.post_transfers(orders=[make_order(issue, account, n) for n in range(1, 6)], now=NOW)

    with django_assert_num_queries(1):
        page = list(queries.entries_of(account, limit=count))
        assert [entry.transfer.purpose for entry in page] == ["gift"] * count
    following = queries.entries_of(account, before=page[-1].account_version, limit=1)
    assert following[0].account_version == 5 - count


def test_sound_books_have_no_faults(books):
    assert queries.check_books() == []


def test_faults_of_other_cells_are_left_out(books):
    giver, _ = books
    Account.objects.filter(pk=giver.pk).update(balance=31)

    assert queries.check_books(cell="110101") == []


# Done past the triggers: what each breaks, and how.
MEDDLING = [
    ("version_equals_entries", "UPDATE ledger_account SET version = version + 1"),
    (
        "version_equals_entries",
        """
        INSERT INTO ledger_account (cell, unit, kind, owner, balance, held, version, opened_at)
        VALUES ('450103', 'minutes', 'personal', 'nobody', 0, 0, 1, now())
        """,
    ),
    ("balance_equals_entries", "UPDATE ledger_account SET balance = balance + 1"),
    ("balance_equals_entries", "UPDATE ledger_entry SET amount = amount + 1 WHERE amount = 60"),
    ("held_equals_open_holds", "UPDATE ledger_account SET held = held + 1 WHERE balance > held"),
    ("entries_chain", "UPDATE ledger_entry SET balance_after = balance_after + 1"),
    ("entries_chain", "UPDATE ledger_entry SET account_version = account_version + 1000"),
    ("entries_chain", "DELETE FROM ledger_entry WHERE account_version = 1"),
    ("transfer_sums_to_zero", "DELETE FROM ledger_entry WHERE amount = 60"),
    ("transfer_sums_to_zero", "UPDATE ledger_entry SET amount = 61 WHERE amount = 60"),
    (
        "transfer_sums_to_zero",
        "DELETE FROM ledger_entry WHERE transfer_id = (SELECT min(id) FROM ledger_transfer)",
    ),
    (
        "transfer_keeps_to_one_unit",
        "UPDATE ledger_account SET unit = 'fen' WHERE kind = 'issue'",
    ),
    (
        "units_issued_equal_units_kept",
        "UPDATE ledger_account SET unit = 'fen' WHERE kind = 'issue'",
    ),
    (
        "hold_pays_what_it_says",
        """
        INSERT INTO ledger_holdend (cell, hold_id, transfer_id, settled, ended_at)
        SELECT cell, id, (SELECT min(id) FROM ledger_transfer), 99, placed_at FROM ledger_hold
        """,
    ),
    (
        "reversal_mirrors_its_original",
        """
        UPDATE ledger_transfer SET reverses_id = (SELECT min(id) FROM ledger_transfer)
        WHERE key = 'undo'
        """,
    ),
]


@pytest.mark.parametrize(("rule", "statement"), MEDDLING)
def test_every_meddling_is_found(books, rule, statement):
    meddle(statement)

    assert rule in broken_rules()


def test_faults_name_the_row_and_nothing_else(books):
    giver, _ = books
    meddle("UPDATE ledger_entry SET balance_after = 31 WHERE balance_after = 30 AND amount < 0")

    assert {(fault.rule, fault.subject_id, fault.detail) for fault in queries.check_books()} == {
        ("entries_chain", giver.pk, "2 wrong balances, 0 gaps")
    }


def test_broken_limit_is_found(books):
    giver, _ = books
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_account DROP CONSTRAINT ledger_balance_never_negative")
    Account.objects.filter(pk=giver.pk).update(balance=-1)

    assert "account_keeps_its_limit" in broken_rules()
