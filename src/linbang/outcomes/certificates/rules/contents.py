"""What stands on a certificate, and when there is none."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from linbang.outcomes.certificates.choices import CertificateState
from linbang.outcomes.certificates.errors import (
    CharacterMissing,
    NothingToCertify,
    PeriodUpsideDown,
    TooMuchToCertify,
)

LINES_MAX = 600  # about thirty sheets; an office reads no more


@dataclass(frozen=True, slots=True)
class Line:
    """One service: when, what, recorded by which unit, how many minutes, how proved.

    ``starts`` and ``ends`` are the times of day in China. Source: Order 67, article 15; rule 48.
    """

    day: str
    starts: str
    ends: str
    content: str
    unit: str
    minutes: int
    proved: bool

    def plain(self) -> dict[str, Any]:
        """Return the line as it is frozen."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Contents:
    """All lines with their sums; proved and entered minutes stay apart (rule 38)."""

    lines: tuple[Line, ...]
    proved: int
    entered: int

    @property
    def minutes(self) -> int:
        return self.proved + self.entered

    @property
    def units(self) -> tuple[str, ...]:
        """The recording units, each once, in the order they come."""
        return tuple(dict.fromkeys(line.unit for line in self.lines))


def contents_of(lines: Iterable[Line]) -> Contents:
    """Sum lines up, leaving out those that count nothing."""
    counted = tuple(line for line in lines if line.minutes > 0)
    return Contents(
        lines=counted,
        proved=sum(line.minutes for line in counted if line.proved),
        entered=sum(line.minutes for line in counted if not line.proved),
    )


def require_certifiable(contents: Contents) -> None:
    """Refuse zero hours (rule 47) and more than anybody reads.

    Raises NothingToCertify, TooMuchToCertify.
    """
    if contents.minutes == 0:
        raise NothingToCertify
    if len(contents.lines) > LINES_MAX:
        raise TooMuchToCertify(field="first", count=len(contents.lines), most=LINES_MAX)


def require_period(first: date, last: date, *, today: date) -> None:
    """Refuse a period that ends before it begins, or in the future. Raises PeriodUpsideDown."""
    if last < first or last > today:
        raise PeriodUpsideDown(field="last")


def require_printable(texts: Iterable[str], *, printable: Sequence[Collection[int]]) -> None:
    """Refuse a character that no font has. Raises CharacterMissing.

    ``printable`` are code points font by font; a wide one is asked only for what the first lacks.
    """
    wanted = {ord(character) for text in texts for character in text if not character.isspace()}
    for font in printable:
        wanted = {point for point in wanted if point not in font}
        if not wanted:
            return
    if wanted:
        raise CharacterMissing(characters="".join(map(chr, sorted(wanted))))


def state_of(ends: Collection[str]) -> CertificateState:
    """Return what several ends leave of a certificate: revoked says more than superseded."""
    for state in (CertificateState.REVOKED, CertificateState.SUPERSEDED):
        if state in ends:
            return state
    return CertificateState.VALID
