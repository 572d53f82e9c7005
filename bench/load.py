"""A crowd at the front door: ``python -m bench.load``, a process of its own beside the server's.

Reads one JSON object from standard input: ``port``, ``connections``, ``seconds`` (0: until every
request was sent once), ``per_s`` and ``requests``, the path of a file of requests as they go over
the wire, each after its length in four bytes. Prints one JSON object: ``seconds``, ``statuses`` by
number of answers, latencies in milliseconds.

With a ``per_s`` of 0, a connection sends its next request when it has its answer: then the crowd
is as fast as the server, and waits as long as its own number takes to serve. Otherwise the crowd
sends so many a second whatever is answered, one connection after the other, and a latency counts
from when the request was due.
"""

import asyncio
import json
import struct
import sys
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
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

    def __init__(
        self, requests: Iterator[bytes], *, connections: int, seconds: float, per_s: float
    ) -> None:
        self._requests = requests
        self._begun_at = time.perf_counter()
        self._ends_at = self._begun_at + seconds if seconds else float("inf")
        self._between_s = 1 / per_s if per_s else 0.0
        self._connections = connections
        self.keeps_time = bool(per_s)
        self.statuses: Counter[int] = Counter()
        self.latencies: list[float] = []
        self.open = 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def next(self) -> bytes | None:
        return None if self.is_over(time.perf_counter()) else next(self._requests, None)

    def due_at(self, connection: int, turn: int) -> float:
        """Return when a connection sends its next request; the past, if nobody keeps time."""
        return self._begun_at + (turn * self._connections + connection) * self._between_s

    def is_over(self, instant: float) -> bool:
        return instant >= self._ends_at

    def close(self) -> None:
        self.open -= 1
        if not self.open and not self.done.done():
            self.done.set_result(None)


class Caller(asyncio.Protocol):
    """One kept connection."""

    def __init__(self, run: Run, number: int) -> None:
        self._run = run
        self._number = number
        self._turn = 0
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
        due_at = self._run.due_at(self._number, self._turn)
        self._turn += 1
        early_s = due_at - time.perf_counter()
        if self._run.is_over(due_at):
            self._transport.close()
        elif early_s > 0:
            asyncio.get_running_loop().call_later(early_s, self._send, due_at)
        else:
            self._send(due_at)

    def _send(self, due_at: float) -> None:
        request = self._run.next()
        if request is None:
            self._transport.close()
            return
        self._asked_at = due_at if self._run.keeps_time else time.perf_counter()
        self._transport.write(request)


async def _load(told: dict[str, Any]) -> dict[str, Any]:
    requests = list(_unpack(Path(told["requests"]).read_bytes()))
    run = Run(
        iter(requests),
        connections=told["connections"],
        seconds=told["seconds"],
        per_s=told["per_s"],
    )
    loop = asyncio.get_running_loop()
    begun = time.perf_counter()
    for number in range(told["connections"]):
        await loop.create_connection(partial(Caller, run, number), "127.0.0.1", told["port"])
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
