"""The front door's own connections: a handful, shared by all lanes."""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection
from psycopg.conninfo import make_conninfo
from psycopg_pool import AsyncConnectionPool

from turnstile import Row

# A connection is waited for so long, then the callers are told to come back.
CONNECT_WITHIN_S = 2.0
# Longer than any batch takes; a lock held elsewhere must not hold up a lane for ever.
STATEMENT_WITHIN_MS = 5_000

_OURS = {"pool", "server_side_binding", "prepare_threshold"}


def conninfo() -> str:
    """Return the address of the database that Django is set up with."""
    told: dict[str, Any] = connection.settings_dict
    names = {
        "dbname": "NAME",
        "user": "USER",
        "password": "PASSWORD",
        "host": "HOST",
        "port": "PORT",
    }
    parts = {key: told[name] for key, name in names.items() if told.get(name)}
    options = {key: value for key, value in told["OPTIONS"].items() if key not in _OURS}
    return make_conninfo("", **parts, **options)


def is_hopeless(error: Exception) -> bool:
    """Tell whether an error would strike half of the batch just the same: no connection, no time.

    A deadlock would not.
    """
    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) and not isinstance(
        error, psycopg.errors.DeadlockDetected | psycopg.errors.SerializationFailure
    )


class Database:
    """A pool on which every statement is its own transaction."""

    def __init__(self, address: str, *, connections: int) -> None:
        self._pool = AsyncConnectionPool(
            address,
            min_size=1,
            max_size=connections,
            timeout=CONNECT_WITHIN_S,
            open=False,
            # Statements are few and come again and again: prepare them at their first sight.
            kwargs={"autocommit": True, "prepare_threshold": 0},
            configure=_limit_time,
        )

    async def open(self) -> None:
        """Begin to connect; a database that is not there yet is waited for in the background."""
        await self._pool.open()

    async def close(self) -> None:
        """Give the connections back."""
        await self._pool.close()

    async def rows(self, statement: bytes, values: Sequence[object]) -> list[Row]:
        """Run one statement, a constant of the product, and return its rows."""
        async with self._pool.connection() as link:
            cursor = await link.execute(statement, values)
            return await cursor.fetchall()

    async def run(self, statement: bytes, calls: Sequence[Row]) -> list[Row]:
        """Run a statement of arrays, one for each place in a call; return a row for each call."""
        return await self.rows(statement, [list(column) for column in zip(*calls, strict=True)])


async def _limit_time(link: psycopg.AsyncConnection[Any]) -> None:
    await link.execute(f"SET statement_timeout = {STATEMENT_WITHIN_MS}".encode())
    # A batch is never so long that another plan would pay for being made.
    await link.execute(b"SET plan_cache_mode = force_generic_plan")
