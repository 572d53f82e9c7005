"""The planner's pages, as staff, team leaders, reviewers and outsiders meet them."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linbang.foundation import clock
from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.clock import CHINA
from linbang.foundation.organisations.factories import make_team, make_unit
from linbang.foundation.people.factories import make_person, make_worker
from linbang.foundation.people.models import Person
from linbang.foundation.places.factories import COMMUNITY, NEIGHBOUR_COMMUNITY
from linbang.intake.activities import actions, queries
from linbang.intake.activities.factories import make_activity, make_policy, make_shift
from linbang.intake.activities.models import Activity, Post, Shift
from linbang.intake.activities.rules import DeskDetails, PostDetails, Window
from linbang.intake.activities.tests.cast import (
    details_for,
    make_officer,
    make_team_leader,
    planned,
)

pytestmark = pytest.mark.django_db
ALL = "/console/activities/"


@pytest.fixture
def unit():
    return make_unit("居委会")


@pytest.fixture
def worker(unit):
    return make_worker()


@pytest.fixture
def client(worker):
    return client_of(worker)


def ahead(days, hour=9):
    start = clock.now().astimezone(CHINA) + timedelta(days=days)
    return start.replace(hour=hour, minute=0, second=0, microsecond=0)


def window(days, hour=9):
    return Window(ahead(days, hour), ahead(days, hour + 2))


def make_open(by, *, windows=(4,), posts=None, publish=True, **changes):
    changes.setdefault("organiser", make_unit())
    draft = actions.create_activity(
        details=details_for(by, **changes),
        parts=planned(*(window(days) for days in windows), posts=posts),
        key=uuid4().hex,
        by=by,
        now=clock.now(),
    )
    if not publish:
        return draft
    return actions.publish_activity(activity_id=draft.pk, by=by, now=clock.now())


def url_of(activity, path=""):
    return f"{ALL}{activity.public_id}/{path}"


def shown(client, url, **query):
    answer = client.get(url, query)
    assert answer.status_code == 200, (url, answer.status_code)
    return answer.content.decode()


def typed(worker, unit, **changes):
    """Return what the editor sends for a plan without a gate."""
    person = Person.objects.get(pk=worker.person_id)
    day = ahead(4).date().isoformat()
    return {
        "key": "0123456789abcdef", "kind": "gathering", "name": "清洁家园", "categories": ["0006"],
        "content": "一起打扫。", "conditions": "身体健康", "organiser": str(unit.public_id),
        "region_code": COMMUNITY, "place_name": "广场", "radius_m": "200", "risk_text": "防滑",
        "guarantees": ["05"], "declares_none_forbidden": "on", "audience": "everyone",
        "mode": "instant", "has_waiting_list": "on", "leader": str(person.public_id),
        "contact_name": "梁敏", "contact_phone": "0771-5550100",
        "posts-TOTAL_FORMS": "1", "posts-INITIAL_FORMS": "0", "posts-0-name": "清扫",
        "posts-0-places": "5",
        "desks-TOTAL_FORMS": "0", "desks-INITIAL_FORMS": "0",
        "windows-TOTAL_FORMS": "1", "windows-INITIAL_FORMS": "0", "windows-0-date": day,
        "windows-0-start_time": "09:00", "windows-0-end_time": "11:00", **changes,
    }  # fmt: skip


def from_page(client, url):
    """Return what a form would send as it stands, read off the page as a browser does."""
    html = shown(client, url)
    form = html[html.index('<form class="editor"') :]
    form = re.sub(r"<template>.*?</template>", "", form[: form.index("</form>")], flags=re.DOTALL)
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = (re.search(rf' {key}="([^"]*)"', tag) for key in ("name", "value"))
        is_box = re.search(r' type="(?:checkbox|radio)"', tag)
        if name and (not is_box or " checked" in tag):
            sent.setdefault(name[1], []).append(value[1] if value else "on" if is_box else "")
    for name, body in re.findall(r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.S):
        sent[name] = [body]
    for name, body in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        sent[name] = re.findall(r'value="([^"]*)" selected', body) or [""]
    return sent


def test_strangers_sign_in_first():
    for path in (ALL, "/console/programmes/", "/console/points/", "/console/activities/policies/"):
        assert Client().get(path)["Location"] == f"/sign-in/?next={path}"


def test_plan_is_written_looked_at_and_published(client, worker, unit):
    draft = client.post(f"{ALL}new/", typed(worker, unit, save=""))
    activity = Activity.objects.get()

    assert draft["Location"] == url_of(activity)
    page = shown(client, url_of(activity))
    assert "都齐了，可以发布" in page
    assert "清扫" in page
    client.post(url_of(activity, "publication/"))
    activity.refresh_from_db()
    assert activity.state == "published"
    assert f"/activities/{activity.public_id}/" in shown(client, url_of(activity))


def test_plan_is_published_from_the_editor_at_once(client, worker, unit):
    client.post(f"{ALL}new/", typed(worker, unit, publish=""))

    assert Activity.objects.get().state == "published"
    assert Shift.objects.count() == 1


def test_bare_draft_is_saved_and_says_what_is_missing(client, worker, unit):
    bare = typed(worker, unit, publish="", content="", categories=[])
    bare |= {"posts-0-name": "", "posts-0-places": "", "windows-0-date": ""}
    bare |= {"windows-0-start_time": "", "windows-0-end_time": ""}

    answer = client.post(f"{ALL}new/", bare)

    activity = Activity.objects.get()
    assert (activity.state, answer["Location"]) == ("draft", url_of(activity, "edit/"))
    page = shown(client, url_of(activity, "edit/"))
    assert '<a href="#id_content">' in page
    assert '<a href="#posts">' in page
    detail = shown(client, url_of(activity))
    assert f'<a href="{url_of(activity, "edit/")}#id_categories">' in detail


def test_one_tap_sent_twice_makes_one_draft(client, worker, unit):
    for _time in range(2):
        client.post(f"{ALL}new/", typed(worker, unit, save=""))

    assert Activity.objects.count() == 1


def test_wrong_rows_come_back_to_be_mended(client, worker, unit):
    answer = client.post(f"{ALL}new/", typed(worker, unit, save="", **{"posts-0-places": "0"}))
    backwards = client.post(
        f"{ALL}new/", typed(worker, unit, save="", **{"windows-0-end_time": "08:00"})
    )
    nameless = client.post(f"{ALL}new/", typed(worker, unit, save="", name=""))

    assert [one.status_code for one in (answer, backwards, nameless)] == [422, 422, 422]
    assert "请分成两班" in backwards.content.decode()
    assert Activity.objects.count() == 0


def test_buttons_grow_the_form_without_script_and_save_nothing(client, worker, unit):
    for name in ("posts", "desks", "windows"):
        page = client.post(f"{ALL}new/", typed(worker, unit, **{f"add_{name}": ""}))
        count = int(typed(worker, unit)[f"{name}-TOTAL_FORMS"]) + 1
        assert page.status_code == 200
        assert f'name="{name}-TOTAL_FORMS" value="{count}"' in page.content.decode()
    looked = client.post(f"{ALL}new/", typed(worker, unit, check="", content=""))

    assert "请写明活动内容" in looked.content.decode()
    assert Activity.objects.count() == 0


def test_new_page_says_at_once_what_publishing_asks_for(client, unit):
    page = client.get(f"{ALL}new/").content.decode()

    assert "请填写活动名称" in page
    assert "请至少排一个班次" in page


def test_desks_come_back_into_the_form(client, worker):
    draft = actions.create_activity(
        details=details_for(worker, organiser=make_unit(), kind="consult"),
        parts=replace(planned(window(4)), desks=(DeskDetails(1, "税务局", ("个税", "社保")),)),
        key=uuid4().hex, by=worker, now=clock.now(),
    )  # fmt: skip

    page = client.get(url_of(draft, "edit/")).content.decode()

    assert 'value="税务局"' in page
    assert 'value="个税、社保"' in page


def test_gates_and_card_follow_the_typing(client, worker, unit):
    fragment = client.post(
        f"{ALL}new/gates/", typed(worker, unit, name="防诈骗讲座", risk_text="", content="")
    ).content.decode()

    assert "<html" not in fragment
    assert "还差 2 处" in fragment
    assert '<a href="#id_risk_text">' in fragment
    assert "写到了“讲座”" in fragment
    assert "5 个名额" in fragment
    ready = client.post(f"{ALL}new/gates/", typed(worker, unit)).content.decode()
    assert "都齐了" in ready


def test_gates_pass_over_what_is_half_typed(client, worker, unit):
    half = typed(worker, unit, radius_m="x", **{"windows-0-end_time": "", "posts-0-places": "x"})

    fragment = client.post(f"{ALL}new/gates/", {**half, "leader_other": "没有这个人"})

    assert fragment.status_code == 200
    assert "请至少排一个班次" in fragment.content.decode()


def test_editor_sends_back_what_it_shows(client, worker, unit):
    client.post(f"{ALL}new/", typed(worker, unit, save=""))
    activity = Activity.objects.get()
    before = queries.details_of(activity)
    parts = queries.post_details(queries.posts_of(activity))

    sent = from_page(client, url_of(activity, "edit/"))
    answer = client.post(url_of(activity, "edit/"), {**sent, "save": ""})

    assert answer.status_code == 302
    activity.refresh_from_db()
    assert queries.details_of(activity) == before
    assert queries.post_details(queries.posts_of(activity)) == parts
    assert (activity.version, activity.shifts.count()) == (2, 1)


def test_draft_changes_its_times_posts_and_desks_on_the_page(client, worker, unit):
    client.post(f"{ALL}new/", typed(worker, unit, save=""))
    activity = Activity.objects.get()
    sent = from_page(client, url_of(activity, "edit/"))
    sent |= {
        "windows-0-start_time": "14:00", "windows-0-end_time": "16:00", "posts-TOTAL_FORMS": "2",
        "posts-1-name": "后勤", "posts-1-places": "2", "posts-1-places_min": "0",
        "posts-1-desk": "1", "desks-TOTAL_FORMS": "1", "desks-0-number": "1",
        "desks-0-department": "税务", "desks-0-topics": "个税、发票，,社保", "allowance": "12.5",
    }  # fmt: skip

    client.post(url_of(activity, "edit/"), {**sent, "save": ""})

    shifts = activity.shifts.order_by("post__position").values_list("post__name", "starts_at")
    assert list(shifts) == [("清扫", ahead(4, 14)), ("后勤", ahead(4, 14))]
    (desk,) = queries.desks_of(activity)
    assert desk.topics == ["个税", "发票", "社保"]
    assert Post.objects.get(name="后勤").desk == desk
    activity.refresh_from_db()
    assert activity.allowance_fen == 1250


def test_new_post_stands_in_the_times_of_all_and_a_removed_one_goes(client, worker, unit):
    client.post(f"{ALL}new/", typed(worker, unit, save=""))
    activity = Activity.objects.get()
    sent = from_page(client, url_of(activity, "edit/"))
    more = {"posts-TOTAL_FORMS": "2", "posts-1-name": "后勤", "posts-1-places": "2"}
    client.post(url_of(activity, "edit/"), {**sent, **more, "save": ""})
    assert activity.shifts.count() == 2

    sent = from_page(client, url_of(activity, "edit/"))
    other_day = {
        "windows-TOTAL_FORMS": "2", "windows-1-date": ahead(5).date().isoformat(),
        "windows-1-start_time": "20:00", "windows-1-end_time": "00:00", "windows-1-post": "2",
    }  # fmt: skip
    client.post(
        url_of(activity, "edit/"), {**sent, **other_day, "posts-0-DELETE": "on", "save": ""}
    )

    left = activity.shifts.order_by("starts_at").values_list("post__name", "ends_at")
    assert list(left) == [("后勤", ahead(4, 11)), ("后勤", ahead(6, 0))]


def test_time_taken_out_goes_and_one_of_a_missing_post_is_left_out(client, worker, unit):
    client.post(f"{ALL}new/", typed(worker, unit, save=""))
    activity = Activity.objects.get()
    sent = from_page(client, url_of(activity, "edit/"))
    more = {
        "windows-0-DELETE": "on", "windows-TOTAL_FORMS": "2", "windows-1-date": "2030-01-01",
        "windows-1-start_time": "09:00", "windows-1-end_time": "10:00", "windows-1-post": "2",
        "posts-TOTAL_FORMS": "2",
    }  # fmt: skip

    client.post(url_of(activity, "edit/"), {**sent, **more, "save": ""})

    assert activity.shifts.count() == 0


def test_leader_is_found_by_phone_or_refused(client, worker, unit):
    other = make_person("覃芳")

    lost = client.post(f"{ALL}new/", typed(worker, unit, save="", leader_other="谁也不是"))
    client.post(f"{ALL}new/", typed(worker, unit, save="", leader_other=other.phone))

    assert lost.status_code == 422
    assert "没有找到唯一的人" in lost.content.decode()
    assert Activity.objects.get().leader == other


def test_stale_editor_is_told(client, worker, unit):
    client.post(f"{ALL}new/", typed(worker, unit, save=""))
    activity = Activity.objects.get()
    sent = from_page(client, url_of(activity, "edit/"))
    client.post(url_of(activity, "edit/"), {**sent, "name": "甲", "save": ""})

    answer = client.post(url_of(activity, "edit/"), {**sent, "name": "乙", "save": ""})

    assert answer.status_code == 422
    assert "有人改过这个活动" in answer.content.decode()
    activity.refresh_from_db()
    assert activity.name == "甲"


def test_published_editor_only_adds_times(client, worker):
    policy = make_policy(make_unit(), starts_at=ahead(-1), ends_at=ahead(90))
    activity = make_open(
        worker, hazards=("traffic",), policy_id=policy.pk, leader_id=worker.person_id,
        posts=(PostDetails("劝导", 3, age_min=18),), sign_up_closes_at=ahead(3),
    )  # fmt: skip
    sent = from_page(client, url_of(activity, "edit/"))
    assert "windows-0-date" in sent
    assert sent["policy"] == [str(policy.public_id)]
    more = {
        "windows-0-date": ahead(6).date().isoformat(), "windows-0-start_time": "09:00",
        "windows-0-end_time": "10:00", "publish": "",
    }  # fmt: skip

    answer = client.post(url_of(activity, "edit/"), {**sent, **more})

    assert answer["Location"] == url_of(activity)
    assert activity.shifts.count() == 2


def test_tabs_and_search_narrow_the_list(client, worker):
    make_open(worker, name="周六扫地")
    make_open(worker, name="写到一半", publish=False)
    make_shift(make_activity("去年的"), starts_at=ahead(-300))

    published = shown(client, ALL)
    assert "周六扫地" in published
    assert "写到一半" not in published
    assert "写到一半" in shown(client, ALL, tab="drafts")
    assert "去年的" in shown(client, ALL, tab="past")
    assert "没有找到" in shown(client, ALL, q="送餐")
    assert "周六扫地" in shown(client, ALL, tab="nonsense")
    assert "这里还没有活动" in shown(client, ALL, tab="cancelled")


def test_flagged_plan_waits_for_another_reviewer(worker):
    officer = make_officer()
    activity = make_open(worker, name="防诈骗讲座")
    author, reviewer = client_of(worker), client_of(officer)

    assert "等待审核" in shown(author, url_of(activity))
    assert "请审核" in shown(reviewer, url_of(activity))
    assert author.post(url_of(activity, "review/"), {"approve": "yes"}).status_code == 404
    silent = reviewer.post(url_of(activity, "review/"), {"return": "yes", "version": 1})
    assert silent.status_code == 422
    reviewer.post(
        url_of(activity, "review/"), {"return": "yes", "version": 1, "reason": "请写明不收费"}
    )
    assert "请写明不收费" in shown(author, url_of(activity))
    author.post(url_of(activity, "publication/"))
    reviewer.post(url_of(activity, "review/"), {"approve": "yes", "version": 1})
    activity.refresh_from_db()
    assert activity.state == "published"


def test_publishing_with_gates_in_the_way_shows_them(client, worker):
    draft = make_open(worker, publish=False, risk_text="")

    answer = client.post(url_of(draft, "publication/"))

    assert answer.status_code == 422
    assert "还有 1 处需要补充或修改" in answer.content.decode()


def test_cancelling_tells_what_will_happen_and_asks_why(client, worker):
    activity = make_open(worker, windows=(4, 5))
    url = url_of(activity, "cancellation/")

    assert "以后的 2 个班次都取消" in shown(client, url)
    assert client.post(url, {"reason": ""}).status_code == 422
    client.post(url, {"reason": "台风"})

    page = shown(client, url_of(activity))
    assert "台风" in page
    assert activity.shifts.filter(cancel_reason="台风").count() == 2


def test_activity_is_closed_summed_up_extended_copied_and_deleted(client, worker):
    activity = make_activity("去年的", leader=None, created_by_id=worker.person_id)
    make_shift(activity, starts_at=ahead(-3))

    client.post(url_of(activity, "closure/"))
    client.post(url_of(activity, "outcome/"), {"people_served": "46", "outcome": "顺利"})
    wrong = client.post(url_of(activity, "outcome/"), {"people_served": "-1"})
    assert "46 人次" in shown(client, url_of(activity))
    assert wrong.status_code == 422
    client.post(url_of(activity, "extension/"))
    activity.refresh_from_db()
    assert activity.state == "published"
    day = ahead(9).date()
    client.post(url_of(activity, "copy/"), {"key": "copy-once", "starts_on": day})
    assert client.post(url_of(activity, "copy/"), {"key": ""}).status_code == 422
    copy = Activity.objects.get(state="draft")
    assert clock.local_date(copy.shifts.get().starts_at) == day
    assert "删除草稿" in shown(client, url_of(copy))
    assert client.post(url_of(copy, "deletion/"))["Location"] == ALL
    assert not Activity.objects.filter(pk=copy.pk).exists()


def test_refusals_of_plain_buttons_are_told(client, worker):
    activity = make_open(worker)

    answer = client.post(url_of(activity, "closure/"))

    assert answer.status_code == 409
    assert "还有 1 个班次没有开始" in answer.content.decode()


def test_team_leader_plans_on_the_phone():
    team = make_team("帮帮队", approved_by=make_unit())
    leader = make_team_leader(team)
    client = client_of(leader)
    other = make_open(make_worker(), name="社区的")

    client.post(f"{ALL}new/", typed(leader, team, publish=""))

    mine = Activity.objects.get(organiser=team)
    assert mine.state == "published"
    listed = shown(client, ALL)
    assert "清洁家园" in listed
    assert "社区的" not in listed
    assert client.get(url_of(other)).status_code == 404
    assert "开设值勤点" not in shown(client, "/console/points/")


def outsiders():
    return [
        client_of(make_worker("何平", region=NEIGHBOUR_COMMUNITY)),
        client_of(make_person("路人")),
        client_of(make_team_leader(make_team("别的队"), name="周强")),
        client_of(make_worker("审计", role=Role.AUDITOR)),
    ]


def test_outsiders_meet_nothing(worker):
    activity = make_open(worker)
    (shift,) = activity.shifts.all()
    one = f"shifts/{shift.public_id}/"
    gets = (
        "",
        "edit/",
        "cancellation/",
        "shifts/",
        "series/new/",
        "series/preview/",
        "roster/",
        one,
    )
    posts = (
        "edit/", "gates/", "publication/", "review/", "cancellation/", "closure/", "extension/",
        "outcome/", "copy/", "deletion/", "series/new/", "roster/", one, f"{one}preview/",
        f"{one}cancellation/",
    )  # fmt: skip

    for client in outsiders():
        for path in gets:
            assert client.get(url_of(activity, path)).status_code == 404, path
        for path in posts:
            assert client.post(url_of(activity, path), {"reason": "x"}).status_code == 404, path
    activity.refresh_from_db()
    assert (activity.state, activity.version) == ("published", 1)


def test_shift_of_another_activity_is_not_found_under_this_one(client, worker):
    activity, other = make_open(worker), make_open(worker)
    foreign = other.shifts.get()

    assert client.get(url_of(activity, f"shifts/{foreign.public_id}/")).status_code == 404


def cost_of(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_pages_cost_the_same_for_one_row_and_three(client, worker):
    activity = make_open(worker)
    urls = (ALL, url_of(activity), url_of(activity, "shifts/"), url_of(activity, "roster/"))
    for url in urls:
        client.get(url)
    before = [cost_of(client, url) for url in urls]

    for _each in range(2):
        make_open(worker)
    later = [window(days) for days in (5, 6)]
    actions.plan_shifts(activity_id=activity.pk, windows=later, by=worker, now=clock.now())

    assert [cost_of(client, url) for url in urls] == before


def test_editor_costs_the_same_for_one_post_and_three(client, worker):
    small = make_open(worker, publish=False)
    posts = tuple(PostDetails(f"岗{n}", 2) for n in range(3))
    large = make_open(worker, publish=False, posts=posts, organiser=small.organiser)
    client.get(url_of(small, "edit/"))

    assert cost_of(client, url_of(small, "edit/")) == cost_of(client, url_of(large, "edit/"))


def test_numbers_and_dates_of_unknown_form_do_no_harm(client, worker):
    activity = make_open(worker)

    for day in ("2026-99-99", "9999-12-31", "0001-01-01", f"{ahead(9):%Y-%m-%d}"):
        assert client.get(url_of(activity, "roster/"), {"week": day}).status_code == 200
    assert client.get(ALL, {"page": "x"}).status_code == 200
    assert client.post(f"{ALL}new/", {"add_posts": "", "posts-TOTAL_FORMS": "x"}).status_code == 200
