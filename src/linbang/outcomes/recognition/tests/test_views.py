"""Pages of stars, ratings and honours: whose they are, what they do, what they cost."""

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linbang.foundation import clock
from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.people.factories import make_person, make_volunteer
from linbang.foundation.people.models import Person
from linbang.intake.activities.factories import make_activity
from linbang.outcomes.recognition import actions, queries
from linbang.outcomes.recognition.choices import ApplicationState, Side
from linbang.outcomes.recognition.factories import (
    make_application,
    make_honour,
    make_hours,
    make_rating,
    make_star,
    make_visited,
)
from linbang.outcomes.recognition.models import (
    Honour,
    Rating,
    StarApplication,
    StarObjection,
    StarScheme,
)
from linbang.outcomes.recognition.tests.cast import NOW, STREET, worker
from tests.flows.languages import words_left_in

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n...."
# On a Monday whose coming weeks are in the State Council's calendar.
MORNING = NOW - timedelta(hours=20)


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def volunteer() -> Person:
    return make_volunteer("王建国", now=NOW - timedelta(days=400)).person


def desk(actor=None):
    return client_of(Person.objects.get(pk=(actor or worker()).person_id))


def text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def cost(browser, path) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(path).status_code == 200
    return len(asked)


def test_volunteer_asks_for_a_star_and_takes_it_back(volunteer):
    browser = client_of(volunteer)
    assert "离 1 星还差 100 小时" in text(browser.get("/stars/"))
    make_hours(volunteer, 6000)
    assert "申请 1 星" in text(browser.get("/stars/"))

    asked = text(browser.post("/stars/applications/", {"star": 1}, follow=True))
    made = StarApplication.objects.get()
    again = browser.post("/stars/applications/", {"star": 1})
    back = text(browser.post(f"/stars/applications/{made.public_id}/withdrawal/", follow=True))

    assert "等社区审核" in asked
    assert (again.status_code, "您已有一份申请" in again.content.decode()) == (422, True)
    assert "本人撤回" in back


def test_who_is_no_volunteer_is_led_to_become_one():
    assert "先成为志愿者" in text(client_of(make_person("李秀英")).get("/stars/"))


@pytest.mark.parametrize(("star", "words"), [(5, "最高星级"), (1, "离 2 星还差")])
def test_own_page_says_what_comes_next(volunteer, star, words):
    make_hours(volunteer, 6000)
    make_star(volunteer, star, now=NOW)

    page = text(client_of(volunteer).get("/stars/"))
    assert words in page
    assert f"{star} 星志愿者" in page


def test_station_checks_and_everybody_may_object(volunteer):
    make_hours(volunteer, 6000)
    made = make_application(volunteer, now=NOW)
    browser, path = desk(), f"/console/stars/{made.public_id}/"
    assert "王建国" in text(browser.get("/console/stars/"))
    assert "时长、评价都符合条件" in text(browser.get(path))

    assert browser.post(f"{path}refusal/", {"reason": ""}).status_code == 422
    assert "公示中" in text(browser.post(f"{path}approval/", follow=True))
    public = text(Client().get("/stars/notice/?community=450103001005"))
    assert "王**" in public
    assert "王建国" not in public
    assert "现在没有公示中的星级" in text(Client().get("/stars/notice/?community=4501030010061"))
    objection = f"/stars/notice/{made.public_id}/objection/"
    assert Client().get(objection).status_code == 302
    neighbour = client_of(make_person("邻居甲"))
    assert neighbour.post(objection, {"text": ""}).status_code == 422
    assert "核实后答复您" in text(neighbour.post(objection, {"text": "没见过他"}, follow=True))

    said = StarObjection.objects.get()
    shown = text(browser.get(path))
    assert "没见过他" in shown
    assert "邻居甲" not in shown
    colleague = desk(worker("韦玉兰", Role.COMMUNITY_OFFICER))
    answer = f"{path}objections/{said.public_id}/"
    assert colleague.post(answer, {"outcome": "upheld"}).status_code == 422
    told = {"outcome": "upheld", "answer": "确实不足"}
    assert "异议属实，未授予" in text(colleague.post(answer, told, follow=True))


def test_station_refuses_with_a_reason(volunteer):
    made = make_application(volunteer, now=NOW)
    browser, path = desk(), f"/console/stars/{made.public_id}/"
    assert "现在不符合条件" in text(browser.get(path))

    browser.post(f"{path}refusal/", {"reason": "时长不够"})

    assert "时长不够" in text(client_of(volunteer).get("/stars/"))
    made.refresh_from_db()
    assert made.outcome == ApplicationState.REFUSED


def test_own_application_is_shown_without_buttons():
    clerk = worker()
    person = make_volunteer(person=Person.objects.get(pk=clerk.person_id)).person
    made = make_application(person, now=NOW)

    page = text(client_of(person).get(f"/console/stars/{made.public_id}/"))
    assert "另一位工作人员审核" in page
    assert "通过并公示" not in page


