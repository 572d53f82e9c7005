"""Pages of the leader's day, as each of the cast sees them."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from linbang.foundation import clock
from linbang.foundation.access.factories import client_of
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.people.factories import (
    make_consent_texts,
    make_person,
    make_resident_id,
    make_volunteer,
    make_worker,
)
from linbang.foundation.people.models import Person, VolunteerProfile
from linbang.foundation.places.factories import COMMUNITY
from linbang.intake.activities.factories import make_activity
from linbang.intake.activities.models import Activity
from linbang.operations.dispatch.factories import make_open_shift
from linbang.operations.service import queries
from linbang.operations.service.choices import AttendanceMethod
from linbang.operations.service.factories import make_attendance
from linbang.operations.service.models import (
    Absence,
    Attendance,
    ClosedRoll,
)
from linbang.operations.service.tests.browsers import led, page_of, queued
from linbang.operations.service.tests.cast import after, lead, placed

pytestmark = pytest.mark.django_db

PAGES = (
    "lead_sheet",
    "lead_closure",
    "lead_screen",
    "card_scan",
    "walk_in",
    "sheet_entry",
    "sheet_print",
    "lead_desks",
)


@pytest.fixture(autouse=True)
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set the clock of the views: ``at(minutes after nine)``; half past nine at first."""

    def at(minutes: float) -> datetime:
        now = after(minutes)
        monkeypatch.setattr(clock, "now", lambda: now)
        return now

    at(30)
    return at


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_for_who_leads(page: str) -> None:
    sign_up = placed()
    address = page_of(sign_up, page)

    assert led(sign_up).get(address).status_code == 200
    assert client_of(make_worker("张敏")).get(address).status_code == 200
    for other in (
        sign_up.person,
        make_person("路人甲"),
        make_worker("外人", region="450103001006"),
    ):
        assert client_of(other).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    nowhere = reverse(f"service:{page}", args=[uuid4()])
    assert client_of(make_worker("李敏")).get(nowhere).status_code == 404


@pytest.mark.parametrize("page", ["lead_mark", "lead_settlement", "lead_closure", "card_scan"])
def test_deeds_are_for_who_leads(page: str) -> None:
    sign_up = placed()
    body = {"sign_up": sign_up.public_id, "mark": "present", "card": "V0000000000"}

    for other in (sign_up.person, make_person("路人甲")):
        assert client_of(other).post(page_of(sign_up, page), body).status_code == 404
    assert not Attendance.objects.exists()


def test_list_shows_today_what_is_next_and_what_is_open(at: Any) -> None:
    activity = make_activity()
    leader = lead(activity)
    today = placed(make_open_shift(activity=activity))
    placed(make_open_shift(activity=activity, starts_at=after(1440)))
    placed(make_open_shift(activity=activity, starts_at=after(-1440)))
    make_attendance(today)
    client = client_of(Person.objects.get(pk=leader.person_id))

    days = client.get("/lead/").context["days"]

    assert [(day.day.day, day.expected, day.came, day.unclosed) for day in days] == [
        (15, 1, 0, 1),
        (16, 1, 1, 0),
        (17, 1, 0, 0),
    ]
    assert client_of(make_person("路人甲")).get("/lead/").context["days"] == []


@pytest.mark.parametrize("days", [1, 3])
def test_lists_cost_the_same_for_one_and_three(days: int, django_assert_num_queries: Any) -> None:
    worker = make_worker("张敏")
    for number in range(days):
        make_attendance(placed(make_open_shift(activity=make_activity(f"活动{number}"))))
    client = client_of(worker)
    client.get("/lead/")

    with django_assert_num_queries(10):
        client.get("/lead/")
    with django_assert_num_queries(11):
        client.get("/console/attendance/?tab=all")


