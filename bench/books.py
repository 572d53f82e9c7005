"""Five million entries that add up, written set-based, and what checking them all takes.

Four counties, a hundred thousand savers: in odd rounds everybody earns an hour, in even ones
everybody gives somebody else as many minutes as the round has.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from config.embedded_postgres import EmbeddedPostgres, default_var

ROUNDS, SAVERS = 25, 100_000
ENTRIES = 2 * ROUNDS * SAVERS
_CELLS = ["350201", "350202", "350203", "350204"]
_LOOKED_EVERY_S = 0.05
# Built once at the end instead of row by row.
_LATER = (
    ("ledger_entry", "ledger_entry_pkey"),
    ("ledger_entry", "entry_versions_have_no_gap"),
    ("ledger_transfer", "transfer_key_once"),
)


@dataclass(frozen=True)
class Check:
    """What a check took: seconds, and megabytes of the command and of the server behind it.

    ``cpu_s`` is processor time of both, which neighbours on the machine disturb least.

    ``server_mb`` is what the server's processes had for themselves at once; ``server_peak_mb``
    the largest of them with what it touched of the shared buffers, which belong to everybody.
    """

    seconds: float
    cpu_s: float
    client_mb: float
    server_mb: float
    server_peak_mb: float


def fill() -> None:
    """Write the books past the triggers, as only the server's own role can."""
    server = EmbeddedPostgres(default_var())
    with psycopg.connect(server.dsn(user="postgres"), autocommit=True) as link:
        link.execute("SET session_replication_role = replica")
        link.execute("SET synchronous_commit = off")
        later = [_put_off(link, table, name) for table, name in _LATER]
        link.execute("DROP INDEX entry_by_transfer")
        params = {"cells": _CELLS, "savers": SAVERS, "rounds": ROUNDS}
        for statement in (_ACCOUNTS, _MOVES, _TRANSFERS, _ENTRIES, _HOLDS, _ENDS):
            link.execute(statement, params if "%(" in statement else None)
        link.execute("DROP TABLE bench_move")
        for statement in later:
            link.execute(statement.encode())
        link.execute("CREATE INDEX entry_by_transfer ON ledger_entry (cell, transfer_id)")
        link.execute("VACUUM ANALYZE ledger_account, ledger_transfer, ledger_entry, ledger_hold")


def _put_off(link: psycopg.Connection, table: str, name: str) -> str:
    found = link.execute(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [name]
    ).fetchone()
    if found is None:
        raise RuntimeError(f"{table} has no {name}")
    link.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}".encode())
    return f"ALTER TABLE {table} ADD CONSTRAINT {name} {found[0]}"


