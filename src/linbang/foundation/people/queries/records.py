"""Single rows that actions work on."""

from datetime import date

from django.db.models import QuerySet

from linbang.foundation.access.choices import DirectoryKind
from linbang.foundation.access.models import DirectoryEntry
from linbang.foundation.errors import NotFound
from linbang.foundation.people import rules
from linbang.foundation.people.choices import ConsentKind
from linbang.foundation.people.errors import GuardianNeeded, NotAVolunteer, PersonClosed
from linbang.foundation.people.models import (
    ConsentText,
    Household,
    IdentityClaim,
    Kinship,
    Person,
    VolunteerProfile,
    phone_digest,
)
from linbang.foundation.places.models import Region
from linbang.foundation.places.queries import lineage
from linbang.foundation.places.rules import short_name


def lock_person(person_id: int) -> Person:
    """Return a person with the row locked. Raises NotFound or PersonClosed."""
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotFound
    if person.is_closed:
        raise PersonClosed
    return person


def records_waiting_for(phone: str) -> QuerySet[Person]:
    """Return the open records without an account that are reached under a phone."""
    return Person.objects.filter(
        phone_digest=phone_digest(phone), phone_digest__gt="", account=None, closed_at=None
    ).order_by("id")


def lock_record_waiting_for(phone: str, person_id: int) -> Person:
    """Return one of the records that wait for a phone, locked. Raises NotFound."""
    person = records_waiting_for(phone).select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotFound
    return person


def adult_with_id(person_id: int, *, today: date) -> Person:
    """Return an open, confirmed, adult person. Raises GuardianNeeded for anyone else."""
    person = Person.objects.filter(pk=person_id, closed_at=None, confirmed_at__isnull=False).first()
    if person is None or rules.needs_guardian(person.birth_date, today=today):
        raise GuardianNeeded
    return person


def guardians_of(person_id: int) -> list[int]:
    """Return the person ids of a person's confirmed guardians, the first declared first."""
    return list(
        Kinship.objects.filter(
            person_id=person_id, is_guardian=True, confirmed_at__isnull=False, ended_at=None
        )
        .order_by("id")
        .values_list("relative_id", flat=True)
    )


def current_text(kind: ConsentKind) -> ConsentText | None:
    """Return the newest published text of a kind."""
    return ConsentText.objects.filter(kind=kind).order_by("-version").first()


def is_volunteer(person_id: int) -> bool:
    """Tell whether the person is a volunteer now."""
    return VolunteerProfile.objects.filter(person_id=person_id, ended_at=None).exists()


def active_profile(person_id: int) -> VolunteerProfile:
    """Return the volunteer profile of a person. Raises NotAVolunteer."""
    profile = VolunteerProfile.objects.filter(person_id=person_id, ended_at=None).first()
    if profile is None:
        raise NotAVolunteer
    return profile


def home_point(code: str) -> Region:
    """Return the nearest region from a code upwards that has a location, else the code's own."""
    regions = lineage(code)
    located = [region for region in regions if region.longitude is not None]
    return (located or regions)[-1]


def person_named(name: str, *, phone: str) -> Person | None:
    """Return the one confirmed, open person with exactly this name and phone."""
    found = Person.objects.filter(
        phone_digest=phone_digest(phone),
        phone_digest__gt="",
        name=name,
        closed_at=None,
        confirmed_at__isnull=False,
    )[:2]
    return found[0] if len(found) == 1 else None


def person_with_document(digest: str) -> Person | None:
    """Return who is registered under a document, closed or not, by the directory and its cell."""
    entry = DirectoryEntry.objects.filter(pk=digest, kind=DirectoryKind.IDENTITY).first()
    if entry is None:
        return None
    return Person.objects.filter(cell=entry.cell, pk=entry.owner_id).first()


def person_with_account(account_id: int) -> Person | None:
    """Return whose account it is."""
    return Person.objects.filter(account_id=account_id).first()


def households_in(code: str) -> QuerySet[Household]:
    """Return the households of one building, oldest first."""
    return Household.objects.filter(region_id=code).order_by("id")


def full_address(person: Person) -> str:
    """Return the whole address, from the street down to the door."""
    names = [short_name(region.name) for region in lineage(person.region_id)]
    return "".join([*names[3:], person.address])


def lock_kinship(kinship_id: int) -> Kinship:
    """Return a relation in force with its row locked. Raises NotFound."""
    kinship = (
        Kinship.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(pk=kinship_id, ended_at=None)
        .first()
    )
    if kinship is None:
        raise NotFound
    return kinship


def lock_claim(claim_id: int) -> IdentityClaim:
    """Return a claim and its person with both rows locked. Raises NotFound."""
    claim = (
        IdentityClaim.objects.select_for_update().select_related("person").filter(pk=claim_id)
    ).first()
    if claim is None:
        raise NotFound
    return claim
