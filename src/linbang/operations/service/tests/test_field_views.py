"""Pages of desks, incidents and the console, as each of the cast sees them."""

from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse

from linbang.foundation import clock
from linbang.foundation.access.factories import client_of
from linbang.foundation.people.factories import (
    make_person,
    make_volunteer,
    make_worker,
)
from linbang.foundation.people.models import Person
from linbang.operations.dispatch.factories import make_open_shift
from linbang.operations.service.choices import AttendanceMethod
from linbang.operations.service.factories import make_attendance
from linbang.operations.service.models import (
    DeskTally,
    Incident,
    IncidentPhoto,
)
from linbang.operations.service.tests.browsers import led, page_of, queued
from linbang.operations.service.tests.cast import actor, after, lead, placed
from linbang.operations.service.tests.test_absences import counted
from linbang.operations.service.tests.test_desks import make_desk, staff_of
from linbang.operations.service.tests.test_incidents import PNG, report

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set the clock of the views: ``at(minutes after nine)``; half past nine at first."""

    def at(minutes: float) -> datetime:
        now = after(minutes)
        monkeypatch.setattr(clock, "now", lambda: now)
        return now

    at(30)
    return at


def test_desk_counts_by_form_and_by_queue() -> None:
    desk = make_desk()
    staff = staff_of(desk)
    client = client_of(staff.person)
    address = reverse("service:desk", args=[desk.public_id])
    strokes = reverse("service:tally", args=[desk.public_id])

    client.post(strokes, {"topic": "量血压", "people": 1})
    client.post(strokes, {"topic": "量血压", "people": 1})
    for _ in range(2):
        assert queued(client, strokes, {"topic": "用药咨询", "people": 1}).status_code == 204

    assert DeskTally.objects.count() == 3
    page = client.get(address)
    assert page.context["count"].people == 3
    assert page.headers["X-Offline-Seconds"]
    assert client.post(strokes, {"topic": "量血压"}).status_code == 409
    overview = led(staff).get(page_of(staff, "lead_desks")).content.decode()
    assert "卫生服务中心1" in overview
    assert desk.department in client.get("/shifts/").content.decode()


def test_desk_is_for_its_staff() -> None:
    desk = make_desk()
    outsider = client_of(make_person("路人甲"))

    assert outsider.get(reverse("service:desk", args=[desk.public_id])).status_code == 404
    answer = outsider.post(
        reverse("service:tally", args=[desk.public_id]), {"topic": "量血压", "people": 1}
    )
    assert answer.status_code == 404


def test_incident_is_reported_completed_and_pictured(at: Any) -> None:
    sign_up = placed()
    client = client_of(sign_up.person)
    told = {
        "kind": "injury",
        "who": "黄建国",
        "what": "扭了腰",
        "place": "广场",
        "first_aid": "冰敷",
        "happened_at": "2026-05-16T09:20",
    }
    new = page_of(sign_up, "incident_new")

    assert "120" in client.get(new).content.decode()
    assert client.post(new, {**told, "who": " "}).status_code == 422
    assert client.post(new, {**told, "happened_at": "2026-05-16T10:20"}).status_code == 422
    client.post(new, told)
    incident = Incident.objects.get()
    address = reverse("service:incident", args=[incident.public_id])

    assert "请在" in client.get(address).content.decode()
    details = reverse("service:incident_details", args=[incident.public_id])
    assert client.post(details, told).status_code == 302
    incomplete = client.post(details, {**told, "complete": "yes"})
    assert incomplete.status_code == 422
    at(30 + 60 * 49)
    assert "已超过 48 小时" in client.get(address).content.decode()
    full = {**told, "hospital": "无需送医", "witnesses": "无", "complete": "yes"}
    done = client.post(details, full, follow=True)
    assert "已填报完成" in done.content.decode()


def test_photo_is_served_as_a_picture_and_nothing_else(at: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    sign_up = placed()
    leader = lead(sign_up.shift.activity)
    incident = report(leader, sign_up.shift.activity)
    client = client_of(Person.objects.get(pk=leader.person_id))
    photos = reverse("service:incident_photos", args=[incident.public_id])

    bad = client.post(photos, {"photo": SimpleUploadedFile("a.png", b"<svg onload=x>")})
    client.post(photos, {"photo": SimpleUploadedFile("a.svg", PNG, content_type="text/html")})
    photo = IncidentPhoto.objects.get()
    address = reverse("service:incident_photo", args=[incident.public_id, photo.public_id])
    answer = client.get(address)

    assert (bad.status_code, "这个文件不是照片" in bad.content.decode()) == (422, True)
    assert (answer.content, answer.headers["Content-Type"]) == (PNG, "image/png")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert (
        address
        in client.get(reverse("service:incident", args=[incident.public_id])).content.decode()
    )


@pytest.mark.parametrize("page", ["incident", "incident_details", "incident_photos"])
def test_incident_is_hidden_from_others(page: str) -> None:
    sign_up = placed()
    incident = report(lead(sign_up.shift.activity), sign_up.shift.activity)
    address = reverse(f"service:{page}", args=[incident.public_id])

    for other in (sign_up.person, make_person("路人甲")):
        client = client_of(other)
        answer = client.get(address) if page == "incident" else client.post(address, {})
        assert answer.status_code == 404
    stranger = client_of(make_person("路人乙"))
    assert stranger.get(page_of(sign_up, "incident_new")).status_code == 404


CONSOLE = ("/console/attendance/", "/console/absences/", "/console/incidents/")


@pytest.mark.parametrize("address", CONSOLE)
def test_console_is_for_who_may_lead_shifts(address: str) -> None:
    assert client_of(make_worker("张敏")).get(address).status_code == 200
    assert client_of(make_person("路人甲")).get(address).status_code == 404


def test_console_shows_a_day_with_what_machines_and_hands_wrote(at: Any) -> None:
    shift = make_open_shift()
    names = ("韦一", "韦二", "韦三")
    proved, entered, missing = (placed(shift, make_volunteer(name).person) for name in names)
    make_attendance(proved, left_at=after(60))
    make_attendance(entered, came_by=AttendanceMethod.ROLL, in_note="手机没电")
    worker = client_of(make_worker("张敏"))
    at(130)

    day = worker.get(f"/console/attendance/{shift.activity.public_id}/?day=2026-05-16")
    days = worker.get("/console/attendance/").context["days"]

    presence = day.context["presence"]
    assert (presence.people, presence.person_times, presence.minutes) == (2, 2, 60)
    assert (presence.proved_minutes, presence.open) == (60, 1)
    assert {line.name: line.is_by_hand for line in day.context["lines"]} == {
        proved.person.name: False,
        entered.person.name: True,
    }
    assert "手机没电" in day.content.decode()
    assert missing.person.name in day.content.decode()
    assert [(one.expected, one.came, one.here, one.by_hand, one.missing) for one in days] == [
        (3, 2, 1, 1, 1)
    ]
    other = client_of(make_worker("外人", region="450103001006"))
    address = f"/console/attendance/{shift.activity.public_id}/"
    assert other.get(address).status_code == 404
    assert other.get("/console/attendance/").context["days"] == []


def test_absence_is_decided_on_the_console(at: Any) -> None:
    absence = counted(make_volunteer("韦健").person)
    worker = client_of(make_worker("张敏"))
    address = reverse("service:absence_decision", args=[absence.public_id])

    assert "韦健" in worker.get("/console/absences/").content.decode()
    assert worker.post(address, {"decision": "excuse"}).status_code == 409
    assert worker.post(address, {"decision": "excuse", "answer": "住院"}).status_code == 302
    absence.refresh_from_db()
    assert absence.answer == "住院"
    assert client_of(absence.person).post(address, {}).status_code == 404
    elsewhere = client_of(make_worker("外人", region="450103001006"))
    assert elsewhere.post(address, {"decision": "excuse", "answer": "x"}).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("address", "count"), [("/console/absences/", 8), ("/console/incidents/", 8)]
)
def test_console_lists_cost_the_same_for_one_and_three(
    address: str, count: int, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        absence = counted(make_volunteer(f"韦健{number}").person)
        activity = absence.sign_up.shift.activity
        report(lead(activity), activity, key=f"k{number}")
    client = client_of(make_worker("张敏"))
    client.get(address)

    with django_assert_num_queries(count):
        client.get(address)


def test_incident_list_tells_nothing_of_whom(at: Any) -> None:
    sign_up = placed()
    report(lead(sign_up.shift.activity), sign_up.shift.activity)

    page = client_of(make_worker("张敏")).get("/console/incidents/").content.decode()

    assert "受伤" in page
    assert "黄建国" not in page
    assert actor(sign_up.person).is_signed_in
