"""Who is calling."""

from dataclasses import dataclass
from datetime import datetime

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import mask_phone
from linbang.foundation.clock import local_date
from linbang.foundation.people.models import Person
from linbang.foundation.people.queries import (
    found_people,
    people_visible_to,
    people_with_phone,
)
from linbang.intake.needs import rules
from linbang.intake.needs.models import Need
from linbang.intake.needs.queries.asking import has_care_listing, people_to_ask_for, place_of
from linbang.intake.needs.queries.needs import last_needs_of


@dataclass(frozen=True)
class Caller:
    """Somebody on the telephone, recognised: what the worker needs to know at a glance."""

    person: Person
    who: str
    place: str
    phone: str
    age: int
    is_on_care_register: bool
    may_ask_for: list[Person]
    last: list[Need]


CALLERS_MAX = 12


def callers(actor: Actor, text: str, *, public_id: str = "") -> list[Person]:
    """Return who may be calling, by whole phone number, name, initials or the phone's tail."""
    if public_id:
        found = people_visible_to(actor).filter(public_id=public_id)
    elif text:
        found = people_with_phone(actor, text)
        found = found if found.exists() else found_people(actor, text)
    else:
        return []
    return list(found.select_related("region")[:CALLERS_MAX])


def caller_of(actor: Actor, person: Person, *, now: datetime) -> Caller:
    """Return a recognised caller with her relatives and last requests; four queries at most."""
    own = Actor(person_id=person.pk, cell=person.cell)
    return Caller(
        person=person,
        who=person.name,
        place=place_of(person),
        phone=mask_phone(person.phone),
        age=rules.age_on(person.birth_date, local_date(now)),
        is_on_care_register=has_care_listing(actor, person),
        may_ask_for=people_to_ask_for(own),
        last=list(last_needs_of(person.pk)),
    )
