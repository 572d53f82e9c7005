"""Pages of a volunteer's own shifts, as each of the cast sees them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from linbang.foundation import clock
from linbang.foundation.access.factories import client_of
from linbang.foundation.people.factories import make_kinship, make_person, make_volunteer
from linbang.foundation.people.models import Person, VolunteerProfile
from linbang.intake.activities.choices import ActivityState
from linbang.intake.activities.factories import BEFORE, SATURDAY, make_activity
from linbang.intake.activities.models import Activity
from linbang.operations.dispatch.choices import SignUpState
from linbang.operations.dispatch.factories import make_open_shift, make_sign_up
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service import actions, queries
from linbang.operations.service.choices import ShiftStep
from linbang.operations.service.factories import make_attendance, make_presence, make_visit
from linbang.operations.service.models import Absence, Attendance, CalendarFeed
from linbang.operations.service.tests.cast import actor, after, lead, placed
from linbang.operations.service.tests.test_absences import counted

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set the clock of the views: ``at(minutes after nine)``."""

    def at(minutes: float) -> datetime:
        now = after(minutes)
        monkeypatch.setattr(clock, "now", lambda: now)
        return now

    at(0)
    return at


def entrance(sign_up: SignUp, step: str = "entrance") -> str:
    return reverse(f"service:{step}", args=[sign_up.shift.activity.public_id])


def code_of(sign_up: SignUp, minutes: float = 0) -> str:
    return queries.activity_code(sign_up.shift.activity.public_id, after(minutes)).digits


def step_of(sign_up: SignUp, now: datetime) -> ShiftStep:
    by = actor(sign_up.person)
    return queries.shift_card(queries.shifts_of(by).get(pk=sign_up.pk), by, now).step


@pytest.mark.parametrize(
    ("state", "minutes", "presence", "absence", "step"),
    [
        ("requested", -600, None, None, ShiftStep.REQUESTED),
        ("waiting", -600, None, None, ShiftStep.WAITING),
        ("held", -600, None, None, ShiftStep.HELD),
        ("withdrawn", -600, None, None, ShiftStep.LEFT),
        ("confirmed", -61, None, None, ShiftStep.AHEAD),
        ("confirmed", -60, None, None, ShiftStep.CHECK_IN),
        ("confirmed", 119, None, None, ShiftStep.CHECK_IN),
        ("confirmed", 119, None, "excused", ShiftStep.EXCUSED),
        ("confirmed", 119, None, "no_show", ShiftStep.CHECK_IN),
        ("confirmed", 60, (0, None), None, ShiftStep.CHECK_OUT),
        ("confirmed", 120, (0, None), None, ShiftStep.FORGOTTEN),
        ("confirmed", 90, (0, 60), None, ShiftStep.DONE),
        ("confirmed", 120, None, None, ShiftStep.UNKNOWN),
        ("confirmed", 120, None, "no_show", ShiftStep.ABSENT),
        ("confirmed", 120, (0, 60), "no_show", ShiftStep.DONE),
    ],
)
def test_step_says_what_to_do_now(
    state: str,
    minutes: float,
    presence: tuple[float, float | None] | None,
    absence: str | None,
    step: ShiftStep,
) -> None:
    sign_up = placed()
    SignUp.objects.filter(pk=sign_up.pk).update(
        state=state,
        held_until=after(-500) if state == "held" else None,
        ended_at=BEFORE if state == "withdrawn" else None,
    )
    if presence:
        left = after(presence[1]) if presence[1] is not None else None
        make_attendance(sign_up, came_at=after(presence[0]), left_at=left)
    if absence:
        Absence.objects.create(
            cell=sign_up.cell,
            sign_up=sign_up,
            person=sign_up.person,
            kind=absence,
            note="急事",
            shift_started_at=SATURDAY,
            recorded_at=SATURDAY,
        )

    assert step_of(sign_up, after(minutes)) == step


def test_plans_show_the_pressing_one_first_and_visits_among_the_rest(at: Any) -> None:
    now = at(0)
    person = make_volunteer("王强").person
    running = placed(person=person)
    later = placed(make_open_shift(starts_at=after(400)), person)
    make_visit(volunteer=person)
    waiting = placed(make_open_shift(starts_at=after(900)), person)
    SignUp.objects.filter(pk=waiting.pk).update(state=SignUpState.WAITING, confirmed_at=None)

    plans = queries.plans_of(actor(person), now)
    page = client_of(person).get("/shifts/").content.decode()

    assert plans.next_shift is not None
    assert plans.next_shift.sign_up == running.public_id
    assert [bool(plan.visit) for plan in plans.ahead] == [False, True]
    assert [card.sign_up for card in plans.waiting] == [waiting.public_id]
    for place in (running, later, waiting):
        assert f"/shifts/{place.public_id}/" in page
    assert entrance(running) in page


