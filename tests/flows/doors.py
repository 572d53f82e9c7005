"""The two doors of what passes the turnstile: the API behind Django, and the front door."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from config.front.database import conninfo
from config.front.door import FrontDoor
from config.front.wire import Receive, Scope, Send
from config.lanes import OPERATIONS
from linbang.foundation.access.factories import client_of
from linbang.foundation.access.rules import Pass, pass_key, write_pass
from linbang.foundation.people.models import Person
from tests.front.stage import call

_FOREVER = 4_000_000_000


@dataclass(frozen=True)
class Outcome:
    """What a door answered."""

    status: int
    told: dict[str, Any]

    @property
    def word(self) -> str:
        """The refusal's code, or the state of the place, or ``done``."""
        return str(self.told.get("code") or self.told.get("state") or "done")


Door = Callable[..., Outcome]


def through_the_pages(path: str, person: Person, body: dict[str, Any], *, key: str = "") -> Outcome:
    """Post as the pages do, known by the session."""
    answer = client_of(person).post(
        path, json.dumps(body), content_type="application/json", headers={"idempotency-key": key}
    )
    connection.close()  # a thread of a race has a connection of its own
    return Outcome(answer.status_code, answer.json())


def token_of(person: Person) -> str:
    holder = Pass(person.account_id or 0, person.pk, person.cell, 1, 0, _FOREVER)
    return write_pass(holder, key=pass_key(settings.SECRET_KEY))


class FastDoor:
    """The front door in a thread of its own, with Django behind it instead of a socket."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._door = FrontDoor(
            OPERATIONS, address=conninfo(), key=pass_key(settings.SECRET_KEY), pages="/nowhere.sock"
        )
        self._door._pages = _pages  # type: ignore[assignment]  # an ASGI application like any other
        self._thread = Thread(target=self._loop.run_forever)

    def __call__(
        self, path: str, person: Person, body: dict[str, Any], *, key: str = ""
    ) -> Outcome:
        """Post with a pass."""
        asked = call(
            self._door,
            path=path,
            token=token_of(person),
            body=body,
            headers={"idempotency-key": key, "content-type": "application/json"},
        )
        answered = asyncio.run_coroutine_threadsafe(asked, self._loop).result(timeout=30)
        return Outcome(answered.status, answered.json)

    def get(self, path: str) -> Any:
        """Get what is public."""
        asked = call(self._door, "GET", path)
        return asyncio.run_coroutine_threadsafe(asked, self._loop).result(timeout=30).json

    def batches(self) -> dict[str, tuple[int, int]]:
        """How many calls each lane took, in how many statements."""
        return {
            seen.lane: (seen.calls, seen.batches) for seen in self._door.hot.turnstile.snapshots()
        }

    def _run(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=30)

    def open(self) -> None:
        self._thread.start()
        self._run(self._door.open())
        self._run(self._door.revocations.read())

    def close(self) -> None:
        self._run(self._door.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _pages(scope: Scope, receive: Receive, send: Send) -> None:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    headers = {name.decode(): value.decode() for name, value in scope["headers"]}

    def ask() -> Any:
        try:
            return Client().generic(
                scope["method"], scope["path"], body, "application/json", headers=headers
            )
        finally:
            connection.close()

    answer = await asyncio.to_thread(ask)
    headers_given = [(b"content-type", answer["Content-Type"].encode())]
    start = {"type": "http.response.start", "status": answer.status_code, "headers": headers_given}
    await send(start)
    await send({"type": "http.response.body", "body": answer.content})


@contextmanager
def fast_door() -> Iterator[FastDoor]:
    """Open the front door on the test database."""
    door = FastDoor()
    door.open()
    try:
        yield door
    finally:
        door.close()
