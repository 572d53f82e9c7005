"""Chinese that a person would see and no translator would: strings nobody marked."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

CHINESE = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]")
MARKERS = {
    "_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext",
    "pgettext_lazy", "npgettext", "npgettext_lazy",
}  # fmt: skip
# Not shown to anyone, or data rather than wording.
UNSEEN_FOLDERS = {
    "tests", "migrations", "management", "data", "demo", "locale", "__pycache__", "rules",
}  # fmt: skip
# Rules are plain Python and answer in codes; Chinese in them is what they look for.
UNSEEN_MODULES = {"factories.py", "rules.py"}
# "untranslated: reason" at the end of a line excuses it, "untranslated file: reason" the file.
EXCUSE = re.compile(r"untranslated: \S")
FILE_EXCUSE = re.compile(r"untranslated file: \S")

_BLOCK = re.compile(
    r"{%\s*(blocktrans(?:late)?)\b.*?{%\s*end\1\s*%}|{%\s*comment\b.*?{%\s*endcomment\s*%}"
    r"|{#.*?#}|<!--.*?-->",
    re.DOTALL,
)
_TRANS = re.compile(r"{%\s*trans(?:late)?\b.*?%}", re.DOTALL)
_CONSTANT = re.compile(r"""_\((?:"[^"]*"|'[^']*')\)""")
_NOT_FOR_TRANSLATION = re.compile(r"""<(\w+)\b[^>]*\btranslate="no"[^>]*>[^<]*</\1>""", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Unmarked:
    """One visible string that is not marked for translation."""

    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


def find_unmarked(root: Path) -> list[Unmarked]:
    """List the unmarked Chinese strings below a folder, templates and Python."""
    return [
        Unmarked(path.relative_to(root), line, text)
        for path in sorted(_seen_files(root))
        for line, text in _unmarked_in(path)
    ]


def _seen_files(root: Path) -> Iterator[Path]:
    for path in root.rglob("*"):
        inside = path.relative_to(root).parts[:-1]
        if (
            path.suffix in {".py", ".html", ".txt"}
            and path.name not in UNSEEN_MODULES
            and not UNSEEN_FOLDERS.intersection(inside)
            and "static" not in inside
        ):
            yield path


def _unmarked_in(path: Path) -> Iterable[tuple[int, str]]:
    source = path.read_text("utf-8")
    if FILE_EXCUSE.search(source):
        return []
    found = unmarked_in_python(source) if path.suffix == ".py" else unmarked_in_template(source)
    lines = source.splitlines()
    return [(line, text) for line, text in found if not EXCUSE.search(lines[line - 1])]


def unmarked_in_template(source: str) -> Iterator[tuple[int, str]]:
    """Find Chinese left in a template once everything marked has been taken out."""
    for pattern in (_BLOCK, _TRANS, _CONSTANT, _NOT_FOR_TRANSLATION):
        source = pattern.sub(lambda match: "\n" * match.group().count("\n"), source)
    for number, line in enumerate(source.splitlines(), start=1):
        if CHINESE.search(line):
            yield number, line.strip()[:60]


def unmarked_in_python(source: str) -> Iterator[tuple[int, str]]:
    """Find Chinese literals that are neither docstrings nor inside a gettext call."""
    visitor = _Literals()
    visitor.visit(ast.parse(source))
    return iter(visitor.found)


class _Literals(ast.NodeVisitor):
    def __init__(self) -> None:
        self.found: list[tuple[int, str]] = []

    def visit_Call(self, node: ast.Call) -> None:
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name not in MARKERS:
            self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and CHINESE.search(node.value):
            self.found.append((node.lineno, node.value[:60]))
