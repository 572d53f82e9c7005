"""What was revoked, read again every second."""

import asyncio
import logging
import time
from contextlib import suppress

from psycopg import Error

from config.front.database import Database
from linbang.foundation import clock
from linbang.foundation.access import queries, rules
from linbang.foundation.access.rules import RevokedPasses

READ_EVERY_S = 1.0

_log = logging.getLogger("linbang.front")


class Revocations:
    """The newest news of revoked passes, or none when it is too old to go by."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._read: RevokedPasses | None = None
        self._task: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()

    def current(self) -> RevokedPasses | None:
        """Return what to go by; None when no pass may be believed."""
        if self._read is None or not self._read.is_current(time.monotonic()):
            return None
        return self._read

    def start(self) -> None:
        """Begin to read."""
        self._task = asyncio.create_task(self._keep_reading(), name="revoked passes")

    async def stop(self) -> None:
        """Read no more."""
        # Psycopg may swallow a cancellation: the query was told to end, and ended well before.
        self._stopping.set()
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def read(self) -> None:
        """Read once."""
        # Before the question, so that the answer is never taken for newer than it is.
        read_at = time.monotonic()
        since = clock.now() - rules.REVOCATION_LIFETIME
        rows = await self._database.rows(queries.REVOKED_PASSES.encode(), [since])
        self._read = RevokedPasses.of(
            ((account_id, device_id) for account_id, device_id in rows), read_at=read_at
        )

    async def _keep_reading(self) -> None:
        was_read = True
        while not self._stopping.is_set():
            try:
                await self.read()
                was_read = True
            except Error as error:
                # Said once: the pages go on serving by their sessions meanwhile.
                if was_read:
                    _log.warning("Passes are not believed: revocations cannot be read: %s", error)
                was_read = False
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), READ_EVERY_S)
