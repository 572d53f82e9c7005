"""ASGI as types, and an answer as one value."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, NamedTuple

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Header = tuple[bytes, bytes]


class Answer(NamedTuple):
    """A whole response."""

    status: int
    headers: tuple[Header, ...]
    body: bytes

    async def give(self, send: Send) -> None:
        """Send it."""
        length = (b"content-length", b"%d" % len(self.body))
        await send(
            {
                "type": "http.response.start",
                "status": self.status,
                "headers": [*self.headers, length],
            }
        )
        await send({"type": "http.response.body", "body": self.body})


def header(headers: Iterable[Header], name: bytes) -> str:
    """Return the first header of a name; empty if there is none."""
    return next((value.decode("latin-1") for each, value in headers if each == name), "")


class Heard:
    """What was received of a request, to be told again to whoever answers it instead."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._heard: list[Message] = []

    async def __call__(self) -> Message:
        message = await self._receive()
        self._heard.append(message)
        return message

    def again(self) -> Receive:
        """Return a way to receive it all from the beginning."""
        return self._next if self._heard else self._receive

    async def _next(self) -> Message:
        return self._heard.pop(0) if self._heard else await self._receive()
