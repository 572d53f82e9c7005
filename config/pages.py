"""The page processes, behind the front door: ``python -m config.pages [options of granian]``."""

import hashlib
import os
import socket
import sys
import tempfile
from pathlib import Path

from config.embedded_postgres import default_var
from config.embedded_postgres.cluster import SOCKET_PATH_MAX
from config.settings.database import WEB_THREADS

PROCESSES = 2


def socket_path() -> Path:
    """Return where the pages listen: ``LINBANG_PAGES``, or a private place of the data folder's."""
    if told := os.environ.get("LINBANG_PAGES"):
        return Path(told)
    var = default_var()
    path = var / "run" / "pages.sock"
    if len(str(path).encode()) <= SOCKET_PATH_MAX:
        return path
    digest = hashlib.sha256(str(var).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"linbang-pages-{os.geteuid()}-{digest}" / "pages.sock"


def main(options: list[str]) -> None:
    """Become granian. Raises SystemExit when the socket is in use, or not ours to make."""
    path = socket_path()
    _make_private(path.parent)
    _clear(path)
    # Who asks over the socket is the front door, and says where a visitor comes from.
    os.environ["LINBANG_PROXIES"] = "unix"
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "config.wsgi:application"),
        *("--uds", str(path), "--http", "1"),
        *("--workers", str(PROCESSES), "--blocking-threads", str(WEB_THREADS)),
        *("--respawn-failed-workers", "--respawn-interval", "0.5"),
        *("--workers-kill-timeout", "5", "--log-level", "error"),
    ]
    os.execv(sys.executable, [*command, *options])  # noqa: S606 - no shell is wanted


def _make_private(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.lstat().st_uid != os.geteuid() or folder.is_symlink():
        raise SystemExit(f"{folder} belongs to somebody else; remove it first.")


def _clear(path: Path) -> None:
    """Remove the socket that a crash left: granian would take it for one in use."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
        except FileNotFoundError:
            pass
        else:
            raise SystemExit(f"Pages are served at {path} already.")


if __name__ == "__main__":
    main(sys.argv[1:])
