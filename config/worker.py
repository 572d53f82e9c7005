"""The job worker: ``python -m config.worker``."""

import os

from config.cli import run

# Jobs are short and mostly wait for the database.
CONCURRENCY = int(os.environ.get("LINBANG_JOBS", "2"))


def main() -> None:
    """Work off jobs until told to stop; jobs under way are finished first."""
    run(
        [
            *("manage.py", "procrastinate", "worker", "--concurrency", str(CONCURRENCY)),
            *("--shutdown-graceful-timeout", "8", "--delete-jobs", "successful"),
        ]
    )


if __name__ == "__main__":
    main()
