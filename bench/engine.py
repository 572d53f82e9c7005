"""Our side and the engine's, measured in turns: noise on the machine then strikes both."""

import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from config.embedded_postgres import EmbeddedPostgres, default_var

ROUNDS = 3
SECONDS = 3.0
_TPS = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)


def pgbench(script: str, *, clients: int = 8, seconds: float = SECONDS, **variables: int) -> float:
    """Return the transactions per second of a pgbench script, prepared, on the bench database."""
    server = EmbeddedPostgres(default_var())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "script.sql"
        path.write_text(script)
        done = subprocess.run(
            [
                *(str(server.binary("pgbench")), "--no-vacuum", "--protocol=prepared"),
                *(f"--client={clients}", "--jobs=2", f"--time={max(round(seconds), 1)}"),
                *(f"--define={name}={value}" for name, value in variables.items()),
                *(f"--file={path}", server.dsn()),
            ],
            check=False,
            capture_output=True,
            text=True,
        )
    found = _TPS.search(done.stdout)
    if done.returncode or found is None or "aborted" in done.stderr:
        raise RuntimeError(f"pgbench measured nothing: {done.stdout}{done.stderr}")
    return float(found[1])


def calls_per_second(
    call: Callable[[int, int], object], *, clients: int = 8, seconds: float = SECONDS
) -> float:
    """Return how often ``call(client, turn)`` succeeds per second, each client in a thread.

    Any exception ends the measurement: a failing call is no throughput.
    """
    begun = time.perf_counter()
    end = begun + seconds

    def work(client: int) -> int:
        from django.db import connection

        turn = 0
        try:
            while time.perf_counter() < end:
                call(client, turn)
                turn += 1
        finally:
            connection.close()
        return turn

    with ThreadPoolExecutor(clients) as pool:
        calls = sum(pool.map(work, range(clients)))
    return calls / (time.perf_counter() - begun)


def in_turns(
    ours: Callable[[], float], engine: Callable[[], float], *, rounds: int = ROUNDS
) -> tuple[float, float, float]:
    """Return the medians of both sides and of their ratios, measured one after the other."""
    pairs = [(ours(), engine()) for _ in range(rounds)]
    return (
        statistics.median(mine for mine, _ in pairs),
        statistics.median(theirs for _, theirs in pairs),
        statistics.median(mine / theirs for mine, theirs in pairs),
    )


def report_ratio(
    report: Callable[[str, float, str], None],
    name: str,
    ours: Callable[[], float],
    engine: Callable[[], float],
) -> None:
    """Measure in turns and print three lines: ours, the engine's, and the ratio."""
    mine, theirs, ratio = in_turns(ours, engine)
    report(f"{name}_per_s", mine, "1/s")
    report(f"{name}_engine_per_s", theirs, "1/s")
    report(f"{name}_over_engine", ratio, "ratio")
