"""Books in a hurry, each beside the engine's own limit, measured in turns.

``ledger_post_…`` is the action, called by threads; ``transfer_…`` are transfers over HTTP at the
front door, by people with passes, as the sign-ups of ``bench.signup``: both over pgbench calling
the same function with arrays of one. ``verify_batch`` is the closed roll of an activity of 500:
drafted, verified, banked, in the trail and told, over plain set-based SQL that writes no trail and
tells nobody; over SQL that does, it is ``verify_batch_told``. ``check_books_5m`` is the nightly
command over five million entries, the start of Python included.
"""

import random
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from itertools import count, islice
from statistics import median

from bench import books, certificates, rolls
from bench import crowd as people
from bench.engine import ROUNDS, calls_per_second, in_turns, pgbench
from bench.serving import crowd, front_door, passes, post

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


# Of one statement at a time few clients make the most, or many: whichever does is the engine's.
_ENGINE_CLIENTS = (2, 4, 8, 16)
_SECONDS = 2.0
_GIVEN_A_ROUND = 25_000
_MOVEMENTS = 10_000
_CHECKS = 3

Report = Callable[[str, float, str], None]


def run(report: Report) -> None:
    from linbang.foundation import clock

    now = clock.now()
    ids = _open_books(now)
    _report_action(report, ids, now)
    _report_front_door(report, ids)
    _report_verifying(report)
    _report_statement(report, now)
    certificates.measure(report)
    _report_check(report)


def _report_spread(report: Report, name: str, values: list[float], unit: str) -> None:
    """Print a median, and between what it lay."""
    report(name, median(values), unit)
    report(f"{name}_min", min(values), unit)
    report(f"{name}_max", max(values), unit)


def _report_action(report: Report, ids: list[int], now: datetime) -> None:
    for name, script, size in (("single", SINGLE, 1), ("batch200", MANY, BATCH)):
        mine, theirs, ratio = in_turns(
            partial(_posted_per_second, ids, size, now),
            partial(_engine_per_second, script, size, ids[0]),
        )
        report(f"ledger_post_{name}_per_s", mine, "transfers/s")
        report(f"ledger_post_{name}_engine_per_s", theirs, "transfers/s")
        report(f"ledger_post_{name}_ratio", ratio, "ratio")


def _report_front_door(report: Report, ids: list[int]) -> None:
    """Let 32 and 256 people at a time give a minute to somebody else."""
    gifts = _gifts(ids)
    with front_door("bench.giving:application"):
        for connections in (32, 256):
            rounds = []
            for _ in range(ROUNDS):
                seen = crowd(
                    list(islice(gifts, _GIVEN_A_ROUND)), connections=connections, seconds=_SECONDS
                ).only(201)
                best = max(
                    pgbench(SINGLE, clients=clients, seconds=_SECONDS, first=ids[0])
                    for clients in _ENGINE_CLIENTS
                )
                rounds.append((seen.per_s, best, seen.per_s / best, seen.p99_ms))
            mine, theirs, ratios, late = (list(column) for column in zip(*rounds, strict=True))
            name = f"transfer_c{connections}"
            _report_spread(report, f"{name}_per_s", mine, "transfers/s")
            _report_spread(report, f"{name}_engine_per_s", theirs, "transfers/s")
            _report_spread(report, f"{name}_ratio", ratios, "ratio")
            _report_spread(report, f"{name}_p99_ms", late, "ms")


def _gifts(ids: list[int]) -> Iterator[bytes]:
    """Write requests that succeed: each giver has enough, and each key comes once."""
    from bench.giving import PATH

    tokens = passes(ids, ids, cell=CELL)
    for turn in count():
        giver = turn % len(ids)
        to = ids[(giver + 1 + turn * 7 % (len(ids) - 1)) % len(ids)]
        yield post(PATH, {"to": to, "minutes": 1}, token=tokens[giver], key=str(turn))


