"""Which files each catalogue speaks for, and the strings marked in them."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from django.apps import apps
from django.conf import settings
from django.utils.translation.template import templatize

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
UNTRANSLATED_FOLDERS = {"tests", "migrations", "locale", "static", "__pycache__", "data"}


@dataclass(frozen=True, slots=True)
class Source:
    """One catalogue: its name, the folder its locale folder lies in, the files it speaks for."""

    name: str
    folder: Path
    files: tuple[Path, ...]

    def po_path(self, locale: str) -> Path:
        """Give the place of this catalogue in one language."""
        return self.folder / "locale" / locale / "LC_MESSAGES" / "django.po"


def sources() -> list[Source]:
    """List one source per app of ours; what belongs to no app speaks through the shell."""
    base = Path(settings.BASE_DIR)
    found = []
    for config in apps.get_app_configs():
        if not config.name.startswith("linbang."):
            continue
        folder = Path(config.path)
        files = [*_translatable(folder)]
        if config.label == "shell":
            files += [*_homeless(base)]
        found.append(Source(config.label, folder, tuple(sorted(files))))
    return found


def _translatable(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        inside = path.relative_to(folder).parts[:-1]
        if path.suffix in {".py", ".html", ".txt"} and not UNTRANSLATED_FOLDERS.intersection(
            inside
        ):
            yield path


def _homeless(base: Path) -> Iterator[Path]:
    yield from (base / "config").rglob("*.py")
    yield from (base / "src/linbang").glob("*.py")
    for floor in ("foundation", "intake", "operations", "outcomes", "reporting"):
        yield from (base / "src/linbang" / floor).glob("*.py")


def extracted(source: Source) -> Catalog:
    """Gather the marked strings of one source's files."""
    catalog = Catalog(charset="utf-8")
    for path in source.files:
        for _line, message, comments, context in _messages(path):
            catalog.add(
                message,
                locations=[(_shown(path, source), 0)],
                auto_comments=comments,
                context=context,
            )
    return catalog


def _messages(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    text = path.read_text("utf-8")
    if path.suffix != ".py":
        text = templatize(text, origin=str(path))
    return extract(
        "python",
        io.BytesIO(text.encode()),
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        options={"encoding": "utf-8"},
        strip_comment_tags=True,
    )


def _shown(path: Path, source: Source) -> str:
    inside = path.is_relative_to(source.folder)
    return path.relative_to(source.folder if inside else settings.BASE_DIR).as_posix()