@pytest.mark.parametrize("shifts", [1, 3])
def test_plans_cost_the_same_for_one_and_three(
    at: Any, shifts: int, django_assert_num_queries: Any
) -> None:
    person = make_volunteer("王强").person
    for day in range(shifts):
        placed(make_open_shift(starts_at=after(1440 * day)), person)
        past = placed(make_open_shift(starts_at=after(-1440 * (day + 1))), person)
        make_attendance(past, left_at=past.shift.ends_at)
    client = client_of(person)
    client.get("/shifts/")

    with django_assert_num_queries(17):
        client.get("/shifts/")


def test_page_of_nothing_leads_on(at: Any) -> None:
    page = client_of(make_person("李秀英")).get("/shifts/").content.decode()

    assert "近期没有安排" in page


def test_stranger_signs_in_first_and_comes_back_with_the_code() -> None:
    sign_up = placed()

    answer = Client().get(f"{entrance(sign_up)}?code=123456")

    assert answer.status_code == 302
    assert "code%3D123456" in answer.headers["Location"]


def test_scanned_code_is_one_tap(at: Any) -> None:
    sign_up = placed()
    client = client_of(sign_up.person)
    code = code_of(sign_up)

    page = client.get(f"{entrance(sign_up)}?code={code}").content.decode()
    done = client.post(
        entrance(sign_up, "entrance_arrival"), {"method": "code", "code": code}, follow=True
    )

    assert f'name="code" value="{code}"' in page
    assert 'data-behaviour="scan"' not in page
    assert "09:00 已签到" in done.content.decode()
    assert Attendance.objects.get().in_at == after(0)


def test_leaving_is_the_same_page(at: Any) -> None:
    sign_up = placed()
    make_attendance(sign_up)
    at(100)
    client = client_of(sign_up.person)

    page = client.get(entrance(sign_up)).content.decode()
    done = client.post(
        entrance(sign_up, "entrance_departure"),
        {"method": "code", "code": code_of(sign_up, 100)},
        follow=True,
    )

    assert entrance(sign_up, "entrance_departure") in page
    assert 'data-behaviour="scan"' in page
    assert "10:40 已签退" in done.content.decode()


def test_next_shift_is_offered_after_leaving(at: Any) -> None:
    activity = make_activity()
    person = make_volunteer("王强").person
    first = placed(make_open_shift(activity=activity), person)
    placed(make_open_shift(activity=activity, starts_at=after(120)), person)
    make_attendance(first)
    at(121)

    page = client_of(person).post(
        entrance(first, "entrance_departure"),
        {"method": "code", "code": code_of(first, 121)},
        follow=True,
    )

    assert "签到下一班" in page.content.decode()


def test_wrong_code_is_told_beside_the_field(at: Any) -> None:
    sign_up = placed()
    client = client_of(sign_up.person)

    for code, words in (("000000", "签到码不对"), ("12", "请输入六位数字")):
        answer = client.post(
            entrance(sign_up, "entrance_arrival"), {"method": "code", "code": code}
        )
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert not Attendance.objects.exists()


def test_location_is_offered_only_where_it_counts(at: Any) -> None:
    small, large = placed(), placed(make_open_shift(places=100))
    located = 'name="method" value="location"'

    assert located not in client_of(small.person).get(entrance(small)).content.decode()
    assert located in client_of(large.person).get(entrance(large)).content.decode()
    answer = client_of(large.person).post(
        entrance(large, "entrance_arrival"),
        {"method": "location", "latitude": "22.81", "longitude": "108.33"},
    )
    assert answer.status_code == 302
    for columns in ({"radius_m": 0}, {"radius_m": 200, "latitude": None, "longitude": None}):
        Activity.objects.filter(pk=large.shift.activity_id).update(**columns)
        assert located not in client_of(large.person).get(entrance(large)).content.decode()


