from datetime import date

import pytest
from django.test import Client

from linbang.foundation.access.factories import client_of
from linbang.foundation.people import queries
from linbang.foundation.people.choices import Sex
from linbang.foundation.people.factories import (
    make_kinship,
    make_person,
    make_resident_id,
    make_volunteer,
    make_worker,
)
from linbang.foundation.people.models import IdentityClaim, Person
from linbang.foundation.people.tests.test_views import stranger_with
from linbang.foundation.places.factories import BUILDING, NEIGHBOUR_BUILDING

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}
OFFER = {"categories": ["0001"], "skills": ["19"], "availability": [4, 21]}


def worker_client() -> Client:
    return client_of(Person.objects.get(pk=make_worker().person_id))


def told(**more):
    number = make_resident_id(date(1980, 5, 5), Sex.FEMALE)
    return {"name": "李秀英", "document_number": number, "region_code": BUILDING, **more}


def test_list_is_masked_and_without_minors():
    make_person("李秀英", phone="13800138000")
    make_person("李小明", birth_date=date(2016, 5, 5))

    answer = worker_client().get("/api/v1/people?q=l").json()

    assert [item["name"] for item in answer["items"]] == ["李秀英"]
    assert answer["items"][0]["phone"] == "138****8000"


def test_minor_opens_for_a_reason():
    child, client = make_person("李小明", birth_date=date(2016, 5, 5)), worker_client()
    url = f"/api/v1/people/{child.public_id}"

    assert client.get(url).status_code == 404
    refused = client.post(f"{url}/opening", {"reason": "contact"}, **JSON)
    opened = client.post(f"{url}/opening", {"reason": "emergency"}, **JSON)

    assert (refused.status_code, refused.json()["code"]) == (422, "reason_missing")
    assert opened.json()["name"] == "李小明"


def test_stranger_registers_with_a_proven_phone():
    assert Client().post("/api/v1/registration", told(), **JSON).status_code == 401

    client = stranger_with("13800138000")
    made = client.post("/api/v1/registration", told(), **JSON)
    bad = client.post("/api/v1/registration", told(document_number="110105194912310021"), **JSON)

    assert made.status_code == 201
    assert bad.json()["code"] == "check_digit_wrong"
    assert queries.person_named("李秀英", phone="13800138000") is not None


def test_stranger_claims_and_the_station_decides():
    person, client = make_person(), worker_client()
    stranger_with("13900139000").post(
        "/api/v1/identity-claims", {"document_number": person.document_number}, **JSON
    )
    (waiting,) = client.get("/api/v1/identity-claims").json()["items"]

    url = f"/api/v1/identity-claims/{waiting['id']}/decision"
    decided = client.post(url, {"granted": False, "reason": "不是本人"}, **JSON)

    assert waiting["phone"] == "139****9000"
    assert decided.status_code == 204
    assert IdentityClaim.objects.get().reason == "不是本人"


def test_station_registers_changes_confirms_and_unmasks():
    client = worker_client()

    made = client.post("/api/v1/people", told(phone="13800138000"), **JSON).json()
    url = f"/api/v1/people/{made['id']}"
    confirmed = client.post(f"{url}/confirmation").json()
    client.patch(url, {"region_code": NEIGHBOUR_BUILDING}, **JSON)
    shown = client.post(f"{url}/unmasking", {"field": "phone", "reason": "contact"}, **JSON).json()

    assert (made["is_confirmed"], confirmed["is_confirmed"]) == (False, True)
    assert client.get(url).json()["region_code"] == NEIGHBOUR_BUILDING
    assert shown == {"value": "13800138000"}


def test_station_registers_a_child_with_its_guardian():
    mother, client = make_person("王芳"), worker_client()
    number = make_resident_id(date(2016, 5, 5), Sex.MALE)
    child = told(name="小明", document_number=number, signed_form=True)

    refused = client.post("/api/v1/people", child, **JSON)
    made = client.post("/api/v1/people", {**child, "guardian": str(mother.public_id)}, **JSON)

    assert refused.json()["code"] == "guardian_needed"
    assert made.status_code == 201


def test_volunteer_is_set_paused_and_ended():
    person = make_person()
    client = client_of(person)
    url = f"/api/v1/people/{person.public_id}/volunteer"
    assert client.get("/api/v1/me/volunteer").status_code == 409

    made = client.put(url, {**OFFER, "languages": ["zyb"], "visits_a_week": 3}, **JSON).json()
    client.put(url, {**OFFER, "availability": [0]}, **JSON)
    paused = client.put(f"{url}/pause", {"until": "2099-01-01T00:00:00+08:00"}, **JSON).json()

    assert made["availability"] == [4, 21]
    kept = client.get("/api/v1/me/volunteer").json()
    assert (kept["availability"], kept["languages"], kept["visits_a_week"]) == ([0], ["zyb"], 3)
    assert client.put(url, {**OFFER, "languages": ["cmn"]}, **JSON).status_code == 422
    assert paused["paused_until"] is not None
    assert client.delete(url).status_code == 204


def test_family_and_consents_are_ones_own():
    mother, daughter = make_person("李秀英"), make_person("王芳")
    hers, mothers = client_of(daughter), client_of(mother)

    asked = hers.post(
        "/api/v1/me/family",
        {"name": "李秀英", "phone": mother.phone, "relation": "child"},
        **JSON,
    ).json()
    kinship = asked["i_speak_for"][0]["id"]
    mothers.post(f"/api/v1/kinships/{kinship}/confirmation")
    hers.put("/api/v1/me/consents/sensitive")
    consents = hers.get("/api/v1/me/consents").json()

    assert mothers.get("/api/v1/me/family").json()["speaks_for_me"][0]["is_confirmed"]
    assert [consent["kind"] for consent in consents] == ["sensitive"]
    assert hers.delete("/api/v1/me/consents/sensitive").status_code == 204
    assert hers.post(f"/api/v1/kinships/{kinship}/ending").status_code == 204


def test_closing_ends_the_session_as_a_member():
    client = client_of(make_person())
    assert client.get("/api/v1/me/person").json()["name"] == "李秀英"

    assert client.delete("/api/v1/me/person").status_code == 204
    assert client.get("/api/v1/me/person").status_code == 401


def test_outsider_reaches_nobody():
    person = make_volunteer("王建国").person
    kinship = make_kinship(person, make_person(), confirmed=False)
    client = client_of(make_person("赵六"))
    url = f"/api/v1/people/{person.public_id}"

    answers = [
        client.get("/api/v1/people"),
        client.get(url),
        client.get("/api/v1/identity-claims"),
        client.post("/api/v1/people", told(), **JSON),
        client.post(f"{url}/unmasking", {"field": "phone", "reason": "contact"}, **JSON),
        client.put(f"{url}/volunteer", OFFER, **JSON),
    ]

    assert [answer.status_code for answer in answers] == [404] * 6
    assert client.post(f"/api/v1/kinships/{kinship.pk}/confirmation").status_code == 403