@pytest.mark.parametrize("people", [1, 3])
def test_sheet_costs_the_same_for_one_and_three(
    people: int, django_assert_num_queries: Any
) -> None:
    shift = make_open_shift()
    sign_ups = [placed(shift) for _ in range(people)]
    for one in sign_ups:
        make_attendance(one)
    client = led(sign_ups[0])
    client.get(page_of(sign_ups[0], "lead_sheet"))

    with django_assert_num_queries(12):
        client.get(page_of(sign_ups[0], "lead_sheet"))


def test_sheet_is_kept_for_where_no_network_is() -> None:
    sign_up = placed()

    answer = led(sign_up).get(page_of(sign_up, "lead_sheet"))

    assert answer.headers["X-Offline-Seconds"] == str(14 * 3600)
    page = answer.content.decode()
    assert sign_up.person.name in page
    assert sign_up.person.phone not in page
    assert f'id="roll-{sign_up.public_id}"' in page


def test_mark_by_a_plain_form_leads_back() -> None:
    sign_up = placed()
    address = f"{page_of(sign_up, 'lead_mark')}?day=2026-05-16"

    answer = led(sign_up).post(address, {"sign_up": sign_up.public_id, "mark": "present"})

    assert answer.headers["Location"] == f"{page_of(sign_up, 'lead_sheet')}?day=2026-05-16"
    assert Attendance.objects.get().in_method == AttendanceMethod.ROLL


def test_mark_that_waited_keeps_its_moment_and_is_taken_once() -> None:
    sign_up = placed()
    client = led(sign_up)
    body = {"sign_up": sign_up.public_id, "mark": "present"}

    first, again = (queued(client, page_of(sign_up, "lead_mark"), body) for _ in range(2))

    assert (first.status_code, again.status_code) == (204, 204)
    row = Attendance.objects.get()
    assert (row.in_at, row.in_recorded_at, row.in_key) == (after(5), after(30), "k1")


def test_refused_mark_says_why_to_the_queue() -> None:
    sign_up = placed()
    client = led(sign_up)

    left = queued(
        client, page_of(sign_up, "lead_mark"), {"sign_up": sign_up.public_id, "mark": "left"}
    )
    odd = queued(client, page_of(sign_up, "lead_mark"), {"sign_up": "x", "mark": "dance"})

    assert (left.status_code, left.json()["code"]) == (409, "not_on_shift")
    assert (odd.status_code, odd.json()["code"]) == (409, "refused")


@pytest.mark.parametrize("claim", ["yesterday", "2026-05-16T09:05:00", "2026-13-99T00:00:00Z", ""])
def test_moment_that_cannot_be_read_is_now(claim: str) -> None:
    sign_up = placed()

    queued(
        led(sign_up),
        page_of(sign_up, "lead_mark"),
        {"sign_up": sign_up.public_id, "mark": "present"},
        **{"X-Acted-At": claim},
    )

    assert Attendance.objects.get().in_at == after(30)


def test_going_brings_its_coming_along() -> None:
    sign_up = placed()
    body = {
        "sign_up": sign_up.public_id,
        "mark": "left",
        "came_at": "2026-05-16T01:02:00.123Z",
    }

    answer = queued(
        led(sign_up),
        page_of(sign_up, "lead_mark"),
        body,
        **{"X-Acted-At": "2026-05-16T01:20:00.000Z"},
    )

    row = Attendance.objects.get()
    assert answer.status_code == 204
    assert (row.in_at.minute, row.out_at) == (2, after(20))


def test_forgotten_are_settled_together_or_one_by_one(at: Any) -> None:
    shift = make_open_shift()
    first, second = placed(shift), placed(shift)
    for one in (first, second):
        make_attendance(one)
    client = led(first)
    at(130)

    page = client.get(page_of(first, "lead_closure")).content.decode()
    client.post(page_of(first, "lead_settlement"), {"sign_up": first.public_id, "time": "10:30"})
    late = client.post(
        page_of(first, "lead_settlement"), {"sign_up": second.public_id, "time": "11:30"}
    )
    client.post(page_of(first, "lead_settlement"))

    assert "2 人没有签退" in page
    assert late.status_code == 422
    ends = Attendance.objects.order_by("out_at").values_list("out_at", flat=True)
    assert list(ends) == [after(90), after(120)]
    assert client.post(page_of(first, "lead_settlement"), {"time": "x"}).status_code == 409


