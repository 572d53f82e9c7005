import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from linbang.foundation import clock
from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of, make_account
from linbang.foundation.access.gates import remember_proven_phone
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.people import queries
from linbang.foundation.people.choices import ConsentKind, Sex
from linbang.foundation.people.factories import (
    make_actor,
    make_consent,
    make_kinship,
    make_person,
    make_resident_id,
    make_volunteer,
    make_worker,
)
from linbang.foundation.people.models import IdentityClaim, Kinship, Person
from linbang.foundation.places.factories import (
    BUILDING,
    COMMUNITY,
    NEIGHBOUR_COMMUNITY,
    make_region_tree,
)
from linbang.foundation.places.models import Station

pytestmark = pytest.mark.django_db
BORN = date(1980, 5, 5)


def stranger_with(phone: str) -> Client:
    """A browser that proved a phone nobody registered."""
    make_region_tree()
    Station.objects.create(
        cell="450103", name="新竹站", region_id=COMMUNITY, address="1号", longitude=1, latitude=1
    )
    client = Client()

    class Request:
        session = client.session

    remember_proven_phone(Request, phone, now=clock.now())
    Request.session.save()
    client.cookies["sessionid"] = Request.session.session_key
    return client


def worker_client(**more) -> Client:
    return client_of(Person.objects.get(pk=make_worker(**more).person_id))


def who(**more):
    number = make_resident_id(BORN, Sex.FEMALE)
    return {"name": "李秀英", "document_type": "01", "document_number": number, **more}


HOME = {"region_code": BUILDING, "address": "2单元301室"}
OFFER = {"categories": ["0001"], "availability": ["4", "21"], "skills": ["19"]}


def test_registering_takes_three_steps():
    client, told = stranger_with("13800138000"), who()

    first = client.get("/register/")
    second = client.post("/register/", {"step": 0, **told})
    third = client.post("/register/", {"step": 1, **told, **HOME})
    done = client.post("/register/", {"step": 2, **told, **HOME, "agreed": "on"})

    assert [page.context["number"] for page in (first, second, third)] == [1, 2, 3]
    assert told["document_number"] in third.content.decode()
    assert done.status_code == 302
    assert queries.person_named("李秀英", phone="13800138000").is_confirmed
    assert client.get("/me/").status_code == 200


def test_registering_shows_refusals_at_their_step():
    client = stranger_with("13800138000")

    wrong = client.post("/register/", {"step": 0, **who(document_number="110105194912310021")})
    silent = client.post("/register/", {"step": 2, **who(), **HOME})

    assert (wrong.status_code, wrong.context["number"]) == (422, 1)
    assert "有一位填错了" in wrong.content.decode()
    assert (silent.status_code, silent.context["number"]) == (422, 3)


def test_registering_somebody_known_leads_to_the_claim():
    known, client = make_person(), stranger_with("13800138000")
    told = who(document_number=known.document_number)

    page = client.post("/register/", {"step": 2, **told, **HOME, "agreed": "on"})
    claimed = client.post(
        "/register/claim/", {"document_type": "01", "document_number": known.document_number}
    )

    assert page.status_code == 422
    assert reverse("people:claim") in page.content.decode()
    assert claimed.status_code == 200
    assert IdentityClaim.objects.get().person == known


def test_stranger_without_a_proven_phone_signs_in_first():
    for url in ("/register/", "/register/claim/", "/me/", "/console/people/"):
        assert Client().get(url).status_code == 302


def test_member_is_sent_from_registration_to_the_profile():
    assert client_of(make_person()).get("/register/").url == "/me/"


def test_account_without_a_person_registers():
    make_region_tree()
    client = client_of(make_account("13800138000"))

    assert client.get("/register/").status_code == 200
    assert client.get("/me/").url == "/register/"


def test_record_made_by_others_is_adopted():
    waiting = make_person("李秀英", phone="13800138000", confirmed=False, has_account=False)
    client = stranger_with("13800138000")
    url = reverse("people:adoption", args=[waiting.public_id])

    assert client.get("/register/").url == url
    page = client.get(url).content.decode()
    client.post(url, {"document_number": waiting.document_number, "agreed": "on"})

    assert ("李**" in page, "李秀英" in page) == (True, False)
    waiting.refresh_from_db()
    assert waiting.is_confirmed


def test_profile_masks_the_document():
    person = make_person(phone="13800138000")

    page = client_of(person).get("/me/").content.decode()

    assert person.document_number not in page
    assert person.document_number[-4:] in page


def test_own_details_are_changed():
    person = make_person()
    client = client_of(person)

    saved = client.post("/me/details/", {**HOME, "phone": "0771-5551234"})
    refused = client.post("/me/details/", {**HOME, "phone": "12"})

    person.refresh_from_db()
    assert (saved.status_code, refused.status_code) == (302, 422)
    assert person.phone == "07715551234"


