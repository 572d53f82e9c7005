"""What the tests of the front door share: operations on a table of their own, and a caller."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from config.front.database import conninfo
from config.front.door import FrontDoor
from config.front.wire import Message
from linbang.foundation.access.rules import Pass, pass_key, write_pass
from linbang.foundation.errors import NotAllowed, Refused
from turnstile import Knock, Limits, Operation, Row

T = TypeVar("T")
SHIFT = "6f1c1a3e-0000-4000-8000-000000000001"
OTHER_SHIFT = "6f1c1a3e-0000-4000-8000-000000000002"
MAKE_TABLE = """
    CREATE TABLE IF NOT EXISTS front_scratch (
        person bigint NOT NULL,
        shift uuid NOT NULL,
        note text NOT NULL CONSTRAINT front_scratch_takes_no_poison CHECK (note <> 'poison'),
        key text NOT NULL,
        UNIQUE (person, shift)
    )
"""
# A note of seconds is slept, so that a test can look at a statement under way.
SIGN_UP = """
    WITH asked AS MATERIALIZED (
        SELECT
            asked.*,
            CASE WHEN note ~ '^[0-9.]+$' THEN pg_sleep(note::double precision)::text END AS slept
        FROM unnest(%s::bigint[], %s::uuid[], %s::text[], %s::text[])
            WITH ORDINALITY AS asked (person, shift, note, key, place)
    ),
    done AS (
        INSERT INTO front_scratch (person, shift, note, key)
        SELECT person, shift, note, key FROM asked
        ON CONFLICT DO NOTHING
        RETURNING person, shift
    )
    SELECT
        CASE WHEN note = 'full' THEN 'full' WHEN done.person IS NULL THEN 'replayed' ELSE 'done' END
    FROM asked
    LEFT JOIN done USING (person, shift)
    ORDER BY place
"""
LIST = "SELECT (SELECT count(*) FROM front_scratch WHERE shift = asked.shift) \
    FROM unnest(%s::uuid[]) WITH ORDINALITY AS asked (shift, place) ORDER BY place"


class ShiftFull(Refused):
    """Of these tests alone; its words are the catalogue's."""

    code = "shift_full"
    message = _("没有找到，可能已被处理或您无权查看。")
    retry_after_seconds = 7


class NoteTooLong(Refused):
    """Of these tests alone."""

    code = "note_too_long"
    status = 422
    message = _("最多 %(most)s 个字。")


def _decode(knock: Knock) -> Row:
    note = str(knock.fields().get("note", ""))
    if note == "forbidden":
        raise NotAllowed(field="note")
    if len(note) > 100:
        raise NoteTooLong(field="note", most=100)
    return knock.person_id, knock.groups["shift"], note, knock.idempotency_key


def _encode(row: Row) -> tuple[int, bytes]:
    if row == ("full",):
        raise ShiftFull
    return 201, json.dumps({"state": row[0]}).encode()


def run(story: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end; a browser's tests leave their loop running in this thread."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, story).result()


def operations(**limits: Any) -> tuple[Operation, ...]:
    return (
        Operation(
            name="tests.sign_up",
            method="POST",
            path="/api/v1/tests/{shift}/sign-ups",
            decode=_decode,
            statement=SIGN_UP,
            encode=_encode,
            key=lambda call: call[0],
            limits=Limits(**limits),
        ),
        Operation(
            name="tests.count",
            method="GET",
            path="/api/v1/tests/{shift}/count",
            decode=lambda knock: (knock.groups["shift"],),
            statement=LIST,
            encode=lambda row: (200, b'{"count": %d}' % row[0]),
            is_public=True,
            fresh_s=0.3,
        ),
    )


@dataclass
class Answered:
    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    def header(self, name: str) -> str:
        (value,) = [value for each, value in self.headers if each == name.encode()]
        return value.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


App = Callable[..., Awaitable[None]]


async def call(
    app: App,
    method: str = "POST",
    path: str = f"/api/v1/tests/{SHIFT}/sign-ups",
    *,
    token: str | None = None,
    body: bytes | dict[str, Any] = b"",
    headers: dict[str, str] | None = None,
    messages: Sequence[Message | asyncio.Event] = (),
    begun: asyncio.Event | None = None,
) -> Answered:
    """Ask an ASGI application in this process.

    An event among the messages is waited for; ``begun`` is set with the first piece of a body.
    """
    answered = Answered()
    given = {"host": "linbang.example", **(headers or {})}
    if token is not None:
        given["authorization"] = f"Bearer {token}"
    waiting: list[Message | asyncio.Event] = [*messages] or [
        {
            "type": "http.request",
            "body": body if isinstance(body, bytes) else json.dumps(body).encode(),
        }
    ]

    async def receive() -> Message:
        while waiting:
            following = waiting.pop(0)
            if not isinstance(following, asyncio.Event):
                return following
            await following.wait()
        return await asyncio.get_running_loop().create_future()

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answered.status, answered.headers = message["status"], list(message["headers"])
        answered.body += message.get("body", b"")
        if answered.body and begun is not None:
            begun.set()

    raw = path.encode()
    scope = {
        "type": "http",
        "method": method,
        "path": path.partition("?")[0],
        "raw_path": raw.partition(b"?")[0],
        "query_string": raw.partition(b"?")[2],
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "client": ("203.0.113.9", 0),
    }
    await app(scope, receive, send)
    return answered


@asynccontextmanager
async def open_door(*, pages: str = "/nowhere.sock", **limits: Any) -> AsyncIterator[FrontDoor]:
    """Open a front door on the test database; it believes passes at once."""
    door = FrontDoor(
        operations(**limits), address=conninfo(), key=pass_key("only for tests"), pages=pages
    )
    await door.open()
    try:
        await door.revocations.read()
        yield door
    finally:
        await door.close()


def token_of(person: int, *, device: int = 1, issued_s_ago: int = 0) -> str:
    """Make a pass that no session handed out; its person needs no record here."""
    issued = int(time.time()) - issued_s_ago
    holder = Pass(person, person, "450103", device, issued, issued + 600)
    return write_pass(holder, key=pass_key("only for tests"))


def shift(number: int) -> str:
    return str(UUID(int=number))
