"""A crowd at the front door: ``python -m bench.load``, a process of its own beside the server's.

Reads one JSON object from standard input: ``port``, ``connections``, ``seconds`` (0: until every
request was sent once) and ``requests``, the path of a file of requests as they go over the wire,
each after its length in four bytes. Prints one JSON object: ``seconds``, ``statuses`` by number of
answers, latencies in milliseconds. A connection sends its next request when it has its answer.
"""

import asyncio
import json
import struct
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import uvloop

_LENGTH = struct.Struct(">I")
_ANSWERED_WITHIN_S = 120.0


def pack(requests: list[bytes]) -> bytes:
    return b"".join(_LENGTH.pack(len(request)) + request for request in requests)


def _unpack(packed: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(packed):
        (length,) = _LENGTH.unpack_from(packed, at)
        at += _LENGTH.size
        yield packed[at : at + length]
        at += length


class Run:
    """What all connections share: the requests that are left, and what was seen."""

    def __init__(self, requests: Iterator[bytes], *, seconds: float) -> None:
        self._requests = requests
        self._ends_at = time.perf_counter() + seconds if seconds else float("inf")
        self.statuses: Counter[int] = Counter()
        self.latencies: list[float] = []
        self.open = 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def next(self) -> bytes | None:
        return None if time.perf_counter() >= self._ends_at else next(self._requests, None)

    def close(self) -> None:
        self.open -= 1
        if not self.open and not self.done.done():
            self.done.set_result(None)


class Caller(asyncio.Protocol):
    """One kept connection."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._heard = b""
        self._asked_at = 0.0

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._run.open += 1
        self._ask()

    def connection_lost(self, _error: Exception | None) -> None:
        self._run.close()

    def data_received(self, data: bytes) -> None:
        self._heard = self._heard + data if self._heard else data
        head, blank, rest = self._heard.partition(b"\r\n\r\n")
        if not blank:
            return
        lower = head.lower()
        at = lower.index(b"content-length:") + 15
        length = int(lower[at : lower.find(b"\r", at) if b"\r" in lower[at:] else None])
        if len(rest) < length:
            return
        self._heard = rest[length:]
        self._run.latencies.append(time.perf_counter() - self._asked_at)
        self._run.statuses[int(head[9:12])] += 1
        self._ask()

    def _ask(self) -> None:
        request = self._run.next()
        if request is None:
            self._transport.close()
            return
        self._asked_at = time.perf_counter()
        self._transport.write(request)


async def _load(told: dict[str, Any]) -> dict[str, Any]:
    requests = list(_unpack(Path(told["requests"]).read_bytes()))
    run = Run(iter(requests), seconds=told["seconds"])
    loop = asyncio.get_running_loop()
    begun = time.perf_counter()
    for _ in range(told["connections"]):
        await loop.create_connection(lambda: Caller(run), "127.0.0.1", told["port"])
    await asyncio.wait_for(run.done, told["seconds"] + _ANSWERED_WITHIN_S)
    spent = time.perf_counter() - begun
    ordered = sorted(run.latencies)
    return {
        "seconds": spent,
        "statuses": dict(run.statuses),
        "p50_ms": ordered[len(ordered) // 2] * 1_000,
        "p99_ms": ordered[int(len(ordered) * 0.99)] * 1_000,
    }


if __name__ == "__main__":
    uvloop.install()
    print(json.dumps(asyncio.run(_load(json.load(sys.stdin)))))
