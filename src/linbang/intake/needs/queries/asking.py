"""Who may ask for whom, who is calling, and where they live."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import mask_phone
from linbang.foundation.errors import NotFound
from linbang.foundation.people.models import Kinship, Person
from linbang.foundation.places.choices import RegionLevel
from linbang.foundation.places.models import Station
from linbang.foundation.places.queries import lineage
from linbang.foundation.places.rules import ancestor_codes, short_name
from linbang.intake.care.models import CareListing


def people_spoken_for(person_id: int | None) -> QuerySet[Person]:
    """Return the people for whom this person is confirmed kin or guardian."""
    return Person.objects.filter(
        closed_at=None,
        pk__in=Kinship.objects.filter(relative_id=person_id, ended_at=None)
        .exclude(confirmed_at=None)
        .values("person_id"),
    ).order_by("id")


def people_to_ask_for(actor: Actor) -> list[Person]:
    """Return whom the actor may ask for: herself first, then her relatives; one query.

    Raises NotFound if she has closed her record.
    """
    found = Person.objects.filter(
        Q(pk=actor.person_id) | Q(pk__in=people_spoken_for(actor.person_id).values("pk")),
        closed_at=None,
    )
    people = sorted(found, key=lambda person: (person.pk != actor.person_id, person.pk))
    if not people or people[0].pk != actor.person_id:
        raise NotFound
    return people


def has_care_listing(actor: Actor, person: Person) -> bool:
    """Tell whether a person stands on the care register, to those who may know."""
    return (
        actor.may(Permission.SEE_CARE, region=person.region_id)
        and CareListing.objects.filter(
            cell=person.cell, person_id=person.pk, ended_on=None
        ).exists()
    )


def station_for(region_code: str) -> Station | None:
    """Return the nearest station above a place: the one to telephone."""
    return (
        Station.objects.filter(region_id__in=ancestor_codes(region_code))
        .annotate(depth=Length("region_id"))
        .order_by("-depth", "id")
        .first()
    )


def address_of(person: Person) -> str:
    """Return where a person is visited: community, building and door."""
    names = [
        short_name(region.name)
        for region in lineage(person.region_id)
        if region.level in (RegionLevel.COMMUNITY, RegionLevel.BUILDING)
    ]
    return " ".join([*names, person.address]).strip()


def place_of(person: Person) -> str:
    """Return a person's address down to the building, as lists may show it."""
    return address_of(person).removesuffix(person.address).strip()


@dataclass(frozen=True)
class MeetingPoint:
    """Who is visited where, and whom to ring: masked, to be looked over before sending."""

    who: str
    place: str
    phone: str


def meeting_point(person: Person, *, asker_id: int | None) -> MeetingPoint:
    """Return what a request for this person will say, to herself or to a relative."""
    phone = person.phone
    if not phone and asker_id not in (None, person.pk):
        phone = Person.objects.get(pk=asker_id).phone
    return MeetingPoint(person.name, place_of(person), mask_phone(phone))
