"""``python -m bench [group …]``: run the groups and print ``name value unit`` lines.

A group is a module of this folder with ``run(report)``; one that needs tables of its own says
``DATABASE = True`` and gets a fresh, durable, migrated database of the embedded server.
"""

import importlib
import os
import pkgutil
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import bench
from config.embedded_postgres import EmbeddedPostgres, default_var

Report = Callable[[str, float, str], None]
HARNESS = {
    *("__main__", "books", "crowd", "door", "engine", "giving", "load", "plans", "rolls"),
    *("rosters", "serving", "smptsp"),
}


def main(words: list[str]) -> int:
    known = sorted(info.name for info in pkgutil.iter_modules(bench.__path__))
    groups = [name for name in known if name not in HARNESS]
    if unknown := sorted(set(words) - set(groups)):
        print(f"No group {', '.join(unknown)}; there are: {', '.join(groups)}.", file=sys.stderr)
        return 2
    for name in words or groups:
        print(f"# {name}", file=sys.stderr, flush=True)
        begun = time.monotonic()
        _run(importlib.import_module(f"bench.{name}"))
        print(f"# {name} took {time.monotonic() - begun:.1f} s", file=sys.stderr, flush=True)
    return 0


def _run(group: ModuleType) -> None:
    if not getattr(group, "DATABASE", False):
        group.run(_report)
        return
    server = _server()
    server.start()
    try:
        _make_tables()
        group.run(_report)
        _close_connections()
    finally:
        server.stop()
        # Each group starts from nothing: figures do not depend on what ran before.
        shutil.rmtree(server.home)
        shutil.rmtree(server.var)


def _report(name: str, value: float, unit: str) -> None:
    print(f"{name} {value:.4g} {unit}", flush=True)


def _server() -> EmbeddedPostgres:
    var = default_var()
    if var.name != "bench":
        var = Path(var) / "bench"
    os.environ["LINBANG_VAR"] = str(var)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.demo"
    return EmbeddedPostgres(var)


def _make_tables() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)


def _close_connections() -> None:
    from django.db import connection

    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's wrapper has one


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
