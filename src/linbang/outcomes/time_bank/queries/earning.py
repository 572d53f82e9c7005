"""What the limits are counted from: what was kept of a day, what is owed."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import F, Q

from linbang.foundation.clock import day_window, local_date
from linbang.foundation.ledger.models import Account
from linbang.operations.dispatch.choices import SignUpChannel
from linbang.operations.service_records.models import RecordVerification, ServiceRecord
from linbang.outcomes.time_bank.models import Adjustment, Posting, Shortfall

# Whoever came because a team or unit was signed up served for it.
GROUP_CHANNELS = frozenset({SignUpChannel.TEAM, SignUpChannel.RESERVED})


def verifications_of(record_ids: Sequence[int]) -> list[RecordVerification]:
    """Return the verifications of records with all that decides how they are banked."""
    return list(
        RecordVerification.objects.filter(record_id__in=record_ids)
        .select_related("record__person", "record__attendance__sign_up")
        .order_by("record_id")
    )


def record_to_bank(record_id: int) -> ServiceRecord:
    """Return one record with all that decides how it is banked."""
    return ServiceRecord.objects.select_related("person", "attendance__sign_up").get(pk=record_id)


def is_group_service(record: ServiceRecord) -> bool:
    """Tell whether a record is of a place that a team or unit was signed up for (rule 74)."""
    attendance = record.attendance
    return attendance is not None and attendance.sign_up.channel in GROUP_CHANNELS


def postings_of(record_ids: Sequence[int]) -> dict[int, Posting]:
    """Return what was banked already, by record."""
    found = Posting.objects.filter(record_id__in=record_ids).select_related("transfer", "record")
    return {posting.record_id: posting for posting in found}


def day_kept_of(records: Collection[ServiceRecord]) -> dict[tuple[int, date], int]:
    """Return what people kept already for services on the days of these records; two queries.

    By the day of service, as the hours of a day are counted (rule 37). Index: record_by_person.
    """
    days = {local_date(record.starts_at) for record in records}
    about = {
        "record__cell__in": {record.cell for record in records},
        "record__person_id__in": {record.person_id for record in records},
        "record__starts_at__gte": day_window(min(days))[0],
        "record__starts_at__lt": day_window(max(days))[1],
    }
    kept: dict[tuple[int, date], int] = defaultdict(int)
    for model in (Posting, Adjustment):
        rows = model.objects.filter(**about).values_list(
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
        .filter(account_id__in=account_ids, settled__lt=F("minutes"))
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
