"""Hot calls: known by a pass, gathered in lanes, answered without Django."""

import logging
import time
from collections.abc import Iterable, Mapping
from functools import partial

from config.front.database import Database, is_hopeless
from config.front.fresh import Fresh
from config.front.problems import PRIVATE, problem
from config.front.revocations import Revocations
from config.front.wire import Answer, Receive, Scope, Send
from linbang.foundation import clock
from linbang.foundation.access import rules
from linbang.foundation.access.errors import PassRefused
from linbang.foundation.access.rules import Pass
from linbang.foundation.errors import Refused, TooBusy, UnreadableBody
from turnstile import HandOver, Knock, Lane, NotNow, Operation, Row, Turnstile, Unreadable

BODY_MAX = 16_384
# One more is handed on, so that a decoder sees what is too long.
KEY_MAX = 64

_JSON = (*PRIVATE, (b"content-type", b"application/json; charset=utf-8"))
_OURS_TO_MEND = Answer(500, PRIVATE, b"")
_STRANGER = Pass(0, 0, "", 0, 0, 0)

# A status and JSON.
Told = tuple[int, bytes]

_log = logging.getLogger("linbang.front")


class Gone(Exception):
    """The caller left before the call was told."""


class _Door:
    """One operation, its lane, and what is still good of what it answered."""

    def __init__(self, operation: Operation, database: Database) -> None:
        self.operation = operation
        self.pattern = operation.pattern()
        self.lane: Lane[Row, Row] = Lane(
            operation.name,
            partial(database.run, operation.statement.encode()),
            key=operation.key,
            is_hopeless=is_hopeless,
            limits=operation.limits,
        )
        self.fresh: Fresh[Told] | None = Fresh(operation.fresh_s) if operation.fresh_s else None

    async def ask(self, call: Row) -> Told:
        return self.operation.encode(await self.lane.ask(call))


class HotDoor:
    """Answer what is an operation's, and leave everything else to the pages."""

    def __init__(
        self,
        operations: Iterable[Operation],
        *,
        database: Database,
        revocations: Revocations,
        key: bytes,
    ) -> None:
        self._revocations = revocations
        self._key = key
        self._doors: dict[str, list[_Door]] = {}
        self._logged: BaseException | None = None
        for operation in operations:
            door = _Door(operation, database)
            self._doors.setdefault(operation.method, []).append(door)
        every = (door.lane for doors in self._doors.values() for door in doors)
        self.turnstile = Turnstile(every)

    async def answers(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Answer a hot call; False, and nothing sent yet, if it is for the pages.

        Without a pass it is; with one too, while nobody knows which passes were revoked, and when
        the operation hands it over.
        """
        door, groups = self._found(scope)
        if door is None:
            return False
        headers, holder = dict(scope["headers"]), _STRANGER
        try:
            if not door.operation.is_public:
                bearer, revoked = _bearer(headers), self._revocations.current()
                if bearer is None or revoked is None:
                    return False
                holder = rules.read_pass(bearer, key=self._key, now=time.time())
                if revoked.covers(holder):
                    raise PassRefused
            knock = _knock(scope, headers, groups, await _body(receive), holder)
            call = door.operation.decode(knock)
            asked = door.fresh.get(call, door.ask) if door.fresh else door.ask(call)
            status, body = await asked
            answer = Answer(status, _JSON, body)
        except Gone:
            return True
        except HandOver:
            return False
        except Exception as error:  # noqa: BLE001 - the one edge where hot calls are answered
            answer = self._instead(door.operation, error, scope)
        await answer.give(send)
        return True

    def _found(self, scope: Scope) -> tuple[_Door | None, Mapping[str, str]]:
        for door in self._doors.get(scope["method"], ()):
            if found := door.pattern.fullmatch(scope["path"]):
                return door, found.groupdict()
        return None, {}

    def _instead(self, operation: Operation, error: Exception, scope: Scope) -> Answer:
        """Return what is answered for an error: a refusal, later, or that the fault is ours."""
        if isinstance(error, Refused):
            return problem(error, scope)
        if isinstance(error, Unreadable):
            return problem(UnreadableBody(), scope)
        if isinstance(error, NotNow):
            self._log_once(operation, error.__cause__)
            return problem(TooBusy(), scope, retry_after_s=error.retry_after_seconds)
        _log.error("%s failed", operation.name, exc_info=error)
        return _OURS_TO_MEND

    def _log_once(self, operation: Operation, cause: BaseException | None) -> None:
        # Everybody of a batch hears of the same cause; one line for all of them is enough.
        if cause is not None and cause is not self._logged:
            self._logged = cause
            _log.error("%s is unsettled: %r", operation.name, cause)


def _bearer(headers: Mapping[bytes, bytes]) -> str | None:
    scheme, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _knock(
    scope: Scope,
    headers: Mapping[bytes, bytes],
    groups: Mapping[str, str],
    body: bytes,
    holder: Pass,
) -> Knock:
    client = scope.get("client")
    return Knock(
        groups=groups,
        query=scope["query_string"].decode("latin-1"),
        body=body,
        account_id=holder.account_id,
        person_id=holder.person_id,
        cell=holder.cell,
        address=client[0] if client else None,
        idempotency_key=headers.get(b"idempotency-key", b"").decode("latin-1")[: KEY_MAX + 1],
        at=clock.now(),
    )


async def _body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        body += message.get("body", b"")
        if len(body) > BODY_MAX:
            raise Unreadable
        if not message.get("more_body", False):
            return bytes(body)