def test_roll_is_closed_from_its_page(at: Any) -> None:
    sign_up = placed()
    client = led(sign_up)
    address = f"{page_of(sign_up, 'lead_closure')}?day=2026-05-16"

    assert "才能结束点名" in client.get(address).content.decode()
    at(130)
    assert sign_up.person.name in client.get(address).content.decode()
    done = client.post(address, follow=True)

    assert "1 人记为未到" in done.content.decode()
    assert ClosedRoll.objects.count() == Absence.objects.count() == 1
    assert "点名已经结束" in client.get(address).content.decode()
    assert 'name="mark"' not in done.content.decode()


def test_screen_shows_code_and_count(at: Any) -> None:
    sign_up = placed()
    make_attendance(sign_up)

    page = led(sign_up).get(page_of(sign_up, "lead_screen")).content.decode()

    code = queries.activity_code(sign_up.shift.activity.public_id, after(30)).digits
    assert code in page
    assert "<svg" in page
    assert "在岗 1 人，应到 1 人" in page
    assert sign_up.person.name not in page


def test_telephone_is_shown_to_the_leader_and_logged() -> None:
    sign_up = placed()
    address = reverse(
        "service:lead_phone", args=[sign_up.shift.activity.public_id, sign_up.public_id]
    )
    other = placed()
    elsewhere = reverse(
        "service:lead_phone", args=[sign_up.shift.activity.public_id, other.public_id]
    )
    client = led(sign_up)

    assert f"tel:{sign_up.person.phone}" in client.post(address).content.decode()
    event = AuditEvent.objects.get(action="service.see_phone")
    assert event.about_id == sign_up.person_id
    assert client.post(elsewhere).status_code == 404
    assert client_of(sign_up.person).post(address).status_code == 404
    assert client.get(address).status_code == 405


def test_cards_are_scanned_by_form_and_by_queue() -> None:
    first = placed()
    second = placed(first.shift)
    numbers = [VolunteerProfile.objects.get(person=one.person).number for one in (first, second)]
    client = led(first)
    address = page_of(first, "card_scan")

    plain = client.post(address, {"card": numbers[0]}, follow=True)
    sent = queued(client, address, {"card": numbers[1], "direction": "in"})
    unknown = client.post(address, {"card": "V1"})
    refused = queued(client, address, {"card": "V1"}, **{"Idempotency-Key": "k2"})

    assert f"{first.person.name} 已签到" in plain.content.decode()
    assert sent.json() == {"text": f"{second.person.name} 已签到", "is_out": False}
    assert Attendance.objects.get(sign_up=second).in_at == after(5)
    assert (unknown.status_code, "没有认出" in unknown.content.decode()) == (404, True) or (
        unknown.status_code == 422
    )
    assert refused.json()["code"] == "card_unknown"


def test_card_that_waited_too_long_is_refused() -> None:
    sign_up = placed()
    number = VolunteerProfile.objects.get(person=sign_up.person).number

    answer = queued(
        led(sign_up),
        page_of(sign_up, "card_scan"),
        {"card": number},
        **{"X-Acted-At": "2026-05-14T01:00:00.000Z"},
    )

    assert answer.json()["code"] == "outside_the_day"