@pytest.mark.parametrize(
    ("minutes", "state", "words"),
    [
        (-120, "confirmed", "起可以签到"),
        (0, "held", "请先确认"),
        (0, "waiting", "您还没有录取"),
        (130, "confirmed", "这一班已经结束"),
    ],
)
def test_entrance_says_why_there_is_no_button(
    at: Any, minutes: float, state: str, words: str
) -> None:
    sign_up = placed()
    SignUp.objects.filter(pk=sign_up.pk).update(
        state=state, held_until=after(30) if state == "held" else None
    )
    at(minutes)

    page = client_of(sign_up.person).get(entrance(sign_up)).content.decode()

    assert words in page
    assert entrance(sign_up, "entrance_arrival") not in page


def test_who_has_left_may_come_back_while_it_runs(at: Any) -> None:
    sign_up = placed()
    make_attendance(sign_up, left_at=after(20))
    client = client_of(sign_up.person)

    at(30)
    assert "再次签到" in client.get(entrance(sign_up)).content.decode()
    at(130)
    assert "再次签到" not in client.get(entrance(sign_up)).content.decode()


def test_who_has_no_shift_here_is_shown_the_way(at: Any) -> None:
    sign_up = placed()
    outsider = client_of(make_person("路人甲"))

    page = outsider.get(entrance(sign_up)).content.decode()
    answer = outsider.post(
        entrance(sign_up, "entrance_arrival"), {"method": "code", "code": code_of(sign_up)}
    )

    assert "现在没有您在这里的班次" in page
    assert (answer.status_code, Attendance.objects.exists()) == (422, False)
    assert outsider.get(entrance(sign_up, "entrance_done")).status_code == 302


def test_draft_and_unknown_activities_have_no_entrance(at: Any) -> None:
    sign_up = placed()
    Activity.objects.filter(pk=sign_up.shift.activity_id).update(state=ActivityState.DRAFT)
    client = client_of(sign_up.person)

    for address in (
        entrance(sign_up),
        entrance(sign_up, "entrance_done"),
        reverse("service:entrance", args=[uuid4()]),
    ):
        assert client.get(address).status_code == 404


def test_parent_checks_the_child_in_and_nobody_else(at: Any) -> None:
    sign_up = placed()
    parent, other = make_person("陈晓燕"), make_person("路人甲")
    make_kinship(sign_up.person, parent, is_guardian=True)
    proof = {"method": "code", "code": code_of(sign_up), "person": sign_up.person.public_id}

    page = client_of(parent).get(entrance(sign_up)).content.decode()
    refused = client_of(other).post(entrance(sign_up, "entrance_arrival"), proof)
    taken = client_of(parent).post(entrance(sign_up, "entrance_arrival"), proof)

    assert sign_up.person.name in page
    assert (refused.status_code, taken.status_code) == (404, 302)
    assert Attendance.objects.get().in_by_id == parent.pk


def test_own_shift_tells_presence_and_nobody_elses(at: Any) -> None:
    sign_up = placed()
    make_attendance(sign_up, left_at=after(90), in_note="补登记")
    at(130)
    address = reverse("service:shift", args=[sign_up.public_id])

    page = client_of(sign_up.person).get(address).content.decode()

    assert "在岗 1.5 小时" in page
    assert "补登记" in page
    for other in (make_person("路人甲"), Person.objects.get(pk=lead_of(sign_up))):
        assert client_of(other).get(address).status_code == 404


def lead_of(sign_up: SignUp) -> int:
    leader = lead(sign_up.shift.activity)
    assert leader.person_id is not None
    return leader.person_id


def test_absence_is_objected_to_on_its_page(at: Any) -> None:
    person = make_volunteer("韦健").person
    absence = counted(person)
    at(60 * 48)
    client = client_of(person)
    address = reverse("service:shift", args=[absence.sign_up.public_id])
    objection = reverse("service:objection", args=[absence.sign_up.public_id])

    assert "记了一次未到" in client.get(address).content.decode()
    assert client.post(objection, {"text": " "}).status_code == 422
    client.post(objection, {"text": "我去了，扫码没有反应"})
    absence.refresh_from_db()
    assert absence.objection == "我去了，扫码没有反应"
    assert "正在等负责人答复" in client.get(address).content.decode()
    assert client_of(make_person("路人甲")).post(objection, {"text": "x"}).status_code == 404
    Absence.objects.filter(pk=absence.pk).update(upheld_at=after(60 * 50), answer="没有签名")
    assert "没有签名" in client.get(address).content.decode()
    again = client.post(objection, {"text": "再说一次"})
    assert (again.status_code, "已经有了结果" in again.content.decode()) == (422, True)


