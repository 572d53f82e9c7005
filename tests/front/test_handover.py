"""What goes on to the pages and comes back, piece by piece: a stand-in for them says what came."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from config.front.handover import Handover, PagesBroke
from config.front.wire import Message
from tests.front.stage import Answered, call, run

Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter
Pages = Callable[[Reader, Writer], Awaitable[None]]
SAYS_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class StandIn:
    """Hear one request whole, then say what it was told to say."""

    def __init__(self, says: bytes = SAYS_OK) -> None:
        self.says = says
        self.heard = b""

    async def __call__(self, reader: Reader, writer: Writer) -> None:
        self.heard += await reader.readuntil(b"\r\n\r\n")
        head = self.heard.lower()
        if b"chunked" in head:
            self.heard += await reader.readuntil(b"0\r\n\r\n")
        elif b"content-length: " in head:
            length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
            self.heard += await reader.readexactly(length)
        writer.write(self.says)
        writer.close()

    @property
    def lines(self) -> list[bytes]:
        return self.heard.partition(b"\r\n\r\n")[0].split(b"\r\n")


def visit(folder: Path, pages: Pages, **request: Any) -> Answered:
    async def within() -> Answered:
        socket = str(folder / "pages.sock")
        async with await asyncio.start_unix_server(pages, socket):
            return await call(Handover(socket), **{"method": "GET", "path": "/", **request})

    return run(within())


def test_request_goes_on_as_it_came(tmp_path: Path) -> None:
    pages = StandIn()

    visit(tmp_path, pages, path="/a%20b/%E4%BD%A0?c=d%26", headers={"cookie": "s=1; t=2"})

    assert pages.lines == [
        b"GET /a%20b/%E4%BD%A0?c=d%26 HTTP/1.1",
        b"connection: close",
        b"host: linbang.example",
        b"cookie: s=1; t=2",
        b"x-forwarded-for: 203.0.113.9",
    ]


def test_nobody_forges_an_address_or_speaks_to_the_next_neighbour(tmp_path: Path) -> None:
    pages = StandIn()
    forged = {
        "x-forwarded-for": "10.0.0.1",
        "x_forwarded_for": "10.0.0.1",
        "connection": "keep-alive, x-secret",
        "upgrade": "h2c",
        "te": "trailers",
        "expect": "100-continue",
    }

    visit(tmp_path, pages, headers=forged)

    assert pages.lines[1:] == [
        b"connection: close",
        b"host: linbang.example",
        b"x-forwarded-for: 203.0.113.9",
    ]


def test_upload_goes_on_in_pieces(tmp_path: Path) -> None:
    pages = StandIn()
    pieces: list[Message] = [
        {"type": "http.request", "body": b"ab" * 50_000, "more_body": True},
        {"type": "http.request", "body": b"", "more_body": True},
        {"type": "http.request", "body": b"cd", "more_body": False},
    ]

    visit(tmp_path, pages, method="POST", messages=pieces, headers={"content-length": "100002"})

    assert pages.heard.partition(b"\r\n\r\n")[2] == b"ab" * 50_000 + b"cd"


def test_upload_of_unknown_length_stays_one(tmp_path: Path) -> None:
    pages = StandIn()
    pieces: list[Message] = [
        {"type": "http.request", "body": b"first", "more_body": True},
        {"type": "http.request", "body": b"", "more_body": False},
    ]

    visit(tmp_path, pages, method="POST", messages=pieces, headers={"transfer-encoding": "chunked"})

    assert b"transfer-encoding: chunked" in pages.lines
    assert pages.heard.partition(b"\r\n\r\n")[2] == b"5\r\nfirst\r\n0\r\n\r\n"


def test_answer_comes_back_as_it_was(tmp_path: Path) -> None:
    says = (
        b"HTTP/1.1 302 Found\r\nLocation: /next\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n"
        b"Connection: close\r\nServer: x\r\nDate: y\r\nContent-Length: 3\r\n\r\nbye"
    )

    answer = visit(tmp_path, StandIn(says))

    assert (answer.status, answer.body) == (302, b"bye")
    assert answer.headers == [
        (b"location", b"/next"),
        (b"set-cookie", b"a=1"),
        (b"set-cookie", b"b=2"),
        (b"content-length", b"3"),
    ]


def test_long_answer_comes_in_pieces(tmp_path: Path) -> None:
    body = bytes(range(256)) * 4_000
    says = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)

    answer = visit(tmp_path, StandIn(says))

    assert answer.body == body


def test_answer_of_unknown_length_is_put_together(tmp_path: Path) -> None:
    says = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"5;note=x\r\nhello\r\n1A\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n"
    )

    answer = visit(tmp_path, StandIn(says))

    assert answer.body == b"helloabcdefghijklmnopqrstuvwxyz"
    assert answer.headers == []


@pytest.mark.parametrize(
    ("method", "status"), [("HEAD", b"200 OK"), ("GET", b"304 Not Modified"), ("GET", b"204 None")]
)
def test_some_answers_have_no_body(tmp_path: Path, method: str, status: bytes) -> None:
    says = b"HTTP/1.1 " + status + b"\r\nContent-Length: 1234\r\n\r\n"

    answer = visit(tmp_path, StandIn(says), method=method)

    assert (answer.status, answer.body) == (int(status[:3]), b"")


def test_answer_may_come_before_the_upload_has_ended(tmp_path: Path) -> None:
    async def refuses(reader: Reader, writer: Writer) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    half: list[Message] = [{"type": "http.request", "body": b"x" * 1000, "more_body": True}]

    answer = visit(
        tmp_path, refuses, method="POST", messages=half, headers={"content-length": "1000000"}
    )

    assert answer.status == 413


def test_refused_upload_is_answered_though_nobody_hears_its_end(tmp_path: Path) -> None:
    async def refuses(reader: Reader, writer: Writer) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\n\r\nmuch")
        writer.close()

    whole: list[Message] = [
        {"type": "http.request", "body": b"x" * 100_000, "more_body": left > 0}
        for left in reversed(range(50))
    ]

    answer = visit(
        tmp_path, refuses, method="POST", messages=whole, headers={"content-length": "5000000"}
    )

    assert (answer.status, answer.body) == (413, b"much")


@pytest.mark.parametrize("path", ["/", "/api/v1/me"])
def test_pages_that_are_not_there_yet_are_a_matter_of_waiting(tmp_path: Path, path: str) -> None:
    english = {"accept-language": "en"}
    handover = Handover(str(tmp_path / "nobody.sock"))

    answer = run(call(handover, "GET", path, headers=english))

    assert answer.status == 503
    assert answer.header("retry-after") == "2"
    if path == "/":
        assert b'lang="en"' in answer.body
        assert answer.header("refresh") == "2"
    else:
        assert answer.json["code"] == "not_ready"


def test_pages_that_say_nothing_are_a_matter_of_waiting(tmp_path: Path) -> None:
    async def dies(reader: Reader, writer: Writer) -> None:
        writer.transport.abort()

    assert visit(tmp_path, dies).status == 503


@pytest.mark.parametrize(
    "says",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\n\r\nwhose end nobody knows",
    ],
)
def test_half_an_answer_is_not_taken_for_a_whole(tmp_path: Path, says: bytes) -> None:
    with pytest.raises(PagesBroke):
        visit(tmp_path, StandIn(says))


@pytest.mark.parametrize("has_begun", [True, False])
def test_pages_hear_that_the_visitor_has_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_begun: bool
) -> None:
    monkeypatch.setattr("config.front.handover.LISTEN_AFTER_S", 0.01)

    async def within() -> tuple[bytes, Answered]:
        heard: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        asked = asyncio.Event()

        async def streams(reader: Reader, writer: Writer) -> None:
            await reader.readuntil(b"\r\n\r\n")
            if has_begun:
                writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
            else:
                asked.set()
            heard.set_result(await reader.read())
            writer.close()

        socket = str(tmp_path / "pages.sock")
        messages = [{"type": "http.request", "body": b""}, asked, {"type": "http.disconnect"}]
        async with await asyncio.start_unix_server(streams, socket):
            answer = await call(Handover(socket), "GET", "/", messages=messages, begun=asked)
            return await asyncio.wait_for(heard, timeout=10), answer

    heard, answer = run(within())

    assert heard == b""
    assert answer.body == (b"hello" if has_begun else b"")


def test_answer_without_an_end_of_its_head_is_none(tmp_path: Path) -> None:
    assert visit(tmp_path, StandIn(b"HTTP/1.1 200 OK\r\n" + b"x" * 600_000)).status == 503


def test_visitor_over_a_socket_has_no_address(tmp_path: Path) -> None:
    pages = StandIn()

    async def nameless(app: Any) -> Any:
        async def without(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, "client": None}, receive, send)

        return without

    async def within() -> None:
        socket = str(tmp_path / "pages.sock")
        async with await asyncio.start_unix_server(pages, socket):
            await call(await nameless(Handover(socket)), "GET", "/")

    run(within())

    assert not any(line.startswith(b"x-forwarded-for") for line in pages.lines)
