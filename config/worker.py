"""The job worker: ``python -m config.worker``."""

import os

import django
from procrastinate.contrib.django import app

# Jobs are short and mostly wait for the database.
CONCURRENCY = int(os.environ.get("LINBANG_JOBS", "2"))
# Shorter than the supervisor's patience, so that a long job is put back and not lost.
FINISH_WITHIN_S = 8


def main() -> None:
    """Work off jobs until told to stop; jobs under way are given time to finish."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")
    django.setup()
    # Django's own connector serves deferring; a worker listens, on a connection of its own.
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]  # DjangoConnector
    with app.replace_connector(connector) as worker:
        worker.run_worker(
            concurrency=CONCURRENCY,
            delete_jobs="successful",
            shutdown_graceful_timeout=FINISH_WITHIN_S,
        )


if __name__ == "__main__":
    main()
