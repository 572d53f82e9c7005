"""The pages of dates, rosters, programmes, duty points and policies."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linbang.foundation import clock
from linbang.foundation.access.factories import client_of
from linbang.foundation.clock import local_date
from linbang.foundation.organisations.factories import make_team, make_unit
from linbang.foundation.people.factories import make_worker
from linbang.foundation.places.factories import COMMUNITY, NEIGHBOUR_COMMUNITY
from linbang.intake.activities import actions, queries
from linbang.intake.activities.models import (
    Brand,
    Campaign,
    DutyPoint,
    InsurancePolicy,
    KeyPeriod,
    PointPairing,
    Project,
)
from linbang.intake.activities.rules import PlanParts, PostDetails
from linbang.intake.activities.tests.cast import details_for, make_team_leader
from linbang.intake.activities.tests.test_views import ahead, make_open, shown, url_of, window

pytestmark = pytest.mark.django_db
DATES = {"dates-TOTAL_FORMS": "0", "dates-INITIAL_FORMS": "0"}


@pytest.fixture
def unit():
    return make_unit("居委会")


@pytest.fixture
def worker(unit):
    return make_worker()


@pytest.fixture
def client(worker):
    return client_of(worker)


@pytest.fixture
def activity(worker):
    posts = (PostDetails("清扫", 5), PostDetails("后勤", 2))
    return make_open(worker, posts=posts)


def iso(days):
    return ahead(days).date().isoformat()


def rhythm(**changes):
    return {
        "repeat": "daily", "interval": "1", "day_rule": "any", "nth": "1", "month_day": "1",
        "starts_on": iso(5), "ends_on": iso(8), "start_time": "14:00", "end_time": "15:30",
        **DATES, **changes,
    }  # fmt: skip


def add_daily(client, activity, **changes):
    answer = client.post(url_of(activity, "series/new/"), rhythm(**changes))
    assert answer.status_code == 302
    return activity.series.latest("id")


def test_rhythm_shows_its_days_before_it_is_planned(client, activity):
    fragment = client.get(url_of(activity, "series/preview/"), rhythm()).content.decode()

    assert "<html" not in fragment
    assert "每天" in fragment
    assert "一共 4 天" in fragment
    weekly = rhythm(repeat="weekly", weekdays=[])
    unsure = client.get(url_of(activity, "series/preview/"), weekly).content.decode()
    assert "看不懂这条重复规则" in unsure
    never = rhythm(repeat="monthly_day", month_day="31", starts_on="2027-02-01")
    never |= {"ends_on": "2027-02-28"}
    hopeless = client.get(url_of(activity, "series/preview/"), never).content.decode()
    assert "一天也排不出来" in hopeless
    empty = client.get(url_of(activity, "series/preview/"), {}).content.decode()
    assert "选好以后" in empty


def test_rhythm_is_planned_for_some_posts(client, activity):
    post = str(queries.posts_of(activity).first().public_id)

    series = add_daily(client, activity, posts=[post])

    assert series.shifts.count() == 4
    page = shown(client, url_of(activity, "shifts/"))
    assert "每天" in page
    assert "14:00–15:30" in page
    assert "周期排班" in shown(client, url_of(activity, "series/new/"))


def test_rhythm_may_be_looked_at_without_script(client, activity):
    looked = client.post(url_of(activity, "series/new/"), rhythm(check=""))
    grown = client.post(url_of(activity, "series/new/"), rhythm(repeat="by_hand", add_dates=""))
    backwards = client.post(url_of(activity, "series/new/"), rhythm(ends_on=iso(4)))

    assert looked.status_code == grown.status_code == 200
    assert "一共 4 天" in looked.content.decode()
    assert 'name="dates-TOTAL_FORMS" value="1"' in grown.content.decode()
    assert backwards.status_code == 422
    assert activity.series.count() == 0


def test_days_are_chosen_by_hand(client, activity):
    by_hand = rhythm(repeat="by_hand", starts_on="", ends_on="")
    none = client.post(url_of(activity, "series/new/"), by_hand)
    some = {
        **by_hand, "dates-TOTAL_FORMS": "3", "dates-0-date": iso(9), "dates-1-date": iso(7),
        "dates-2-date": iso(9),
    }  # fmt: skip
    preview = client.get(url_of(activity, "series/preview/"), some).content.decode()
    client.post(url_of(activity, "series/new/"), some)

    assert none.status_code == 422
    assert "一共 2 天" in preview
    assert (activity.series.count(), activity.shifts.count()) == (0, 2 + 4)


def change(**changes):
    return {
        "scope": "one", "repeat": "daily", "interval": "1", "day_rule": "any", "nth": "1",
        "month_day": "1", "on": "", "start_time": "14:00", "end_time": "15:30", "places": "5",
        "places_min": "1", "ends_on": iso(8), "reason": "", **changes,
    }  # fmt: skip


def shift_url(activity, shift, path=""):
    return url_of(activity, f"shifts/{shift.public_id}/{path}")


def test_one_date_is_changed_with_a_look_before(client, activity):
    series = add_daily(client, activity)
    shift = series.shifts.filter(series_date=date.fromisoformat(iso(6))).first()
    moved = change(on=iso(9), start_time="10:00", end_time="11:30")

    preview = client.post(shift_url(activity, shift, "preview/"), moved).content.decode()
    looked = client.post(shift_url(activity, shift), {**moved, "check": ""})
    client.post(shift_url(activity, shift), moved)

    assert "2 个班次改时间" in preview
    assert looked.status_code == 200
    shift.refresh_from_db()
    assert (shift.starts_at, shift.is_moved) == (ahead(9, 10), True)
    assert "改过时间" in shown(client, url_of(activity, "shifts/"))
    assert "改过时间" in shown(client, shift_url(activity, shift))


def test_whole_rhythm_is_changed_and_losses_need_a_reason(client, activity):
    series = add_daily(client, activity)
    shift = series.shifts.order_by("id").first()
    fewer = change(
        scope="all", changes_rhythm="on", repeat="weekly",
        weekdays=[str(ahead(6).weekday())], places="9", ends_on=iso(8),
    )  # fmt: skip

    preview = client.post(shift_url(activity, shift, "preview/"), fewer).content.decode()
    silent = client.post(shift_url(activity, shift), fewer)
    client.post(shift_url(activity, shift), {**fewer, "reason": "人手不够"})

    assert "个班次取消" in preview
    assert silent.status_code == 422
    assert activity.shifts.filter(cancel_reason="人手不够").exists()
    kept = activity.shifts.get(state="planned", series__isnull=False, post__name="清扫")
    assert (local_date(kept.starts_at), kept.places) == (ahead(6).date(), 9)


def test_unchanged_length_of_a_moved_date_is_not_forced_on_the_rest(client, activity):
    series = add_daily(client, activity)
    shift = series.shifts.order_by("id").first()
    client.post(shift_url(activity, shift), change(start_time="08:00", end_time="12:00"))

    client.post(
        shift_url(activity, shift),
        change(scope="all", start_time="08:00", end_time="12:00", places="7", places_min="2"),
    )

    newest = activity.series.latest("id")
    assert (newest.start_time.hour, newest.minutes) == (14, 90)
    assert activity.shifts.filter(places=7, places_min=2).count() == 8


def test_date_outside_a_rhythm_has_no_scopes(client, activity):
    shift = activity.shifts.first()
    page = shown(client, shift_url(activity, shift))
    plain = {"on": iso(5), "start_time": "09:00", "end_time": "10:00", "places": "5"}

    client.post(shift_url(activity, shift), plain)
    wrong = client.post(shift_url(activity, shift), {**plain, "end_time": "08:00"})

    assert "这次及以后" not in page
    assert wrong.status_code == 422
    assert set(activity.shifts.values_list("starts_at", flat=True)) == {ahead(5)}


def test_dates_are_cancelled_by_scope(client, activity):
    series = add_daily(client, activity)
    shift = series.shifts.order_by("starts_at").all()[2]
    url = shift_url(activity, shift, "cancellation/")

    assert client.post(url, {"scope": "following", "reason": ""}).status_code == 422
    client.post(url, {"scope": "following", "reason": "雨季"})

    assert activity.shifts.filter(cancel_reason="雨季").count() == 6
    cancelled = shown(client, shift_url(activity, shift))
    assert "取消原因" in cancelled
    assert "雨季" in cancelled
    assert "已取消" in shown(client, url_of(activity, "shifts/"), all="1")


def test_begun_date_is_only_shown(client, activity):
    shift = activity.shifts.first()
    type(shift).objects.filter(activity=activity).update(starts_at=ahead(-1), ends_at=ahead(-1, 11))

    assert "不能再改" in shown(client, shift_url(activity, shift))
    assert client.post(shift_url(activity, shift), change()).status_code == 422
    assert "还没有班次" in shown(client, url_of(activity, "shifts/"))


def make_points(worker, *names):
    from linbang.intake.activities.rules import PointDetails

    return [
        actions.open_point(
            details=PointDetails("crossing", COMMUNITY, name), by=worker, now=clock.now()
        )
        for name in names
    ]


def roster(points, **changes):
    return {
        "points": [str(point.public_id) for point in points], "starts_on": iso(1),
        "ends_on": iso(3), "day_rule": "any", "times-TOTAL_FORMS": "1", "times-INITIAL_FORMS": "0",
        "times-0-start_time": "07:30", "times-0-end_time": "09:00", "times-0-places": "3",
        "times-0-places_min": "", **changes,
    }  # fmt: skip


def test_roster_is_previewed_made_and_shows_its_holes(client, worker):
    points = make_points(worker, "民族大道路口", "古城路口")
    draft = actions.create_activity(
        details=details_for(worker, kind="duty"), parts=PlanParts(), key="k", by=worker,
        now=clock.now(),
    )  # fmt: skip
    url = url_of(draft, "roster/")

    preview = client.post(url, roster(points, check="")).content.decode()
    grown = client.post(url, roster(points, add_times="")).content.decode()
    client.post(url, roster(points))
    hole = draft.shifts.order_by("starts_at").first()
    actions.cancel_shifts(
        activity_id=draft.pk, shift_ids=[hole.pk], reason="", by=worker, now=clock.now()
    )

    assert "会新排 6 个班次" in preview
    assert 'name="times-TOTAL_FORMS" value="2"' in grown
    assert draft.shifts.count() == 5
    page = shown(client, url, week=iso(1))
    assert "1 处没有排班" in page
    assert "07:30–09:00" in page
    for wrong in ({"points": []}, {"times-0-start_time": ""}, {"times-TOTAL_FORMS": "0"}):
        assert client.post(url, {**roster(points), **wrong}).status_code == 422
    late = client.post(url, roster(points, **{"times-0-end_time": "07:35"}))
    assert "每班至少 15 分钟" in late.content.decode()


def test_roster_starts_with_the_key_period(client, worker):
    period = actions.add_key_period(
        region_code=COMMUNITY, name="国庆", starts_on=ahead(20).date(), ends_on=ahead(26).date(),
        by=worker, now=clock.now(),
    )  # fmt: skip
    draft = actions.create_activity(
        details=details_for(worker, kind="duty", key_period_id=period.pk), parts=PlanParts(),
        key="k", by=worker, now=clock.now(),
    )  # fmt: skip

    page = shown(client, url_of(draft, "roster/"))

    assert f'name="starts_on" value="{iso(20)}"' in page
    assert "还没有值勤点" in page


def shared(unit, **changes):
    return {
        "name": "邻里相助", "organiser": str(unit.public_id), "region_code": COMMUNITY,
        "starts_on": "2026-03-01", "ends_on": "2026-12-31", **changes,
    }  # fmt: skip


def test_programmes_are_kept_as_a_tree(client, unit):
    root = "/console/programmes/"
    assert "还没有品牌和项目" in shown(client, root)
    client.post(f"{root}brands/new/", shared(unit))
    brand = Brand.objects.get()
    client.post(f"{root}campaigns/new/", shared(unit, name="服务月", brand=str(brand.public_id)))
    campaign = Campaign.objects.get()
    measures = {
        "measures-TOTAL_FORMS": "1", "measures-INITIAL_FORMS": "0", "measures-0-name": "课时",
        "measures-0-unit": "小时", "measures-0-target": "200",
    }  # fmt: skip
    project_in = shared(
        unit, name="课堂", campaign=str(campaign.public_id), field="0003", goals="有人管",
        budget="5000.5", **measures,
    )  # fmt: skip
    client.post(f"{root}projects/new/", project_in)
    project = Project.objects.get()

    tree = shown(client, root)
    for words in ("邻里相助", "服务月", "课堂", "目标 200 小时"):
        assert words in tree
    assert project.budget_fen == 500_050
    assert "课时" in shown(client, f"{root}projects/{project.public_id}/")
    reached = {
        **project_in, "measures-INITIAL_FORMS": "1", "measures-0-reached": "210",
        "measures-0-measured_on": "2026-06-30",
    }  # fmt: skip
    client.post(f"{root}projects/{project.public_id}/", reached)
    assert "210 / 200 小时" in shown(client, root)
    client.post(f"{root}brands/{brand.public_id}/", shared(unit, name="邻里"))
    client.post(f"{root}campaigns/{campaign.public_id}/ending/")
    assert Brand.objects.get().name == "邻里"
    assert "已结束" in shown(client, f"{root}campaigns/{campaign.public_id}/")


def test_wrong_programmes_come_back(client, unit):
    root = "/console/programmes/"
    client.post(f"{root}brands/new/", shared(unit))

    twice = client.post(f"{root}brands/new/", shared(unit))
    early = client.post(f"{root}campaigns/new/", shared(unit, ends_on="2026-01-01"))
    more = client.post(
        f"{root}projects/new/",
        shared(unit, **{"add_measures": "", "measures-TOTAL_FORMS": "0",
                        "measures-INITIAL_FORMS": "0"}),
    )  # fmt: skip

    assert (twice.status_code, early.status_code) == (422, 422)
    assert "已经有同名的品牌" in twice.content.decode()
    assert 'name="measures-TOTAL_FORMS" value="1"' in more.content.decode()
    assert client.get(f"{root}nothing/new/").status_code == 404


def test_key_periods_are_named_and_changed(client):
    root = "/console/programmes/key-periods/"
    told = {
        "name": "国庆", "region_code": COMMUNITY, "starts_on": "2026-10-01",
        "ends_on": "2026-10-07",
    }  # fmt: skip

    client.post(f"{root}new/", told)
    period = KeyPeriod.objects.get()
    client.post(f"{root}{period.public_id}/", {**told, "name": "国庆中秋"})
    wrong = client.post(f"{root}{period.public_id}/", {**told, "ends_on": "2026-09-01"})

    assert "国庆中秋" in shown(client, "/console/programmes/")
    assert wrong.status_code == 422
    assert client.post(f"{root}new/", {**told, "ends_on": "2026-09-01"}).status_code == 422


def test_points_are_opened_paired_and_closed(client, unit):
    root = "/console/points/"
    told = {"name": "民族大道路口", "kind": "crossing", "region_code": COMMUNITY}
    client.post(f"{root}new/", told)
    point = DutyPoint.objects.get()
    url = f"{root}{point.public_id}/"

    assert client.post(f"{root}new/", told).status_code == 422
    assert "还没有单位结对" in shown(client, url)
    pairing = {"organisation": str(unit.public_id), "since_date": "2026-05-01"}
    client.post(f"{url}pairings/", pairing)
    twice = client.post(f"{url}pairings/", pairing)
    client.post(url, {**told, "is_demonstration": "on"})
    listed = shown(client, root, q="民族", kind="crossing")
    assert "居委会" in listed
    assert "示范点" in listed
    assert "没有值勤点" in shown(client, root, unpaired="on")
    client.post(f"{url}pairings/{PointPairing.objects.get().pk}/ending/")
    assert PointPairing.objects.get().until_date == local_date(clock.now())
    assert client.post(url, {**told, "latitude": "99"}).status_code == 422
    client.post(f"{url}closure/")
    assert "已停用" in shown(client, url)
    assert twice.status_code == 422


def test_policies_are_entered_extended_and_ended(client, unit):
    root = "/console/activities/policies/"
    assert "还没有保险单" in shown(client, root)
    told = {
        "insurer": "演示保险", "number": "P1", "organiser": str(unit.public_id),
        "region_code": COMMUNITY, "scope": "named", "starts_at": f"{iso(-1)}T00:00",
        "ends_at": f"{iso(30)}T00:00", "sum_insured": "100000",
    }  # fmt: skip
    client.post(f"{root}new/", told)
    policy = InsurancePolicy.objects.get()
    url = f"{root}{policy.public_id}/"

    assert client.post(f"{root}new/", told).status_code == 422
    assert policy.sum_fen == 10_000_000
    assert "有效" in shown(client, root)
    assert f'value="{iso(30)}T00:00"' in shown(client, url)
    assert client.post(url, {"ends_at": f"{iso(10)}T00:00"}).status_code == 422
    client.post(url, {"ends_at": f"{iso(60)}T00:00"})
    policy.refresh_from_db()
    assert local_date(policy.ends_at) == ahead(60).date()
    client.post(f"{url}ending/")
    assert "已终止" in shown(client, root)
    assert "续保" not in shown(client, url)


def test_outsiders_meet_no_programmes_points_or_policies(client, unit, worker):
    client.post("/console/programmes/brands/new/", shared(unit))
    (point,) = make_points(worker, "路口")
    brand = Brand.objects.get()
    neighbour = client_of(make_worker("何平", region=NEIGHBOUR_COMMUNITY))
    leader = client_of(make_team_leader(make_team("别的队")))

    for outsider in (neighbour, leader):
        assert str(brand.public_id) not in shown(outsider, "/console/programmes/")
        for path in (
            f"programmes/brands/{brand.public_id}/", f"points/{point.public_id}/",
        ):  # fmt: skip
            assert outsider.get(f"/console/{path}").status_code == 404
            assert outsider.post(f"/console/{path}").status_code == 404
    assert neighbour.post(f"/console/points/{point.public_id}/closure/").status_code == 404


def test_team_leader_sees_but_does_not_change_the_kept_point(worker):
    team = make_team("帮帮队")
    (point,) = make_points(worker, "路口")
    actions.pair_point(
        point_id=point.pk, organisation_id=team.pk, since_date=local_date(clock.now()), by=worker,
        now=clock.now(),
    )  # fmt: skip
    leader = client_of(make_team_leader(team))
    url = f"/console/points/{point.public_id}/"

    page = shown(leader, url)
    refused = leader.post(f"{url}closure/")

    assert "帮帮队" in page
    assert "停用" not in page
    assert refused.status_code == 403


def cost_of(client, url):
    with CaptureQueriesContext(connection) as context:
        assert client.get(url).status_code == 200
    return len(context)


def test_pages_cost_the_same_for_one_row_and_three(client, unit, worker):
    urls = ("/console/programmes/", "/console/points/", "/console/activities/policies/")

    def more(number):
        client.post("/console/programmes/brands/new/", shared(unit, name=f"品牌{number}"))
        told = shared(
            unit, name=f"课堂{number}", field="0003", goals="有人管",
            **{"measures-TOTAL_FORMS": "0", "measures-INITIAL_FORMS": "0"},
        )  # fmt: skip
        client.post("/console/programmes/projects/new/", told)
        (point,) = make_points(worker, f"路口{number}")
        client.post(
            f"/console/points/{point.public_id}/pairings/",
            {"organisation": str(unit.public_id), "since_date": "2026-05-01"},
        )
        client.post(
            "/console/activities/policies/new/",
            {"insurer": "演示", "number": f"P{number}", "organiser": str(unit.public_id),
             "region_code": COMMUNITY, "scope": "named", "starts_at": f"{iso(-1)}T00:00",
             "ends_at": f"{iso(30)}T00:00"},
        )  # fmt: skip

    more(1)
    client.get(urls[0])
    before = [cost_of(client, url) for url in urls]
    more(2)
    more(3)

    assert Project.objects.count() == InsurancePolicy.objects.count() == 3
    assert [cost_of(client, url) for url in urls] == before


def test_dates_of_a_series_cost_the_same_for_few_and_many(client, activity, worker):
    add_daily(client, activity)
    shift = activity.shifts.filter(series__isnull=False).first()
    urls = (url_of(activity, "shifts/"), shift_url(activity, shift))
    client.get(urls[0])
    before = [cost_of(client, url) for url in urls]

    more = [window(days) for days in (20, 21, 22)]
    actions.plan_shifts(activity_id=activity.pk, windows=more, by=worker, now=clock.now())

    assert [cost_of(client, url) for url in urls] == before