def test_officer_looks_before_adopting(volunteer):
    make_hours(volunteer, 1800)
    browser = desk(worker("陆文涛", Role.STREET_OFFICER, STREET))
    path = "/console/stars/levels/"
    here, shown = text(browser.get(path)), {"region": STREET, "scheme": "zhangjiagang:1"}

    then = browser.get(path, shown)
    adopted = text(browser.post(path, shown, follow=True))

    assert "采用“全国通用标准”" in here
    assert [one.reaching_then for one in then.context["preview"].counts] == [1, 0, 0, 0, 0]
    assert "已采用" in adopted
    assert StarScheme.objects.get().code == "zhangjiagang"
    assert browser.post(path, shown).status_code == 422
    assert browser.get(path, {"region": "450103", "scheme": "national:1"}).status_code == 422
    assert desk().get(path).status_code == 404


def test_resident_rates_with_three_taps(volunteer):
    record = make_visited(volunteer, now=MORNING)
    browser = client_of(record.beneficiary)
    path = f"/ratings/{record.public_id}/volunteer/"
    assert path in text(browser.get("/ratings/"))
    shown = text(browser.get(path))
    assert shown.count('type="radio"') == 15
    assert "王建国" not in shown

    assert browser.post(path, {"first": 5}).status_code == 422
    told = {"first": 5, "second": 4, "third": 5, "comment": "很细心"}
    assert "已经评价过了" in text(browser.post(path, told, follow=True))
    assert browser.post(path, told).status_code == 422

    own = client_of(volunteer)
    assert "很细心" not in text(own.get("/ratings/"))
    own.post(f"/ratings/{record.public_id}/service/", told)
    assert "很细心" in text(own.get("/ratings/"))
    assert client_of(make_person("路人")).get(path).status_code == 404


def test_station_writes_down_a_rating_given_by_phone(volunteer):
    record = make_visited(volunteer, now=MORNING)
    browser, path = desk(), f"/console/ratings/{record.public_id}/"
    assert path in text(browser.get(f"/console/records/{record.public_id}/"))
    assert "照着问" in text(browser.get(path))

    browser.post(path, {"first": 5, "second": 5, "third": 4})

    assert Rating.objects.get().rated_by == "station"


def test_late_rating_is_told_so(volunteer):
    record = make_visited(volunteer, now=NOW - timedelta(days=60))

    page = text(client_of(record.beneficiary).get(f"/ratings/{record.public_id}/volunteer/"))
    assert "评价时间已过" in page


def test_leader_rates_all_at_once_but_for_the_exceptions(volunteer):
    leader = make_volunteer("覃桂芳").person
    activity = make_activity("清洁家园", leader=leader)
    people = [volunteer, make_volunteer("赵敏").person, make_volunteer("周强").person]
    made = [make_hours(one, 60, starts_at=MORNING, activity=activity)[0] for one in people]
    browser, path = client_of(leader), f"/lead/{activity.public_id}/ratings/"
    assert path in text(browser.get(f"/lead/{activity.public_id}/"))
    told = {f"{one.public_id}-{name}": 5 for one in made for name in ("first", "second", "third")}
    told |= {f"{made[1].public_id}-second": 3, f"{made[2].public_id}-skip": "on"}

    assert browser.post(path, {"page": 1}).status_code == 422
    done = text(browser.post(path, told, follow=True))

    assert "已提交 2 份评价" in done
    assert "周强" in done
    marks = Rating.objects.order_by("record_id").values_list("first", "second", "third")
    assert list(marks) == [(5, 5, 5), (5, 3, 5)]
    assert client_of(volunteer).get(path).status_code == 404


def test_volunteer_enters_an_honour_and_the_station_checks_it(volunteer):
    browser, clerk = client_of(volunteer), desk()
    told = {
        "name": "优秀志愿者",
        "level": "city",
        "granted_by": "市文明办",
        "granted_date": "2026-03-05",
    }
    assert "还没有登记荣誉" in text(browser.get("/honours/"))
    assert browser.post("/honours/new/", told).status_code == 422
    proof = SimpleUploadedFile("a.png", PNG, content_type="image/png")
    assert "待核实" in text(browser.post("/honours/new/", {**told, "proof": proof}, follow=True))
    made = Honour.objects.get()
    path = f"/console/honours/{made.public_id}/"

    assert "等您核实" in text(clerk.get("/console/honours/"))
    seen = clerk.get(f"/honours/{made.public_id}/proof/")
    assert (seen.content, seen["Content-Type"]) == (PNG, "image/png")
    assert clerk.post(f"{path}decision/", {"verdict": "refused"}).status_code == 422
    assert "已登记" in text(clerk.post(f"{path}decision/", {"verdict": "registered"}, follow=True))
    assert clerk.post(f"{path}striking/", {"reason": ""}).status_code == 422
    assert "已撤销" in text(clerk.post(f"{path}striking/", {"reason": "错了"}, follow=True))
    outsider = client_of(make_person("路人"))
    assert outsider.get(f"/honours/{made.public_id}/proof/").status_code == 404