def test_volunteering_from_registration_to_ending():
    person = make_person()
    client = client_of(person)
    assert client.post("/me/volunteer/", {"categories": "0001"}).status_code == 422

    client.post("/me/volunteer/", OFFER)
    again = {**OFFER, "skills": [], "languages": ["zyb"], "visits_a_day": 1, "visits_a_week": 6}
    client.post("/me/volunteer/", again)
    late = client.post("/me/volunteer/pause/", {"until": "2020-01-01"})
    client.post("/me/volunteer/pause/", {"until": "2099-01-01"})
    paused = queries.active_profile(person.pk)
    page = client.get("/me/volunteer/").content.decode()
    client.post("/me/volunteer/resumption/")

    assert (paused.availability, paused.skills) == ((1 << 4) | (1 << 21), [])
    assert (late.status_code, paused.paused_until is not None) == (422, True)
    assert (paused.languages, paused.visits_a_day, paused.visits_a_week) == (["zyb"], 1, 6)
    assert 'value="4" checked' in page
    assert re.search(r'value="zyb"[^>]* checked', page)
    assert queries.active_profile(person.pk).paused_until is None
    client.post("/me/volunteer/ending/")
    assert not queries.is_volunteer(person.pk)


def test_consents_are_shown_given_and_withdrawn():
    person = make_person()
    make_consent(person, ConsentKind.REGISTRATION)
    client = client_of(person)

    client.post("/me/consents/sensitive/agreement/")
    page = client.get("/me/consents/").content.decode()
    client.post("/me/consents/sensitive/withdrawal/")

    assert "敏感个人信息单独同意书" in page
    assert client.post("/me/consents/unknown/agreement/").status_code == 404
    assert client.post("/me/consents/guardian/withdrawal/").status_code == 422
    assert [c.withdrawn_at is None for c in queries.consents_of(person)] == [False, True]


def test_closing_hides_the_person():
    person = make_person()

    client_of(person).post("/me/closure/")

    person.refresh_from_db()
    assert person.is_closed


def test_family_asks_confirms_and_ends():
    mother, daughter = make_person("李秀英"), make_person("王芳")
    asked = {"name": "李秀英", "phone": mother.phone, "relation": "child"}
    hers, mothers = client_of(daughter), client_of(mother)

    assert hers.post("/me/family/", {**asked, "name": "李"}).status_code == 422
    hers.post("/me/family/", asked)
    kinship = Kinship.objects.get()
    assert "王芳" in mothers.get("/me/").content.decode()
    mothers.post(f"/me/family/{kinship.pk}/confirmation/")

    assert "李秀英" in hers.get("/me/family/").content.decode()
    assert queries.may_speak_for(make_actor(daughter), mother.pk)
    hers.post(f"/me/family/{kinship.pk}/ending/")
    assert not queries.may_speak_for(make_actor(daughter), mother.pk)


def test_guardian_registers_a_child():
    mother = make_person()
    number = make_resident_id(date(2016, 5, 5), Sex.MALE)
    told = {**who(name="小明", document_number=number), **HOME, "relation": "parent"}
    client = client_of(mother)

    assert client.post("/me/family/child/", told).status_code == 422
    client.post("/me/family/child/", {**told, "agreed": "on"})

    assert Person.objects.get(name="小明").is_confirmed
    assert client.get("/me/family/child/").status_code == 200


def test_people_list_is_masked_and_filtered():
    make_volunteer("王建国", phone="13800138000", skills=("19",), languages=("yue", "zyb"))
    make_person("李秀英"), make_volunteer("陈静", skills=("19",))
    client = worker_client()

    page = client.get("/console/people/?q=8000&kind=volunteer&skill=19").content.decode()
    speakers = client.get("/console/people/?language=zyb").content.decode()
    found = client.get("/api/v1/people?language=zyb").json()["items"]

    assert ("王建国" in page, "李秀英" in page) == (True, False)
    assert ("138****8000" in page, "13800138000" in page) == (True, False)
    assert ("王建国" in speakers, "陈静" in speakers) == (True, False)
    assert [one["name"] for one in found] == ["王建国"]


@pytest.mark.parametrize("count", [1, 3])
def test_people_list_costs_the_same(count, django_assert_max_num_queries):
    for _ in range(count):
        make_volunteer("王建国")
    client = worker_client()
    client.get("/console/people/")

    with django_assert_max_num_queries(22):
        client.get("/console/people/?kind=volunteer")


def test_file_masks_until_a_reason_is_given():
    person, client = make_person("李秀英", phone="13800138000"), worker_client()
    url = f"/console/people/{person.public_id}/"

    masked = client.get(url).content.decode()
    refused = client.post(url + "unmasking/", {"field": "phone", "reason": ""})
    untold = client.post(url + "unmasking/", {"field": "phone", "reason": "other"})
    shown = client.post(url + "unmasking/", {"field": "phone", "reason": "contact"})

    assert "13800138000" not in masked
    assert (refused.status_code, untold.status_code) == (422, 422)
    assert "13800138000" in shown.content.decode()
    assert "13800138000" not in client.get(url).content.decode()
    assert AuditEvent.objects.filter(action="people.unmask", about_id=person.pk).count() == 1


