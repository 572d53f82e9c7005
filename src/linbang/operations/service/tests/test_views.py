"""Pages of visits: whose they are, what they do, what they cost."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from linbang.foundation import clock
from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.people.factories import (
    make_actor,
    make_kinship,
    make_person,
    make_volunteer,
)
from linbang.foundation.people.models import Person
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.factories import make_need
from linbang.operations.service import queries
from linbang.operations.service.choices import PresenceMethod
from linbang.operations.service.factories import make_visit
from linbang.operations.service.models import CheckIn, CheckOut, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def elder() -> Person:
    return make_person("李秀英")


@pytest.fixture
def volunteer() -> Person:
    return make_volunteer("王建国").person


@pytest.fixture
def worker() -> Person:
    person = make_person("张敏", region="450103001005")
    make_actor(person, Role.STATION_WORKER)
    return person


@pytest.fixture
def visit(elder: Person, volunteer: Person) -> Visit:
    return visit_now(elder, volunteer)


def visit_now(elder: Person, volunteer: Person, *, minutes_ago: int = 10) -> Visit:
    now = clock.now()
    need = make_need(
        elder,
        state=NeedState.ASSIGNED,
        starts_at=now - timedelta(minutes=minutes_ago),
        opened_at=now - timedelta(days=1),
    )
    return make_visit(need=need, volunteer=volunteer)


def url(name: str, visit: Visit) -> str:
    return reverse(f"service:{name}", args=[visit.public_id])


def test_volunteer_sees_contact_and_the_view_is_logged(visit: Visit, volunteer: Person) -> None:
    page = client_of(volunteer).get(url("visit", visit) + "?code=123456").content.decode()

    assert "13800001234" in page
    assert "2单元501" in page
    assert 'value="123456"' in page
    assert AuditEvent.objects.filter(action="dispatch.see_contact").count() == 1


@pytest.mark.parametrize("name", ["visit", "code", "code_image", "console_visit"])
def test_pages_hide_from_outsiders(visit: Visit, name: str) -> None:
    outsider = client_of(make_volunteer("赵外人").person)

    assert outsider.get(url(name, visit)).status_code == 404
    assert Client().get(url(name, visit)).status_code == 302


@pytest.mark.parametrize(
    "name",
    [
        "check_in",
        "check_out",
        "arrival",
        "completion",
        "staff_check_in",
        "staff_check_out",
        "absence",
    ],
)
def test_outsiders_change_nothing(visit: Visit, name: str) -> None:
    outsider = client_of(make_volunteer("赵外人").person)

    answer = outsider.post(url(name, visit), {"method": "code", "code": "123456"})

    assert answer.status_code == 404
    assert not CheckIn.objects.exists()


def test_volunteer_checks_in_and_out_by_code(visit: Visit, volunteer: Person) -> None:
    browser = client_of(volunteer)
    code = queries.code_now(visit, clock.now()).digits

    came = browser.post(url("check_in", visit), {"method": "code", "code": f" {code} "})

    assert (came.status_code, came["Location"]) == (302, url("visit", visit))
    assert "完成签退" in browser.get(url("visit", visit)).content.decode()
    left = browser.post(url("check_out", visit), {"method": "code", "code": code})
    assert left.status_code == 422
    assert "刚刚签到" in left.content.decode()


def test_wrong_code_stays_on_the_page(visit: Visit, volunteer: Person) -> None:
    answer = client_of(volunteer).post(url("check_in", visit), {"method": "code", "code": "12"})

    assert answer.status_code == 422
    assert "请输入六位数字。" in answer.content.decode()


def test_far_device_is_told_how_far(visit: Visit, volunteer: Person) -> None:
    answer = client_of(volunteer).post(
        url("check_in", visit), {"method": "location", "latitude": "22.9", "longitude": "108.3"}
    )

    assert answer.status_code == 422
    assert "您离服务地点约" in answer.content.decode()


def test_daughter_shows_the_code_of_the_moment(visit: Visit, elder: Person) -> None:
    daughter = make_person("陈丽")
    make_kinship(elder, daughter)
    browser = client_of(daughter)
    before = queries.code_now(visit, clock.now()).digits

    page = browser.get(url("code", visit)).content.decode()

    assert any(code in page for code in (before, queries.code_now(visit, clock.now()).digits))
    assert "王**" in page
    assert "王建国" not in page
    assert browser.get(url("visit", visit))["Location"] == url("code", visit)


def test_code_fragment_reloads_when_the_state_changed(visit: Visit, elder: Person) -> None:
    browser = client_of(elder)
    headers = {"HX-Request": "true"}

    same = browser.get(url("code", visit) + "?state=planned", headers=headers)
    changed = browser.get(url("code", visit) + "?state=running", headers=headers)

    assert "<html" not in same.content.decode()
    assert "HX-Refresh" not in same
    assert changed["HX-Refresh"] == "true"


def test_code_image_is_a_picture_nobody_keeps(visit: Visit, elder: Person) -> None:
    answer = client_of(elder).get(url("code_image", visit))

    assert answer["Content-Type"] == "image/svg+xml"
    assert "no-store" in answer["Cache-Control"]
    assert b"<svg" in answer.content


def test_resident_presses_here_and_done(visit: Visit, elder: Person) -> None:
    browser = client_of(elder)

    browser.post(url("arrival", visit))
    too_soon = browser.post(url("completion", visit))

    assert CheckIn.objects.get(visit=visit).method == PresenceMethod.WORD
    assert too_soon.status_code == 409
    assert "做完了" in browser.get(url("code", visit)).content.decode()


def test_worker_settles_what_was_forgotten(
    elder: Person, volunteer: Person, worker: Person
) -> None:
    visit = visit_now(elder, volunteer, minutes_ago=180)
    browser = client_of(worker)
    assert "代办" in browser.get(reverse("service:console")).content.decode()

    def at(moment: datetime) -> dict[str, str]:
        return {
            "at": clock.timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M"),
            "note": "没有手机",
        }

    came = browser.post(url("staff_check_in", visit), at(visit.starts_at + timedelta(minutes=1)))
    late = browser.post(url("staff_check_out", visit), at(visit.ends_at + timedelta(minutes=5)))
    left = browser.post(url("staff_check_out", visit), at(visit.ends_at))

    assert (came.status_code, late.status_code, left.status_code) == (302, 422, 302)
    assert "最晚只能填到" in late.content.decode()
    assert CheckOut.objects.get(visit=visit).on_behalf_of_id == volunteer.id


def test_worker_notes_an_absence(elder: Person, volunteer: Person, worker: Person) -> None:
    visit = visit_now(elder, volunteer, minutes_ago=180)

    answer = client_of(worker).post(url("absence", visit), {"note": "电话不通"})

    visit.refresh_from_db()
    assert answer.status_code == 302
    assert visit.cancelled_at is not None


@pytest.mark.parametrize(("name", "tab"), [("service:list", ""), ("service:console", "?tab=ahead")])
def test_lists_cost_the_same_for_one_and_three(
    volunteer: Person, worker: Person, name: str, tab: str
) -> None:
    browser = client_of(worker if tab else volunteer)
    browser.get(reverse(name) + tab)  # the session's first request asks more
    costs = []

    for index in range(3):
        visit_now(make_person(f"居民{index}"), volunteer, minutes_ago=10 + index)
        with CaptureQueriesContext(connection) as asked:
            page = browser.get(reverse(name) + tab).content.decode()
        costs.append(len(asked))
        assert page.count("居**") == index + 1

    assert costs[0] == costs[2]
