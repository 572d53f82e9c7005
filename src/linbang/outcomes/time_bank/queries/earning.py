"""What the limits are counted from: what was kept of a day, what is owed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q

from linbang.foundation.clock import day_window, local_date
from linbang.foundation.db import among
from linbang.foundation.ledger.models import Account
from linbang.operations.dispatch.choices import SignUpChannel
from linbang.operations.service_records.models import ServiceRecord
from linbang.outcomes.time_bank.models import Adjustment, Posting, Shortfall

# Whoever came because a team or unit was signed up served for it.
GROUP_CHANNELS = frozenset({SignUpChannel.TEAM, SignUpChannel.RESERVED})


@dataclass(frozen=True, slots=True)
class Earning:
    """A record with all that decides how it is banked."""

    record_id: int
    cell: str
    person_id: int
    starts_at: datetime
    region_code: str
    home: str
    birth_date: date
    sex: str
    verified: int | None
    channel: str | None

    @property
    def minutes(self) -> int:
        """What was verified; nothing while nobody did."""
        return self.verified or 0

    @property
    def is_group(self) -> bool:
        """Tell whether it is of a place that a team or unit was signed up for (rule 74)."""
        return self.channel in GROUP_CHANNELS

    @property
    def day(self) -> date:
        """The day of service."""
        return local_date(self.starts_at)


_EARNING = (
    *("pk", "cell", "person_id", "starts_at", "region_id"),
    *("person__region_id", "person__birth_date", "person__sex"),
    *("verification__minutes", "attendance__sign_up__channel"),
)


def earnings_of(record_ids: Sequence[int]) -> list[Earning]:
    """Return verified records as they are banked; one query. Others are not among them."""
    return _earnings(record_ids, verification__isnull=False)


def earning_of(record_id: int) -> Earning:
    """Return one record as it is banked, or would be."""
    [earning] = _earnings([record_id])
    return earning


def _earnings(record_ids: Sequence[int], **conditions: bool) -> list[Earning]:
    records = ServiceRecord.objects.filter(among("pk", record_ids), **conditions)
    rows: Iterable[Any] = records.order_by("pk").values_list(*_EARNING)
    return [Earning(*columns) for columns in rows]


def postings_of(record_ids: Sequence[int]) -> dict[int, Posting]:
    """Return what was banked already, by record."""
    found = Posting.objects.filter(among("record_id", record_ids))
    return {posting.record_id: posting for posting in found}


def day_kept_of(earnings: Collection[Earning]) -> dict[tuple[int, date], int]:
    """Return what people kept already for services on the days of these records; two queries.

    By the day of service, as the hours of a day are counted (rule 37). Index: record_by_person.
    """
    days = {one.day for one in earnings}
    people = {one.person_id for one in earnings}
    about = {
        "record__cell__in": {one.cell for one in earnings},
        "record__starts_at__gte": day_window(min(days))[0],
        "record__starts_at__lt": day_window(max(days))[1],
    }
    kept: dict[tuple[int, date], int] = defaultdict(int)
    for model in (Posting, Adjustment):
        rows = model.objects.filter(among("record__person_id", people), **about).values_list(
            "record__person_id", "record__starts_at", F("minutes") - F("pooled")
        )
        for person_id, starts_at, minutes in rows:
            kept[person_id, local_date(starts_at)] += minutes
    return dict(kept)


def banked_of(record_id: int, *, cell: str) -> tuple[int, int]:
    """Return a record's minutes in the books, and the pool's part of them; two queries."""
    minutes = pooled = 0
    for model in (Posting, Adjustment):
        found = model.objects.filter(cell=cell, record_id=record_id)
        for more, of_pool in found.values_list("minutes", "pooled"):
            minutes, pooled = minutes + more, pooled + of_pool
    return minutes, pooled


def adjustment_under(key: str, *, cell: str) -> Adjustment | None:
    """Return what was adjusted under a key."""
    return Adjustment.objects.filter(cell=cell, key=key).first()


def voids_of(record_id: int, *, cell: str) -> list[Adjustment]:
    """Return a record's voids and restorations, in their order; one query."""
    return list(
        Adjustment.objects.filter(cell=cell, record_id=record_id)
        .filter(Q(key__startswith="void:") | Q(key__startswith="restore:"))
        .order_by("id")
    )


def lock_shortfalls(account_ids: Collection[int]) -> list[Shortfall]:
    """Return what books owe, the oldest first, locked. Index: shortfall_open."""
    return list(
        Shortfall.objects.select_for_update()
        .filter(among("account_id", account_ids), settled__lt=F("minutes"))
        .order_by("id")
    )


def lock_books(accounts: Collection[Account]) -> dict[int, Account]:
    """Return the books as they are now, locked in the order in which transfers lock them."""
    found = (
        Account.objects.select_for_update(no_key=True)
        .filter(cell__in={one.cell for one in accounts}, pk__in={one.pk for one in accounts})
        .order_by("cell", "id")
    )
    return {account.pk: account for account in found}