def test_calendar_file_of_one_shift(at: Any) -> None:
    sign_up = placed()
    address = reverse("service:shift_calendar", args=[sign_up.public_id])

    answer = client_of(sign_up.person).get(address)

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["UID"] == f"shift-{sign_up.public_id}@linbang"
    assert str(event["URL"]).startswith("http://testserver/shifts/")
    assert client_of(make_person("路人甲")).get(address).status_code == 404


def test_secret_calendar_is_shown_once_renewed_and_closed(at: Any) -> None:
    sign_up = placed()
    client = client_of(sign_up.person)

    shown = client.post("/calendar/opening/").context["address"]
    again = client.get("/calendar/").content.decode()
    feed = Client().get(shown)

    assert shown not in again
    assert "订阅地址在" in again
    assert feed.status_code == 200
    assert str(sign_up.public_id) in feed.content.decode()
    renewed = client.post("/calendar/opening/").context["address"]
    assert [Client().get(one).status_code for one in (shown, renewed)] == [404, 200]
    client.post("/calendar/closing/")
    assert Client().get(renewed).status_code == 404
    assert not CalendarFeed.objects.filter(closed_at=None).exists()


def test_unchanged_calendar_is_not_sent_again(at: Any) -> None:
    sign_up = placed()
    address = client_of(sign_up.person).post("/calendar/opening/").context["address"]
    tag = Client().get(address).headers["ETag"]

    same = Client().get(address, headers={"If-None-Match": tag})
    head = Client().head(address)
    SignUp.objects.filter(pk=sign_up.pk).update(state=SignUpState.WITHDRAWN, ended_at=BEFORE)
    changed = Client().get(address, headers={"If-None-Match": tag})

    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", tag)
    assert head.status_code == 200
    assert (changed.status_code, b"STATUS:CANCELLED" in changed.content) == (200, True)
    assert "sessionid" not in changed.cookies


def test_card_shows_name_and_number_and_nothing_of_the_identity(at: Any) -> None:
    profile = make_volunteer("王强")
    client = client_of(profile.person)

    for address in ("/card/", "/card/print/"):
        page = client.get(address).content.decode()
        assert profile.number in page
        assert profile.person.document_number not in page
    image = client.get("/card/qr.svg")
    assert image.headers["Content-Type"] == "image/svg+xml"


def test_who_is_no_volunteer_has_no_card(at: Any) -> None:
    client = client_of(make_person("李秀英"))

    assert "您还不是志愿者" in client.get("/card/").content.decode()
    for address in ("/card/print/", "/card/qr.svg"):
        assert client.get(address).status_code == 404


def test_scanned_card_leads_leaders_to_their_activities(at: Any) -> None:
    sign_up = placed()
    number = VolunteerProfile.objects.get(person=sign_up.person).number
    leader = Person.objects.get(pk=lead_of(sign_up))

    own = client_of(sign_up.person).get(f"/card/{number}/")
    led = client_of(leader).get(f"/card/{number}/").content.decode()

    assert own.headers["Location"] == "/card/"
    assert reverse("service:card_scan", args=[sign_up.shift.activity.public_id]) in led
    assert client_of(make_person("路人甲")).get(f"/card/{number}/").status_code == 404


def test_scanned_card_leads_a_helper_to_the_visit_that_ended(at: Any) -> None:
    now = clock.now()
    visit = make_presence(make_visit(starts_at=now - timedelta(hours=1)), left_at=now)
    helper = client_of(visit.volunteer)

    answer = helper.get("/card/S000000000001/")

    assert answer.headers["Location"] == f"/visits/{visit.public_id}/"


def test_first_page_shows_the_next_shift_and_what_one_leads(at: Any) -> None:
    sign_up = placed()
    leader = Person.objects.get(pk=lead_of(sign_up))
    make_sign_up(
        make_open_shift(starts_at=SATURDAY + timedelta(days=1)), sign_up.person, now=BEFORE
    )

    assert entrance(sign_up) in client_of(sign_up.person).get("/").content.decode()
    assert "/lead/" in client_of(leader).get("/").content.decode()
    assert actions.open_calendar(by=actor(leader), now=after(0))
