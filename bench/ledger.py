"""Posting through our door over the same function under pgbench, alone and 200 at a time.

Also: how long ``check_books`` takes over everything the measurement itself posted.
"""

import random
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial

from bench.engine import calls_per_second, in_turns, pgbench

DATABASE = True
CELL = "450103"
ACCOUNTS = 10_000
OPENING_MINUTES = 1_000_000
BATCH = 200
CLIENTS = 8

# One row a call, as the door sends it; two different accounts out of ACCOUNTS.
SINGLE = f"""
\\set debit random(0, {ACCOUNTS - 1})
\\set step random(1, {ACCOUNTS - 1})
\\set key random(1, 1000000000000000)
SELECT outcome, transfer_id
FROM ledger_post_v1(
    '{CELL}', ARRAY['engine:' || :key::bigint],
    ARRAY[:first::bigint + :debit::bigint],
    ARRAY[:first::bigint + (:debit::bigint + :step::bigint) % {ACCOUNTS}],
    ARRAY[1::bigint], ARRAY['gift'], ARRAY['bench'], now()
);
"""
MANY = f"""
\\set debit random(0, {ACCOUNTS - 1})
\\set step random(1, {ACCOUNTS - 1})
\\set key random(1, 1000000000000000)
SELECT posted.outcome, posted.transfer_id
FROM (
    SELECT
        array_agg('engine:' || :key::bigint || ':' || n) AS keys,
        array_agg(:first::bigint + (:debit::bigint + 7 * n) % {ACCOUNTS}) AS debits,
        array_agg(
            :first::bigint + (:debit::bigint + 7 * n + :step::bigint) % {ACCOUNTS}
        ) AS credits,
        array_agg(1::bigint) AS amounts,
        array_agg('gift'::text) AS purposes,
        array_agg('bench'::text) AS sources
    FROM generate_series(1, {BATCH}) AS n
) AS orders,
ledger_post_v1('{CELL}', keys, debits, credits, amounts, purposes, sources, now()) AS posted;
"""


def run(report: Callable[[str, float, str], None]) -> None:
    from linbang.foundation import clock
    from linbang.foundation.ledger import queries

    now = clock.now()
    ids = _open_books(now)
    for name, script, size in (("single", SINGLE, 1), ("batch200", MANY, BATCH)):
        mine, theirs, ratio = in_turns(
            partial(_posted_per_second, ids, size, now),
            partial(_engine_per_second, script, size, ids[0]),
        )
        report(f"ledger_post_{name}_per_s", mine, "transfers/s")
        report(f"ledger_post_{name}_engine_per_s", theirs, "transfers/s")
        report(f"ledger_post_{name}_ratio", ratio, "ratio")
    begun = time.perf_counter()
    if faults := queries.check_books():
        raise AssertionError(faults[:10])
    report("ledger_check_books_s", time.perf_counter() - begun, "s")
    report("ledger_check_books_entries", _entries(), "rows")


def _posted_per_second(ids: list[int], size: int, now: datetime) -> float:
    return size * calls_per_second(_poster(ids, size, now), clients=CLIENTS)


def _engine_per_second(script: str, size: int, first: int) -> float:
    return size * pgbench(script, clients=CLIENTS, first=first)


def _poster(ids: list[int], size: int, now: datetime) -> Callable[[int, int], object]:
    from linbang.foundation.ledger.actions import TransferOrder, post_transfers

    run_number = random.getrandbits(48)

    def post(client: int, turn: int) -> object:
        orders = []
        for row in range(size):
            debit, credit = random.sample(ids, 2)
            orders.append(
                TransferOrder(
                    cell=CELL,
                    key=f"door:{run_number}:{client}:{turn}:{row}",
                    debit_id=debit,
                    credit_id=credit,
                    amount=1,
                    purpose="gift",
                    source="bench",
                )
            )
        return post_transfers(orders=orders, now=now)

    return post


def _open_books(now: datetime) -> list[int]:
    """Open ACCOUNTS books with consecutive ids, each with OPENING_MINUTES in it."""
    from django.db import connection

    from linbang.foundation.ledger.actions import (
        AccountOrder,
        TransferOrder,
        open_account,
        open_accounts,
        post_transfers,
    )
    from linbang.foundation.ledger.choices import AccountKind, Unit

    issue = open_account(
        cell=CELL, owner="bench", unit=Unit.MINUTES, kind=AccountKind.ISSUE, now=now
    )
    books = open_accounts(
        orders=[
            AccountOrder(
                cell=CELL, owner=f"bench:{n:06}", unit=Unit.MINUTES, kind=AccountKind.PERSONAL
            )
            for n in range(ACCOUNTS)
        ],
        now=now,
    )
    ids = sorted(book.pk for book in books)
    if ids[-1] - ids[0] != ACCOUNTS - 1:
        raise AssertionError("the engine's script needs consecutive accounts")
    post_transfers(
        orders=[
            TransferOrder(
                cell=CELL,
                key=f"opening:{number}",
                debit_id=issue.pk,
                credit_id=number,
                amount=OPENING_MINUTES,
                purpose="opening",
            )
            for number in ids
        ],
        now=now,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE ledger_account, ledger_transfer, ledger_entry")
    return ids


def _entries() -> int:
    from linbang.foundation.ledger.models import Entry

    return Entry.objects.count()
