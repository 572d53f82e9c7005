"""The front door: ``python -m config.front [options of granian]``, at ``HOST`` and ``PORT``."""

import os
import sys


def command(application: str = "config.asgi:application") -> list[str]:
    """Return how granian is run."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "asgi", application),
        *("--host", os.environ.get("HOST", "127.0.0.1"), "--port", os.environ.get("PORT", "8000")),
        # Each process has lanes of its own; one answers thousands of calls a second.
        *("--workers", "1", "--loop", "uvloop", "--http", "1", "--no-ws"),
        # A crowd waits in the lanes, whose bounds answer it, not in front of the house.
        *("--backlog", "4096", "--backpressure", "4096"),
        *("--respawn-failed-workers", "--respawn-interval", "0.5"),
        *("--workers-kill-timeout", "5", "--log-level", "error"),
    ]


if __name__ == "__main__":
    os.execv(sys.executable, [*command(), *sys.argv[1:]])  # noqa: S606 - no shell is wanted
