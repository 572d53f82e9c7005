"""The press: Typst, kept warm, one for each sheet and set of fonts. Plain values in, bytes out."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from threading import Lock
from typing import Any, Literal, cast

import segno
import typst

from linbang.outcomes.certificates import queries

Sheet = Literal["certificate", "cards"]
_SHEETS = queries.FONTS.parent / "typst"
_MASK = 3
_BORDER = 2
_DARK = re.compile(rb"\x01+")
# A compiler remembers what it set before: nobody else may speak to it meanwhile.
_lock = Lock()


def pdf(sheet: Sheet, data: Mapping[str, Any], *, made_at: datetime, wide: bool = False) -> bytes:
    """Print a sheet as PDF/A-2b with the characters it uses embedded.

    wide: also the system's full Noto, for characters beyond the product's own.
    """
    with _lock:
        printed = _compiler(sheet, wide).compile(
            format="pdf",
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            pdf_standards=["a-2b"],
            timestamp=int(made_at.timestamp()),
        )
    return cast("bytes", printed)


def png(sheet: Sheet, data: Mapping[str, Any], *, wide: bool = False, ppi: int = 144) -> bytes:
    """Draw the first page of a sheet, to be kept by a long press where a PDF cannot be opened."""
    with _lock:
        drawn = _compiler(sheet, wide).compile(
            format="png",
            ppi=float(ppi),
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )
    return cast("bytes", drawn[0] if isinstance(drawn, list) else drawn)


def qr(address: str) -> str:
    """Return an address as an SVG picture for a sheet."""
    # One mask instead of the best of eight: signed words are random enough, and trying all of them
    # costs as much as setting the page.
    code = segno.make(address, error="m", mask=_MASK)
    size = len(code.matrix) + 2 * _BORDER
    # Drawn here: one line a run of dark modules, found as the bytes they are.
    lines = "".join(
        f"M{run.start() + _BORDER} {y}.5h{run.end() - run.start()}"
        for y, row in enumerate(code.matrix, start=_BORDER)
        for run in _DARK.finditer(bytes(row))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}">'
        f'<path stroke="#000" d="{lines}"/></svg>'
    )


@cache
def _compiler(sheet: Sheet, wide: bool) -> typst.Compiler:
    folders = [queries.FONTS]
    system = queries.system_font() if wide else None
    if system is not None:
        folders.append(system.parent)
    fonts = typst.Fonts(font_paths=folders, include_system_fonts=False)
    return typst.Compiler(_SHEETS / f"{sheet}.typ", root=_SHEETS, font_paths=fonts)
