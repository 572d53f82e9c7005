"""Plans over the API: asked for, followed, read, overruled, published; by place."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linbang.foundation import clock
from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import day_window, local_date
from linbang.foundation.people.factories import make_actor, make_person
from linbang.foundation.places.factories import COMMUNITY, NEIGHBOUR_COMMUNITY
from linbang.intake.needs.factories import make_item
from linbang.operations.dispatch import actions
from linbang.operations.dispatch.models import PlanRun
from linbang.operations.dispatch.tests.cast import make_elder, make_helper, make_verified_need

pytestmark = pytest.mark.django_db
JSON = "application/json"
HOUR = timedelta(hours=1)


@pytest.fixture
def morning():
    """Ten in the morning, two days ahead."""
    midnight, _ = day_window(local_date(clock.now()) + timedelta(days=2))
    return midnight + 10 * HOUR


@pytest.fixture
def clerk(morning):
    make_verified_need(make_elder(), starts_at=morning)
    clerk = make_person("张敏", region=COMMUNITY)
    make_actor(clerk, Role.STATION_WORKER)
    return client_of(clerk)


def post(client, path, given=None):
    answer = client.post(f"/api/v1{path}", given or {}, content_type=JSON)
    return answer.status_code, answer.json() if answer.content else None


def make_all() -> None:
    for run in PlanRun.objects.filter(state="queued"):
        actions.make_plan(run_id=run.pk, by=Actor.system(), now=clock.now())


def asked(client, **given) -> str:
    status, made = post(client, "/plans", {"region": COMMUNITY, **given})
    assert status == 201
    make_all()
    return f"/plans/{made['id']}"


def test_plan_is_asked_for_followed_and_published(clerk):
    helper = make_helper("甲一")

    status, made = post(clerk, "/plans", {"region": COMMUNITY})
    path = f"/plans/{made['id']}"
    again = post(clerk, "/plans", {"region": COMMUNITY})
    early = post(clerk, f"{path}/publication")
    make_all()
    ready = clerk.get(f"/api/v1{path}").json()
    [visit] = clerk.get(f"/api/v1{path}/visits").json()["items"]
    published = post(clerk, f"{path}/publication")

    assert (status, made["state"], made["progress"]) == (201, "queued", 0)
    assert (again[0], again[1]["code"]) == (409, "plan_under_way")
    assert (early[0], early[1]["code"]) == (409, "plan_not_ready")
    assert (ready["state"], ready["filled"], ready["missing"]) == ("ready", 1, 0)
    assert (visit["volunteer_id"], visit["state"]) == (str(helper.public_id), "planned")
    assert "同一栋楼" in visit["why"]
    assert published[1]["state"] == "published"
    assert clerk.get("/api/v1/plans").json()["count"] == 1
    assert clerk.get("/api/v1/offers").json()["count"] == 0
    assert client_of(helper).get("/api/v1/offers").json()["count"] == 1


def test_overruling_is_told_before_it_is_done(clerk):
    make_helper("甲一")
    path = asked(clerk)
    [visit] = clerk.get(f"/api/v1{path}/visits").json()["items"]
    choice = {"volunteer_id": None}

    before = post(clerk, f"{path}/visits/{visit['id']}/overruling-preview", choice)
    gaps = clerk.get(f"/api/v1{path}/gaps").json()["count"]
    done = post(
        clerk, f"{path}/visits/{visit['id']}/overruling", {**choice, "reason": "家属自己来"}
    )

    assert (before[0], before[1]["empty"], gaps) == (200, 1, 0)
    assert done == before
    [gap] = clerk.get(f"/api/v1{path}/gaps").json()["items"]
    assert (gap["missing"], gap["is_by_hand"]) == (1, True)
    assert post(clerk, f"{path}/discarding")[1]["state"] == "discarded"


def test_plans_are_seen_where_one_dispatches(clerk):
    make_helper("甲一")
    path = asked(clerk)
    neighbour = make_person("外人", region=NEIGHBOUR_COMMUNITY)
    make_actor(neighbour, Role.STATION_WORKER, region=NEIGHBOUR_COMMUNITY)
    other = client_of(neighbour)

    assert other.get("/api/v1/plans").json()["count"] == 0
    assert other.get(f"/api/v1{path}").status_code == 404
    assert other.get(f"/api/v1{path}/visits").status_code == 404
    assert post(other, f"{path}/publication")[0] == 404
    assert post(other, "/plans", {"region": COMMUNITY})[0] == 403
    assert post(clerk, "/plans", {"region": COMMUNITY, "starts_on": "2020-01-01"})[0] == 422


def test_lists_of_three_ask_as_often_as_lists_of_one(clerk, morning):
    make_helper("甲一")
    make_verified_need(make_elder("赵奶奶"), item=make_item("bulb"), starts_at=morning)
    path = asked(clerk)
    lists = ("/plans", f"{path}/visits", f"{path}/gaps")
    of_one = [counted(clerk, one) for one in lists]
    make_helper("乙二")
    for n, name in enumerate(("李一", "李二"), start=1):
        make_verified_need(make_elder(name), starts_at=morning + 4 * n * HOUR)
        elder = make_elder(f"{name}奶奶")
        make_verified_need(elder, item=make_item("bulb"), starts_at=morning + 4 * n * HOUR)
    for _turn in range(2):
        path = asked(clerk)
    lists = ("/plans", f"{path}/visits", f"{path}/gaps")

    assert [clerk.get(f"/api/v1{one}").json()["count"] for one in lists] == [3, 3, 3]
    assert [counted(clerk, one) for one in lists] == of_one


def counted(client, path) -> int:
    with CaptureQueriesContext(connection) as made:
        assert client.get(f"/api/v1{path}").status_code == 200
    return len(made)
