from datetime import date

import pytest
from django.db import IntegrityError, transaction

from linbang.foundation import clock
from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.people.actions import set_household, withdraw_consent
from linbang.foundation.people.choices import ConsentKind
from linbang.foundation.people.factories import (
    make_actor,
    make_consent,
    make_person,
    make_worker,
)
from linbang.foundation.people.models import Person
from linbang.foundation.places.factories import BUILDING, COMMUNITY, NEIGHBOUR_COMMUNITY
from linbang.intake.care import actions, errors, queries
from linbang.intake.care.choices import CareCategory
from linbang.intake.care.factories import make_listing
from linbang.intake.care.models import CareListing

pytestmark = pytest.mark.django_db
NOW = clock.now()


def list_person(person, by, **more):
    return actions.list_person(
        person_id=person.pk, category=CareCategory.AGED, by=by, now=NOW, **more
    )


def test_listing_needs_a_separate_consent():
    person, worker = make_person(), make_worker()
    with pytest.raises(errors.SeparateConsentMissing):
        list_person(person, worker)

    listing = list_person(person, worker, signed_form=True, note=" 独居 ")

    assert (listing.category, listing.note, listing.region_id) == ("aged", "独居", BUILDING)
    assert queries.has_separate_consent(person.pk)


def test_listing_is_once_a_category():
    person, worker = make_person(), make_worker()
    make_consent(person, ConsentKind.SENSITIVE)
    list_person(person, worker)

    with pytest.raises(errors.ListedAlready):
        list_person(person, worker)


def test_only_those_in_charge_of_care_write():
    person = make_person()
    head = make_actor(make_person(), Role.BUILDING_HEAD, region=BUILDING)

    with pytest.raises(NotAllowed):
        list_person(person, head)
    with pytest.raises(NotAllowed):
        actions.end_listing(listing_id=make_listing(person).pk, reason="x", by=head, now=NOW)


def test_a_case_can_end_well():
    listing, worker = make_listing(make_person()), make_worker()
    with pytest.raises(errors.EndReasonMissing):
        actions.end_listing(listing_id=listing.pk, reason=" ", by=worker, now=NOW)

    ended = actions.end_listing(listing_id=listing.pk, reason="已脱困", by=worker, now=NOW)

    assert (ended.ended_on, ended.end_reason) == (clock.local_date(NOW), "已脱困")
    with pytest.raises(errors.ListingEnded):
        actions.end_listing(listing_id=listing.pk, reason="x", by=worker, now=NOW)
    with pytest.raises(NotFound):
        actions.end_listing(listing_id=0, reason="x", by=worker, now=NOW)


def test_all_listings_end_when_consent_does():
    person = make_person()
    make_listing(person), make_listing(person, CareCategory.DIBAO)

    ended = actions.end_listings_of(
        person_id=person.pk, reason="撤回同意", by=Actor.system(), now=NOW
    )

    assert ended == 2
    assert not CareListing.objects.filter(ended_on=None).exists()


@pytest.mark.parametrize("kind", [ConsentKind.SENSITIVE, ConsentKind.REGISTRATION])
def test_listing_ends_in_the_moment_consent_is_withdrawn(kind):
    person = make_person()
    make_consent(person, kind)
    make_listing(person)

    withdraw_consent(person_id=person.pk, kind=kind, by=make_actor(person), now=clock.now())

    assert CareListing.objects.get().ended_on is not None


def test_counts_people_and_households(django_assert_num_queries):
    worker = make_worker()
    husband, wife, alone = make_person(), make_person(), make_person()
    for person in (husband, wife):
        set_household(person_id=person.pk, door="301", by=worker, now=NOW)
    for person in (husband, wife, alone):
        make_listing(person, CareCategory.DIBAO)
    make_listing(alone, CareCategory.DISABLED, ended_on=date(2026, 6, 1))
    make_listing(make_person(region=NEIGHBOUR_COMMUNITY), CareCategory.DIBAO)

    with django_assert_num_queries(1):
        counts = queries.care_counts(COMMUNITY)

    assert counts[CareCategory.DIBAO] == queries.CareCount(CareCategory.DIBAO, 3, 2)
    assert counts[CareCategory.DISABLED].people == 0
    assert queries.care_counts(COMMUNITY, day=date(2026, 5, 31))[CareCategory.DISABLED].people == 1
    assert queries.care_counts(COMMUNITY, day=date(2026, 1, 4))[CareCategory.DIBAO].people == 0


