"""The calls that wait, in their order, no two of one key ahead of each other's verdict."""

import asyncio
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Generic, TypeVar

Call = TypeVar("Call")
Verdict = TypeVar("Verdict")


@dataclass(eq=False, slots=True)
class Entry(Generic[Call, Verdict]):
    """One call, who waits for its verdict, and since when."""

    call: Call
    key: Hashable
    future: "asyncio.Future[Verdict]"
    arrived_at: float
    is_sent: bool = False

    def answer(self, verdict: Verdict) -> None:
        """Hand the verdict over, unless the caller has gone."""
        if not self.future.done():
            self.future.set_result(verdict)

    def fail(self, error: Exception) -> None:
        """Hand an error over, unless the caller has gone or has the verdict."""
        if not self.future.done():
            self.future.set_exception(error)

    def forget(self) -> None:
        """Let an error that came too late to be seen go without a complaint of the loop."""
        if not self.future.cancelled():
            self.future.exception()


class Queue(Generic[Call, Verdict]):
    """Ready calls, and behind each key that is ready or under way those parked for it.

    Every operation takes the same time however many wait. ``None`` is no key.
    """

    def __init__(self) -> None:
        self._ready: OrderedDict[Entry[Call, Verdict], None] = OrderedDict()
        # A key is here while a call of it is ready or under way; few have anybody parked behind.
        self._parked: dict[Hashable, OrderedDict[Entry[Call, Verdict], None] | None] = {}
        self._parked_count = 0

    def __len__(self) -> int:
        return len(self._ready) + self._parked_count

    @property
    def ready(self) -> int:
        """How many calls the next batches may take."""
        return len(self._ready)

    @property
    def oldest_at(self) -> float:
        """When the first of the ready calls came; there must be one."""
        return next(iter(self._ready)).arrived_at

    def behind(self, key: Hashable) -> int:
        """How many calls are parked behind one of this key."""
        return len(self._parked.get(key) or ())

    def add(self, entry: Entry[Call, Verdict]) -> None:
        """Let a call wait: behind its key, if that is ahead already."""
        if entry.key is None:
            self._ready[entry] = None
        elif entry.key not in self._parked:
            self._parked[entry.key] = None
            self._ready[entry] = None
        else:
            parked = self._parked[entry.key] or OrderedDict()
            parked[entry] = None
            self._parked[entry.key] = parked
            self._parked_count += 1

    def discard(self, entry: Entry[Call, Verdict]) -> None:
        """Take a call out, if it still waits."""
        parked = self._parked.get(entry.key)
        if entry in self._ready:
            del self._ready[entry]
            self.release([entry])
        elif parked and entry in parked:
            del parked[entry]
            self._parked_count -= 1

    def take(self, count: int) -> list[Entry[Call, Verdict]]:
        """Take the first ready calls; their keys stay held until they are released."""
        taken: list[Entry[Call, Verdict]] = []
        while self._ready and len(taken) < count:
            entry, _ = self._ready.popitem(last=False)
            if entry.future.cancelled():  # its caller was told to go in this turn of the loop
                self.release([entry])
                continue
            entry.is_sent = True
            taken.append(entry)
        return taken

    def release(self, entries: Sequence[Entry[Call, Verdict]]) -> None:
        """Let the next call of each key be ready, before all who came later."""
        for entry in reversed(entries):
            if entry.key is None:
                continue
            parked = self._parked[entry.key]
            if not parked:
                del self._parked[entry.key]
                continue
            following, _ = parked.popitem(last=False)
            self._parked_count -= 1
            self._ready[following] = None
            self._ready.move_to_end(following, last=False)

    def clear(self) -> list[Entry[Call, Verdict]]:
        """Take everybody out who waits, ready or parked."""
        behind = (parked for parked in self._parked.values() if parked)
        waiting = [*self._ready, *chain.from_iterable(behind)]
        for entry in reversed(waiting):
            self.discard(entry)
        return waiting
