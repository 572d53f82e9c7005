"""``make check`` and ``make test``: every check is run and named, then the tests."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
from psycopg import sql

from config.embedded_postgres import EmbeddedPostgres, default_var

BIN = Path(sys.executable).parent
CHECKS: dict[str, list[str]] = {
    "format": [str(BIN / "ruff"), "format", "--check", "."],
    "lint": [str(BIN / "ruff"), "check", "."],
    "types": [str(BIN / "mypy")],
    "import contracts": [str(BIN / "lint-imports"), "--no-cache"],
    "settings": [sys.executable, "manage.py", "check", "--fail-level", "WARNING"],
    "migrations": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
    "templates": [str(BIN / "djlint"), "src", "--lint", "--quiet"],
    "messages": [sys.executable, "manage.py", "messages", "--check"],
    "words without a translation": [sys.executable, "manage.py", "messages", "--unmarked"],
    "browser libraries": [sys.executable, "frontend/vendor.py", "check"],
}
# What the tests begin with, made while the checks run.
GROUND = {"a migrated database": [sys.executable, "-m", "config.migrated"]}
TESTS = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal"]


def main(words: list[str]) -> int:
    """Run ``python -m config.checks [--tests]``; what fails is told again at the end."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    cluster = EmbeddedPostgres(default_var() / "test", durable=False)
    started = "DATABASE_URL" not in os.environ and cluster.start()
    if started:
        _drop_leftovers(cluster.dsn("postgres"))
    try:
        needs_ground = "--tests" in words and "DATABASE_URL" not in os.environ
        checks = {**GROUND, **CHECKS} if needs_ground else CHECKS
        # Each is a process of its own that keeps one core busy.
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            passed = list(pool.map(_passes, checks, checks.values()))
        failed = [name for name, has_passed in zip(checks, passed, strict=True) if not has_passed]
        if "--tests" in words:
            print("→ tests", flush=True)
            if subprocess.run(TESTS, check=False).returncode:
                failed.append("tests")
    finally:
        # Somebody else's test run may have started it: then it is not ours to stop.
        if started:
            cluster.stop()
    if failed:
        print(f"Failed: {', '.join(failed)}.", file=sys.stderr)
        return 1
    print("Everything passed.")
    return 0


def _drop_leftovers(dsn: str) -> None:
    """Drop what interrupted runs left; a cluster that was just started has no other users."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        for (name,) in connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, 'test_linbang')"
        ).fetchall():
            connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


def _passes(name: str, command: list[str]) -> bool:
    begun = time.monotonic()
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    mark = "✗" if done.returncode else "✓"
    told = f"{mark} {name} ({time.monotonic() - begun:.1f} s)"
    # One piece: several checks speak at once.
    print("\n".join([told, done.stdout, done.stderr] if done.returncode else [told]), flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
