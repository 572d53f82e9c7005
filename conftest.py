"""Every test run joins the embedded test cluster, starting it when it is not there."""

import os
from typing import Any

import pytest

from config.bootstrap import chromium
from config.embedded_postgres import EmbeddedPostgres, default_var

# A live server and Playwright's event loop share the thread; Django would refuse its own ORM.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_configure(config: pytest.Config) -> None:
    if "DATABASE_URL" not in os.environ:
        EmbeddedPostgres(default_var() / "test", durable=False).start()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Drive the system's Chromium; Playwright's own browsers are never downloaded."""
    return {
        **browser_type_launch_args,
        "executable_path": chromium(),
        "args": ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Browse as somebody in China does."""
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
