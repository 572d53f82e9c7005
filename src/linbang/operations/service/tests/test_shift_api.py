"""Shifts under ``/api/v1/``: the same use cases by the same refusals."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linbang.foundation import clock
from linbang.foundation.access.factories import client_of
from linbang.foundation.people.factories import (
    make_consent_texts,
    make_kinship,
    make_person,
    make_resident_id,
    make_volunteer,
    make_worker,
)
from linbang.foundation.people.models import Person, VolunteerProfile
from linbang.foundation.places.factories import COMMUNITY
from linbang.operations.dispatch.factories import make_open_shift
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service import queries
from linbang.operations.service.factories import make_attendance
from linbang.operations.service.models import Absence, Attendance, DeskTally, Incident
from linbang.operations.service.tests.cast import after, lead, placed
from linbang.operations.service.tests.test_absences import counted
from linbang.operations.service.tests.test_desks import make_desk, staff_of
from linbang.operations.service.tests.test_incidents import PNG, report

pytestmark = pytest.mark.django_db
TOLD = {"who": "黄建国", "what": "扭了腰", "place": "广场", "first_aid": "冰敷"}


@pytest.fixture(autouse=True)
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set the clock of the API: ``at(minutes after nine)``; nine at first."""

    def at(minutes: float) -> datetime:
        now = after(minutes)
        monkeypatch.setattr(clock, "now", lambda: now)
        return now

    at(0)
    return at


def call(who: Any, method: str, path: str, body: Any = None, *, key: str = "") -> tuple[int, Any]:
    send = getattr(client_of(who), method)
    headers = {"Idempotency-Key": key} if key else {}
    if method == "get":
        response = send(f"/api/v1{path}", headers=headers)
    else:
        response = send(
            f"/api/v1{path}", body or {}, content_type="application/json", headers=headers
        )
    return response.status_code, response.json() if response.content else None


def door(sign_up: SignUp, way: str) -> str:
    return f"/activities/{sign_up.shift.activity.public_id}/{way}"


def proof(sign_up: SignUp, minutes: float = 0, **more: Any) -> dict[str, Any]:
    activity = sign_up.shift.activity.public_id
    return {
        "method": "code",
        "code": queries.activity_code(activity, after(minutes)).digits,
        **more,
    }


def leader_of(sign_up: SignUp) -> Person:
    return Person.objects.get(pk=lead(sign_up.shift.activity).person_id)


def test_volunteer_comes_and_goes(at: Any) -> None:
    sign_up = placed()
    who = sign_up.person

    first = call(who, "post", door(sign_up, "check-in"), proof(sign_up), key="k")
    again = call(who, "post", door(sign_up, "check-in"), proof(sign_up), key="k")
    at(90)
    status, gone = call(who, "post", door(sign_up, "check-out"), proof(sign_up, 90))

    assert first == again
    assert status == 200
    row = Attendance.objects.get()
    assert gone["id"] == first[1]["id"] == str(row.public_id)
    assert (gone["left_by"], gone["shift_id"]) == ("code", str(sign_up.shift.public_id))
    assert row.in_key == "k"


@pytest.mark.parametrize(
    ("way", "body", "status", "code"),
    [
        ("check-in", {"method": "code", "code": "000000"}, 409, "wrong_shift_code"),
        ("check-out", {"method": "code", "code": ""}, 409, "not_on_shift"),
        ("check-in", {"method": "location"}, 409, "too_few_places_for_location"),
        ("check-in", {"method": "roll"}, 403, "not_allowed"),
        ("check-in", {"method": "dance"}, 422, "invalid_input"),
        ("check-in", {"method": "code", "person_id": str(uuid4())}, 404, "not_found"),
    ],
)
def test_refusals_are_those_of_the_pages(
    way: str, body: dict[str, Any], status: int, code: str
) -> None:
    sign_up = placed()

    answered, problem = call(sign_up.person, "post", door(sign_up, way), body)

    assert (answered, problem["code"]) == (status, code)
    assert problem["detail"]


def test_parent_comes_for_the_child() -> None:
    sign_up = placed()
    parent = make_person("陈晓燕")
    make_kinship(sign_up.person, parent, is_guardian=True)
    body = proof(sign_up, person_id=str(sign_up.person.public_id))

    assert call(parent, "post", door(sign_up, "check-in"), body)[0] == 200
    assert call(make_person("路人甲"), "post", door(sign_up, "check-in"), body)[0] == 404


def test_unknown_activity_is_not_found() -> None:
    sign_up = placed()

    status, problem = call(
        sign_up.person, "post", f"/activities/{uuid4()}/check-in", proof(sign_up)
    )

    assert (status, problem["code"]) == (404, "not_found")


