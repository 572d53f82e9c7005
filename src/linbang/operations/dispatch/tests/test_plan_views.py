"""The pages of plans: made, read by day and on the map, overruled, published, and who may see."""

import sys
from datetime import timedelta

import pytest

from linbang.foundation import clock
from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import day_window, local_date
from linbang.foundation.people.choices import Skill
from linbang.foundation.people.factories import make_actor, make_person
from linbang.foundation.places.factories import COMMUNITY, NEIGHBOUR_BUILDING, NEIGHBOUR_COMMUNITY
from linbang.intake.needs.factories import make_item
from linbang.operations.dispatch import actions, rules
from linbang.operations.dispatch.choices import PlanHelp, PlanState
from linbang.operations.dispatch.models import Offer, PlanRun
from linbang.operations.dispatch.templatetags.dispatch import gap_percent
from linbang.operations.dispatch.tests.cast import make_elder, make_helper, make_verified_need
from matching.plans import candidates as _find

# The package's name for its function hides the module.
listing = sys.modules[_find.__module__]
HOUR = timedelta(hours=1)


@pytest.fixture
def morning():
    """Ten in the morning, two days ahead."""
    midnight, _ = day_window(local_date(clock.now()) + timedelta(days=2))
    return midnight + 10 * HOUR


@pytest.fixture
def clerk(db):
    clerk = make_person("张敏", region=COMMUNITY)
    make_actor(clerk, Role.STATION_WORKER)
    return client_of(clerk)


def text(client, path, **given):
    answer = client.get(path, given)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def planned(client, **columns) -> str:
    """Ask for a plan of the community on the page, have it made, and return its address."""
    page = client.get("/console/plans/").context["form"]
    given = {"region": COMMUNITY, **{name: page.initial[name] for name in ("starts_on", "ends_on")}}
    answer = client.post("/console/plans/", {**given, **columns})
    assert answer.status_code == 302, answer.context["form"].errors
    run = PlanRun.objects.order_by("-id")[0]
    actions.make_plan(run_id=run.pk, by=Actor.system(run.cell), now=clock.now())
    return f"/console/plans/{run.public_id}/"


def visit_of(client, path) -> str:
    run = PlanRun.objects.get(public_id=path.split("/")[3])
    return f"{path}visits/{run.visits.order_by('id')[0].public_id}/"


def test_plan_is_asked_for_and_its_making_followed(clerk, morning):
    make_verified_need(make_elder(), starts_at=morning)
    form = clerk.get("/console/plans/").context["form"]
    assert "还没有上门安排" in text(clerk, "/console/plans/")

    answer = clerk.post("/console/plans/", {"region": COMMUNITY, **form.initial}, follow=True)

    assert "等待计算" in answer.content.decode()
    assert 'hx-trigger="every 2s"' in answer.content.decode()
    again = clerk.post("/console/plans/", {"region": COMMUNITY, **form.initial})
    assert again.status_code == 422
    assert "这里已有一份安排正在计算" in again.content.decode()


def test_board_tells_who_goes_why_and_who_has_nobody(clerk, morning):
    electrician = make_helper("甲一", skills=(Skill.ELECTRICAL_REPAIR,))
    make_helper("乙二", region=NEIGHBOUR_BUILDING)
    make_verified_need(make_elder(), starts_at=morning)
    make_verified_need(make_elder("赵奶奶"), item=make_item("bulb"), starts_at=morning)
    make_verified_need(make_elder("孙爷爷"), item=make_item("bulb"), starts_at=morning)
    path = planned(clerk)

    page = text(clerk, path)

    assert electrician.name in page
    assert "在合适的人里排第 2" in page
    assert "还缺 <b>1</b> 人次" in page
    assert "没有所需技能" in page
    assert page.index("还没有人去") < page.index("谁去哪家")
    assert {"李秀英", "赵奶奶", "孙爷爷"}.isdisjoint(page.split())
    assert "李秀英" not in page
    shortages = text(clerk, f"{path}shortages/")
    assert "要会电器维修" in shortages
    assert "招募志愿者】" in shortages
    assert "孙" not in shortages


def test_proof_speaks_of_everybody_not_of_short_lists(clerk, morning, monkeypatch):
    make_helper("甲一")
    make_helper("乙二", region=NEIGHBOUR_BUILDING)
    for name in ("赵奶奶", "孙爷爷"):
        make_verified_need(make_elder(name), starts_at=morning)

    assert "已证明：没有更好的安排" in text(clerk, planned(clerk))

    # Both lists hold the nearest alone: of these pairs nothing better can be made.
    monkeypatch.setattr(listing, "_LIST_MIN", 1)
    monkeypatch.setattr(listing, "_LIST_MAX", 1)
    page = text(clerk, planned(clerk))
    assert "还缺 <b>1</b> 人次" in page
    assert "已证明：没有更好的安排" not in page
    assert "最多再好" in page


@pytest.mark.parametrize("needs", [1, 3])
def test_board_takes_as_many_queries_for_three_visits_as_for_one(
    clerk, morning, needs, django_assert_num_queries
):
    for name in ("甲一", "乙二", "丙三")[:needs]:
        make_helper(name)
        make_verified_need(make_elder(f"{name}妈"), starts_at=morning)
        make_verified_need(make_elder(f"{name}爸"), item=make_item("bulb"), starts_at=morning)
    path = planned(clerk)
    text(clerk, path)

    for view, queries in (("list", 13), ("map", 16)):
        with django_assert_num_queries(queries):
            text(clerk, path, view=view)
    with django_assert_num_queries(9):
        text(clerk, "/console/plans/")


