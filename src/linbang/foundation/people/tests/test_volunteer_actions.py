from dataclasses import replace
from datetime import date, timedelta

import pytest

from linbang.foundation import clock
from linbang.foundation.access.choices import Role
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.people import actions, errors, queries, rules
from linbang.foundation.people.choices import (
    ConsentKind,
    UnmaskField,
    UnmaskReason,
)
from linbang.foundation.people.factories import (
    make_actor,
    make_person,
    make_volunteer,
    make_worker,
)
from linbang.foundation.people.models import Person
from linbang.foundation.places.factories import (
    BUILDING,
    NEIGHBOUR_BUILDING,
)

pytestmark = pytest.mark.django_db
NOW = clock.now()
CHILD = date(2016, 5, 5)
OFFER = rules.VolunteerDetails(skills=("19", "03"), categories=("0001",), availability=0b10010)


def audited(person, action):
    return AuditEvent.objects.filter(about_id=person.pk, action=action)


def become_volunteer(person, offer=OFFER, by=None):
    return actions.register_volunteer(
        person_id=person.pk, details=offer, by=by or make_actor(person), now=NOW
    )


def test_volunteer_number_shows_nothing_of_the_person():
    person = make_person()

    profile = become_volunteer(person)

    assert rules.is_volunteer_number(profile.number)
    assert (profile.skills, profile.availability) == (["03", "19"], 0b10010)
    assert (profile.longitude, profile.latitude) == (108.3351, 22.8148)
    assert queries.consents_of(person)[0].text.kind == ConsentKind.VOLUNTEER


@pytest.mark.parametrize(
    ("offer", "refusal"),
    [
        (rules.VolunteerDetails(availability=1), errors.CategoryMissing),
        (rules.VolunteerDetails(categories=("0001",)), errors.FreeTimeMissing),
        (replace(OFFER, visits_a_week=8), errors.VisitLimitImpossible),
    ],
)
def test_volunteer_offers_something(offer, refusal):
    with pytest.raises(refusal):
        become_volunteer(make_person(), offer)


def test_volunteer_is_confirmed_old_enough_and_new():
    with pytest.raises(errors.PersonUnconfirmed):
        become_volunteer(make_person(confirmed=False), by=make_worker())
    with pytest.raises(errors.TooYoungToVolunteer):
        become_volunteer(make_person(birth_date=date(2022, 1, 1)), by=make_worker())
    volunteer = make_volunteer()
    with pytest.raises(errors.VolunteerAlready):
        become_volunteer(volunteer.person)
    with pytest.raises(NotAllowed):
        become_volunteer(make_person(), by=make_actor(make_person()))


def test_stopped_volunteer_returns_under_the_same_number():
    volunteer = make_volunteer()
    by = make_actor(volunteer.person)
    actions.end_volunteer(person_id=volunteer.person_id, by=by, now=NOW)
    with pytest.raises(errors.NotAVolunteer):
        actions.end_volunteer(person_id=volunteer.person_id, by=by, now=NOW)

    assert become_volunteer(volunteer.person).number == volunteer.number


def test_volunteer_changes_the_offer_and_pauses():
    volunteer = make_volunteer()
    by = make_actor(volunteer.person)

    changed = actions.update_volunteer(person_id=volunteer.person_id, details=OFFER, by=by, now=NOW)
    paused = actions.pause_volunteer(
        person_id=volunteer.person_id, until=NOW + timedelta(days=7), by=by, now=NOW
    )

    assert (changed.availability, paused.paused_until) == (0b10010, NOW + timedelta(days=7))
    with pytest.raises(errors.PauseInThePast):
        actions.pause_volunteer(person_id=volunteer.person_id, until=NOW, by=by, now=NOW)


