"""Which characters can be printed: the product's own fonts, and the system's where it has more."""

from collections.abc import Collection, Iterator, Sequence
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parents[1] / "fonts"
OWN = FONTS / "LinbangSerif-Regular.otf"
# Where Debian's fonts-noto-cjk and its relatives elsewhere put the full collection.
SYSTEM = (
    Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"),
    Path("/usr/share/fonts/noto-cjk/NotoSerifCJK-Regular.ttc"),
    Path("/usr/share/fonts/google-noto-serif-cjk-vf-fonts/NotoSerifCJK-VF.ttc"),
)
_SIMPLIFIED = 2


class FontSets(Sequence[Collection[int]]):
    """Code points font by font, the system's read only when somebody asks for it."""

    def __init__(self, system: Path | None) -> None:
        self._files = [(OWN, -1), *([(system, _SIMPLIFIED)] if system else [])]

    def __len__(self) -> int:
        return len(self._files)

    def __getitem__(self, index: int) -> Collection[int]:  # type: ignore[override]  # never sliced
        return _points(*self._files[index])

    def __iter__(self) -> Iterator[Collection[int]]:
        return (_points(*file) for file in self._files)


def system_font() -> Path | None:
    """Return the full Noto Serif CJK of this machine, if it has one."""
    return next((path for path in SYSTEM if path.exists()), None)


def printable() -> FontSets:
    """Return what can be printed here."""
    return FontSets(system_font())


def needs_system_font(text: str) -> bool:
    """Tell whether a text has characters beyond the product's own font."""
    own = _points(OWN, -1)
    return any(ord(character) not in own for character in text if not character.isspace())


@cache
def _points(path: Path, number: int) -> frozenset[int]:
    with TTFont(path, fontNumber=number, lazy=True) as font:
        return frozenset(font.getBestCmap())
