import pytest

from linbang.foundation.access.choices import Role
from linbang.foundation.people.factories import make_actor, make_person, make_volunteer
from linbang.outcomes.time_bank.factories import make_posting

pytestmark = pytest.mark.django_db
OWN = "/api/v1/love-savings"


def test_own_statement_as_json(client):
    person = make_volunteer("王建国").person
    posting = make_posting(person, minutes=90)
    client.force_login(person.account)

    body = client.get(OWN).json()

    assert (body["balance"], float(body["units"]), body["older_before"]) == (90, 1.5, None)
    (movement,) = body["movements"]
    assert movement["record_id"] == str(posting.record.public_id)
    assert movement["minutes"] == 90


def test_stranger_gets_a_problem(client):
    response = client.get(OWN)

    assert (response.status_code, response.json()["code"]) == (401, "not_signed_in")


def test_worker_reads_statement_of_region(client):
    person = make_volunteer("王建国").person
    make_posting(person)
    worker = make_person("陈静")
    make_actor(worker, Role.STATION_WORKER)
    client.force_login(worker.account)

    body = client.get(f"/api/v1/people/{person.public_id}/love-savings").json()

    assert body["balance"] == 60


def test_outsider_gets_not_found(client):
    person = make_volunteer("王建国").person
    make_posting(person)
    client.force_login(make_person("钱进").account)

    response = client.get(f"/api/v1/people/{person.public_id}/love-savings")

    assert (response.status_code, response.json()["code"]) == (404, "not_found")