def test_own_shifts_ahead_and_behind(at: Any) -> None:
    sign_up = placed()
    make_attendance(sign_up, left_at=after(60))

    _, ahead = call(sign_up.person, "get", "/own-shifts")
    _, one = call(sign_up.person, "get", f"/own-shifts/{sign_up.public_id}")
    at(130)
    _, behind = call(sign_up.person, "get", "/own-shifts?is_ahead=false")

    assert [row["id"] for row in ahead["items"]] == [str(sign_up.public_id)]
    assert (one["step"], one["minutes"], len(one["presence"])) == ("done", 60, 1)
    assert behind["count"] == 1
    other = make_person("路人甲")
    assert call(other, "get", "/own-shifts")[1]["count"] == 0
    assert call(other, "get", f"/own-shifts/{sign_up.public_id}")[0] == 404


def test_code_is_shown_to_the_leader_alone() -> None:
    sign_up = placed()

    status, sign = call(leader_of(sign_up), "get", door(sign_up, "check-in-code"))

    assert (status, sign["digits"]) == (200, proof(sign_up)["code"])
    assert sign["digits"] in sign["address"]
    assert call(sign_up.person, "get", door(sign_up, "check-in-code"))[0] == 404


def test_roll_is_shown_called_settled_and_closed(at: Any) -> None:
    shift = make_open_shift()
    first, second, third = (placed(shift) for _ in range(3))
    leader = leader_of(first)
    at(30)
    marks = [
        {"sign_up_id": str(first.public_id), "mark": "present", "key": "1"},
        {"sign_up_id": str(second.public_id), "mark": "left"},
        {"sign_up_id": str(second.public_id), "mark": "present", "at": after(5).isoformat()},
    ]

    _, answers = call(leader, "post", door(first, "roll"), {"marks": marks})
    _, roll = call(leader, "get", door(first, "roll"))
    at(130)
    _, refused = call(leader, "post", door(first, "settlement"), {"time": "11:30"})
    _, settled = call(leader, "post", door(first, "settlement"))
    status, closed = call(leader, "post", door(first, "roll-closure"), {"day": "2026-05-16"})

    assert [answer["code"] for answer in answers] == ["", "not_on_shift", ""]
    assert (roll["here"], roll["missing"], roll["shifts"][0]["post"]) == (2, 1, "清扫")
    assert {one["code"] for one in refused} == {"beyond_shift_end"}
    assert [one["code"] for one in settled] == ["", ""]
    assert (status, closed) == (200, {"absent": 1})
    assert Absence.objects.get().person_id == third.person_id
    _, days = call(leader, "get", "/led-days")
    assert days["items"][0]["came"] == 2


@pytest.mark.parametrize(
    "way", ["roll", "settlement", "roll-closure", "cards", "sheet", "walk-ins", "desks"]
)
def test_leaders_doors_are_closed_to_others(way: str) -> None:
    sign_up = placed()
    bodies = {
        "roll": {"marks": []},
        "roll-closure": {"day": "2026-05-16"},
        "cards": {"card": "V1"},
        "sheet": {"note": "x", "lines": []},
        "walk-ins": {"shift_id": str(uuid4()), "who": "x"},
    }
    method = "get" if way == "desks" else "post"

    for other in (sign_up.person, make_person("路人甲")):
        assert call(other, method, door(sign_up, way), bodies.get(way))[0] == 404
    assert call(sign_up.person, "get", "/led-days")[1]["count"] == 0


def test_naive_moments_are_refused() -> None:
    sign_up = placed()
    mark = {"sign_up_id": str(sign_up.public_id), "mark": "present", "at": "2026-05-16T09:00:00"}

    status, problem = call(leader_of(sign_up), "post", door(sign_up, "roll"), {"marks": [mark]})

    assert (status, problem["code"]) == (422, "invalid_input")


def test_card_is_scanned() -> None:
    sign_up = placed()
    number = VolunteerProfile.objects.get(person=sign_up.person).number
    leader = leader_of(sign_up)

    _, answer = call(leader, "post", door(sign_up, "cards"), {"card": number}, key="c")
    status, problem = call(leader, "post", door(sign_up, "cards"), {"card": "V1"})

    assert (answer["name"], answer["is_out"]) == (sign_up.person.name, False)
    assert (status, problem["code"]) == (404, "card_unknown")
    assert Attendance.objects.get().in_key == "c"


def test_sheet_is_entered_with_a_report(at: Any) -> None:
    shift = make_open_shift()
    good, bad = placed(shift), placed(shift)
    at(600)
    lines = [
        {
            "sign_up_id": str(one.public_id),
            "segments": [{"came_at": after(0).isoformat(), "left_at": after(left).isoformat()}],
        }
        for one, left in ((good, 100), (bad, 130))
    ]

    status, report_ = call(
        leader_of(good), "post", door(good, "sheet"), {"note": "没有网络", "lines": lines}
    )

    assert (status, [line["code"] for line in report_]) == (200, ["", "beyond_shift_end"])
    assert Attendance.objects.get().sign_up_id == good.pk


