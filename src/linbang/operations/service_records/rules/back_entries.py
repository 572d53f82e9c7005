"""What may be entered afterwards, and how a pasted list is read (rules 34, 38, 42 and 46)."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from linbang.foundation import files
from linbang.foundation.clock import CHINA
from linbang.operations.service_records import errors
from linbang.operations.service_records.rules.crediting import Window

PEOPLE_MAX = 50
SEGMENTS_MAX = 10
EVIDENCE_BYTES_MAX = 5 * 1024 * 1024
# The words of the declaration that is ticked; a changed text gets the next number.
DECLARATION_VERSION = 1

_DATE = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")
_TIME = re.compile(r"^(\d{1,2}):(\d{2})(?::00)?$")
# Tabs come from a spreadsheet, commas from a file; a run of blanks parts as well.
_PARTS = re.compile(r"\s*[\t,，、;]\s*|\s+")
_HEADINGS = ("姓名", "编号", "志愿者", "name", "number")


@dataclass(frozen=True)
class EntryLine:
    """One line of a list: who, by number or name, and from when to when on a day."""

    who: str
    day: date
    came: time
    left: time


def parse_lines(text: str) -> list[EntryLine]:
    """Return the lines of a pasted list: number or name, day, from, to; a heading is skipped.

    Raises LineUnreadable with the number of the first line that cannot be read.
    """
    lines: list[EntryLine] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = unicodedata.normalize("NFKC", raw).strip().strip(",")
        if not line or (not lines and line.lower().startswith(_HEADINGS)):
            continue
        lines.append(_parse_line(line, number))
    return lines


def _parse_line(line: str, number: int) -> EntryLine:
    parts = [part for part in _PARTS.split(line) if part]
    # A foreign name has blanks of its own.
    who, rest = " ".join(parts[:-3]), parts[-3:]
    try:
        day, came, left = _day(rest[0]), _time(rest[1]), _time(rest[2])
    except (AttributeError, IndexError, ValueError) as error:
        raise errors.LineUnreadable(field="text", number=number) from error
    if not who:
        raise errors.LineUnreadable(field="text", number=number)
    return EntryLine(who, day, came, left)


def _day(text: str) -> date:
    return date(*map(int, _DATE.match(text).groups()))  # type: ignore[union-attr]  # caught above


def _time(text: str) -> time:
    hour, minute = map(int, _TIME.match(text).groups())  # type: ignore[union-attr]  # caught above
    return time(hour % 24 if (hour, minute) == (24, 0) else hour, minute)


def entry_window(line: EntryLine) -> Window:
    """Return when a line says somebody served; 00:00 as its end is midnight (rule 34).

    Raises EntryEmpty, EntryOverMidnight.
    """
    starts_at = datetime.combine(line.day, line.came, CHINA)
    ends_at = datetime.combine(line.day, line.left, CHINA)
    if line.left == time(0):
        ends_at += timedelta(days=1)
    if starts_at == ends_at:
        raise errors.EntryEmpty
    if ends_at < starts_at:
        raise errors.EntryOverMidnight
    return Window(starts_at, ends_at)


def require_past(window: Window, *, now: datetime) -> None:
    """Refuse what has not been served yet (rule 34). Raises EntryInFuture."""
    if window.ends_at > now:
        raise errors.EntryInFuture


def require_apart(windows: Sequence[Window]) -> None:
    """Refuse windows of one person that overlap (rule 34). Raises EntryOverlaps."""
    ordered = sorted(windows, key=lambda one: one.starts_at)
    if any(one.ends_at > after.starts_at for one, after in pairwise(ordered)):
        raise errors.EntryOverlaps


def require_entry_size(lines: Iterable[EntryLine]) -> None:
    """Refuse nobody, more than 50 people, or more than 10 segments of one (rule 46).

    Raises EntryWithoutLines, EntryTooLong.
    """
    counted = Counter(line.who for line in lines)
    if not counted:
        raise errors.EntryWithoutLines(field="text")
    if len(counted) > PEOPLE_MAX or max(counted.values()) > SEGMENTS_MAX:
        raise errors.EntryTooLong(field="text")


def require_evidence(content: bytes) -> str:
    """Return the media type of a proof by its first bytes, whatever its name says.

    Raises EvidenceMissing, EvidenceTooLarge, EvidenceUnreadable.
    """
    if not content:
        raise errors.EvidenceMissing(field="evidence")
    if len(content) > EVIDENCE_BYTES_MAX:
        raise errors.EvidenceTooLarge(field="evidence", megabytes=EVIDENCE_BYTES_MAX // 1024**2)
    if (media_type := files.media_type_of(content)) not in files.PHOTOS | {files.PDF}:
        raise errors.EvidenceUnreadable(field="evidence")
    return media_type


def require_told(*, reason: str, declares: bool) -> None:
    """Refuse an entry without a reason or the declaration (rules 39 and 42).

    Raises EntryReasonMissing, DeclarationMissing.
    """
    if not reason.strip():
        raise errors.EntryReasonMissing(field="reason")
    if not declares:
        raise errors.DeclarationMissing(field="declares")


def planned_for(window: Window, shifts: Iterable[Window]) -> Window | None:
    """Return the shift that holds most of a window, of equal ones the first; None for none."""
    best, most = None, 0.0
    for shift in shifts:
        held = min(window.ends_at, shift.ends_at) - max(window.starts_at, shift.starts_at)
        if held.total_seconds() > most:
            best, most = shift, held.total_seconds()
    return best
