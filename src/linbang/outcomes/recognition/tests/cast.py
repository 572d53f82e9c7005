"""Who comes and goes in the tests of recognition."""

from datetime import date, datetime, timedelta

from linbang.foundation.access.choices import Role
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import CHINA
from linbang.foundation.people.factories import make_actor, make_person, make_volunteer
from linbang.foundation.people.models import Person
from linbang.outcomes.recognition import actions
from linbang.outcomes.recognition.factories import make_application, make_hours
from linbang.outcomes.recognition.models import StarApplication

COMMUNITY, STREET = "450103001005", "450103001"
# A Wednesday; five working days later it is the Wednesday after.
NOW = datetime(2026, 5, 20, 10, 0, tzinfo=CHINA)
UNTIL = date(2026, 5, 27)
AFTER = datetime(2026, 5, 28, 6, 20, tzinfo=CHINA)


def by(person: Person) -> Actor:
    return Actor(person_id=person.pk, cell=person.cell, account_id=person.account_id)


def helper(minutes: int = 6000, *, name: str = "王建国") -> Person:
    person = make_volunteer(name, now=NOW - timedelta(days=400)).person
    make_hours(person, minutes)
    return person


def worker(name: str = "张敏", role: Role = Role.STATION_WORKER, region: str = COMMUNITY) -> Actor:
    return make_actor(make_person(name, region=region), role, region=region)


def applied(person: Person | None = None, **columns: object) -> StarApplication:
    return make_application(person or helper(), now=NOW, **columns)


def approved(person: Person | None = None) -> StarApplication:
    return actions.approve_application(application_id=applied(person).pk, by=worker(), now=NOW)
