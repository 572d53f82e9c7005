"""The front door as an ASGI application: opened, answering, drained and closed."""

import gc
import logging
from collections.abc import Sequence

from config.front.database import Database
from config.front.handover import Handover
from config.front.hot import HotDoor
from config.front.revocations import Revocations
from config.front.wire import Heard, Receive, Scope, Send
from turnstile import Operation

# Within the time granian leaves a worker to end (config/serve.py).
DRAIN_WITHIN_S = 3.0

_log = logging.getLogger("linbang.front")


class FrontDoor:
    """Hot calls to their lanes, everything else to the pages."""

    def __init__(
        self, operations: Sequence[Operation], *, address: str, key: bytes, pages: str
    ) -> None:
        lanes = sum(operation.limits.in_flight_max for operation in operations)
        # One more for the revocations, which must not wait behind a crowd.
        self._database = Database(address, connections=lanes + 1)
        self.revocations = Revocations(self._database)
        self.hot = HotDoor(
            operations, database=self._database, revocations=self.revocations, key=key
        )
        self._pages = Handover(pages)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        heard = Heard(receive)
        if not await self.hot.answers(scope, heard, send):
            await self._pages(scope, heard.again(), send)

    async def open(self) -> None:
        """Connect, and begin to read what was revoked."""
        await self._database.open()
        self.revocations.start()

    async def close(self) -> None:
        """Finish the calls that were taken, then give everything back."""
        given_up = await self.hot.turnstile.drain(within_s=DRAIN_WITHIN_S)
        if given_up:
            _log.error("%d calls were given up", given_up)
        for seen in self.hot.turnstile.snapshots():
            _log.info("%s: %d calls in %d batches", seen.lane, seen.calls, seen.batches)
        await self.revocations.stop()
        await self._database.close()

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await self.open()
        _look_for_garbage_seldom()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.close()
        await send({"type": "lifespan.shutdown.complete"})


def _look_for_garbage_seldom() -> None:
    # Measured: a tenth less time for each call when the modules are never looked through again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
