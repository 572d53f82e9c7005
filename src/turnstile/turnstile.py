"""All lanes of one process."""

import asyncio
from collections.abc import Iterable
from typing import Any

from turnstile.counts import Snapshot
from turnstile.lane import Lane


class Turnstile:
    """The lanes of a process, by name; they open and drain together."""

    def __init__(self, lanes: Iterable[Lane[Any, Any]]) -> None:
        self._lanes: dict[str, Lane[Any, Any]] = {}
        for lane in lanes:
            if lane.name in self._lanes:
                raise ValueError(f"two lanes are called {lane.name}")
            self._lanes[lane.name] = lane

    def __getitem__(self, name: str) -> Lane[Any, Any]:
        return self._lanes[name]

    async def drain(self, *, within_s: float) -> int:
        """Drain every lane at once; return how many calls were given up."""
        drained = (lane.drain(within_s=within_s) for lane in self._lanes.values())
        return sum(await asyncio.gather(*drained))

    def snapshots(self) -> tuple[Snapshot, ...]:
        """Return what each lane has seen, in the order they were given."""
        return tuple(lane.snapshot() for lane in self._lanes.values())
