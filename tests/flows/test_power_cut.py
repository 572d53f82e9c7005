"""The database is killed in the middle of a posting storm: nothing is lost, and nothing is twice.

A cluster of its own, durable as in production, with the books' tables alone.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import Any

import psycopg
import pytest
from django.db import connection

from config.embedded_postgres import EmbeddedPostgres
from config.front.database import conninfo
from linbang.foundation.ledger.actions import POST
from linbang.foundation.ledger.queries import CHECK

CELL, ACCOUNTS, BATCH = "450103", 20, 5
THREADS, STORM_S = 4, 0.5
FUNCTIONS = """
    SELECT pg_get_functiondef(oid)
    FROM pg_proc
    WHERE proname LIKE 'ledger\\_%' OR proname = 'refuse_change_v1'
"""
OPEN = """
    INSERT INTO ledger_account (cell, unit, kind, owner, balance, held, version, opened_at)
    SELECT %s, 'minutes', CASE n WHEN 1 THEN 'issue' ELSE 'personal' END, 'book:' || n, 0, 0, 0,
        now()
    FROM generate_series(1, %s) AS n
"""
Batch = list[list[Any]]


@pytest.fixture
def server(tmp_path: Path, db: None) -> Iterator[EmbeddedPostgres]:
    """A server of our own with the books of the test database, empty."""
    mine = EmbeddedPostgres(tmp_path)
    mine.start()
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS)
        functions = [text for (text,) in cursor.fetchall()]
    tables = subprocess.run(
        [
            *(str(mine.binary("pg_dump")), "--schema-only", "--no-owner", "--no-privileges"),
            *("--table=public.ledger_*", f"--dbname={conninfo()}"),
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    with psycopg.connect(mine.dsn(), autocommit=True) as link:
        link.execute("SET check_function_bodies = off")
        for text in functions:
            link.execute(text.encode())
        link.execute(_statements(tables).encode())
    try:
        yield mine
    finally:
        mine.stop()
        shutil.rmtree(mine.home, ignore_errors=True)


def _statements(dump: str) -> str:
    # What begins with a backslash is for psql alone.
    return "\n".join(line for line in dump.splitlines() if not line.startswith("\\"))


def test_a_killed_database_lost_nothing_and_does_nothing_twice(server: EmbeddedPostgres):
    with psycopg.connect(server.dsn(), autocommit=True) as link:
        link.execute(OPEN, [CELL, ACCOUNTS])
    over = Event()
    with ThreadPoolExecutor(THREADS) as pool:
        storms = [pool.submit(_storm, server.dsn(), number, over) for number in range(THREADS)]
        time.sleep(STORM_S)
        _kill(server)
        over.set()
        parts = [storm.result() for storm in storms]
    told = [keys for part, _ in parts for keys in part]
    doubtful = [keys for _, part in parts for keys in part]
    assert len(told) > THREADS

    server.start()

    with psycopg.connect(server.dsn(), autocommit=True) as link:
        # Asked again, what was told of is there; what was under way is there whole, or not at all.
        for batch in told:
            assert _post(link, batch) == ["replayed"] * BATCH
        for batch in doubtful:
            assert len(set(_post(link, batch))) == 1
        keys = [key for batch in (*told, *doubtful) for key in batch[0]]
        found = link.execute("SELECT key FROM ledger_transfer").fetchall()
        assert sorted(key for (key,) in found) == sorted(keys)
        counted = link.execute("SELECT count(*), sum(amount) FROM ledger_entry").fetchone()
        assert counted == (2 * len(keys), 0)
        assert link.execute(CHECK.encode(), {"cell": None}).fetchall() == []


def _storm(dsn: str, number: int, over: Event) -> tuple[list[Batch], list[Batch]]:
    """Post batches until the line breaks; return what we were told of, and what was under way."""
    told: list[Batch] = []
    with suppress(psycopg.OperationalError), psycopg.connect(dsn, autocommit=True) as link:
        turn = 0
        while not over.is_set():
            batch = _batch(number, turn)
            try:
                _post(link, batch)
            except psycopg.OperationalError:
                return told, [batch]
            told.append(batch)
            turn += 1
    return told, []


def _batch(number: int, turn: int) -> Batch:
    """Make orders that are never refused: one out of the issue, the rest among who was paid."""
    keys = [f"{number}:{turn}:{n}" for n in range(BATCH)]
    takers = [2 + (number + 3 * turn + n) % (ACCOUNTS - 1) for n in range(BATCH)]
    return [keys, [1, *takers[:-1]], takers, [10] * BATCH, ["gift"] * BATCH, [""] * BATCH]


def _post(link: psycopg.Connection, batch: Batch) -> list[str]:
    rows = link.execute(POST.encode(), [CELL, *batch, "2026-11-26 09:00+08"]).fetchall()
    outcomes = [outcome for outcome, _ in rows]
    assert not {*outcomes} - {"posted", "replayed"}, outcomes
    return outcomes


def _kill(server: EmbeddedPostgres) -> None:
    """Kill the postmaster and all its children at once, as a power cut does."""
    postmaster = int((server.data / "postmaster.pid").read_text().split("\n", 1)[0])
    children = [
        int(path.parent.name)
        for path in Path("/proc").glob("[0-9]*/stat")
        if _parent(path) == postmaster
    ]
    assert children
    for pid in (postmaster, *children):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    while server.is_running() or any(Path(f"/proc/{pid}/exe").exists() for pid in children):
        time.sleep(0.01)


def _parent(stat: Path) -> int | None:
    try:
        return int(stat.read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return None
