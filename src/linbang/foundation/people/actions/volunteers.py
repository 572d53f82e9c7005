"""Becoming a volunteer, changing what one offers, pausing and stopping."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction

from linbang.foundation import clock
from linbang.foundation.access import actions as access
from linbang.foundation.access.choices import DirectoryKind
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.crypto import blind_index
from linbang.foundation.events import announce
from linbang.foundation.people import queries, rules
from linbang.foundation.people.actions import guards
from linbang.foundation.people.actions.consents import store_consent
from linbang.foundation.people.choices import (
    ConsentKind,
    ConsentMethod,
    Language,
    ServiceCategory,
    Skill,
)
from linbang.foundation.people.errors import (
    CategoryMissing,
    FreeTimeMissing,
    PauseInThePast,
    VolunteerAlready,
)
from linbang.foundation.people.events import VolunteerEnded, VolunteerRegistered
from linbang.foundation.people.models import Person, VolunteerProfile


@transaction.atomic
def register_volunteer(
    *, person_id: int, details: rules.VolunteerDetails, by: Actor, now: datetime
) -> VolunteerProfile:
    """Make a confirmed person a volunteer, or one again who stopped.

    Raises VolunteerAlready, PersonUnconfirmed, TooYoungToVolunteer, CategoryMissing,
    FreeTimeMissing, VisitLimitImpossible, NotAllowed, PersonClosed.
    """
    person = queries.lock_person(person_id)
    guards.require_may_edit(by, person)
    guards.require_confirmed(person)
    rules.require_volunteer_age(person.birth_date, today=clock.local_date(now))
    if queries.is_volunteer(person.pk):
        raise VolunteerAlready
    _consent(person, by=by, now=now)
    profile = store_profile(person, details, now=now)
    _record(person, "people.register_volunteer", by=by, now=now)
    announce(VolunteerRegistered(person_id=person.pk, cell=person.cell, at=now))
    return profile


def _consent(person: Person, *, by: Actor, now: datetime) -> None:
    # A guardian who may speak for the child consents in the child's place.
    speaks = by.person_id is not None and queries.may_speak_for(by, person.pk)
    store_consent(
        person,
        ConsentKind.VOLUNTEER,
        method=ConsentMethod.OWN if speaks else ConsentMethod.SIGNED_FORM,
        given_by_id=by.person_id if speaks and by.person_id is not None else person.pk,
        now=now,
    )


def store_profile(
    person: Person, details: rules.VolunteerDetails, *, now: datetime
) -> VolunteerProfile:
    """Store what somebody offers, under the number of an earlier time if there was one.

    Raises CategoryMissing, FreeTimeMissing, VisitLimitImpossible.
    """
    home = queries.home_point(person.region_id)
    columns = {
        **_offer(details),
        "region_id": person.region_id,
        "longitude": home.longitude,
        "latitude": home.latitude,
        "activated_at": now,
        "paused_until": None,
        "ended_at": None,
    }
    profile = VolunteerProfile.objects.filter(cell=person.cell, person=person).first()
    if profile is not None:
        VolunteerProfile.objects.filter(cell=person.cell, pk=profile.pk).update(**columns)
        profile.refresh_from_db()
        return profile
    number = rules.volunteer_number(_next_serial())
    profile = VolunteerProfile.objects.create(
        cell=person.cell, person=person, number=number, **columns
    )
    access.claim_unique(
        kind=DirectoryKind.VOLUNTEER_NUMBER,
        digest=blind_index(number, purpose="people.volunteer_number"),
        cell=person.cell,
        owner_id=profile.pk,
    )
    return profile


def _offer(details: rules.VolunteerDetails) -> dict[str, object]:
    categories = [code for code in ServiceCategory.values if code in details.categories]
    if not categories:
        raise CategoryMissing(field="categories")
    availability = details.availability & rules.ALL_HOURS
    if not availability:
        raise FreeTimeMissing(field="availability")
    rules.require_visit_limits(a_day=details.visits_a_day, a_week=details.visits_a_week)
    columns = {
        "skills": [code for code in Skill.values if code in details.skills],
        "categories": categories,
        "availability": availability,
        "languages": _languages(details),
        "visits_a_day": details.visits_a_day,
        "visits_a_week": details.visits_a_week,
    }
    return {name: value for name, value in columns.items() if value is not None}


def _languages(details: rules.VolunteerDetails) -> list[str] | None:
    if details.languages is None:
        return None
    return [code for code in Language.values if code in details.languages]


def _next_serial() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('people_volunteer_serial')")
        (serial,) = cursor.fetchone()
    return int(serial)


@transaction.atomic
def update_volunteer(
    *, person_id: int, details: rules.VolunteerDetails, by: Actor, now: datetime
) -> VolunteerProfile:
    """Change skills, categories, free time, languages and how often a plan may ask.

    Raises NotAVolunteer, CategoryMissing, FreeTimeMissing, VisitLimitImpossible, NotAllowed,
    PersonClosed.
    """
    person = queries.lock_person(person_id)
    guards.require_may_edit(by, person)
    profile = queries.active_profile(person.pk)
    offer = _offer(details)
    for column, value in offer.items():
        setattr(profile, column, value)
    profile.save(update_fields=list(offer))
    _record(person, "people.update_volunteer", by=by, now=now)
    return profile


@transaction.atomic
def pause_volunteer(
    *, person_id: int, until: datetime | None, by: Actor, now: datetime
) -> VolunteerProfile:
    """Take no offers until an instant; None ends the pause.

    Raises PauseInThePast, NotAVolunteer, NotAllowed, PersonClosed.
    """
    person = queries.lock_person(person_id)
    guards.require_may_edit(by, person)
    if until is not None and until <= now:
        raise PauseInThePast(field="until")
    profile = queries.active_profile(person.pk)
    profile.paused_until = until
    profile.save(update_fields=["paused_until"])
    _record(person, "people.pause_volunteer", by=by, now=now)
    return profile


@transaction.atomic
def end_volunteer(*, person_id: int, by: Actor, now: datetime) -> None:
    """Stop being a volunteer; number and past hours stay.

    Raises NotAVolunteer, NotAllowed, PersonClosed.
    """
    person = queries.lock_person(person_id)
    guards.require_may_edit(by, person)
    profile = queries.active_profile(person.pk)
    profile.ended_at = now
    profile.save(update_fields=["ended_at"])
    _record(person, "people.end_volunteer", by=by, now=now)
    announce(VolunteerEnded(person_id=person.pk, cell=person.cell, at=now))


@transaction.atomic
def set_ratings(*, tenths: Mapping[int, int]) -> int:
    """Keep what volunteers are rated on average, in tenths of a point by person; return how many.

    Rule 59 ranks by it. One statement a value, hence at most 41.
    """
    people = defaultdict(list)
    for person_id, value in tenths.items():
        people[value].append(person_id)
    return sum(
        VolunteerProfile.objects.filter(person_id__in=rated, ended_at=None)
        .exclude(rating=value / 10)
        .update(rating=value / 10)
        for value, rated in sorted(people.items())
    )


def _record(person: Person, action: str, *, by: Actor, now: datetime) -> None:
    record(by=guards.acting_for(by, person), action=action, subject=person, now=now)
