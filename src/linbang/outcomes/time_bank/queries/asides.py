"""What stands beside a saver's balance."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from linbang.foundation.people.models import Person
from linbang.foundation.places.rules import short_name
from linbang.outcomes.time_bank import rules
from linbang.outcomes.time_bank.models import Movement
from linbang.outcomes.time_bank.queries.sql import rows


@dataclass(frozen=True, slots=True)
class Asides:
    """In minutes: left of this month's grant, given to the pool in all, still to be paid back."""

    granted: int
    pooled: int
    owed: int


def asides_of(person: Person, *, at: datetime) -> Asides:
    """Return what stands beside a person's balance; one query."""
    [row] = rows(
        "asides",
        {
            "cell": person.cell,
            "person": person.pk,
            "owner": rules.owner_of(person.pk),
            "at": at,
        },
    )
    return Asides(**row)


def branches_of(transfer_ids: Collection[int], *, person_id: int, cell: str) -> dict[int, str]:
    """Return which branch served, by transfer; one query."""
    found = Movement.objects.filter(
        cell=cell, person_id=person_id, transfer_id__in=transfer_ids
    ).values_list("transfer_id", "branch__name")
    return {transfer_id: short_name(name) for transfer_id, name in found}
