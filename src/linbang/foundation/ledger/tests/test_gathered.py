"""Transfers gathered by a lane: one statement for calls of any cells, each with its own verdict."""

import pytest
from django.db import connection

from linbang.foundation.ledger import queries
from linbang.foundation.ledger.choices import Outcome, Unit
from linbang.foundation.ledger.factories import NOW, make_account, make_order
from linbang.foundation.ledger.models import Account, Transfer
from linbang.foundation.ledger.rules import TransferOrder

pytestmark = pytest.mark.django_db
THERE = "110101"


def gathered(*orders: TransferOrder) -> list[str]:
    columns = ("cell", "key", "debit_id", "credit_id", "amount", "purpose", "source")
    arrays = [[getattr(order, column) for order in orders] for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT outcome FROM ledger_transfer_v1(%s, %s, %s::bigint[], %s::bigint[],"
            " %s::bigint[], %s, %s, %s) ORDER BY n",
            [*arrays, [NOW] * len(orders)],
        )
        return [outcome for (outcome,) in cursor.fetchall()]


def test_each_call_is_answered_whatever_its_cell():
    here, there = make_account(minutes=30), make_account(minutes=30, cell=THERE)
    taker, taker_there = make_account(), make_account(cell=THERE)

    told = gathered(
        make_order(there, taker_there, 10),
        make_order(here, taker, 31),
        make_order(here, taker, 30, key="twice"),
        make_order(there, taker_there, 21),
        make_order(here, taker, 30, key="twice"),
        make_order(here, taker_there, 1),
        make_order(taker, make_account(unit=Unit.FEN), 1),
    )

    assert told == [
        Outcome.POSTED,
        Outcome.INSUFFICIENT,
        Outcome.POSTED,
        Outcome.INSUFFICIENT,
        Outcome.REPLAYED,
        Outcome.UNKNOWN_ACCOUNT,
        Outcome.UNIT_MISMATCH,
    ]
    assert Transfer.objects.filter(key="twice").count() == 1
    assert queries.check_books() == []


def test_what_one_call_receives_the_next_may_give():
    first, second, third = make_account(minutes=30), make_account(), make_account()

    assert gathered(make_order(first, second, 30), make_order(second, third, 30)) == [
        Outcome.POSTED,
        Outcome.POSTED,
    ]
    assert Account.objects.get(pk=third.pk).balance == 30


def test_nothing_gathered_is_nothing():
    assert gathered() == []
