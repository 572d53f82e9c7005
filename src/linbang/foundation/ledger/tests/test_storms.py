"""Many real connections at once: what they leave behind adds up, whoever was first."""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from linbang.foundation.ledger import actions, queries
from linbang.foundation.ledger.choices import Outcome
from linbang.foundation.ledger.factories import NOW, make_account, make_issue, make_order
from linbang.foundation.ledger.models import Account, Entry, Transfer

pytestmark = pytest.mark.django_db(transaction=True)

THREADS, TRANSFERS, AGAIN = 16, 64, 8


def at_once(work: Callable[[int], Any], *, threads: int) -> list[Any]:
    """Let numbered threads work at once, each on a connection of its own."""
    start = Barrier(threads)

    def run(number: int) -> Any:
        try:
            start.wait(timeout=30)
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


def test_a_thousand_transfers_among_the_poor():
    books = [make_account(minutes=3) for _ in range(12)]
    dice = random.Random(20261126)
    orders = [
        make_order(*dice.sample(books, 2), dice.randint(1, 5), key=f"storm:{n}")
        for n in range(THREADS * TRANSFERS)
    ]

    def give(number: int) -> list[tuple[str, Outcome]]:
        mine = orders[number::THREADS]
        # Some are sent a second time, by somebody else and meanwhile.
        others = orders[(number + 1) % THREADS :: THREADS][:AGAIN]
        return [
            (order.key, actions.post_transfers(orders=[order], now=NOW)[0].outcome)
            for order in chain(*zip(others, mine, strict=False), mine[AGAIN:])
        ]

    told = list(chain(*at_once(give, threads=THREADS)))

    assert len(told) == THREADS * (TRANSFERS + AGAIN)
    posted = Counter(key for key, outcome in told if outcome is Outcome.POSTED)
    assert {outcome for _, outcome in told} == {
        *(Outcome.POSTED, Outcome.REPLAYED, Outcome.INSUFFICIENT)
    }
    assert set(posted.values()) == {1}
    # Told of is what was written, and nothing else was.
    written = set(Transfer.objects.filter(key__startswith="storm:").values_list("key", flat=True))
    assert set(posted) == written
    assert Entry.objects.filter(transfer__key__startswith="storm:").count() == 2 * len(written)
    assert min(len(written), len(orders) - len(written)) > 100
    balances = dict(Account.objects.values_list("id", "balance"))
    assert balances.pop(make_issue().pk) == -36
    assert (sum(balances.values()), min(balances.values()) >= 0) == (36, True)
    assert queries.check_books() == []
