"""The embedded PostgreSQL: the wheel's binaries, driven with our own safe options (ADR 0010).

The wheel's own server class is not used: it trusts every local user and opens parent folders.
Here the server listens on one unix socket in a folder only its owner may enter, asks the kernel
who is calling (``peer``), keeps data checksums, and takes its time after a crash.
"""

from config.embedded_postgres.cluster import EmbeddedPostgres, default_var
from config.embedded_postgres.system import EmbeddedPostgresError

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError", "default_var"]