def test_map_shows_grids_and_no_home(clerk, morning):
    make_helper("乙二", region=NEIGHBOUR_BUILDING)
    need = make_verified_need(make_elder(), starts_at=morning)
    path = planned(clerk)

    places = clerk.get(path, {"view": "map"}).context["places"]

    [point] = places["points"]
    assert (point["id"], point["sign"]) == (need.region_id[:15], "1")
    assert "李" not in str(places)


def test_overruling_shows_its_price_first_and_keeps_the_reason(clerk, morning):
    near, far = make_helper("甲一"), make_helper("乙二", region=NEIGHBOUR_BUILDING)
    make_verified_need(make_elder(), starts_at=morning)
    path = planned(clerk)
    visit = visit_of(clerk, path)

    page = text(clerk, visit)
    assert far.name in page
    priced = text(clerk, visit, volunteer=far.public_id)

    assert "换成乙二会怎样" in priced
    assert "别家不会因此少人" in priced
    assert f"{near.name}空出来" in priced
    given = {"volunteer": far.public_id, "reason": ""}
    assert clerk.post(f"{visit}overruling/", given).status_code == 422
    given["reason"] = "老人更熟悉她"
    done = clerk.post(f"{visit}overruling/", given, follow=True).content.decode()
    assert "已按您的意思改好" in done
    assert "张敏 改的：老人更熟悉她" in done
    assert "工作人员改过 1 处" in done


def test_nobody_may_be_sent_and_the_gap_says_by_whom(clerk, morning):
    make_helper("甲一")
    make_verified_need(make_elder(), starts_at=morning)
    path = planned(clerk)
    visit = visit_of(clerk, path)

    assert "多 1 人次没有人去" in text(clerk, visit, volunteer="")
    given = {"volunteer": "", "reason": "家属自己来"}
    done = clerk.post(f"{visit}overruling/", given, follow=True).content.decode()

    assert str(PlanHelp.BY_HAND.label) in done


def test_choice_that_cannot_be_is_refused_where_it_is_made(clerk, morning):
    make_helper("甲一")
    outsider = make_person("路人")
    make_verified_need(make_elder(), starts_at=morning)
    path = planned(clerk)
    visit = visit_of(clerk, path)
    going = PlanRun.objects.get().visits.get().volunteer

    twice = clerk.get(visit, {"volunteer": going.public_id})

    assert twice.status_code == 422
    assert "这位志愿者已安排在这次上门里" in twice.content.decode()
    assert clerk.get(visit, {"volunteer": outsider.public_id}).status_code == 404


def test_publishing_says_first_what_it_does(clerk, morning):
    make_helper("甲一")
    make_verified_need(make_elder(), starts_at=morning)
    path = planned(clerk)

    assert "马上发出 <b>1</b> 份邀请，请 <b>1</b> 位志愿者" in text(clerk, f"{path}publication/")
    assert not Offer.objects.exists()
    done = clerk.post(f"{path}publication/", follow=True).content.decode()

    assert "已发布，正在邀请志愿者" in done
    assert "等待答复" in done
    assert Offer.objects.count() == 1
    assert "现在不用发布" in text(clerk, f"{path}publication/")


def test_plan_says_when_another_was_published_since(clerk, morning):
    make_helper("甲一")
    make_verified_need(make_elder(), starts_at=morning)
    first, second = planned(clerk), planned(clerk)

    assert "这一份已经过时" not in text(clerk, first)
    clerk.post(f"{second}publication/")

    assert "这一份已经过时" in text(clerk, first)
    assert f"{first}visits/" not in text(clerk, first)
    assert "这一份已经过时" not in text(clerk, second)


def test_plan_put_away_asks_nobody(clerk, morning):
    make_helper("甲一")
    make_verified_need(make_elder(), starts_at=morning)
    path = planned(clerk)

    clerk.post(f"{path}discarding/")

    assert PlanRun.objects.get().state == PlanState.DISCARDED
    assert "没有邀请任何人" in text(clerk, path)


def test_plans_are_hidden_from_others(clerk, morning):
    make_verified_need(make_elder(), starts_at=morning)
    helper = make_helper("甲一")
    path = planned(clerk)
    visit = visit_of(clerk, path)
    stranger = make_person("外人", region=NEIGHBOUR_COMMUNITY)
    make_actor(stranger, Role.STATION_WORKER, region=NEIGHBOUR_COMMUNITY)

    for client in (client_of(stranger), client_of(helper)):
        for page in (path, f"{path}publication/", f"{path}shortages/", visit):
            assert client.get(page).status_code == 404, page
    assert path not in text(client_of(stranger), "/console/plans/")


@pytest.mark.parametrize(
    ("causes", "help_"),
    [
        ({"busy": {"overlap": 2}, "nobody": {"skill": 9}}, PlanHelp.ASK_AROUND),
        ({"nobody": {"skill": 9, "not_available": 1}}, PlanHelp.OTHER_TIME),
        ({"nobody": {"skill": 9}}, PlanHelp.RECRUIT),
        ({}, PlanHelp.RECRUIT),
    ],
)
def test_what_helps_is_what_is_nearest_to_a_yes(causes, help_):
    assert rules.what_helps(causes) == help_
    assert rules.what_helps(causes, is_by_hand=True) == PlanHelp.BY_HAND


@pytest.mark.parametrize(("gap", "words"), [(0.0123, "0.02%"), (0.2, "0.20%"), (0.0001, "0.01%")])
def test_how_much_better_is_never_told_less(gap, words):
    assert gap_percent(gap) == words
