"""Branches: the savings of a region by community, street and district (公益储蓄分中心)."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from linbang.foundation.places.models import Region
from linbang.foundation.places.rules import prefix_range, short_name
from linbang.outcomes.time_bank.choices import EARNING
from linbang.outcomes.time_bank.queries.places import Window, child_digits, child_regions
from linbang.outcomes.time_bank.queries.sql import rows


@dataclass(frozen=True, slots=True)
class BranchFigures:
    """The savings of a branch, in minutes. ``guests_…``: what people from elsewhere brought and
    took at its counter; ``away_…``: what its own savers did at others.
    """

    savers: int = 0
    balance: int = 0
    earned: int = 0
    received: int = 0
    spent: int = 0
    granted: int = 0
    pooled: int = 0
    guests_in: int = 0
    guests_out: int = 0
    away_in: int = 0
    away_out: int = 0

    @property
    def crosses(self) -> bool:
        """Somebody from elsewhere was served here, or one of ours elsewhere."""
        return any((self.guests_in, self.guests_out, self.away_in, self.away_out))

    def __add__(self, other: "BranchFigures") -> "BranchFigures":
        return BranchFigures(
            *(getattr(self, one.name) + getattr(other, one.name) for one in fields(self))
        )


@dataclass(frozen=True, slots=True)
class Branch:
    """One line: a branch right below, or what belongs to none of them."""

    code: str
    name: str
    figures: BranchFigures


@dataclass(frozen=True, slots=True)
class BranchReport:
    """A region's savings in a window, in all and by branch."""

    total: BranchFigures
    branches: tuple[Branch, ...]

    @property
    def crossing(self) -> list[Branch]:
        """The branches where somebody was served away from home."""
        return [one for one in self.branches if one.figures.crosses]


def branch_report(region: Region, *, window: Window) -> BranchReport:
    """Return the savings of a region and of the branches right below it; two queries.

    Balances are of now and count where savers live; what moved is counted in the window. The
    crossings of the total are between its branches and the rest of the world together.
    """
    low, high = prefix_range(region.code)
    found = {
        row.pop("code"): BranchFigures(**row)
        for row in rows(
            "branches",
            {
                "low": low,
                "high": high,
                "digits": child_digits(region.code),
                "starts_at": window.starts_at,
                "ends_at": window.ends_at,
                "earning": list(EARNING),
            },
        )
    }
    children = child_regions(region.code)
    total = sum(found.values(), BranchFigures())
    return BranchReport(total=total, branches=tuple(_branches(children, found)))


def _branches(children: Iterable[Region], found: dict[str, BranchFigures]) -> Iterable[Branch]:
    codes = set()
    for child in children:
        codes.add(child.code)
        yield Branch(child.code, short_name(child.name), found.get(child.code, BranchFigures()))
    if not codes:
        return
    rest = sum((one for code, one in found.items() if code not in codes), BranchFigures())
    if rest != BranchFigures():
        yield Branch("", "", rest)
