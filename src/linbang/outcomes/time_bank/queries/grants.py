"""Who is granted time, and what is left of grants."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Sum

from linbang.foundation.ledger.models import Account, Entry
from linbang.intake.care.choices import CareCategory
from linbang.intake.care.models import CareListing, category_digest
from linbang.outcomes.time_bank import rules
from linbang.outcomes.time_bank.models import Grant
from linbang.outcomes.time_bank.queries.schemes import schemes_of
from linbang.outcomes.time_bank.rules import Scheme


@dataclass(frozen=True, slots=True)
class Elder:
    """Somebody on the care register who is granted time this month, and by which scheme."""

    person_id: int
    cell: str
    region_id: str
    scheme: Scheme


def cells_with_care() -> list[str]:
    """Return the cells that have somebody on the care register; one query."""
    return sorted(
        CareListing.objects.filter(ended_on=None).values_list("cell", flat=True).distinct()
    )


def elders_to_grant(cell: str, *, month: date, at: datetime) -> list[Elder]:
    """Return who is to be granted a month's time and was not yet, the longest listed first.

    Three queries. Categories stay sealed: their keyed hashes are compared (rule 80).
    """
    granted = set(Grant.objects.filter(cell=cell, month=month).values_list("person_id", flat=True))
    by_digest = {category_digest(category): category for category in CareCategory}
    listings = (
        CareListing.objects.filter(
            cell=cell, ended_on=None, person__closed_at=None, person__confirmed_at__isnull=False
        )
        .order_by("listed_on", "id")
        .values_list("person_id", "category_digest", "person__birth_date", "person__region_id")
    )
    categories: dict[int, set[CareCategory]] = defaultdict(set)
    about: dict[int, tuple[date, str]] = {}
    for person_id, digest, birth_date, region_id in listings:
        if digest in by_digest:
            categories[person_id].add(by_digest[digest])
        about.setdefault(person_id, (birth_date, region_id))
    schemes = schemes_of({region_id for _, region_id in about.values()}, at=at)
    return [
        Elder(person_id, cell, region_id, schemes[region_id])
        for person_id, (birth_date, region_id) in about.items()
        if person_id not in granted
        and rules.is_granted(
            schemes[region_id],
            categories=categories[person_id],
            birth_date=birth_date,
            month=month,
        )
    ]


def grants_to_return(*, at: datetime, limit: int) -> list[Grant]:
    """Return grants that are over and promised nowhere, with their books; one query."""
    return list(
        Grant.objects.filter(expires_at__lte=at, returned=None, account__held=0)
        .select_related("account")
        .order_by("cell", "id")[:limit]
    )


def givers_of(grants: Sequence[Grant]) -> dict[int, int]:
    """Return which book each grant was paid from, by grant; one query."""
    by_transfer = dict(
        Entry.objects.filter(
            cell__in={one.cell for one in grants},
            transfer_id__in=[one.transfer_id for one in grants],
            amount__lt=0,
        ).values_list("transfer_id", "account_id")
    )
    return {one.pk: by_transfer[one.transfer_id] for one in grants}


def grant_books(person_id: int, *, cell: str, at: datetime) -> list[Account]:
    """Return the books of a person's grants that can be spent now, what ends first, first.

    They are spent before what was saved (rule 71); one query.
    """
    return [
        grant.account
        for grant in Grant.objects.filter(cell=cell, person_id=person_id, returned=None)
        .exclude(expires_at__lte=at)
        .filter(account__balance__gt=F("account__held"))
        .select_related("account")
        .order_by(F("expires_at").asc(nulls_last=True), "id")
    ]


def granted_minutes(person_id: int, *, cell: str, at: datetime) -> int:
    """Return what is left of a person's grants, promised or not; one query."""
    left = (
        Grant.objects.filter(cell=cell, person_id=person_id, returned=None)
        .exclude(expires_at__lte=at)
        .aggregate(left=Sum("account__balance"))["left"]
    )
    return int(left or 0)
