"""Reads of the care register. Categories never leave it: no export asks these queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotFound
from linbang.foundation.people.choices import ConsentKind
from linbang.foundation.people.models import Consent, Person
from linbang.foundation.people.queries import people_visible_to, place_names
from linbang.foundation.places.queries import within_any
from linbang.intake.care.choices import CareCategory
from linbang.intake.care.models import CareListing, category_digest


@dataclass(frozen=True)
class CareCount:
    """How many people, and behind how many doors, stand in a category."""

    category: CareCategory
    people: int
    households: int


def care_counts(prefix: str, *, day: date | None = None) -> dict[CareCategory, CareCount]:
    """Count people and households by category in a region's subtree, now or on a day.

    One query over ``care_by_region``, opening no category: the keyed hashes are compared.
    """
    listed = CareListing.objects.filter(within_any("region_id", [prefix]), person__closed_at=None)
    if day is None:
        listed = listed.filter(ended_on=None)
    else:
        listed = listed.filter(Q(ended_on=None) | Q(ended_on__gt=day), listed_on__lte=day)
    # Somebody without a household counts as one; person ids are made negative to keep apart.
    door = Coalesce("person__household_id", -1 * Coalesce("person_id", 0))
    found = {
        row["category_digest"]: (row["people"], row["households"])
        for row in listed.values("category_digest").annotate(
            people=Count("person_id", distinct=True), households=Count(door, distinct=True)
        )
    }
    return {category: _count(category, found) for category in CareCategory}


def _count(category: CareCategory, found: dict[str, tuple[int, int]]) -> CareCount:
    return CareCount(category, *found.get(category_digest(category), (0, 0)))


def care_visible_to(actor: Actor) -> QuerySet[CareListing]:
    """Return the listings in force of the regions where the actor may see care, else none."""
    listings = CareListing.objects.filter(ended_on=None, person__closed_at=None)
    if not actor.is_system:
        listings = listings.filter(within_any("region_id", actor.regions_for(Permission.SEE_CARE)))
    return listings.select_related("person")


@dataclass(frozen=True)
class CareRow:
    """One line of the register."""

    id: int
    person_id: UUID
    name: str
    place: str
    category: str
    note: str
    listed_on: date


def register(actor: Actor, *, category: str = "") -> QuerySet[CareListing]:
    """Return the visible register, of one category if given, the oldest first."""
    listings = care_visible_to(actor)
    if category:
        listings = listings.filter(category_digest=category_digest(category))
    return listings.order_by("listed_on", "id")


def care_rows(listings: Iterable[CareListing]) -> list[CareRow]:
    """Return one page of the register as lines; one query for the places."""
    listings = list(listings)
    places = place_names(listing.region_id for listing in listings)
    return [
        CareRow(
            id=listing.pk,
            person_id=listing.person.public_id,
            name=listing.person.name,
            place=places[listing.region_id],
            category=str(CareCategory(listing.category).label),
            note=listing.note,
            listed_on=listing.listed_on,
        )
        for listing in listings
    ]


def person_in_care_of(actor: Actor, public_id: UUID) -> Person:
    """Return a person whose categories the actor may see. Raises NotFound."""
    found = people_visible_to(actor).filter(public_id=public_id)
    if not actor.is_system:
        found = found.filter(within_any("region_id", actor.regions_for(Permission.SEE_CARE)))
    person = found.first()
    if person is None:
        raise NotFound
    return person


def has_separate_consent(person_id: int) -> bool:
    """Tell whether the person agreed to the keeping of sensitive data (rule 80)."""
    return Consent.objects.filter(
        person_id=person_id, text__kind=ConsentKind.SENSITIVE, withdrawn_at=None
    ).exists()


def lock_listing(listing_id: int) -> CareListing:
    """Return a listing and its person, locked. Raises NotFound."""
    listing = (
        CareListing.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(pk=listing_id)
        .first()
    )
    if listing is None:
        raise NotFound
    return listing


def counts_visible_to(actor: Actor) -> list[CareCount]:
    """Return the counts of every category over the actor's regions; one query a region."""
    totals = dict.fromkeys(CareCategory, (0, 0))
    for prefix in actor.regions_for(Permission.SEE_CARE):
        for category, count in care_counts(prefix).items():
            people, households = totals[category]
            totals[category] = (people + count.people, households + count.households)
    return [CareCount(category, *total) for category, total in totals.items()]
