"""The stage: one building, its cast, a clock that can be set, and jobs that run when told."""

from collections.abc import Callable
from typing import Any

import pytest

from linbang.foundation import clock
from linbang.foundation.access.factories import client_of
from tests.flows.stage import Cast, Clock, make_cast, run_waiting_jobs


@pytest.fixture
def clock_set(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Set the clock that views, jobs and API read; all below is told the time anyway."""
    hands = Clock()
    monkeypatch.setattr(clock, "now", hands)
    return hands


@pytest.fixture
def cast(clock_set: Clock) -> Cast:
    """Make everybody."""
    return make_cast(clock_set.now)


@pytest.fixture
def api() -> Callable[..., Any]:
    """Call the API as somebody: ``api(person, "post", "/needs", {...})`` → (status, answer)."""

    def call(who: Any, method: str, path: str, body: object = None) -> tuple[int, Any]:
        client = client_of(who)
        send = getattr(client, method)
        response = (
            send(f"/api/v1{path}")
            if body is None and method == "get"
            else send(f"/api/v1{path}", body or {}, content_type="application/json")
        )
        return response.status_code, response.json() if response.content else None

    return call


@pytest.fixture
def run_jobs() -> Callable[[], list[str]]:
    """Run the jobs that wait, in their order, as the worker would; return their names."""
    return run_waiting_jobs
