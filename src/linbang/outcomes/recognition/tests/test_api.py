"""Stars, ratings and honours over the API: same actions, same refusals."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linbang.foundation import clock
from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.people.factories import make_person, make_volunteer
from linbang.foundation.people.models import Person
from linbang.intake.activities.factories import make_activity
from linbang.outcomes.recognition.factories import make_hours, make_visited
from linbang.outcomes.recognition.tests.cast import NOW, STREET, worker

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"
MORNING = NOW - timedelta(hours=20)


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def volunteer() -> Person:
    return make_volunteer("王建国", now=NOW - timedelta(days=400)).person


def desk(*who):
    return client_of(Person.objects.get(pk=worker(*who).person_id))


def post(browser, path, body=None):
    return browser.post(f"{ROOT}{path}", body or {}, content_type="application/json")


def test_star_goes_its_way(volunteer):
    own, clerk = client_of(volunteer), desk()
    refused = post(own, "/stars/applications", {"star": 1})
    make_hours(volunteer, 6000)
    page = own.get(f"{ROOT}/stars").json()

    made = post(own, "/stars/applications", {"star": 1})
    at = f"/stars/desk/applications/{made.json()['id']}"
    waiting = clerk.get(f"{ROOT}/stars/desk/waiting").json()
    approved = post(clerk, f"{at}/decision", {"approve": True}).json()
    [public] = Client().get(f"{ROOT}/stars/notice").json()["items"]
    said = post(
        client_of(make_person("邻居甲")),
        f"/stars/notice/{public['id']}/objections",
        {"text": "没见过他"},
    )
    colleague = desk("韦玉兰", Role.COMMUNITY_OFFICER)
    answer = {"outcome": "rejected", "answer": "记录齐全"}
    [answered] = post(colleague, f"{at}/objections/{said.json()['id']}/answer", answer).json()

    assert (refused.status_code, refused.json()["code"]) == (409, "star_not_reached")
    assert (page["star"], page["may_ask_for"], page["levels"]["hours"][0]) == (0, 1, 100)
    assert (made.status_code, waiting["count"]) == (201, 1)
    assert (approved["state"], approved["notice_until"]) == ("on_notice", "2026-05-27")
    assert (public["name"], said.status_code) == ("王**", 201)
    assert answered["outcome"] == "rejected"
    assert clerk.get(f"{ROOT}{at}/objections").json() == [answered]
    assert own.get(f"{ROOT}/stars").json()["application"]["state"] == "on_notice"
    back = post(own, f"/stars/applications/{made.json()['id']}/withdrawal")
    assert back.json()["state"] == "withdrawn"
    again = post(own, "/stars/applications", {"star": 1}).json()
    no = post(clerk, f"/stars/desk/applications/{again['id']}/decision", {"approve": False})
    assert no.json()["code"] == "star_reason_missing"


def test_officer_adopts_levels():
    told = {"region": STREET, "code": "street"}

    adopted = post(desk("陆文涛", Role.STREET_OFFICER, STREET), "/stars/levels", told)

    assert (adopted.status_code, adopted.json()["is_yearly"]) == (201, True)
    assert post(desk(), "/stars/levels", told).status_code == 403


def test_both_sides_rate(volunteer):
    record = make_visited(volunteer, now=MORNING)
    path = f"/records/{record.public_id}/ratings"
    resident, own = client_of(record.beneficiary), client_of(volunteer)

    first = post(resident, path, {"side": "volunteer", "points": [5, 4, 5], "comment": "好"})
    second = post(own, path, {"side": "service", "points": [4, 4, 4]})
    twice = post(resident, path, {"side": "volunteer", "points": [1, 1, 1]})

    assert (first.status_code, first.json()) == (201, [])
    assert len(second.json()) == 2
    assert twice.json()["code"] == "already_rated"
    mine = own.get(f"{ROOT}/ratings").json()
    assert (mine["average"], mine["count"]) == ("", 1)
    assert (mine["received"][0]["points"], len(mine["given"])) == ([5, 4, 5], 1)
    assert (
        post(
            client_of(make_person("路人")), path, {"side": "volunteer", "points": [5, 5, 5]}
        ).status_code
        == 404
    )


def test_station_and_leader_rate(volunteer):
    visited = make_visited(volunteer, now=MORNING)
    leader = make_volunteer("覃桂芳").person
    activity = make_activity("清洁家园", leader=leader)
    [shift] = make_hours(make_volunteer("赵敏").person, 60, starts_at=MORNING, activity=activity)
    told = {"side": "volunteer", "points": [5, 5, 5]}

    by_phone = post(desk(), f"/records/{visited.public_id}/ratings", {**told, "by_station": True})
    led = post(client_of(leader), f"/records/{shift.public_id}/ratings", told)

    assert (by_phone.status_code, led.status_code) == (201, 201)


def test_honour_is_entered_and_decided(volunteer):
    own, clerk = client_of(volunteer), desk()
    told = {
        "name": "优秀志愿者",
        "level": "county",
        "granted_by": "区文明办",
        "granted_date": "2026-03-05",
    }
    bare = own.post(f"{ROOT}/honours", told)
    proof = SimpleUploadedFile("a.pdf", b"%PDF-1.7", content_type="application/pdf")
    made = own.post(f"{ROOT}/honours", {**told, "proof": proof})
    path = f"/honours/{made.json()['id']}/decision"
    decided = post(clerk, path, {"verdict": "registered"})

    assert bare.json()["code"] == "honour_proof_missing"
    assert (made.status_code, made.json()["state"]) == (201, "waiting")
    assert decided.json()["state"] == "registered"
    assert own.get(f"{ROOT}/honours").json()["count"] == 1
    assert clerk.get(f"{ROOT}/honours/register").json()["count"] == 1
    assert post(own, path, {"verdict": "registered"}).status_code == 404