def test_stranger_walks_in() -> None:
    make_consent_texts()
    sign_up = placed()
    leader = leader_of(sign_up)
    visitor = {
        "shift_id": str(sign_up.shift.public_id),
        "who": make_resident_id(after(0).date().replace(year=1990)),
        "name": "农晓梅",
        "phone": "13877112233",
        "region_code": COMMUNITY,
    }

    refused = call(leader, "post", door(sign_up, "walk-ins"), visitor)
    _, done = call(leader, "post", door(sign_up, "walk-ins"), {**visitor, "agreed": True}, key="w")

    assert (refused[0], refused[1]["code"], refused[1]["field"]) == (
        422,
        "consent_needed",
        "agreed",
    )
    assert (done["name"], done["is_new"]) == ("农晓梅", True)
    assert Attendance.objects.get().in_key == "w"


def test_absence_is_objected_to_and_decided(at: Any) -> None:
    absence = counted(make_volunteer("韦健").person)
    worker = make_worker("张敏")
    at(60 * 48)
    path = f"/absences/{absence.public_id}"

    _, own = call(absence.person, "get", "/absences")
    _, objected = call(absence.person, "post", f"{path}/objection", {"text": "我去了"})
    _, upheld = call(worker, "post", f"{path}/upholding", {"text": "没有签名"})
    _, excused = call(worker, "post", f"{path}/excuse", {"text": "有照片为证"})
    _, led = call(worker, "get", "/absences?is_led=true")

    assert [row["id"] for row in own["items"]] == [str(absence.public_id)]
    assert objected["objection"] == "我去了"
    assert (upheld["is_upheld"], upheld["answer"]) == (True, "没有签名")
    assert (excused["is_excused"], led["count"]) == (True, 1)
    other = make_person("路人甲")
    assert call(other, "get", "/absences?is_led=true")[1]["count"] == 0
    for way in ("objection", "excuse", "upholding"):
        assert call(other, "post", f"{path}/{way}", {"text": "x"})[0] == 404


def test_desk_is_counted() -> None:
    desk = make_desk()
    staff = staff_of(desk)
    path = f"/desks/{desk.public_id}/tallies"

    for _ in range(2):
        _, count = call(staff.person, "post", path, {"topic": "量血压", "people": 3}, key="t")
    _, again = call(staff.person, "post", path, {"topic": "量血压"})
    refused = call(staff.person, "post", path, {"topic": "算命"})
    _, desks = call(leader_of(staff), "get", door(staff, "desks"))

    assert (count["people"], again["people"], DeskTally.objects.count()) == (3, 4, 2)
    assert refused[1]["code"] == "desk_topic_unknown"
    assert desks[0]["topics"][0] == {"topic": "量血压", "people": 4}
    assert call(make_person("路人甲"), "post", path, {"topic": "量血压"})[0] == 404


def test_incident_is_reported_seen_amended_and_pictured() -> None:
    sign_up = placed()
    who = sign_up.person
    body = {**TOLD, "kind": "injury", "happened_at": after(-1).isoformat()}

    first = call(who, "post", door(sign_up, "incidents"), body, key="i")
    again = call(who, "post", door(sign_up, "incidents"), body, key="i")
    path = f"/incidents/{first[1]['id']}"
    photo = client_of(who).post(
        f"/api/v1{path}/photos", {"photo": SimpleUploadedFile("a.png", PNG)}
    )
    refused = call(who, "put", path, {**TOLD, "is_complete": True})
    full = {**TOLD, "hospital": "无需送医", "witnesses": "无", "is_complete": True}
    _, done = call(who, "put", path, full)
    _, seen = call(who, "get", path)
    _, listed = call(who, "get", "/incidents?is_incomplete=false")

    assert first[1]["id"] == again[1]["id"]
    assert first[0] == photo.status_code == 201
    assert refused[1]["code"] == "incident_part_missing"
    assert done["completed_at"] is not None
    assert (seen["who"], seen["photo_ids"]) == ("黄建国", [photo.json()["id"]])
    assert "who" not in listed["items"][0]
    assert call(who, "get", "/incidents?is_incomplete=true")[1]["count"] == 0
    assert Incident.objects.count() == 1


def test_incident_is_hidden_from_others() -> None:
    sign_up = placed()
    incident = report(lead(sign_up.shift.activity), sign_up.shift.activity)
    path = f"/incidents/{incident.public_id}"
    other = make_person("路人甲")

    assert call(other, "get", "/incidents")[1]["count"] == 0
    assert call(other, "get", path)[0] == 404
    assert call(other, "put", path, TOLD)[0] == 404
    body = {**TOLD, "kind": "injury", "happened_at": after(-1).isoformat()}
    assert call(other, "post", door(sign_up, "incidents"), body)[0] == 404


def test_calendar_is_opened_and_closed() -> None:
    person = make_person("李秀英")

    status, opened = call(person, "post", "/own-calendar")
    feed = client_of(person).get(opened["address"])
    closed = call(person, "delete", "/own-calendar")

    assert (status, feed.status_code, closed) == (201, 200, (204, None))
    assert client_of(person).get(opened["address"]).status_code == 404
