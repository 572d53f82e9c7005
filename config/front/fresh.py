"""Answers that are the same for everybody, kept for a moment and asked for once at a time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from turnstile import Row

T = TypeVar("T")

KEPT_MAX = 1_000


class Fresh(Generic[T]):
    """The answers to calls of one operation, each good for ``fresh_s`` seconds since asked for."""

    def __init__(self, fresh_s: float) -> None:
        self._fresh_s = fresh_s
        self._kept: dict[Row, tuple[float, asyncio.Task[T]]] = {}

    async def get(self, call: Row, ask: Callable[[Row], Awaitable[T]]) -> T:
        """Return a fresh answer; however many ask for it at once, it is asked for once."""
        now = time.monotonic()
        until, task = self._kept.get(call, (now, None))
        if task is None or until <= now or (task.done() and task.exception() is not None):
            task = asyncio.ensure_future(ask(call))
            self._keep(call, task, until=now + self._fresh_s)
        # Who leaves while it is asked for must not take it away from the others.
        return task.result() if task.done() else await asyncio.shield(task)

    def _keep(self, call: Row, task: "asyncio.Task[T]", *, until: float) -> None:
        self._kept.pop(call, None)
        if len(self._kept) >= KEPT_MAX:
            del self._kept[next(iter(self._kept))]
        self._kept[call] = (until, task)
