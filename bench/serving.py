"""The front door under load: the server as ``make run`` starts it, and a crowd of requests."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from bench.load import pack

PORT = 8_099
_UP_WITHIN_S = 120.0


@dataclass(frozen=True)
class Crowd:
    """What a crowd was answered."""

    seconds: float
    statuses: Mapping[int, int]
    p50_ms: float
    p99_ms: float

    @property
    def answers(self) -> int:
        return sum(self.statuses.values())

    @property
    def per_s(self) -> float:
        return self.answers / self.seconds

    def only(self, *expected: int) -> "Crowd":
        """Return this, unless something else was answered: then nothing was measured."""
        if set(self.statuses) - set(expected):
            raise RuntimeError(f"the crowd was answered {dict(self.statuses)}")
        return self


@contextmanager
def front_door(application: str = "config.asgi:application") -> Iterator[None]:
    """Serve the front door, with the pages behind it; until the block ends."""
    from config.front.__main__ import command

    environment = {**os.environ, "PORT": str(PORT)}
    commands = (
        [sys.executable, "-m", "config.pages"],
        [*command(application), "--port", str(PORT)],
    )
    served = [subprocess.Popen(each, env=environment) for each in commands]
    try:
        _wait(served)
        yield
    finally:
        for process in served:
            process.terminate()
        for process in served:
            process.wait(timeout=20)


def _wait(served: Sequence[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + _UP_WITHIN_S
    while time.monotonic() < deadline:
        if any(process.poll() is not None for process in served):
            raise RuntimeError("the server ended before it began")
        try:
            connection = HTTPConnection("127.0.0.1", PORT, timeout=5)
            connection.request("GET", "/healthz")
            connection.getresponse()
        except (ConnectionError, TimeoutError):
            time.sleep(0.1)
        else:
            # The revocations must have been read before a pass is believed.
            time.sleep(1.5)
            return
    raise RuntimeError("the server did not come up")


def crowd(
    requests: Sequence[bytes], *, connections: int, seconds: float = 0.0, per_s: float = 0.0
) -> Crowd:
    """Send requests over kept connections, for some seconds or each once.

    ``per_s``: so many a second whatever is answered; 0, as fast as the answers come.
    """
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(pack(list(requests)))
        told = {
            "port": PORT,
            "connections": connections,
            "seconds": seconds,
            "per_s": per_s,
            "requests": file.name,
        }
        done = subprocess.run(
            [sys.executable, "-m", "bench.load"],
            input=json.dumps(told).encode(),
            check=True,
            capture_output=True,
        )
    seen = json.loads(done.stdout)
    statuses = {int(status): count for status, count in seen.pop("statuses").items()}
    return Crowd(statuses=statuses, **seen)


def post(path: str, body: Mapping[str, Any], *, token: str, key: str) -> bytes:
    """Write a request as a browser with a pass sends it."""
    content = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nhost: linbang.example\r\nauthorization: Bearer {token}\r\n"
        f"idempotency-key: {key}\r\naccept-language: zh-CN\r\ncontent-type: application/json\r\n"
        f"content-length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def get(path: str) -> bytes:
    """Write a request of somebody who is not signed in."""
    head = f"GET {path} HTTP/1.1\r\nhost: linbang.example\r\naccept-language: zh-CN\r\n\r\n"
    return head.encode()


def passes(people: Sequence[int], accounts: Sequence[int], *, cell: str) -> list[str]:
    """Write passes as pages hand them out, good for ten minutes."""
    from django.conf import settings

    from linbang.foundation.access.rules import Pass, pass_key, write_pass

    key, now = pass_key(settings.SECRET_KEY), int(time.time())
    return [
        write_pass(Pass(account, person, cell, 1, now, now + 600), key=key)
        for person, account in zip(people, accounts, strict=True)
    ]