def _report_verifying(report: Report) -> None:
    from django.db import connection

    people.make_places()
    volunteers = people.make_volunteers(rolls.PEOPLE)
    rounds = []
    for nth in range(0, 3 * (ROUNDS + 1), 3):
        rolls.make_roll(volunteers, nth=nth)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        # First ours: it opens the books that the engine's side finds open.
        spent = [rolls.draft()]
        for turn, is_told in enumerate((False, True), start=1):
            shift = rolls.make_roll(volunteers, nth=nth + turn)
            spent.append(rolls.write(shift, is_told=is_told))
        rounds.append([rolls.PEOPLE / seconds for seconds in spent])
    rolls.check()
    # In the first round the planner has not learnt anything yet.
    mine, bare, told = (list(column) for column in zip(*rounds[1:], strict=True))
    _report_spread(report, "verify_batch_per_s", mine, "records/s")
    _report_spread(report, "verify_batch_engine_per_s", bare, "records/s")
    _report_spread(report, "verify_batch_ratio", _over(mine, bare), "ratio")
    _report_spread(report, "verify_batch_told_engine_per_s", told, "records/s")
    _report_spread(report, "verify_batch_told_ratio", _over(mine, told), "ratio")


def _over(ours: list[float], theirs: list[float]) -> list[float]:
    return [mine / their for mine, their in zip(ours, theirs, strict=True)]


def _report_statement(report: Report, now: datetime) -> None:
    """Count the queries of a statement with 10,000 movements, and those of its whole page."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from linbang.foundation.access.factories import client_of
    from linbang.foundation.people.models import Person
    from linbang.outcomes.time_bank import queries

    person = Person.objects.order_by("id").first()
    if person is None:
        raise RuntimeError("nobody saves")
    _move(person.pk, now)
    with CaptureQueriesContext(connection) as captured:
        queries.statement_of(person)
    report("statement_queries", len(captured), "queries")
    client = client_of(person)
    client.get("/love-savings/")
    with CaptureQueriesContext(connection) as captured:
        answer = client.get("/love-savings/")
    if answer.status_code != 200:
        raise RuntimeError(f"the statement answered {answer.status_code}")
    report("statement_page_queries", len(captured), "queries")


def _move(person_id: int, now: datetime) -> None:
    from linbang.foundation.ledger.actions import TransferOrder, post_transfers
    from linbang.foundation.ledger.models import Account
    from linbang.operations.service_records.models import ServiceRecord

    own = Account.objects.get(owner=f"person:{person_id}", kind="personal")
    record = ServiceRecord.objects.filter(person_id=person_id).latest("id")
    issue = Account.objects.get(cell=own.cell, owner=f"cell:{own.cell}", kind="issue")
    for start in range(0, _MOVEMENTS, BATCH):
        orders = [
            TransferOrder(
                cell=own.cell,
                key=f"movement:{n}",
                debit_id=issue.pk,
                credit_id=own.pk,
                amount=1,
                purpose="earned",
                source=f"record:{record.pk}",
            )
            for n in range(start, start + BATCH)
        ]
        post_transfers(orders=orders, now=now)


def _report_check(report: Report) -> None:
    from linbang.foundation.ledger.models import Entry

    books.fill()
    checks = [books.check() for _ in range(_CHECKS)]
    report("check_books_5m_entries", Entry.objects.count(), "rows")
    _report_spread(report, "check_books_5m_s", [one.seconds for one in checks], "s")
    _report_spread(report, "check_books_5m_cpu_s", [one.cpu_s for one in checks], "s")
    # The command's own and what the server's processes had for it, at their most.
    most = max(one.client_mb + one.server_mb for one in checks)
    report("check_books_5m_rss_mb", most, "MB")
    report("check_books_5m_client_mb", max(one.client_mb for one in checks), "MB")
    report("check_books_5m_server_mb", max(one.server_mb for one in checks), "MB")
    report("check_books_5m_server_hwm_mb", max(one.server_peak_mb for one in checks), "MB")


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
