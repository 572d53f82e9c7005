"""Where the source is, and how the house tests read it."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ROOT / "src" / "linbang"
DOORS = {"actions", "queries", "models", "choices", "errors", "events"}


@cache
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


@cache
def apps() -> tuple[str, ...]:
    """Every app by its dotted name: a folder with an apps.py."""
    return tuple(
        sorted(
            ".".join(path.parent.relative_to(ROOT / "src").parts)
            for path in PRODUCT.rglob("apps.py")
        )
    )


def app_of(module: str) -> str | None:
    return next((app for app in apps() if module == app or module.startswith(app + ".")), None)


@cache
def modules() -> dict[str, Path]:
    """Every module of the product by its dotted name, tests and migrations included."""
    return {
        ".".join(path.relative_to(ROOT / "src").with_suffix("").parts).removesuffix(
            ".__init__"
        ): path
        for path in sorted(PRODUCT.rglob("*.py"))
    }


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def part_of(module: str) -> str:
    """The name inside its app: ``actions`` for ``linbang.intake.needs.actions.offers``."""
    app = app_of(module)
    return module.removeprefix(f"{app}.").split(".")[0] if app and module != app else ""


def product_modules() -> Iterator[tuple[str, Path]]:
    """The modules that serve people: no tests, factories or migrations."""
    for module, path in modules().items():
        parts = module.split(".")
        if not {"tests", "migrations", "factories"}.intersection(parts):
            yield module, path


def imported_names(path: Path) -> Iterator[tuple[str, int]]:
    """Every absolute dotted name a module imports, with its line."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno


def committed_files() -> list[Path]:
    import subprocess

    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]
