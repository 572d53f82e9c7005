"""The same plans through the API, with the same refusals."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linbang.foundation import clock
from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.organisations.factories import make_team, make_unit
from linbang.foundation.people.factories import make_person, make_worker
from linbang.foundation.people.models import Person
from linbang.foundation.places.factories import COMMUNITY, NEIGHBOUR_COMMUNITY
from linbang.intake.activities import actions, queries
from linbang.intake.activities.factories import make_activity, make_policy, make_shift
from linbang.intake.activities.models import Activity
from linbang.intake.activities.tests.cast import (
    details_for,
    make_officer,
    make_team_leader,
    planned,
)

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"
KEY = {"HTTP_IDEMPOTENCY_KEY": "0123456789"}


@pytest.fixture
def worker():
    return make_worker()


@pytest.fixture
def client(worker):
    return client_of(worker)


@pytest.fixture
def unit():
    return make_unit("居委会")


def send(client, method, path, body=None, **more):
    return getattr(client, method)(
        f"{ROOT}{path}", json.dumps(body or {}), content_type="application/json", **more
    )


def get(client, path):
    return client.get(f"{ROOT}{path}")


def days(count, hour=9):
    start = clock.now().astimezone(clock.CHINA) + timedelta(days=count)
    return start.replace(hour=hour, minute=0, second=0, microsecond=0)


def window(count, **more):
    return {
        "starts_at": days(count).isoformat(),
        "ends_at": days(count, 11).isoformat(),
        **more,
    }


def told(worker, unit, **changes):
    leader = Person.objects.get(pk=worker.person_id)
    return {
        "organiser": str(unit.public_id), "region_code": COMMUNITY, "name": "清洁家园",
        "categories": ["0006"], "content": "一起打扫。", "conditions": "身体健康",
        "place_name": "广场", "risk_text": "防滑", "guarantees": ["05"],
        "declares_none_forbidden": True, "leader": str(leader.public_id),
        "contact_name": "梁敏", "contact_phone": "0771-5550100",
        "posts": [{"name": "清扫", "places": 5}], "windows": [window(4)], **changes,
    }  # fmt: skip


def create(client, body, **more):
    return send(client, "post", "/activities", body, **(more or KEY))


def make_open(worker, **changes):
    """Make a published activity with one shift four days from now, by the actions."""
    from linbang.intake.activities.rules import Window

    draft = actions.create_activity(
        details=details_for(worker, **changes),
        parts=planned(Window(days(4), days(4, 11))),
        key=f"k{Activity.objects.count()}",
        by=worker,
        now=clock.now(),
    )
    return actions.publish_activity(activity_id=draft.pk, by=worker, now=clock.now())


def test_draft_is_made_once_a_key(client, worker, unit):
    body = told(worker, unit)

    first, again = create(client, body), create(client, body)
    other = create(client, {**body, "name": "别的"})

    assert first.status_code == again.status_code == 201
    assert first.json()["id"] == again.json()["id"]
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    assert create(client, body, HTTP_X="1").json()["errors"][0]["field"] == "Idempotency-Key"
    plan = first.json()
    assert (plan["state"], plan["gates"], plan["organiser"]) == ("draft", [], str(unit.public_id))
    assert [post["name"] for post in plan["posts"]] == ["清扫"]


def test_gates_are_a_problem_with_every_field(client, worker, unit):
    body = told(worker, unit, risk_text="", posts=[], windows=[])
    activity = create(client, body).json()["id"]

    refused = send(client, "post", f"/activities/{activity}/publication")
    listed = get(client, f"/activities/{activity}/gates").json()

    assert (refused.status_code, refused.json()["code"]) == (422, "activity_not_ready")
    assert refused.json()["errors"] == listed
    assert [one["field"] for one in listed] == ["shifts", "posts", "risk_text"]
    assert listed[2] == {
        "field": "risk_text", "code": "risk_missing", "detail": "请写明可能的风险和注意事项。",
    }  # fmt: skip


def test_plan_is_changed_in_parts_and_published(client, worker, unit):
    policy = make_policy(unit, starts_at=clock.now(), ends_at=days(40))
    plan = create(client, told(worker, unit)).json()
    url, post = f"/activities/{plan['id']}", plan["posts"][0]

    changed = send(
        client, "patch", url,
        {"name": "清洁花园", "hazards": ["traffic"], "policy": str(policy.public_id), "version": 1,
         "posts": [{**post, "age_min": 18}], "sign_up_closes_at": window(3)["ends_at"],
         "leader": None, "organiser": None, "content": None},
    )  # fmt: skip
    stale = send(client, "patch", url, {"name": "旧", "version": 1})

    assert changed.json()["name"] == "清洁花园"
    assert (changed.json()["content"], changed.json()["leader"]) == ("一起打扫。", None)
    assert [one["code"] for one in changed.json()["gates"]] == ["leader_missing"]
    assert (stale.status_code, stale.json()["code"]) == (409, "activity_edited_meanwhile")
    leader = told(worker, unit)["leader"]
    cleared = send(client, "patch", url, {"leader": leader, "sign_up_closes_at": None})
    assert cleared.json()["sign_up_closes_at"] is None
    published = send(client, "post", f"{url}/publication")
    assert published.json()["state"] == "published"
    assert [step["state"] for step in published.json()["steps"]] == ["published"]


def test_references_must_be_ones_to_choose(client, worker, unit):
    stranger = make_person("远人", region=NEIGHBOUR_COMMUNITY)

    for changes in (
        {"leader": str(stranger.public_id)},
        {"organiser": str(make_team(region=NEIGHBOUR_COMMUNITY).public_id)},
        {"brand": str(stranger.public_id)},
        {"posts": [{"name": "岗", "places": 1, "point": str(stranger.public_id)}]},
    ):
        answer = create(client, told(worker, unit, **changes))
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_flagged_plan_is_reviewed_by_somebody_else(client, worker, unit):
    activity = create(client, told(worker, unit, name="防诈骗讲座")).json()["id"]
    officer = client_of(make_officer())

    sent = send(client, "post", f"/activities/{activity}/publication").json()
    forbidden = send(client, "post", f"/activities/{activity}/review", {"approves": True})
    returned = send(
        officer, "post", f"/activities/{activity}/review",
        {"approves": False, "reason": "请写明不收费"},
    ).json()  # fmt: skip

    assert (sent["state"], forbidden.status_code) == ("in_review", 404)
    assert (returned["state"], returned["steps"][-1]["reason"]) == ("draft", "请写明不收费")


def test_plan_is_copied_cancelled_closed_extended_and_summed_up(client, worker):
    activity = make_open(worker)
    url = f"/activities/{activity.public_id}"

    copy = send(client, "post", f"{url}/copy", {"starts_on": f"{days(9):%Y-%m-%d}"}, **KEY)
    ahead = send(client, "post", f"{url}/closure")
    summed = send(client, "put", f"{url}/outcome", {"people_served": 46, "outcome": "顺利"})
    early = send(client, "post", f"{url}/extension")
    silent = send(client, "post", f"{url}/cancellation", {"reason": ""})
    gone = send(client, "post", f"{url}/cancellation", {"reason": "台风"})

    assert (copy.status_code, copy.json()["state"]) == (201, "draft")
    assert ahead.json()["code"] == "shifts_still_ahead"
    assert summed.json()["people_served"] == 46
    assert early.json()["code"] == "activity_state_not_next"
    assert silent.json()["code"] == "activity_reason_missing"
    assert gone.json()["state"] == "cancelled"
    assert send(client, "delete", f"/activities/{copy.json()['id']}").status_code == 204
    past = make_activity("过去")
    closed = send(client, "post", f"/activities/{past.public_id}/closure").json()
    again = send(client, "post", f"/activities/{past.public_id}/extension").json()
    assert (closed["state"], again["state"]) == ("closed", "published")


def test_shifts_are_planned_moved_resized_and_cancelled(client, worker):
    activity = make_open(worker)
    url = f"/activities/{activity.public_id}/shifts"
    post = str(queries.posts_of(activity).get().public_id)

    added = send(client, "post", url, {"windows": [window(6), window(7)], "posts": [post]})
    listed = get(client, url).json()
    first = listed["items"][0]["id"]
    moved = send(client, "post", f"{url}/moves", {"moves": [{"shift": first, **window(5)}]})
    resized = send(client, "post", f"{url}/places", {"shifts": [first], "places": 9})
    gone = send(client, "post", f"{url}/cancellation", {"shifts": [first], "reason": "雨"})

    assert (added.status_code, added.json()) == (201, {"shifts": 2})
    assert (listed["count"], listed["items"][0]["post"]) == (3, post)
    assert [one.json() for one in (moved, resized, gone)] == [{"shifts": 1}] * 3
    told_now = get(client, url).json()["items"][0]
    assert (told_now["places"], told_now["state"], told_now["cancel_reason"]) == (
        9, "cancelled", "雨",
    )  # fmt: skip
    foreign = make_shift().public_id
    missing = send(client, "post", f"{url}/places", {"shifts": [str(foreign)], "places": 9})
    assert missing.status_code == 404
    wrong = send(client, "post", url, {"windows": [window(8)], "posts": [str(foreign)]})
    assert wrong.status_code == 404
    naive = send(
        client, "post", url, {"windows": [{"starts_at": "2030-01-01T09:00", "ends_at": "x"}]}
    )
    assert naive.json()["code"] == "invalid_input"


def test_series_is_added_previewed_and_changed(client, worker):
    activity = make_open(worker)
    url = f"/activities/{activity.public_id}"
    series = {
        "rule": "FREQ=DAILY", "starts_on": f"{days(5):%Y-%m-%d}", "start_time": "09:00",
        "ends_on": f"{days(8):%Y-%m-%d}", "minutes": 60,
    }  # fmt: skip

    added = send(client, "post", f"{url}/series", series)
    refused = send(client, "post", f"{url}/series", {**series, "rule": "FREQ=HOURLY"})
    shift = next(one["id"] for one in get(client, f"{url}/shifts").json()["items"] if one["series"])
    change = {"scope": "all", "start_time": "10:00", "ends_on": f"{days(9):%Y-%m-%d}"}
    preview = send(client, "post", f"{url}/shifts/{shift}/changes/preview", change).json()
    before = get(client, f"{url}/series").json()
    done = send(client, "post", f"{url}/shifts/{shift}/changes", change).json()

    assert (added.status_code, added.json()["words"]) == (201, "每天")
    assert refused.json()["code"] == "rhythm_unreadable"
    assert preview == done
    assert (len(done["moved"]), done["cancelled"], done["added_dates"]) == (
        4, [], [f"{days(9):%Y-%m-%d}"],
    )  # fmt: skip
    assert (len(before), before[0]["start_time"]) == (1, "09:00:00")
    (series_now,) = get(client, f"{url}/series").json()
    assert series_now["start_time"] == "10:00:00"


def test_roster_is_made_from_points_days_and_times(client, worker, unit):
    point = send(
        client, "post", "/points",
        {"kind": "crossing", "region_code": COMMUNITY, "name": "民族大道路口"},
    ).json()  # fmt: skip
    plan = create(client, told(worker, unit, kind="duty", posts=[], windows=[])).json()

    made = send(
        client, "post", f"/activities/{plan['id']}/roster",
        {"points": [point["id"]], "starts_on": f"{days(1):%Y-%m-%d}",
         "ends_on": f"{days(3):%Y-%m-%d}",
         "times": [{"start_time": "07:30", "end_time": "09:00"},
                   {"start_time": "17:30", "end_time": "19:00", "places": 3}]},
    )  # fmt: skip

    assert (made.status_code, made.json()) == (201, {"shifts": 6})
    posts = get(client, f"/activities/{plan['id']}").json()["posts"]
    assert [(post["name"], post["point"]) for post in posts] == [("民族大道路口", point["id"])]


def test_programmes_are_kept(client, worker, unit):
    shared = {"organiser": str(unit.public_id), "region_code": COMMUNITY}
    period = {"starts_on": "2026-03-01", "ends_on": "2026-12-31"}
    brand = send(client, "post", "/brands", {**shared, "name": "邻里相助"}).json()
    campaign = send(
        client, "post", "/campaigns", {**shared, **period, "name": "服务月", "brand": brand["id"]}
    ).json()
    measure = {"name": "课时", "unit": "小时", "target": 200}
    project_in = {
        **shared, **period, "name": "五点半课堂", "field": "0003", "goals": "放学后有人管",
        "campaign": campaign["id"], "measures": [measure],
    }  # fmt: skip
    project = send(client, "post", "/projects", project_in).json()

    renamed = send(client, "put", f"/brands/{brand['id']}", {**shared, "name": "邻里"}).json()
    moved = send(
        client, "put", f"/campaigns/{campaign['id']}", {**shared, **period, "name": "服务周"}
    ).json()
    reached = {**measure, "reached": 210, "measured_on": "2026-06-30"}
    measured = send(
        client, "put", f"/projects/{project['id']}", {**project_in, "measures": [reached]}
    ).json()

    assert (renamed["name"], moved["name"], moved["brand"]) == ("邻里", "服务周", None)
    assert (project["campaign"], measured["measures"]) == (campaign["id"], [reached])
    for kind, one in (("brands", brand), ("campaigns", campaign), ("projects", project)):
        assert get(client, f"/{kind}").json()["count"] == 1
        assert send(client, "post", f"/{kind}/{one['id']}/ending").json()["ended_at"]
    named = {"region_code": COMMUNITY, "name": "国庆", **period}
    key_period = send(client, "post", "/key-periods", named).json()
    longer = send(
        client, "put", f"/key-periods/{key_period['id']}", {**named, "ends_on": "2027-01-03"}
    )
    assert longer.json()["ends_on"] == "2027-01-03"
    assert get(client, "/key-periods").json()["count"] == 1


def test_points_are_kept_and_paired(client, unit):
    told_of = {"kind": "crossing", "region_code": COMMUNITY, "name": "路口"}
    point = send(client, "post", "/points", told_of).json()
    url = f"/points/{point['id']}"

    send(client, "put", url, {**told_of, "is_demonstration": True})
    pairing = send(
        client, "post", f"{url}/pairings",
        {"organisation": str(unit.public_id), "since_date": "2026-05-01"},
    )  # fmt: skip
    (row,) = get(client, "/points?kind=crossing&q=路口").json()["items"]
    ended = send(
        client, "post", f"{url}/pairings/{pairing.json()['id']}/ending",
        {"until_date": "2026-06-01"},
    )  # fmt: skip
    alone = get(client, "/points?unpaired=true").json()["count"]
    closed = send(client, "post", f"{url}/closure").json()

    assert pairing.status_code == 201
    assert row["point"]["is_demonstration"]
    assert [one["organisation_name"] for one in row["keepers"]] == ["居委会"]
    assert (ended.json()["until_date"], alone) == ("2026-06-01", 1)
    assert closed["closed_at"] is not None


def test_policies_are_entered_extended_and_ended(client, unit):
    told_of = {
        "organiser": str(unit.public_id), "region_code": COMMUNITY, "insurer": "演示保险",
        "number": "P1", "starts_at": window(0)["starts_at"], "ends_at": window(30)["ends_at"],
    }  # fmt: skip
    policy = send(client, "post", "/policies", told_of).json()
    url = f"/policies/{policy['id']}"

    twice = send(client, "post", "/policies", told_of)
    longer = send(client, "post", f"{url}/extension", {"ends_at": window(60)["ends_at"]})
    ended = send(client, "post", f"{url}/ending")

    assert twice.json()["code"] == "policy_number_taken"
    assert longer.json()["ends_at"] > policy["ends_at"]
    assert ended.json()["ended_at"] is not None
    assert get(client, "/policies").json()["count"] == 1


def test_qualifications_are_listed(client):
    assert get(client, "/qualifications").json()[1]["code"] == "first-aid"


def test_outsiders_meet_nothing(worker):
    activity = make_open(worker)
    url = f"/activities/{activity.public_id}"
    neighbour = client_of(make_worker("何平", region=NEIGHBOUR_COMMUNITY))
    resident = client_of(make_person())

    for client in (neighbour, resident):
        assert get(client, url).status_code == 404
        for path in ("publication", "closure", "extension"):
            assert send(client, "post", f"{url}/{path}").status_code == 404
        assert send(client, "patch", url, {"name": "改"}).status_code == 404
        assert send(client, "delete", url).status_code == 404
    assert get(neighbour, "/activities").json()["count"] == 0
    assert get(resident, "/activities").status_code == 404
    assert Activity.objects.get().name == "清洁家园"


def test_team_leader_lists_the_team_alone(worker):
    team = make_team("帮帮队", approved_by=make_unit())
    leader = make_team_leader(team)
    mine = make_open(leader, organiser=team)
    make_open(worker, name="社区的")

    listed = get(client_of(leader), "/activities").json()

    assert [one["id"] for one in listed["items"]] == [str(mine.public_id)]
    assert (listed["items"][0]["shifts_ahead"], listed["items"][0]["places_ahead"]) == (1, 5)


def test_lists_cost_the_same_for_one_row_and_three():
    officer = make_worker("街道", region="450103001", role=Role.STREET_OFFICER)
    client = client_of(officer)

    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert get(client, "/activities").status_code == 200
        return len(captured)

    make_open(officer, organiser=make_unit())
    get(client, "/activities")
    before = cost()
    for _each in range(2):
        make_open(officer, organiser=make_unit())

    assert cost() == before