@pytest.mark.parametrize("target", ["person", "activity", "team", "project"])
def test_worker_enters_for_others(volunteer, target):
    activity = make_activity("清洁家园")
    whose = {
        "person": volunteer.volunteer.number,
        "activity": activity.public_id,
        "team": activity.organiser.public_id,
    }
    told = {
        "name": "先进集体", "level": "street", "granted_by": "街道", "granted_date": "2026-03-05",
        target: whose.get(target, "nobody"),
    }  # fmt: skip
    answer = desk().post(f"/console/honours/new/?target={target}", told)

    assert answer.status_code == (422 if target == "project" else 302)
    assert Honour.objects.filter(target=target).count() == (target != "project")


def test_worker_must_name_one_volunteer(volunteer):
    told = {"name": "x", "level": "street", "granted_by": "y", "granted_date": "2026-03-05"}

    answer = desk().post("/console/honours/new/", {**told, "person": "没有这个人"})

    assert "没有找到唯一的志愿者" in answer.content.decode()


def test_officer_filters_and_takes_the_register_along(volunteer):
    make_honour(volunteer, now=NOW, name="=cmd|'/c calc'!A1")
    officer = desk(worker("韦玉兰", Role.COMMUNITY_OFFICER))
    assert "calc" in text(officer.get("/console/honours/?level=street&since=x"))
    assert "没有符合条件" in text(officer.get("/console/honours/?level=city"))

    sheet = officer.get("/console/honours/export/?level=street")

    book = ZipFile(BytesIO(sheet.content))
    assert b"calc" in book.read("xl/sharedStrings.xml")
    assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    assert desk().get("/console/honours/export/").status_code == 404
    assert client_of(volunteer).get("/console/honours/").status_code == 404


def test_desk_counts_what_waits(volunteer):
    make_application(volunteer, now=NOW)
    make_honour(volunteer, now=NOW, verdict="", decided_at=None, decided_by_id=None)

    page = text(desk().get("/console/"))
    assert "星级申请和异议" in page
    assert "待核实表彰" in page


def test_lists_cost_the_same_for_one_and_three(volunteer):
    own, clerk = client_of(volunteer), desk()
    leader = make_volunteer("覃桂芳").person
    activity = make_activity("清洁家园", leader=leader)
    pages = [
        (clerk, "/console/stars/"),
        (Client(), "/stars/notice/"),
        (own, "/ratings/"),
        (own, "/honours/"),
        (clerk, "/console/honours/"),
        (client_of(leader), f"/lead/{activity.public_id}/ratings/"),
    ]
    costs = []
    for round_ in range(3):
        other = make_volunteer(f"志愿者{round_}").person
        make_application(other, now=NOW)
        approved = {"approved_at": NOW, "approved_by_id": 1, "notice_until": NOW.date()}
        make_application(make_volunteer(f"公示{round_}").person, now=NOW, **approved)
        make_honour(volunteer, now=NOW)
        record = make_visited(volunteer, now=MORNING + timedelta(hours=2 * round_))
        make_rating(record)
        make_rating(record, side=Side.SERVICE)
        make_hours(other, 60, starts_at=MORNING, activity=activity)
        if not round_:
            for browser, path in pages:
                browser.get(path)  # the session's first request asks more
        costs.append([cost(browser, path) for browser, path in pages])

    assert costs[0] == costs[2]


def test_own_page_of_stars_costs_the_same_however_long(volunteer):
    browser = client_of(volunteer)
    make_hours(volunteer, 60)
    browser.get("/stars/")
    first = cost(browser, "/stars/")
    make_hours(volunteer, 6000, starts_at=NOW - timedelta(days=90))
    for star in (1, 2, 3):
        make_star(volunteer, star, now=NOW)

    assert cost(browser, "/stars/") == first
    assert queries.star_of(volunteer) == 3
    assert actions.grant_stars(now=NOW) == 0


def test_pages_speak_one_language():
    helper = make_volunteer("黄建国", now=NOW - timedelta(days=400)).person
    make_hours(helper, 6000)
    make_star(helper, 1, now=NOW)
    record = make_visited(helper, now=MORNING)
    made = make_application(make_volunteer("王强").person, now=NOW)
    honour = make_honour(helper, now=NOW, name="Thanks", granted_by="Street")
    desks = ["stars/", f"stars/{made.public_id}/", "honours/", f"honours/{honour.public_id}/"]
    desks += [f"ratings/{record.public_id}/"]
    pages = {
        helper: ["/stars/", "/ratings/", "/honours/", "/honours/new/", "/stars/notice/"],
        record.beneficiary: [f"/ratings/{record.public_id}/volunteer/"],
        worker("梁敏"): [f"/console/{path}" for path in desks],
        worker("陆文涛", Role.STREET_OFFICER, STREET): ["/console/stars/levels/"],
    }

    for who, paths in pages.items():
        for language in ("en", "zh-hant"):
            assert words_left_in(who, paths, language=language) == {path: [] for path in paths}
