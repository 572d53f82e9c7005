"""One cluster: where its files are, how it is made, started, joined and stopped."""

import fcntl
import hashlib
import json
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import psycopg

from config.embedded_postgres import system
from config.embedded_postgres.system import SYSTEM_HOME, EmbeddedPostgresError, Owner

ROLE = DATABASE = "linbang"
PORT = 5432  # only names the socket file; nothing listens on the network
# sockaddr_un.sun_path holds 108 bytes with its closing NUL.
SOCKET_PATH_MAX = 107
# Replaying the log after a crash may take minutes on a slow disk; giving up would not help.
PATIENCE_S = 3600
# pg_ctl refuses while the children of a killed postmaster are still leaving.
START_ATTEMPTS = 10


@dataclass(frozen=True)
class EmbeddedPostgres:
    """One cluster, found again by the folder it belongs to."""

    var: Path
    # Only a cluster whose data may be lost with the machine (tests) gives up durability.
    durable: bool = True

    @cached_property
    def owner(self) -> Owner:
        """The current user, or for root a system user of our own: PostgreSQL refuses root."""
        entry = system.system_user() if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        return Owner(entry.pw_name, entry.pw_uid, entry.pw_gid)

    @property
    def _record(self) -> Path:
        return self.var / "postgres.json"

    @property
    def home(self) -> Path:
        """The folder of data, socket and log, as recorded when the cluster was made."""
        if self._record.exists():
            return Path(json.loads(self._record.read_text())["home"])
        return self._choose_home()

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    @property
    def socket_folder(self) -> Path:
        """The 0700 folder of the socket; a short one of the user's if the path is too long."""
        folder = self.home / "run"
        if len(str(folder / f".s.PGSQL.{PORT}").encode()) <= SOCKET_PATH_MAX:
            return folder
        return Path(tempfile.gettempdir()) / f"linbang-{os.geteuid()}-{self._digest}"

    @property
    def _digest(self) -> str:
        return hashlib.sha256(str(self.var).encode()).hexdigest()[:12]

    def dsn(self, database: str = DATABASE, user: str = ROLE) -> str:
        """Return the address for psycopg, libpq tools and ``DATABASE_URL``."""
        return (
            f"postgresql:///{database}?host={quote(str(self.socket_folder), safe='')}&user={user}"
        )

    def binary(self, name: str) -> Path:
        """Return the path of a program of the server, such as ``pgbench`` or ``pg_dump``."""
        return self._binaries / name

    @cached_property
    def _binaries(self) -> Path:
        install = system.wheel_install()
        if not self.owner.is_other or system.may_enter(self.owner, install / "bin" / "postgres"):
            return install / "bin"
        # The virtual environment lies in a private home; the server gets a copy it may run.
        copy = SYSTEM_HOME / f"engine-{system.fingerprint(install)}"
        if not copy.exists():
            draft = copy.with_suffix(".new")
            shutil.rmtree(draft, ignore_errors=True)
            libraries = f"{install.parent.name}.libs"
            shutil.copytree(install, draft / install.parent.name / install.name, symlinks=True)
            # The programs look for their libraries three folders up, beside the package.
            shutil.copytree(install.parent.parent / libraries, draft / libraries, symlinks=True)
            draft.rename(copy)
        return copy / install.parent.name / install.name / "bin"

    def start(self) -> bool:
        """Start the server, or join the one that runs already; tell whether it was started."""
        with self._locked():
            started = False
            if not self.is_running():
                self._make_folders()
                if not (self.data / "PG_VERSION").exists():
                    self._initialise()
                self._require_ownership()
                self._write_configuration()
                self._clear_stale_files()
                self._launch()
                started = True
            self._wait_until_ready()
            self._make_role_and_database()
        return started

    def stop(self) -> None:
        """Stop the server after ending its sessions; nothing to do when it is not running."""
        with self._locked():
            if self.is_running():
                self._run("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w", "-t", "600")

    def is_running(self) -> bool:
        """Tell whether the postmaster of this very data folder is alive."""
        pid = self._postmaster_pid()
        return pid is not None and system.works_in(pid, self.data)

    def status(self) -> str:
        """Return one line for people."""
        if not self.is_running():
            return f"stopped ({self.data})"
        return f"running, process {self._postmaster_pid()}, {self.dsn()}"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        # Root's own folder lets the system user pass through to its data, and no more.
        self.var.mkdir(mode=0o711 if self.owner.is_other else 0o700, parents=True, exist_ok=True)
        with (self.var / "postgres.lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _make_folders(self) -> None:
        home = self.home
        if home.is_relative_to(SYSTEM_HOME):
            SYSTEM_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
        if not self._record.exists():
            if home.exists():
                # Of an earlier data folder that was thrown away, its keys with it: keep it apart.
                home.rename(home.with_name(f"{home.name}.left-{time.time_ns()}"))
            self._record.write_text(json.dumps({"home": str(home)}) + "\n")
        for folder in (home, self.socket_folder):
            system.make_private(folder, self.owner)

    def _choose_home(self) -> Path:
        """Place the data under ``var``, or where the system user can reach it.

        No parent folder is ever opened up: a closed home stays closed.
        """
        inside = self.var / "postgres"
        nearest = next(folder for folder in (self.var, *self.var.parents) if folder.exists())
        reachable = not self.owner.is_other or system.may_enter(self.owner, nearest)
        too_long = len(str(inside / "run" / f".s.PGSQL.{PORT}").encode()) > SOCKET_PATH_MAX
        if reachable and not (self.owner.is_other and too_long):
            return inside
        return SYSTEM_HOME / self._digest

    def _require_ownership(self) -> None:
        uid = self.data.stat().st_uid
        if uid != self.owner.uid:
            raise EmbeddedPostgresError(
                f"{self.data} belongs to user id {uid}, but the server would run as"
                f" {self.owner.name}. Start Linbang as the user who made the folder, or set"
                " LINBANG_VAR to another folder."
            )

    def _initialise(self) -> None:
        # Built under another name first, so that an interrupted initdb leaves no half cluster.
        draft = self.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        self._run(
            *("initdb", "-D", str(draft), "-U", "postgres", "--encoding=UTF8", "--no-locale"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--data-checksums"),
            *("--auth-local=peer", "--auth-host=reject"),
            *(() if self.durable else ("--no-sync",)),
        )
        with (draft / "postgresql.conf").open("a") as handle:
            handle.write("include 'linbang.conf'\n")
        draft.rename(self.data)

    def _write_configuration(self) -> None:
        lines = [f"{name} = '{value}'" for name, value in self._settings().items()]
        self._write("linbang.conf", "\n".join(lines) + "\n")
        names = sorted({self.owner.name, pwd.getpwuid(os.geteuid()).pw_name})
        self._write(
            "pg_ident.conf",
            "".join(f'here "{name}" {role}\n' for name in names for role in ("postgres", ROLE)),
        )
        # Nobody is trusted: the kernel tells who calls, and only the names above are mapped.
        self._write("pg_hba.conf", "local all all peer map=here\n")

    def _settings(self) -> dict[str, object]:
        memory = system.memory_mb()
        settings: dict[str, object] = {
            "listen_addresses": "",
            "port": PORT,
            "unix_socket_directories": self.socket_folder,
            "unix_socket_permissions": "0700",
            "max_connections": 100 if self.durable else 400,
            "shared_buffers": f"{min(max(memory // 8, 64), 2048)}MB",
            "effective_cache_size": f"{max(memory // 2, 256)}MB",
            "work_mem": "16MB",
            "maintenance_work_mem": f"{min(max(memory // 32, 64), 512)}MB",
            "random_page_cost": "1.1",
            # Our statements are short; compiling them costs more than it saves.
            "jit": "off",
            "wal_compression": "on",
            "timezone": "Asia/Shanghai",
            "log_timezone": "Asia/Shanghai",
            "log_min_duration_statement": "1s",
            # Parameters are personal data: they stay out of the log.
            "log_parameter_max_length": 0,
            "log_parameter_max_length_on_error": 0,
            "log_line_prefix": "%m [%p] ",
        }
        if system.small_shared_memory():
            settings["dynamic_shared_memory_type"] = "mmap"
        if not self.durable:
            # Tests make and drop whole databases; a power cut costs them nothing.
            settings |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
        return settings

    def _clear_stale_files(self) -> None:
        """Remove what a crash left; a reused process id must not keep the server from starting."""
        lock = self.socket_folder / f".s.PGSQL.{PORT}.lock"
        socket = self.socket_folder / f".s.PGSQL.{PORT}"
        for path in (self.data / "postmaster.pid", lock, socket):
            path.unlink(missing_ok=True)

    def _launch(self) -> None:
        if self.log.exists() and self.log.stat().st_size > 20_000_000:
            self.log.replace(self.log.with_suffix(".log.1"))
        arguments = ("start", "-D", str(self.data), "-l", str(self.log), "-W")
        for attempt in range(START_ATTEMPTS):
            try:
                self._run("pg_ctl", *arguments)
            except EmbeddedPostgresError:
                if attempt == START_ATTEMPTS - 1:
                    raise
            time.sleep(0.2)
            if self._postmaster_pid() is not None:
                return
            time.sleep(attempt * 0.5)
        raise EmbeddedPostgresError(f"PostgreSQL did not start; its log is {self.log}.")

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                psycopg.connect(self.dsn("postgres", "postgres"), connect_timeout=10).close()
                return
            except psycopg.OperationalError as error:
                gone = not self.is_running()
                if gone or time.monotonic() > deadline:
                    raise EmbeddedPostgresError(
                        f"PostgreSQL does not answer; its log is {self.log}: {error}"
                    ) from error
            time.sleep(0.1)

    def _make_role_and_database(self) -> None:
        """Make the product's own role: it may create databases, but is no superuser."""
        with psycopg.connect(self.dsn("postgres", "postgres"), autocommit=True) as connection:
            if not connection.execute(
                "SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]
            ).fetchone():
                connection.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
            if not connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")

    def _postmaster_pid(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, NotADirectoryError, PermissionError, ValueError):
            return None

    def _write(self, name: str, content: str) -> None:
        path = self.data / name
        path.write_text(content)
        path.chmod(0o600)
        if self.owner.is_other:
            os.chown(path, self.owner.uid, self.owner.gid)

    def _run(self, program: str, *arguments: str) -> None:
        # Files, not pipes: the server inherits them and would keep a pipe open for ever.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                [str(self.binary(program)), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.home,
                check=False,
                # Away from the terminal: Ctrl-C must reach the supervisor alone.
                start_new_session=True,
                **system.become(self.owner),
            )
            output.seek(0)
            if done.returncode:
                raise EmbeddedPostgresError(f"{program} failed: {output.read().strip()}")


def default_var() -> Path:
    """Return the data folder: ``LINBANG_VAR``, or ``var`` beside the code."""
    return Path(
        os.environ.get("LINBANG_VAR") or Path(__file__).resolve().parents[2] / "var"
    ).resolve()