def test_stranger_walks_in_by_one_form() -> None:
    make_consent_texts()
    sign_up = placed()
    client = led(sign_up)
    address = page_of(sign_up, "walk_in")
    told = {
        "shift": sign_up.shift.public_id,
        "who": make_resident_id(after(0).date().replace(year=1990)),
        "name": "农晓梅",
        "phone": "13877112233",
        "region_code": COMMUNITY,
    }

    unticked = client.post(address, told)
    nameless = client.post(address, {**told, "name": "", "agreed": "on"})
    done = client.post(address, {**told, "agreed": "on"}, follow=True)

    assert (unticked.status_code, nameless.status_code) == (422, 422)
    assert "本人勾选同意" in unticked.content.decode()
    assert "还没有登记过" in nameless.content.decode()
    assert "农晓梅 登记好了，已签到" in done.content.decode()
    assert Attendance.objects.get().person.name == "农晓梅"


def test_family_on_one_phone_is_chosen_from(at: Any) -> None:
    sign_up = placed()
    family = [
        make_volunteer(name, phone="13900001111", has_account=False).person
        for name in ("陈大勇", "陈小勇")
    ]
    client = led(sign_up)
    told = {"shift": sign_up.shift.public_id, "who": "13900001111"}

    asked = client.post(page_of(sign_up, "walk_in"), told).content.decode()
    client.post(page_of(sign_up, "walk_in"), {**told, "person": family[1].public_id})

    assert "陈**" in asked
    assert "陈大勇" not in asked
    assert Attendance.objects.get().person == family[1]


def test_nothing_to_walk_into_says_so(at: Any) -> None:
    sign_up = placed()
    at(300)

    page = led(sign_up).get(page_of(sign_up, "walk_in")).content.decode()

    assert "现在没有可以登记的班次" in page


def test_danger_is_read_before_walking_in() -> None:
    sign_up = placed()
    Activity.objects.filter(pk=sign_up.shift.activity_id).update(hazards=["traffic"])

    page = led(sign_up).get(page_of(sign_up, "walk_in")).content.decode()

    assert "注意防滑" in page
    assert 'name="accepts_risk"' in page


def test_paper_sheet_is_typed_in_with_a_report(at: Any) -> None:
    shift = make_open_shift()
    good, bad, absent = placed(shift), placed(shift), placed(shift)
    client = led(good)
    address = f"{page_of(good, 'sheet_entry')}?day=2026-05-16"
    at(600)

    half = client.post(address, {f"came-{good.public_id}": "09:05", "note": "没有网络"})
    answer = client.post(
        address,
        {
            f"came-{good.public_id}": "09:05",
            f"left-{good.public_id}": "10:55",
            f"came-{bad.public_id}": "09:00",
            f"left-{bad.public_id}": "11:30",
            "note": "没有网络，第 1 页存社区",
        },
    )

    assert (half.status_code, "到和走都要填" in half.content.decode()) == (422, True)
    page = answer.content.decode()
    assert "已补录 1 人" in page
    assert "不能晚于班次的结束时间" in page
    row = Attendance.objects.get()
    assert (row.sign_up_id, row.in_at, row.out_at) == (good.pk, after(5), after(115))
    assert absent.person.name in page
    done = client.post(
        address,
        {f"came-{bad.public_id}": "09:00", f"left-{bad.public_id}": "11:00", "note": "同上"},
    )
    assert done.status_code == 302


def test_other_shifts_of_the_day_are_chosen(at: Any) -> None:
    activity = make_activity()
    first = placed(make_open_shift(activity=activity))
    second = placed(make_open_shift(activity=activity, starts_at=after(180)))
    client = led(first)

    page = client.get(f"{page_of(first, 'sheet_entry')}?shift={second.shift.public_id}")

    assert f"came-{second.public_id}" in page.content.decode()
    assert f"came-{first.public_id}" not in page.content.decode()
    empty = client.get(f"{page_of(first, 'sheet_entry')}?day=2026-05-20").content.decode()
    assert "没有要补录的人" in empty


def test_printed_sheet_has_names_and_blank_lines() -> None:
    sign_up = placed()

    page = led(sign_up).get(page_of(sign_up, "sheet_print")).content.decode()

    assert sign_up.person.name in page
    assert page.count("<tr>") == 2 + 12
    assert "<svg" in page
