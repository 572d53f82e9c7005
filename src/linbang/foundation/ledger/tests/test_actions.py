import pytest
from linbang.foundation.ledger import actions, queries
from linbang.foundation.ledger.factories import NOW, make_account, make_order

pytestmark = pytest.mark.django_db


def test_transfer_moves_minutes():
    giver, taker = make_account(minutes=90), make_account()

    transfer_id = actions.post_transfer(order=make_order(giver, taker, 60), now=NOW)

    giver.refresh_from_db()
    taker.refresh_from_db()
    assert (giver.balance, taker.balance) == (30, 60)
    assert transfer_id > 0
    assert queries.check_books() == []