# What is left after all rounds: giving and being given cancel out. A tenth has promised something.
_ACCOUNTS = """
    WITH earning AS (
        SELECT (%(rounds)s + 1) / 2 AS rounds, %(savers)s / cardinality(%(cells)s::text[]) AS size
    )
    INSERT INTO ledger_account (cell, unit, kind, owner, balance, held, version, opened_at)
    SELECT cell, 'minutes', 'issue', 'many:' || cell, -60 * rounds * size, 0, rounds * size, now()
    FROM unnest(%(cells)s::text[]) AS cell, earning
    UNION ALL
    SELECT (%(cells)s::text[])[n / size + 1], 'minutes', 'personal', 'many:' || n, 60 * rounds,
        CASE WHEN n %% 10 = 0 THEN 30 ELSE 0 END, rounds + 2 * (%(rounds)s / 2), now()
    FROM earning, generate_series(0, %(savers)s - 1) AS n
"""
_MOVES = """
    CREATE TABLE bench_move AS
    WITH book AS MATERIALIZED (
        SELECT
            saver.cell,
            saver.id AS saver,
            issue.id AS issue,
            row_number() OVER (PARTITION BY saver.cell ORDER BY saver.id) - 1 AS nth,
            min(saver.id) OVER (PARTITION BY saver.cell) AS first,
            count(*) OVER (PARTITION BY saver.cell) AS size
        FROM ledger_account AS saver
        JOIN ledger_account AS issue
            ON issue.cell = saver.cell AND issue.owner = 'many:' || saver.cell
        WHERE saver.cell = ANY (%(cells)s) AND saver.kind = 'personal'
    )
    SELECT nextval('ledger_transfer_id_seq') AS id, r, book.*
    FROM generate_series(1, %(rounds)s) AS r, book
    ORDER BY r, nth, cell
"""
_TRANSFERS = """
    INSERT INTO ledger_transfer (id, cell, key, purpose, source, posted_at)
    SELECT id, cell, 'many:' || id, CASE WHEN r % 2 = 1 THEN 'earned' ELSE 'gift' END, 'bench',
        now()
    FROM bench_move
"""
_ENTRIES = """
    INSERT INTO ledger_entry
        (cell, transfer_id, account_id, amount, balance_after, account_version)
    SELECT move.cell, move.id, leg.account, leg.amount, leg.balance_after, leg.version
    FROM bench_move AS move
    CROSS JOIN LATERAL (
        SELECT move.issue, -60, -60 * (move.r / 2 * move.size + move.nth + 1),
            move.r / 2 * move.size + move.nth + 1
        WHERE move.r % 2 = 1
        UNION ALL
        SELECT move.saver, 60, 60 * (move.r / 2 + 1), move.r / 2 * 3 + 1
        WHERE move.r % 2 = 1
        UNION ALL
        SELECT move.saver, -move.r, 60 * (move.r / 2) - move.r, (move.r / 2 - 1) * 3 + 2
        WHERE move.r % 2 = 0
        UNION ALL
        SELECT move.first + (move.nth + 7 * move.r) % move.size, move.r, 60 * (move.r / 2),
            (move.r / 2 - 1) * 3 + 3
        WHERE move.r % 2 = 0
    ) AS leg (account, amount, balance_after, version)
"""
# Of each saver's with a promise one is open, and one was given back.
_HOLDS = """
    INSERT INTO ledger_hold (cell, key, account_id, amount, purpose, placed_at)
    SELECT cell, 'many:' || id || ':' || n, id, 30, 'need', now()
    FROM ledger_account, generate_series(1, 2) AS n
    WHERE owner LIKE 'many:%' AND held = 30
"""
_ENDS = """
    INSERT INTO ledger_holdend (cell, hold_id, settled, ended_at)
    SELECT cell, id, 0, now()
    FROM ledger_hold
    WHERE key LIKE 'many:%:2'
"""


def check() -> Check:
    """Run the command that is run each night, and watch what it and the server need.

    The rules of the ledger alone: no record earned these units, which those of the savings would
    tell.
    """
    begun = time.perf_counter()
    command = subprocess.Popen(
        [sys.executable, "manage.py", "check_books", "--ledger"], stdout=subprocess.DEVNULL
    )
    server_mb = peak_mb = 0.0
    cpu_s: dict[int, float] = {}
    server = EmbeddedPostgres(default_var())
    with psycopg.connect(server.dsn(user="postgres"), autocommit=True) as link:
        while True:
            pid, status, used = os.wait4(command.pid, os.WNOHANG)
            if pid:
                break
            seen = list(_server_processes(link))
            server_mb = max(server_mb, sum(own for _, _, own, _ in seen))
            peak_mb = max([peak_mb, *(peak for _, _, _, peak in seen)])
            cpu_s |= {process: spent for process, spent, _, _ in seen}
            time.sleep(_LOOKED_EVERY_S)
    if status:
        raise RuntimeError("the books are not sound")
    spent = time.perf_counter() - begun
    cpu = sum(cpu_s.values()) + used.ru_utime + used.ru_stime
    return Check(spent, cpu, used.ru_maxrss / 1024, server_mb, peak_mb)


def _server_processes(link: psycopg.Connection) -> Iterator[tuple[int, float, float, float]]:
    """Give of each of the check's server processes its number, seconds of processor time,
    megabytes it has for itself, and its peak.
    """
    query = """
        SELECT pid FROM pg_stat_activity
        WHERE query LIKE '-- Every rule of the books%' AND state = 'active'
    """
    for (pid,) in link.execute(query).fetchall():
        try:
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
            times = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        except (FileNotFoundError, ProcessLookupError):
            continue
        status = dict(line.split(":", 1) for line in lines)
        own_mb, peak_mb = (int(status[name].split()[0]) / 1024 for name in ("RssAnon", "VmHWM"))
        yield pid, sum(map(int, times)) / os.sysconf("SC_CLK_TCK"), own_mb, peak_mb
