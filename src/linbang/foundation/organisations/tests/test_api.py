import pytest

from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.organisations.factories import make_membership, make_team, make_unit
from linbang.foundation.people.factories import make_actor, make_person, make_volunteer, make_worker
from linbang.foundation.places.factories import COMMUNITY, NEIGHBOUR_COMMUNITY

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}
API = "/api/v1/"


def worker_client(**told):
    return client_of(make_worker(**told))


def test_unit_and_team_are_made_and_closed():
    client = worker_client()
    unit = client.post(
        API + "organisations",
        {
            "name": "物业公司", "kind": "company", "region_code": COMMUNITY,
            "credit_code": "91110000600037341L",
        },
        **JSON,
    )  # fmt: skip
    team = client.post(
        API + "teams",
        {
            "name": "联合队", "rank": "squad", "content": "0001", "membership": "mixed",
            "region_code": COMMUNITY, "parent": unit.json()["id"],
            "approved_by": unit.json()["id"], "contact_name": "覃芳",
            "contact_phone": "13800138000",
        },
        **JSON,
    )  # fmt: skip

    listed = client.get(API + "organisations").json()["items"]
    closed = client.post(f"{API}organisations/{team.json()['id']}/closure")

    assert (unit.status_code, team.status_code, closed.status_code) == (201, 201, 200)
    assert [(row["name"], row["depth"]) for row in listed] == [("物业公司", 0), ("联合队", 1)]


def test_volunteer_joins_and_leaves():
    team, profile = make_team(), make_volunteer()
    client = client_of(profile.person)
    url = f"{API}teams/{team.public_id}/membership"

    asked = client.post(url)
    again = client.post(url)
    waiting = asked.json()["id"]
    members = f"{API}organisations/{team.public_id}/members"
    worker = worker_client()
    (row,) = worker.get(members).json()["items"]
    approved = worker.post(f"{members}/{waiting}/approval").json()

    assert (asked.status_code, again.json()["code"]) == (201, "already_member")
    assert (row["id"], "****" in row["phone"]) == (waiting, True)
    assert approved["approved_at"] is not None
    assert [a["organisation_id"] for a in client.get(API + "me/affiliations").json()] == [
        str(team.public_id)
    ]
    assert client.get(API + "teams").json()["items"][0]["members"] == 1
    assert client.delete(url).status_code == 204
    assert client.delete(url).status_code == 404


def test_officer_declines_and_appoints():
    team = make_team()
    officer = make_person("陈静")
    make_actor(officer, Role.COMMUNITY_OFFICER)
    client = client_of(officer)
    url = f"{API}organisations/{team.public_id}/members/"
    waiting = make_membership(team, make_volunteer().person, approved=False)
    member = make_membership(team, make_volunteer().person)

    declined = client.post(f"{url}{waiting.pk}/refusal").json()
    leader = client.post(f"{url}{member.pk}/leadership").json()

    assert declined["ended_at"] is not None
    assert leader["role"] == "leader"


def test_liaison_is_named_and_ended():
    client, unit, person = worker_client(), make_unit(), make_person()
    url = f"{API}organisations/{unit.public_id}/liaisons"

    named = client.post(url, {"person": person.phone, "region_code": COMMUNITY}, **JSON)
    ended = client.post(f"{url}/{named.json()['id']}/ending").json()

    assert named.status_code == 201
    assert ended["until_date"] is not None


def test_coverage_is_for_who_sees_reports():
    make_team()
    url = f"{API}regions/{COMMUNITY}/coverage"

    assert worker_client().get(url).json() == {
        "communities": 1, "covered": 1, "percent": "100.0"
    }  # fmt: skip
    assert client_of(make_person()).get(url).status_code == 404


def test_outsiders_reach_nothing():
    team = make_team()
    neighbour, resident = worker_client(region=NEIGHBOUR_COMMUNITY), client_of(make_person())
    url = f"{API}organisations/{team.public_id}"

    assert neighbour.get(f"{url}/members").status_code == 404
    assert neighbour.post(f"{url}/closure").status_code == 404
    assert resident.get(f"{API}organisations").status_code == 404
