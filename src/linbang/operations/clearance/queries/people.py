"""Whom clearance is about, and who may act for them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.models import RoleGrant
from linbang.foundation.access.rules import PERMISSIONS, Actor
from linbang.foundation.audit.rules import mask_name
from linbang.foundation.errors import NotFound
from linbang.foundation.people.errors import PersonClosed, PersonUnconfirmed
from linbang.foundation.people.models import Kinship, Person
from linbang.foundation.people.queries import found_people, lock_person
from linbang.foundation.people.rules import needs_guardian
from linbang.foundation.places.queries import within_any
from linbang.foundation.places.rules import ancestor_codes
from linbang.intake.activities.choices import ActivityState
from linbang.intake.activities.models import Activity, Shift

FOUND_MAX = 12


def open_person(person_id: int) -> Person:
    """Return a confirmed person. Raises NotFound, PersonClosed, PersonUnconfirmed."""
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise NotFound
    if person.is_closed:
        raise PersonClosed
    return _confirmed(person)


def lock_open_person(person_id: int) -> Person:
    """Return a confirmed person with the row locked. Raises as ``open_person``."""
    return _confirmed(lock_person(person_id))


def _confirmed(person: Person) -> Person:
    if not person.is_confirmed:
        raise PersonUnconfirmed
    return person


def people_cleared_by(actor: Actor) -> QuerySet[Person]:
    """Return the open records of the regions where the actor clears volunteers."""
    people = Person.objects.filter(closed_at=None)
    if actor.is_system:
        return people
    regions = actor.regions_for(Permission.CLEAR_VOLUNTEERS)
    return people.filter(within_any("region_id", regions))


@dataclass(frozen=True)
class ClearedPerson:
    """A person on the desk of who clears: a minor's name stays masked."""

    public_id: UUID
    name: str
    number: str
    place: str
    is_minor: bool


def found_to_clear(actor: Actor, text: str, *, today: date) -> list[ClearedPerson]:
    """Return whom a clerk's words fit where the actor clears volunteers; three queries."""
    if not text.strip():
        return []
    found = found_people(actor, text).filter(pk__in=people_cleared_by(actor).values("pk"))
    people = list(found.select_related("volunteer", "region")[:FOUND_MAX])
    return [cleared_person(person, today=today) for person in people]


def cleared_person(person: Person, *, today: date) -> ClearedPerson:
    """Return one person as a line."""
    minor = is_minor(person, today=today)
    profile = getattr(person, "volunteer", None)
    return ClearedPerson(
        public_id=person.public_id,
        name=mask_name(person.name) if minor else person.name,
        number=profile.number if profile else "",
        place=person.region.name,
        is_minor=minor,
    )


def is_guardian(guardian_id: int | None, person_id: int) -> bool:
    """Tell whether somebody is entered and confirmed as a person's guardian."""
    return guardian_id is not None and wards_of(guardian_id).filter(pk=person_id).exists()


def wards_of(guardian_id: int) -> QuerySet[Person]:
    """Return the open records of whom somebody is the confirmed guardian."""
    kinships = Kinship.objects.filter(
        relative_id=guardian_id, is_guardian=True, confirmed_at__isnull=False, ended_at=None
    )
    return Person.objects.filter(closed_at=None, pk__in=kinships.values("person_id"))


def is_minor(person: Person, *, today: date) -> bool:
    """Tell whether the person is under 18 on a day."""
    return needs_guardian(person.birth_date, today=today)


def activities_shown() -> QuerySet[Activity]:
    """Return the activities that are public: what people may accept, ask and consent for."""
    return Activity.objects.filter(state=ActivityState.PUBLISHED).select_related(
        "organiser", "policy"
    )


def open_activity(activity_id: int) -> Activity:
    """Return a published activity. Raises NotFound."""
    activity = activities_shown().filter(pk=activity_id).first()
    if activity is None:
        raise NotFound
    return activity


def shifts_shown() -> QuerySet[Shift]:
    """Return the shifts of public activities."""
    return Shift.objects.select_related("activity").filter(activity__state=ActivityState.PUBLISHED)


def leads(actor: Actor, activity: Activity) -> bool:
    """Tell whether the actor leads the activity's shifts: as its leader, or by permission."""
    if actor.is_system or (actor.person_id is not None and actor.person_id == activity.leader_id):
        return True
    path = activity.organiser.path
    return actor.may(Permission.LEAD_SHIFTS, region=activity.region_id) or any(
        path.startswith(prefix) for prefix in actor.organisations_for(Permission.LEAD_SHIFTS)
    )


def people_with_phones(person_ids: list[int]) -> list[Person]:
    """Return the open records that have a phone, for text messages; one query."""
    people = Person.objects.filter(pk__in=person_ids, closed_at=None).exclude(phone_digest="")
    return list(people.order_by("id").only("cell", "phone"))


_CLEARING_ROLES = tuple(
    role for role, held in PERMISSIONS.items() if Permission.CLEAR_VOLUNTEERS in held
)
_TOLD_MAX = 10


def clearing_workers_at(region_code: str) -> list[int]:
    """Return the people who clear volunteers at a region, the nearest first; one query."""
    grants = RoleGrant.objects.filter(
        role__in=_CLEARING_ROLES,
        region_id__in=ancestor_codes(region_code),
        ended_at=None,
        account__person__isnull=False,
    )
    nearest = grants.order_by("-region_id", "id")
    return list(nearest.values_list("account__person__id", flat=True)[:_TOLD_MAX])
