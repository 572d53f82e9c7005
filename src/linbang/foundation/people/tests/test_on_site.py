"""Somebody who stands before us is registered on the device of whoever is in charge."""

from datetime import date, datetime
from typing import Any

import pytest

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.clock import CHINA
from linbang.foundation.errors import NotFound, Refused
from linbang.foundation.people import actions
from linbang.foundation.people.choices import ConsentKind, ConsentMethod, RegistrationChannel
from linbang.foundation.people.factories import (
    make_consent_texts,
    make_person,
    make_resident_id,
    make_volunteer,
)
from linbang.foundation.people.models import Consent, Person
from linbang.foundation.people.rules import Registration, VolunteerDetails
from linbang.foundation.places.factories import COMMUNITY, make_region_tree

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 16, 9, 0, tzinfo=CHINA)
OFFER = VolunteerDetails(categories=("0001",), availability=1)


@pytest.fixture
def leader() -> Actor:
    make_region_tree()
    make_consent_texts()
    person = make_person("覃桂芳", now=NOW)
    return Actor(person_id=person.pk, cell=person.cell, account_id=person.account_id)


def register(by: Actor, **told: Any) -> Person:
    details = Registration(
        **{
            "name": "农晓梅",
            "document_number": make_resident_id(date(1990, 5, 1)),
            "phone": "13877112233",
            "region_code": COMMUNITY,
            "channel": RegistrationChannel.ORGANISATION,
            **told,
        }
    )
    return actions.register_on_site(details=details, by=by, now=NOW)


def test_stranger_is_registered_and_waits_for_her_tick(leader: Actor) -> None:
    person = register(leader)

    assert (person.confirmed_at, person.registered_by_id) == (None, leader.person_id)
    event = AuditEvent.objects.get(action="people.register_on_site")
    assert (event.about_id, event.on_behalf_of_id) == (person.pk, person.pk)


def test_known_document_finds_its_person(leader: Actor) -> None:
    known = make_person("农晓梅", now=NOW)

    assert register(leader, document_number=known.document_number) == known
    with pytest.raises(Refused) as refusal:
        register(leader, document_number=known.document_number, name="农大梅")
    assert (refusal.value.code, refusal.value.field) == ("document_differs", "name")


def test_ticking_confirms_and_enrols_once(leader: Actor) -> None:
    person = register(leader)

    for _ in range(2):
        actions.enrol_on_site(person_id=person.pk, offer=OFFER, by=leader, now=NOW)

    person.refresh_from_db()
    assert person.confirmed_at == NOW
    given = Consent.objects.filter(person=person)
    assert {(one.text.kind, one.method) for one in given} == {
        (ConsentKind.REGISTRATION, ConsentMethod.ON_SITE),
        (ConsentKind.VOLUNTEER, ConsentMethod.ON_SITE),
    }
    assert person.volunteer.availability == 1


def test_who_is_a_volunteer_already_signs_nothing_again(leader: Actor) -> None:
    person = make_volunteer("黄建国", now=NOW).person

    assert actions.enrol_on_site(person_id=person.pk, offer=OFFER, by=leader, now=NOW) == person
    assert not Consent.objects.filter(person=person).exists()


def test_minor_needs_a_guardian(leader: Actor) -> None:
    with pytest.raises(Refused) as refusal:
        register(leader, document_number=make_resident_id(date(2012, 5, 1)))
    assert refusal.value.code == "guardian_needed"
    child = make_person("小明", birth_date=date(2012, 5, 1), now=NOW)
    with pytest.raises(Refused) as refusal:
        actions.enrol_on_site(person_id=child.pk, offer=OFFER, by=leader, now=NOW)
    assert refusal.value.code == "guardian_needed"


def test_nobody_and_nowhere_are_refused(leader: Actor) -> None:
    with pytest.raises(NotFound):
        actions.enrol_on_site(person_id=0, offer=OFFER, by=leader, now=NOW)
    with pytest.raises(Refused) as refusal:
        register(leader, region_code="999999999999")
    assert refusal.value.code == "region_unknown"
