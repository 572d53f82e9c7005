"""Proving the books: the ledger's own rules, and that every unit in them is explained."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from linbang.foundation.access.choices import Role
from linbang.foundation.access.models import RoleGrant
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.ledger import queries as ledger
from linbang.foundation.ledger.rules import BookFault
from linbang.foundation.places.rules import ancestor_codes
from linbang.outcomes.time_bank.queries.sql import rows


@dataclass(frozen=True, slots=True)
class BookTotals:
    """What the books of a cell hold, in minutes; ``held`` is promised and still in its book."""

    cell: str
    issued: int
    personal: int
    team: int
    station: int
    pool: int
    granted: int
    held: int

    @property
    def kept(self) -> int:
        """All that is in books, which is all that was issued."""
        return self.personal + self.team + self.station + self.pool + self.granted


def check_bank(*, cell: str | None = None, now: datetime) -> list[BookFault]:
    """Look for everything in the savings that must never be; empty means every unit is explained.

    One statement over a cell or over all; it changes nothing.
    """
    return [BookFault(**row) for row in rows("check_bank", {"cell": cell, "now": now})]


def check_books(*, cell: str | None = None, now: datetime) -> list[BookFault]:
    """Return the ledger's faults, then the bank's."""
    return [*ledger.check_books(cell=cell), *check_bank(cell=cell, now=now)]


def book_totals(*, cell: str | None = None) -> list[BookTotals]:
    """Return what the books of each cell hold; one statement."""
    return [BookTotals(**row) for row in rows("book_totals", {"cell": cell})]


def who_answers_for_books(cells: Collection[str]) -> list[int]:
    """Return the district officers of these cells and the system administrators; one query."""
    codes = {code for cell in cells for code in ancestor_codes(cell)}
    grants = RoleGrant.objects.filter(ended_at=None, account__person__isnull=False).filter(
        Q(role=Role.SYSTEM_ADMIN) | Q(role=Role.DISTRICT_OFFICER, region_id__in=codes)
    )
    return sorted(set(grants.values_list("account__person__id", flat=True)))


def last_proof() -> AuditEvent | None:
    """Return what the last nightly check left in the trail; one query."""
    return AuditEvent.objects.filter(action="time_bank.check_books").order_by("-id").first()
