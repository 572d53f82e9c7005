"""Every test run joins the embedded test cluster, starting it when it is not there."""

import os

import pytest

from config.embedded_postgres import EmbeddedPostgres, default_var


def pytest_configure(config: pytest.Config) -> None:
    if "DATABASE_URL" not in os.environ:
        EmbeddedPostgres(default_var() / "test", durable=False).start()