def test_volunteer_says_languages_and_limits_and_keeps_them():
    volunteer = make_volunteer()
    by = make_actor(volunteer.person)
    told = replace(OFFER, languages=("zyb", "yue", "xxx"), visits_a_day=1, visits_a_week=7)

    for details in (told, OFFER):  # the second says nothing of them
        actions.update_volunteer(person_id=volunteer.person_id, details=details, by=by, now=NOW)

    profile = queries.active_profile(volunteer.person_id)
    assert profile.languages == ["yue", "zyb"]
    assert profile.language_labels == "粤语（白话）、壮语"
    assert (profile.visits_a_day, profile.visits_a_week) == (1, 7)
    assert (volunteer.languages, volunteer.visits_a_day, volunteer.visits_a_week) == ([], 2, 4)


def unmask(person, field, reason, by, note=""):
    return actions.unmask(
        person_id=person.pk, field=field, reason=reason, note=note, by=by, now=NOW
    )


def test_unmasking_returns_one_value_and_is_kept():
    person, worker = make_person(phone="13800138000"), make_worker()

    shown = [unmask(person, field, UnmaskReason.CONTACT, worker) for field in UnmaskField]

    assert shown == ["13800138000", "新竹街道新竹社区第1网格1栋2单元301室", person.document_number]
    seen = audited(person, "people.unmask").order_by("id")
    assert [event.detail["field"] for event in seen] == ["phone", "address", "document"]
    assert {(event.outcome, event.person_id) for event in seen} == {("seen", worker.person_id)}


def test_unmasking_needs_permission_and_reason():
    person = make_person()
    head = make_actor(make_person(), Role.BUILDING_HEAD, region=BUILDING)

    with pytest.raises(NotAllowed):
        unmask(person, UnmaskField.PHONE, UnmaskReason.CONTACT, head)
    with pytest.raises(errors.ReasonMissing):
        unmask(person, UnmaskField.PHONE, "", make_worker())
    assert not audited(person, "people.unmask").exists()


def test_minors_open_for_approved_reasons_only():
    child, worker = make_person(birth_date=CHILD), make_worker()

    with pytest.raises(errors.ReasonMissing):
        unmask(child, UnmaskField.PHONE, UnmaskReason.CONTACT, worker)
    with pytest.raises(errors.ReasonMissing):
        actions.open_minor_file(person_id=child.pk, reason="contact", by=worker, now=NOW)

    opened = actions.open_minor_file(
        person_id=child.pk, reason=UnmaskReason.EMERGENCY, by=worker, now=NOW
    )

    assert opened == child
    assert audited(child, "people.open_minor_file").get().detail["reason"] == "emergency"


def test_moving_takes_the_volunteers_home_along():
    volunteer = make_volunteer()

    moved = actions.update_person(
        person_id=volunteer.person_id,
        change=rules.Change(
            phone="0771-5551234", region_code=NEIGHBOUR_BUILDING, address=" 3单元502 "
        ),
        by=make_worker(),
        now=NOW,
    )

    volunteer.refresh_from_db()
    assert (moved.phone, moved.address, moved.region_id) == (
        "07715551234", "3单元502", NEIGHBOUR_BUILDING,
    )  # fmt: skip
    assert (volunteer.region_id, volunteer.longitude) == (NEIGHBOUR_BUILDING, 108.3364)


def test_same_door_is_one_household():
    husband, wife, worker = make_person("王建国"), make_person("李秀英"), make_worker()

    homes = [
        actions.set_household(person_id=person.pk, door=" 2单元301", by=worker, now=NOW)
        for person in (husband, wife)
    ]

    husband.refresh_from_db()
    assert homes[0] == homes[1]
    assert queries.household_of(husband) == [wife]
    with pytest.raises(NotAllowed):
        actions.set_household(person_id=husband.pk, door="1", by=make_actor(husband), now=NOW)


def test_locking_an_unknown_row_is_not_found():
    for lock in (queries.lock_person, queries.lock_kinship, queries.lock_claim):
        with pytest.raises(NotFound):
            lock(0)
    assert not Person.objects.filter(pk=0).exists()
