"""The tables of levels: what each star asks for. A table never changes; a change is a version."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from linbang.outcomes.recognition.choices import STAR_MAX, SchemeCode


@dataclass(frozen=True)
class LevelTable:
    """One version of the levels; its code and version are stored with each application and star.

    ``hours``: what one to five stars ask for, reached at or above. ``is_yearly``: only the hours
    of the calendar year count. ``months_first``: how long one must have been a volunteer.
    """

    code: SchemeCode
    version: int
    hours: tuple[int, int, int, int, int]
    is_yearly: bool = False
    months_first: int = 0

    def minutes_for(self, star: int) -> int:
        """Return the minutes a star from 1 to 5 asks for."""
        return self.hours[star - 1] * 60

    def star_for(self, minutes: int) -> int:
        """Return the star that so many minutes reach; 0 for none. Source: rule 54."""
        return sum(minutes >= hours * 60 for hours in self.hours)

    def next_star(self, star: int) -> int | None:
        """Return the star above one; None above the highest."""
        return star + 1 if star < STAR_MAX else None

    def open_from(self, member_since: date) -> date:
        """Return the day from which a volunteer may apply."""
        return add_months(member_since, self.months_first)


# Source: domain handbook §3.4. Medals above five stars (Beijing) and the repetition of the fifth
# (Zhangjiagang) are no stars and left to the honours.
NATIONAL = LevelTable(SchemeCode.NATIONAL, 1, (100, 300, 600, 1000, 1500))
BEIJING = LevelTable(SchemeCode.BEIJING, 1, (100, 200, 500, 800, 1000))
STREET = LevelTable(SchemeCode.STREET, 1, (10, 20, 30, 40, 50), is_yearly=True, months_first=3)
ZHANGJIAGANG = LevelTable(SchemeCode.ZHANGJIAGANG, 1, (30, 60, 100, 200, 300))

TABLES: Mapping[tuple[str, int], LevelTable] = {
    (table.code, table.version): table for table in (NATIONAL, BEIJING, STREET, ZHANGJIAGANG)
}
DEFAULT_TABLE = NATIONAL


def table_named(code: str, version: int) -> LevelTable:
    """Return the table a star was granted by. Raises KeyError for one that never was."""
    return TABLES[code, version]


def newest_tables() -> tuple[LevelTable, ...]:
    """Return the newest version of each table, in the order of their codes."""
    newest = {table.code: table for table in sorted(TABLES.values(), key=lambda one: one.version)}
    return tuple(newest[code] for code in SchemeCode if code in newest)


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, or the last of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