def test_category_is_sealed_in_the_table():
    from django.db import connection

    make_listing(make_person(), CareCategory.DIBAO, note="低保")
    with connection.cursor() as cursor:
        cursor.execute("SELECT category, note FROM care_carelisting")
        sealed = b"".join(bytes(value) for value in cursor.fetchone())

    assert b"dibao" not in sealed
    assert "低保".encode() not in sealed


def test_care_is_seen_by_permission_and_region():
    listing = make_listing(make_person())
    head = make_actor(make_person(), Role.BUILDING_HEAD, region=BUILDING)
    officer = make_actor(make_person(), Role.STREET_OFFICER, region="450103001")

    assert list(queries.care_visible_to(make_worker())) == [listing]
    assert list(queries.care_visible_to(Actor.system())) == [listing]
    for outsider in (head, officer, make_worker(region=NEIGHBOUR_COMMUNITY), Actor()):
        assert list(queries.care_visible_to(outsider)) == []
    with pytest.raises(NotFound):
        queries.person_in_care_of(head, listing.person.public_id)


@pytest.mark.parametrize("count", [1, 3])
def test_rows_cost_two_queries(count, django_assert_num_queries):
    worker = make_worker()
    for _ in range(count):
        make_listing(make_person())

    with django_assert_num_queries(2):
        rows = queries.care_rows(queries.register(worker, category="aged"))

    assert [row.place for row in rows] == ["新竹社区 · 第1网格 · 1栋"] * count


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("care_listing_once_a_category", {}),
        ("care_listing_ends_after_start", {"ended_on": date(2020, 1, 1)}),
    ],
)
def test_table_keeps_its_promises(constraint, columns):
    person = make_person()
    make_listing(person)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_listing(person, **columns)


def person_of(worker):
    return Person.objects.get(pk=worker.person_id)


def test_register_page_lists_and_is_kept_in_the_trail():
    make_listing(make_person("李秀英"))
    worker = make_worker()

    page = client_of(person_of(worker)).get("/console/care/?category=aged").content.decode()

    assert "李秀英" in page
    assert AuditEvent.objects.filter(action="care.see_register", outcome="seen").count() == 1


def test_person_page_lists_ends_and_explains_refusals():
    person, worker = make_person("李秀英"), make_worker()
    client, base = client_of(person_of(worker)), f"/console/people/{person.public_id}/care/"

    refused = client.post(base + "new/", {"category": "aged"})
    listed = client.post(base + "new/", {"category": "aged", "signed_form": "on"}, follow=True)
    listing = CareListing.objects.get()
    fragment = client.get(base, headers={"HX-Request": "true"}).content.decode()
    empty = client.post(f"/console/care/{listing.pk}/ending/", {"reason": ""})
    client.post(f"/console/care/{listing.pk}/ending/", {"reason": "已搬离"})

    assert (refused.status_code, listed.status_code, empty.status_code) == (422, 200, 422)
    assert ("高龄老人" in fragment, "<html" in fragment) == (True, False)
    listing.refresh_from_db()
    assert listing.ended_on is not None
    assert AuditEvent.objects.filter(action="care.see_categories", about_id=person.pk).exists()


def test_outsiders_meet_nothing():
    person = make_person("李秀英")
    listing = make_listing(person)
    client = client_of(make_person("赵六"))

    answers = [
        client.get("/console/care/"),
        client.get(f"/console/people/{person.public_id}/care/"),
        client.post(f"/console/people/{person.public_id}/care/new/", {"category": "aged"}),
        client.post(f"/console/care/{listing.pk}/ending/", {"reason": "x"}),
        client.get("/api/v1/care-listings"),
        client.get("/api/v1/care-counts"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 6


def test_api_lists_counts_and_ends():
    person, worker = make_person("李秀英"), make_worker()
    make_consent(person, ConsentKind.SENSITIVE)
    client = client_of(person_of(worker))

    made = client.post(
        f"/api/v1/people/{person.public_id}/care-listings",
        {"category": "dibao"},
        content_type="application/json",
    )
    listed = client.get("/api/v1/care-listings?category=dibao").json()
    counts = client.get("/api/v1/care-counts").json()
    ended = client.post(
        f"/api/v1/care-listings/{made.json()['id']}/ending",
        {"reason": "已脱困"},
        content_type="application/json",
    )

    assert (made.status_code, ended.status_code) == (201, 204)
    assert [item["name"] for item in listed["items"]] == ["李秀英"]
    assert counts[0] == {"category": "dibao", "people": 1, "households": 1}
    assert CareListing.objects.get().ended_on == clock.local_date(clock.now())
