"""The way to the pages: each request goes on over a connection of its own to their socket.

Of its own, since a kept one would stay with the page process that once took it: measured, eight
kept connections left one of two processes idle. So the less busy process takes the next request,
and no request ever meets a connection that is just being closed.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress

from config.front.line import Line
from config.front.problems import page, problem
from config.front.wire import Answer, Header, Message, Receive, Scope, Send
from linbang.foundation.errors import NotReady

# Fewer than the connections that may wait at the pages' socket.
AT_ONCE = 512
HEAD_MAX = 262_144
LISTEN_AFTER_S = 1.0
# What is longer streams.
WHOLE = 262_144

# Between two neighbours only, or told anew by us; names with underscores pass for others in WSGI.
_NOT_SENT_ON = frozenset(
    {
        *(b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"upgrade"),
        *(b"transfer-encoding", b"expect", b"x-forwarded-for"),
    }
)
_NOT_GIVEN_BACK = frozenset(
    {b"connection", b"keep-alive", b"transfer-encoding", b"server", b"date"}
)
_NO_BODY = frozenset({204, 304})


class PagesBroke(Exception):
    """The pages ended an answer before its end."""


class Handover:
    """Hands requests on, and answers back, piece by piece in both directions."""

    def __init__(self, socket: str) -> None:
        self._socket = socket
        self._places = asyncio.Semaphore(AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._places:
            try:
                line = Line(self._socket)
            except OSError:
                await _not_ready(scope).give(send)
                return
            try:
                await _Visit(scope, receive, send, line).go()
            finally:
                line.close()


class _Visit:
    """One request and its answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, line: Line) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._line = line
        self._listening: asyncio.Task[None] | None = None
        self._has_left = False

    async def go(self) -> None:
        with suppress(OSError):  # then nothing will be heard either
            await self._line.send(_request_head(self._scope))
        # An answer may come before the whole of an upload does, such as that it is too large.
        # Who sends none is answered long before it is worth asking whether she still waits.
        after_s = 0.0 if _has_body(self._scope["headers"]) else LISTEN_AFTER_S
        later = asyncio.get_running_loop().call_later(after_s, self._listen)
        try:
            await self._give_back()
        except (OSError, EOFError, ValueError) as error:
            if not self._has_left:
                raise PagesBroke from error
        finally:
            later.cancel()
            await self._listen_no_more()

    def _listen(self) -> None:
        if self._listening is None:
            self._listening = asyncio.create_task(self._send_on())

    async def _listen_no_more(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
            # Nobody may be sending any more when the socket is given back.
            await asyncio.wait([self._listening])

    async def _send_on(self) -> None:
        """Send the body on; then wait for the visitor to leave, and end the answer if so."""
        chunked = _is_chunked(self._scope["headers"])
        try:
            while (message := await self._receive())["type"] != "http.disconnect":
                await self._send_piece(message, chunked=chunked)
        except OSError:  # the pages have heard enough; their answer is on its way
            return
        self._has_left = True
        self._line.hang_up()

    async def _send_piece(self, message: Message, *, chunked: bool) -> None:
        if piece := message.get("body", b""):
            await self._line.send(_chunk(piece) if chunked else piece)
        if chunked and not message.get("more_body", False):
            await self._line.send(b"0\r\n\r\n")

    async def _give_back(self) -> None:
        try:
            head = await self._line.until(b"\r\n\r\n", at_most=HEAD_MAX)
        except (OSError, EOFError):
            if not self._has_left:
                await _not_ready(self._scope).give(self._send)
            return
        status, headers = _parsed(head)
        given = [pair for pair in headers if pair[0] not in _NOT_GIVEN_BACK]
        start: Message = {"type": "http.response.start", "status": status, "headers": given}
        if self._scope["method"] == "HEAD" or status in _NO_BODY:
            await self._send(start)
            await self._send({"type": "http.response.body", "body": b""})
        elif _is_chunked(headers):
            await self._send(start)
            await self._give_chunks()
        else:
            # Granian always tells one; an end that nobody can tell from a break is refused.
            (length,) = (int(value) for name, value in headers if name == b"content-length")
            await self._give_all(start, length)

    async def _give_all(self, start: Message, length: int) -> None:
        # A page and its files go in one piece: that is much the cheapest for the server.
        whole = bytearray()
        while len(whole) < min(length, WHOLE):
            whole += await self._line.some(length - len(whole))
        await self._send(start)
        await self._give(bytes(whole), more=length > len(whole))
        if length > len(whole):
            self._listen()
            await self._give_some(length - len(whole))
            await self._give(b"", more=False)

    async def _give_chunks(self) -> None:
        self._listen()
        while size := await self._size_of_chunk():
            await self._give_some(size)
            await self._line.until(b"\r\n", at_most=2)
        await self._give(b"", more=False)

    async def _size_of_chunk(self) -> int:
        line = await self._line.until(b"\r\n", at_most=HEAD_MAX)
        return int(line.partition(b";")[0], 16)

    async def _give_some(self, size: int) -> None:
        while size:
            piece = await self._line.some(size)
            size -= len(piece)
            await self._give(piece, more=True)

    async def _give(self, piece: bytes, *, more: bool) -> None:
        await self._send({"type": "http.response.body", "body": piece, "more_body": more})


def _request_head(scope: Scope) -> bytes:
    query = scope["query_string"]
    address = scope["raw_path"] + (b"?" + query if query else b"")
    lines = [scope["method"].encode() + b" " + address + b" HTTP/1.1", b"connection: close"]
    lines += [
        name + b": " + value
        for name, value in scope["headers"]
        if name not in _NOT_SENT_ON and b"_" not in name
    ]
    if scope.get("client"):
        lines.append(b"x-forwarded-for: " + scope["client"][0].encode())
    if _is_chunked(scope["headers"]):
        lines.append(b"transfer-encoding: chunked")
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _parsed(head: bytes) -> tuple[int, list[Header]]:
    status, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    pairs = (line.partition(b":") for line in lines)
    return int(status.split(b" ")[1]), [(name.lower(), value.strip()) for name, _, value in pairs]


def _has_body(headers: Iterable[Header]) -> bool:
    return any(name in {b"content-length", b"transfer-encoding"} for name, _ in headers)


def _is_chunked(headers: Iterable[Header]) -> bool:
    return any(name == b"transfer-encoding" for name, _ in headers)


def _chunk(piece: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(piece), piece)


def _not_ready(scope: Scope) -> Answer:
    if scope["path"].startswith("/api/"):
        return problem(NotReady(), scope)
    return page(NotReady(), scope)
