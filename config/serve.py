"""``make run``: the database, the web servers and the job worker, together until Ctrl-C."""

import ctypes
import fcntl
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from types import FrameType
from typing import IO

import psycopg

from config.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError, default_var

HOST = os.environ.get("HOST", "127.0.0.1")
ROOT = Path(__file__).resolve().parent.parent
STOP_WITHIN_S = 10
# A process that fails this often within a minute will not get better by starting it again.
FAILURES_MAX = 5


class CannotServe(Exception):
    """Something the person can mend keeps Linbang from starting; the message says what."""


class Stop(BaseException):
    """A signal asked everything to end."""


@dataclass
class Process:
    """One child that is kept running."""

    name: str
    command: list[str]
    child: subprocess.Popen[bytes] | None = None
    failures: list[float] = field(default_factory=list)

    def start(self) -> None:
        self.child = subprocess.Popen(
            self.command,
            # Its own session: Ctrl-C reaches the supervisor, which ends the children in order.
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )

    def keep_running(self) -> None:
        """Start it again if it ended. Raises CannotServe when that has not helped."""
        if self.child is None or self.child.poll() is None:
            return
        now = time.monotonic()
        self.failures = [moment for moment in self.failures if now - moment < 60] + [now]
        if len(self.failures) >= FAILURES_MAX:
            raise CannotServe(f"The {self.name} keeps ending (code {self.child.returncode}).")
        print(f"The {self.name} ended (code {self.child.returncode}); starting it again.")
        self.start()

    def ask_to_stop(self) -> None:
        if self.child is not None and self.child.poll() is None:
            self.child.terminate()

    def wait_or_kill(self, deadline: float) -> None:
        if self.child is None:
            return
        try:
            self.child.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()


def main() -> int:
    """Serve until a signal comes; return the exit code."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _raise_stop)
    var = default_var()
    port = int(os.environ.get("PORT", "8000"))
    try:
        with _alone_in(var, port):
            _serve(var, port)
    except (CannotServe, EmbeddedPostgresError) as error:
        print(error, file=sys.stderr)
        return 1
    except Stop:
        print("Linbang has stopped.")
    return 0


def _serve(var: Path, port: int) -> None:
    _require_free(port)
    database = None if os.environ.get("DATABASE_URL") else EmbeddedPostgres(var)
    processes = [
        Process("front door", [sys.executable, "-m", "config.front", "--port", str(port)]),
        Process("pages", [sys.executable, "-m", "config.pages"]),
        Process("job worker", [sys.executable, "-m", "config.worker"]),
    ]
    try:
        if database:
            _start(database)
        _prepare(var, os.environ.get("DATABASE_URL") or EmbeddedPostgres(var).dsn())
        for process in processes:
            process.start()
        _wait_until_healthy(port, processes)
        _greet(var, port)
        while True:
            time.sleep(1)
            if database and not database.is_running():
                print("The database ended; starting it again.")
                database.start()
            for process in processes:
                process.keep_running()
    finally:
        _stop(processes, database)


def _start(database: EmbeddedPostgres) -> None:
    first = not (database.home / "data").exists()
    print("Making the database …" if first else "Starting the database …", flush=True)
    database.start()


def _prepare(var: Path, dsn: str) -> None:
    """Migrate, compile and load in a process of its own, unless nothing changed since last time."""
    stamp = var / "prepared"
    if stamp.exists() and stamp.read_text() == _state(dsn):
        return
    done = subprocess.run(
        [sys.executable, "-m", "config.prepare", str(_cast(var))],
        check=False,
        start_new_session=True,
        preexec_fn=_end_with_parent,
    )
    if done.returncode:
        raise CannotServe("Linbang could not be prepared; the reason stands above.")
    stamp.write_text(_state(dsn))


def _state(dsn: str) -> str:
    """Tell apart what is on disk and in the database: files of tables and texts, migrations run."""
    digest = hashlib.sha256()
    source = ROOT / "src"
    for pattern in ("**/migrations/*.py", "**/*.sql", "**/*.po", "**/*.mo"):
        for path in sorted(source.glob(pattern)):
            state = path.stat()
            digest.update(f"{path} {state.st_size} {state.st_mtime_ns}\n".encode())
    try:
        with psycopg.connect(dsn) as connection:
            rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY id")
            digest.update(repr(rows.fetchall()).encode())
    except psycopg.errors.UndefinedTable:
        return "nothing is prepared"
    return digest.hexdigest()


def _wait_until_healthy(port: int, processes: list[Process]) -> None:
    while True:
        if _database_is_up(port):
            return
        for process in processes:
            process.keep_running()
        time.sleep(0.05)


def _database_is_up(port: int) -> bool:
    # 503 is an answer too: the job worker may still be on its way.
    connection = HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return bool(json.load(connection.getresponse())["database"] == "up")
    except (ConnectionError, TimeoutError, ValueError):
        # The front door says in words of its own that the pages are not there yet.
        return False
    finally:
        connection.close()


def _greet(var: Path, port: int) -> None:
    print(f"\nLinbang is at http://{HOST}:{port}/\n")
    print(_cast(var).read_text())
    print("Ctrl-C stops everything.", flush=True)


def _stop(processes: list[Process], database: EmbeddedPostgres | None) -> None:
    # A second Ctrl-C must not leave half of it running.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    deadline = time.monotonic() + STOP_WITHIN_S
    for process in processes:
        process.ask_to_stop()
    for process in processes:
        process.wait_or_kill(deadline)
    if database:
        database.stop()


@contextmanager
def _alone_in(var: Path, port: int) -> Iterator[None]:
    """Hold the folder for this supervisor; the lock goes with the process, whatever ends it."""
    var.mkdir(mode=0o711, parents=True, exist_ok=True)
    with (var / "run.lock").open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotServe(_already_running(var, handle)) from None
        handle.truncate(0)
        handle.write(f"http://{HOST}:{port}/")
        handle.flush()
        yield


def _already_running(var: Path, handle: IO[str]) -> str:
    handle.seek(0)
    return (
        f"Linbang already runs on {var}, at {handle.read()}\n"
        "Stop it there with Ctrl-C, or set LINBANG_VAR and PORT to run another one beside it."
    )


def _require_free(port: int) -> None:
    """Wait for the last server of a crashed run to end. Raises CannotServe if it is another's."""
    deadline = time.monotonic() + STOP_WITHIN_S
    while not _is_free(port):
        if time.monotonic() > deadline:
            raise CannotServe(
                f"Port {port} is taken by another program. Choose one: PORT=8001 make run"
            )
        time.sleep(0.2)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _cast(var: Path) -> Path:
    return var / "cast.txt"


def _raise_stop(_number: int, _frame: FrameType | None) -> None:
    raise Stop


def _end_with_parent() -> None:
    """Ask the kernel to end this child when the supervisor dies, however it dies."""
    death_signal = 1  # PR_SET_PDEATHSIG
    ctypes.CDLL(None).prctl(death_signal, signal.SIGTERM)


if __name__ == "__main__":
    raise SystemExit(main())
