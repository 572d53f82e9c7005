from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from linbang.foundation import clock
from linbang.foundation.people.choices import ClaimState, ConsentKind, Relation
from linbang.foundation.people.factories import (
    make_consent,
    make_consent_texts,
    make_kinship,
    make_person,
    make_volunteer,
)
from linbang.foundation.people.models import ConsentText, IdentityClaim, VolunteerProfile

pytestmark = pytest.mark.django_db
NOW = clock.now()


def set_volunteer(**columns):
    volunteer = make_volunteer()
    VolunteerProfile.objects.filter(pk=volunteer.pk).update(**columns)


def same_document():
    first = make_person()
    make_person(document_number=first.document_number)


def same_text():
    text = make_consent_texts()[ConsentKind.VOLUNTEER]
    text.pk = None
    text.save(force_insert=True)


def same_consent():
    person = make_person()
    make_consent(person, ConsentKind.VOLUNTEER)
    make_consent(person, ConsentKind.VOLUNTEER)


def same_kinship():
    one, other = make_person(), make_person()
    make_kinship(one, other)
    make_kinship(one, other, relation=Relation.SPOUSE)


def own_kinship():
    person = make_person()
    make_kinship(person, person)


def make_claim(**columns):
    person = columns.pop("person", None) or make_person()
    return IdentityClaim.objects.create(
        cell=person.cell, person=person, phone="1", phone_digest="1", opened_at=NOW, **columns
    )


def same_claim():
    make_claim(person=make_claim().person)


@pytest.mark.parametrize(
    ("constraint", "broken"),
    [
        ("person_document_once", same_document),
        ("person_has_a_name", lambda: make_person("")),
        (
            "person_closes_after_registration",
            lambda: make_person(now=NOW, closed_at=NOW - timedelta(days=1)),
        ),
        ("kinship_joins_two_people", own_kinship),
        ("kinship_once_a_pair", same_kinship),
        ("volunteer_number_is_a_serial", lambda: set_volunteer(number="V450103195603")),
        ("volunteer_availability_has_24_bits", lambda: set_volunteer(availability=1 << 24)),
        ("volunteer_rating_from_1_to_5", lambda: set_volunteer(rating=5.5)),
        ("volunteer_languages_are_listed", lambda: set_volunteer(languages=["zyb", "cmn"])),
        ("volunteer_visits_a_day_from_1_to_3", lambda: set_volunteer(visits_a_day=4)),
        ("volunteer_visits_a_week_from_1_to_7", lambda: set_volunteer(visits_a_week=0)),
        ("consent_text_version_once", same_text),
        ("consent_once_a_version", same_consent),
        ("identity_claim_open_once", same_claim),
        ("identity_claim_decided_has_time", lambda: make_claim(state=ClaimState.GRANTED)),
    ],
)
def test_table_keeps_its_promises(constraint, broken):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        broken()


def test_first_texts_are_published_in_both_languages():
    texts = ConsentText.objects.filter(version=1)

    assert {text.kind for text in texts} == set(ConsentKind.values)
    assert all(text.title and text.title_en and text.body and text.body_en for text in texts)


def test_text_speaks_the_readers_language():
    from django.utils import translation

    text = ConsentText.objects.get(kind=ConsentKind.VOLUNTEER)

    with translation.override("en"):
        assert text.heading == "Consent to volunteering"
    with translation.override("zh-hans"):
        assert text.heading == "志愿者登记同意书"