def test_minors_file_opens_for_a_reason():
    child, client = make_person("李小明", birth_date=date(2016, 5, 5)), worker_client()
    url = f"/console/people/{child.public_id}/"

    gate = client.get(url).content.decode()
    refused = client.post(url + "opening/", {"reason": "contact"})
    opened = client.post(url + "opening/", {"reason": "emergency"})

    assert ("李小明" in gate, refused.status_code) == (False, 422)
    assert "李小明" in opened.content.decode()
    assert AuditEvent.objects.filter(action="people.open_minor_file").count() == 1


def test_station_registers_confirms_and_completes():
    client, relative = worker_client(), make_person("王芳")
    assert client.post("/console/people/new/", who()).status_code == 422

    client.post("/console/people/new/", {**who(), **HOME, "phone": "13800138000"})
    person = Person.objects.get(name="李秀英")
    assert not person.is_confirmed
    url = f"/console/people/{person.public_id}/"
    client.post(url + "confirmation/")
    client.post(url + "details/", {"region_code": BUILDING, "address": "3单元", "phone": ""})
    client.post(url + "household/", {"door": "3单元"})
    client.post(url + "kin/", {"name": "王芳", "phone": relative.phone, "relation": "child"})
    client.post(url + "volunteer/", {**OFFER, "languages": ["yue", "csl"]})

    person.refresh_from_db()
    assert (person.is_confirmed, person.phone, person.address) == (True, "13800138000", "3单元")
    assert person.household.door == "3单元"
    assert [row.is_confirmed for row in queries.kin_of(person)] == [True]
    assert queries.is_volunteer(person.pk)
    for page in ("", "details/", "volunteer/"):
        assert client.get(url + page).status_code == 200
    assert "粤语（白话）、手语" in client.get(url).content.decode()
    for form in ("household/", "kin/", "volunteer/"):
        assert client.post(url + form, {"x": "1"}).status_code == 422


def test_station_verifies_a_relation():
    mother = make_person("李秀英")
    kinship = make_kinship(mother, make_person("王芳"), confirmed=False)
    url = f"/console/people/{mother.public_id}/"

    answer = worker_client().post(f"{url}kin/{kinship.pk}/verification/")

    assert answer.url == url
    assert [row.is_confirmed for row in queries.kin_of(mother)] == [True]


def test_list_hides_the_names_of_minors():
    make_person("李小明", birth_date=date(2016, 5, 5), phone="13800138000")

    page = worker_client().get("/console/people/").content.decode()

    assert ("李**" in page, "李小明" in page, "138****8000" in page) == (True, False, False)


def test_station_finds_the_guardian_first():
    mother = make_person("王芳")
    client = worker_client()
    number = make_resident_id(date(2016, 5, 5), Sex.MALE)
    told = {**who(name="小明", document_number=number), **HOME, "signed_form": "on"}

    refused = client.post("/console/people/new/", told)
    client.post(
        "/console/people/new/?guardian=wf",
        {**told, "guardian": str(mother.pk), "relation": "parent"},
    )

    assert refused.status_code == 422
    assert Person.objects.get(name="小明").is_confirmed


def test_claims_are_listed_and_decided():
    person, stranger, client = make_person(), stranger_with("13900139000"), worker_client()
    stranger.post(
        "/register/claim/", {"document_type": "01", "document_number": person.document_number}
    )
    waiting = IdentityClaim.objects.get()
    url = f"/console/claims/{waiting.public_id}/decision/"

    page = client.get("/console/claims/").content.decode()
    refused = client.post(url, {"decision": "refuse"})
    client.post(url, {"decision": "grant"})

    assert ("139****9000" in page, refused.status_code) == (True, 422)
    person.refresh_from_db()
    assert person.phone == "13900139000"


def test_outsiders_meet_nothing():
    person = make_person("李秀英")
    make_kinship(person, make_person("王芳"), confirmed=False)
    urls = [
        "/console/people/",
        "/console/people/new/",
        "/console/claims/",
        f"/console/people/{person.public_id}/",
    ]

    neighbour = client_of(make_person("赵六"))
    assert [neighbour.get(url).status_code for url in urls] == [404] * 4
    elsewhere = worker_client(region=NEIGHBOUR_COMMUNITY)
    for page in ("", "details/", "volunteer/"):
        assert elsewhere.get(urls[3] + page).status_code == 404
    for action in ("unmasking", "opening", "confirmation", "household", "kin"):
        assert elsewhere.post(f"{urls[3]}{action}/").status_code == 404


def test_building_head_sees_the_file_without_unmasking():
    person = make_person("李秀英")
    head = make_person("周立")
    make_actor(head, Role.BUILDING_HEAD, region=BUILDING)
    client = client_of(head)

    page = client.get(f"/console/people/{person.public_id}/").content.decode()

    assert "李秀英" in page
    assert "unmasking" not in page
    answer = client.post(
        f"/console/people/{person.public_id}/unmasking/", {"field": "phone", "reason": "contact"}
    )
    assert answer.status_code == 422
