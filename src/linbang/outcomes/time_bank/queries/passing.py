"""Who is to have somebody's savings, and what waits to be passed on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import mask_name
from linbang.foundation.people.models import Person
from linbang.foundation.places.queries import within_any
from linbang.outcomes.time_bank.choices import EstateCause
from linbang.outcomes.time_bank.models import Estate, Nomination
from linbang.outcomes.time_bank.queries.schemes import scheme_of
from linbang.outcomes.time_bank.queries.wallets import Kin, kin_with_relation


@dataclass(frozen=True, slots=True)
class EstateRow:
    """Savings that wait to be passed on, as the desk lists them; names masked."""

    person_id: UUID
    name: str
    heir: str
    cause: str
    opened_at: datetime
    is_proposed: bool
    proposed_by_id: int | None
    document: str


def heirs_for(person: Person, *, now: datetime) -> list[Kin]:
    """Return whom a person may name: her registered direct relatives of any age; two queries."""
    scheme = scheme_of(person.region_id, at=now)
    return [kin for kin in kin_with_relation(person) if kin.relation in scheme.relatives]


def nomination_of(person: Person) -> Nomination | None:
    """Return whom a person named last, if she did."""
    return (
        Nomination.objects.filter(cell=person.cell, person=person, ended_at=None)
        .select_related("heir")
        .first()
    )


def heir_id_of(person: Person) -> int | None:
    """Return who is to have a person's savings; None means the pool."""
    nomination = nomination_of(person)
    return nomination.heir_id if nomination else None


def lock_estate(person: Person) -> Estate | None:
    """Return what a person left and waits to be passed on, locked."""
    return (
        Estate.objects.select_for_update(of=("self",), no_key=True)
        .filter(cell=person.cell, person=person, done_at=None)
        .select_related("heir", "person")
        .first()
    )


def open_estates_of(person: Person) -> QuerySet[Estate]:
    """Return what a person left and waits to be passed on: one at most."""
    return Estate.objects.filter(cell=person.cell, person=person, done_at=None).select_related(
        "person", "heir"
    )


def estates_on_desk(actor: Actor) -> QuerySet[Estate]:
    """Return what waits to be passed on in the actor's places, the oldest first."""
    return (
        Estate.objects.filter(
            within_any("region_id", actor.regions_for(Permission.VERIFY_RECORDS)), done_at=None
        )
        .select_related("person", "heir")
        .order_by("opened_at", "id")
    )


def estate_rows(estates: Iterable[Estate]) -> list[EstateRow]:
    """Return estates as the desk lists them; no query of its own."""
    return [
        EstateRow(
            person_id=estate.person.public_id,
            name=mask_name(estate.person.name),
            heir=mask_name(estate.heir.name) if estate.heir else "",
            cause=str(EstateCause(estate.cause).label),
            opened_at=estate.opened_at,
            is_proposed=estate.proposed_at is not None,
            proposed_by_id=estate.proposed_by_id,
            document=estate.document,
        )
        for estate in estates
    ]
