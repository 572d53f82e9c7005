"""The floor under every request: the cheapest page that asks the database one thing."""

from collections.abc import Callable

from bench.engine import calls_per_second, pgbench, report_ratio

DATABASE = True
_STATEMENT = """
    SELECT EXISTS (
        SELECT FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'
    );
"""


def run(report: Callable[[str, float, str], None]) -> None:
    from django.test import Client

    clients = [Client() for _ in range(8)]
    report_ratio(
        report,
        "health",
        lambda: calls_per_second(lambda client, _turn: clients[client].get("/healthz")),
        lambda: pgbench(_STATEMENT),
    )
