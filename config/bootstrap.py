"""Make the virtual environment from the hash-locked requirements; plain ``python3`` runs this.

Nothing but the standard library may be imported here.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
OLDEST_PYTHON = (3, 11)
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main(words: list[str]) -> int:
    """Run ``python3 -m config.bootstrap [--dev] [--chromium]``."""
    if sys.version_info < OLDEST_PYTHON:
        return _refuse(
            "Linbang needs Python 3.11 or newer; this is " + sys.version.split()[0] + "."
        )
    with (ROOT / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code = _set_up(dev="--dev" in words)
    if code == 0 and "--chromium" in words:
        code = _require_chromium()
    return code


def chromium() -> str | None:
    """Return the path of the system's Chromium, if there is one."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def _set_up(*, dev: bool) -> int:
    lock = ROOT / ("requirements-dev.lock" if dev else "requirements.lock")
    if _stamp_of("dev") == _fingerprint("dev"):
        return 0
    kind = "dev" if dev else "run"
    if _stamp_of(kind) == _fingerprint(kind):
        return 0
    if not _can_make_venv():
        return 1
    python = VENV / "bin" / "python"
    if not _works(python):
        print("Making the virtual environment …", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
    print(f"Installing the packages of {lock.name} …", flush=True)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "-qq"]
    steps = [
        [*pip, "--require-hashes", "-r", str(lock)],
        [*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)],
    ]
    for step in steps:
        if subprocess.run(step, check=False).returncode:
            return _refuse("The packages could not be installed; see the lines above.")
    (VENV / f".linbang-{kind}").write_text(_fingerprint(kind))
    return 0


def _stamp_of(kind: str) -> str | None:
    stamp = VENV / f".linbang-{kind}"
    return stamp.read_text() if stamp.exists() else None


def _fingerprint(kind: str) -> str:
    """Identify what an environment was made from; a changed lock or interpreter makes it stale."""
    names = ["requirements.lock", "pyproject.toml"]
    if kind == "dev":
        names.append("requirements-dev.lock")
    digest = hashlib.sha256(f"{ROOT} {sys.version}".encode())
    for name in names:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def _works(python: Path) -> bool:
    """Tell whether an earlier environment is whole: a crash may have left half of one."""
    if not python.exists():
        return False
    probe = [str(python), "-c", "import pip, sys; print(sys.version)"]
    done = subprocess.run(probe, check=False, capture_output=True, text=True)
    return done.returncode == 0 and done.stdout.strip() == sys.version.strip()


def _can_make_venv() -> bool:
    if importlib.util.find_spec("ensurepip") is not None:
        return True
    package = "python{}.{}-venv".format(*sys.version_info)
    return _install_packages(package, why="Python cannot make virtual environments yet.")


def _require_chromium() -> int:
    if chromium():
        return 0
    packages = ("chromium", "fonts-noto-cjk")
    installed = _install_packages(*packages, why="The browser tests need Chromium.")
    if installed and chromium():
        return 0
    return _refuse("No Chromium was found; the browser tests cannot run without it.")


def _install_packages(*packages: str, why: str) -> bool:
    """Install system packages as root or through a sudo that asks nothing; else say how."""
    prefix: list[str] | None = []
    if os.geteuid() != 0:
        passwordless = (
            shutil.which("sudo")
            and not subprocess.run(
                ["sudo", "-n", "true"], check=False, capture_output=True
            ).returncode
        )
        prefix = ["sudo", "-n"] if passwordless else None
    names = " ".join(packages)
    if prefix is None or not shutil.which("apt-get"):
        _refuse(f"{why} Please install the packages first:\n    sudo apt-get install {names}")
        return False
    print(f"{why} Installing {names} …", flush=True)
    environment = ["env", "DEBIAN_FRONTEND=noninteractive"]
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        if subprocess.run(
            [*prefix, *environment, *command], check=False, stdout=subprocess.DEVNULL
        ).returncode:
            _refuse(f"apt-get could not install {names}; see the lines above.")
            return False
    return True


def _refuse(message: str) -> int:
    print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
