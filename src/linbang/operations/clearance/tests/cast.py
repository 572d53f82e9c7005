"""The people of these tests, and what happened to them."""

from datetime import date

from linbang.foundation.access.choices import Role
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.messaging.models import Notice, OutboxMessage
from linbang.foundation.people.factories import make_actor, make_person, make_volunteer
from linbang.foundation.people.models import Person

SYSTEM = Actor.system("450103")


def make_helper(name: str = "王建国", **columns: object) -> Person:
    """Make a grown-up volunteer."""
    columns.setdefault("birth_date", date(1980, 1, 1))
    return make_volunteer(name, **columns).person


def actor_of(person: Person) -> Actor:
    """Return a person as somebody who acts for herself."""
    return Actor(
        account_id=person.account_id, person_id=person.pk, cell=person.cell, address="10.0.0.1"
    )


def make_worker(
    name: str = "张敏",
    *,
    region: str = "450103001005",
    role: Role = Role.STATION_WORKER,
) -> Actor:
    """Make somebody with a role in a region."""
    person = make_person(name, region=region, birth_date=date(1990, 5, 5))
    return make_actor(person, role, region=region)


def notices_of(person: Person | int) -> list[str]:
    """Return which notices a person got, oldest first."""
    person_id = person if isinstance(person, int) else person.pk
    found = Notice.objects.filter(person_id=person_id).order_by("id")
    return list(found.values_list("template", flat=True))


def texts_sent() -> list[str]:
    """Return which text messages wait in the outbox."""
    return list(OutboxMessage.objects.order_by("id").values_list("template", flat=True))


def trail() -> list[str]:
    """Return the actions of the trail that are clearance's, oldest first."""
    found = AuditEvent.objects.filter(action__startswith="clearance.").order_by("id")
    return list(found.values_list("action", flat=True))
