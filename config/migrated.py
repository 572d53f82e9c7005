"""A migrated database that test databases are copied from: ``python -m config.migrated``.

Every worker of a test run needs the tables. Making them takes Django a quarter of a minute, a copy
of them a quarter of a second.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import psycopg
from psycopg import sql

from config.embedded_postgres import EmbeddedPostgres, default_var

ROOT = Path(__file__).resolve().parents[1]
_PREFIX = "linbang_migrated_"


def name() -> str:
    """Return what the database of these very migrations, and these packages, is called."""
    digest = hashlib.sha256((ROOT / "requirements.lock").read_bytes())
    for path in sorted((ROOT / "src").rglob("*")):
        if path.suffix in {".py", ".sql"} and {"migrations", "sql"} & set(path.parts):
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return _PREFIX + digest.hexdigest()[:16]


def make(cluster: EmbeddedPostgres) -> None:
    """Make the database if it is missing, and drop those of other migrations."""
    wanted = name()
    with psycopg.connect(cluster.dsn("postgres"), autocommit=True) as link:
        # Several runs may begin at once; whoever waits here finds it made.
        link.execute("SELECT pg_advisory_lock(hashtext(%s))", [_PREFIX])
        found = {
            row[0]
            for row in link.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_PREFIX]
            )
        }
        if wanted in found:
            return
        for other in found:
            link.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(other)))
        unfinished = f"{_PREFIX}unfinished"
        link.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--no-input"],
            cwd=ROOT,
            env=os.environ
            | {
                "DATABASE_URL": cluster.dsn(unfinished),
                "DJANGO_SETTINGS_MODULE": "config.settings.test",
            },
            check=True,
        )
        link.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(unfinished), sql.Identifier(wanted)
            )
        )


if __name__ == "__main__":
    server = EmbeddedPostgres(default_var() / "test", durable=False)
    server.start()
    make(server)
