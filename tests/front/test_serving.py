"""The servers as they run: the front door on a port, the pages behind it on a socket."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psycopg
import pytest

from config.front import __main__ as front_command
from config.front.database import conninfo
from tests.front.stage import SHIFT, token_of
from tests.house import source

pytestmark = pytest.mark.django_db
PATIENCE_S = 60
SIGN_UPS = f"/api/v1/tests/{SHIFT}/sign-ups"


@dataclass
class Servers:
    port: int
    environment: dict[str, str]
    running: list[subprocess.Popen[bytes]]

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=source.ROOT, env=self.environment
        )
        self.running.append(process)
        return process

    def start_front(self) -> subprocess.Popen[bytes]:
        flags = front_command.command("tests.front.served:application")[2:]
        return self.start(*flags, "--port", str(self.port))

    def start_pages(self) -> subprocess.Popen[bytes]:
        return self.start("config.pages", "--workers", "1")

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        link = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            # Who refuses an upload answers and goes, and does not hear it out.
            with suppress(BrokenPipeError):
                link.request(method, path, body, named)
            answer = link.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            link.close()

    def sign_up(self, person: int, note: str = "") -> tuple[int, Any]:
        body = json.dumps({"note": note}).encode()
        bearer = f"Bearer {token_of(person)}"
        status, _, answer = self.ask("POST", SIGN_UPS, body, authorization=bearer)
        return status, json.loads(answer)


@pytest.fixture
def servers(table: None, tmp_path: Path) -> Iterator[Servers]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "PYTHONPATH": "src:.",
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": conninfo(),
        "LINBANG_PAGES": str(tmp_path / "run" / "pages.sock"),
    }
    started = Servers(port, environment, [])
    yield started
    for process in started.running:
        process.terminate()
    for process in started.running:
        process.wait(PATIENCE_S)


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            if true():
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise AssertionError("it never became true")


def test_one_port_serves_pages_and_hot_calls(servers: Servers) -> None:
    servers.start_front()
    until(lambda: servers.ask("GET", "/healthz")[0] == 503)
    early = servers.ask("GET", "/", accept_language="en")
    pages = servers.start_pages()
    until(lambda: b'"database": "up"' in servers.ask("GET", "/healthz")[2])

    # Before the pages were there, the front door spoke for them.
    assert (early[0], early[1]["retry-after"]) == (503, "2")
    status, headers, body = servers.ask("GET", "/")
    assert status == 200
    assert "default-src 'self'" in headers["content-security-policy"]
    assert body.rstrip().endswith(b"</html>")

    described = servers.ask("GET", "/api/v1/openapi.json")
    assert len(described[2]) > 100_000
    assert "/api/v1/pass" in json.loads(described[2])["paths"]
    assert servers.ask("HEAD", "/")[2] == b""

    # An upload that nobody reads is answered all the same.
    assert servers.ask("POST", "/", b"x" * 5_000_000)[0] in {403, 405}

    assert servers.sign_up(1, "你好") == (201, {"state": "done"})
    # Without a pass the address is the pages' own; they know of no such operation.
    assert servers.ask("POST", SIGN_UPS)[0] == 404

    # Killed without a word, the pages leave a socket on which nobody listens.
    subprocess.run(["pkill", "-9", "-P", str(pages.pid)], check=True)
    pages.kill()
    pages.wait()
    assert servers.ask("GET", "/")[0] == 503
    assert servers.sign_up(2)[0] == 201
    servers.start_pages()
    until(lambda: servers.ask("GET", "/")[0] == 200)


def test_stopping_server_answers_the_calls_it_took(servers: Servers) -> None:
    front = servers.start_front()
    until(lambda: servers.sign_up(0)[0] == 201)

    with ThreadPoolExecutor() as pool:
        asked = [pool.submit(servers.sign_up, person, "0.7") for person in (1, 2)]
        until(lambda: _is_running("pg_sleep"))
        front.send_signal(signal.SIGTERM)
        answers = [waiting.result() for waiting in asked]

    assert answers == [(201, {"state": "done"})] * 2
    assert front.wait(PATIENCE_S) == 0


def _is_running(words: str) -> bool:
    with psycopg.connect(conninfo()) as link:
        active = link.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE query LIKE '%%' || %s || '%%' AND state = 'active' AND pid <> pg_backend_pid()",
            [words],
        )
        return active.fetchone() != (0,)
