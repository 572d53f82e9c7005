"""An event loop whose time passes at once: no test waits, and none depends on a fast machine."""

import asyncio
import selectors
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


class _NoWaiting(selectors.SelectSelector):
    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise AssertionError("everybody waits, and nothing will ever happen")
        self.now += max(timeout, 0.0)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._passing = _NoWaiting()
        super().__init__(self._passing)

    def time(self) -> float:
        return self._passing.now


def run(story: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end in virtual time; what went wrong unseen goes wrong here."""
    # In a thread of its own: a browser's tests leave their loop running in the first one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_run, story).result()


def _run(story: Coroutine[Any, Any, T]) -> T:
    complaints: list[dict[str, Any]] = []
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.get_loop().set_exception_handler(lambda _loop, context: complaints.append(context))
        told = runner.run(story)
    assert complaints == []
    return told
