"""Reads: who sees what, at what cost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linbang.foundation.access.choices import Role
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import local_date
from linbang.foundation.organisations.choices import MemberRole
from linbang.foundation.organisations.factories import make_membership, make_team, make_unit
from linbang.foundation.people.factories import make_actor, make_person, make_worker
from linbang.foundation.places.factories import COMMUNITY, NEIGHBOUR_COMMUNITY
from linbang.intake.activities import actions, queries
from linbang.intake.activities.choices import ActivityState, Audience, ShiftState
from linbang.intake.activities.factories import SATURDAY, make_activity, make_post, make_shift
from linbang.intake.activities.rules import (
    DeskDetails,
    PlannedWindow,
    PlanParts,
    PostDetails,
    Rhythm,
    gates_before,
)
from linbang.intake.activities.tests.cast import (
    DAY,
    HOUR,
    MORNING,
    NOW,
    WEEK,
    details_for,
    later,
    make_draft,
    make_officer,
    make_published,
    make_team_leader,
    planned,
    refused,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker():
    return make_worker()


def cost_of(act):
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def test_staff_see_by_region_and_leaders_by_team():
    team = make_team("帮帮队")
    below = make_team("小队", parent=team)
    mine = make_activity(organiser=below, name="队里的")
    other = make_activity(name="社区的")
    away = make_activity(name="邻居的", region=NEIGHBOUR_COMMUNITY)

    def seen(actor):
        return set(queries.activities_visible_to(actor))

    assert seen(make_worker()) == {mine, other}
    assert seen(make_team_leader(team)) == {mine}
    assert seen(make_worker("街道", region="450103001", role=Role.STREET_OFFICER)) == {
        mine, other, away,
    }  # fmt: skip
    assert seen(make_actor(make_person())) == set()
    assert seen(Actor()) == set()
    assert seen(Actor.system()) == {mine, other, away}


def test_tabs_part_what_is_ahead_from_what_is_over(worker):
    ahead = make_shift(make_activity("以后")).activity
    nearer = make_shift(make_activity("更近"), starts_at=SATURDAY - DAY).activity
    bare = make_activity("还没排班")
    over = make_shift(make_activity("过了"), starts_at=NOW - WEEK).activity
    closed = make_activity("结束", state=ActivityState.CLOSED)
    draft = make_activity("草稿", state=ActivityState.DRAFT)
    review = make_activity("送审", state=ActivityState.IN_REVIEW)
    cancelled = make_activity("取消", state=ActivityState.CANCELLED)

    def tab(name, text=""):
        return list(queries.activities_listed(worker, tab=name, now=NOW, text=text))

    assert tab("published") == [nearer, ahead, bare]
    assert tab("past") == [closed, over]
    assert (tab("drafts"), tab("review"), tab("cancelled")) == ([draft], [review], [cancelled])
    assert tab("published", text="更") == [nearer]
    assert queries.tab_counts(worker) == {
        "published": 0, "drafts": 1, "review": 1, "past": 0, "cancelled": 0,
    }  # fmt: skip


def test_rows_tell_the_next_shift_and_what_is_ahead(worker):
    activity = make_activity()
    make_shift(activity, starts_at=NOW - DAY)
    make_shift(
        activity, starts_at=NOW + HOUR, state=ShiftState.CANCELLED, cancelled_at=NOW,
        cancel_reason="雨",
    )  # fmt: skip
    second = make_shift(activity, starts_at=SATURDAY, places=3)
    make_shift(activity, starts_at=SATURDAY + DAY, places=4)
    make_activity("空的")

    rows = queries.activity_rows(
        queries.activities_listed(worker, tab="published", now=NOW), now=NOW
    )

    assert [(row.next_shift, row.shifts, row.places) for row in rows] == [
        (second, 2, 7),
        (None, 0, 0),
    ]
    assert rows[0].place == "新竹社区"


def test_list_costs_the_same_for_one_row_and_three(worker):
    def listed():
        page = queries.activities_listed(worker, tab="published", now=NOW)
        for row in queries.activity_rows(page, now=NOW):
            assert (row.activity.organiser.name, row.activity.region.name, row.shifts) != ()

    make_shift()
    one = cost_of(listed)
    make_shift()
    make_shift()

    assert cost_of(listed) == one == 3


def open_names(**wish):
    return [activity.name for activity in queries.open_activities(now=NOW, **wish)]


@pytest.fixture
def offered():
    make_shift(make_activity("周六扫地", categories=["0006"]))
    first = make_activity("周日送餐", categories=["0001", "0017"], place_name="食堂")
    make_shift(first, starts_at=SATURDAY + DAY)
    make_shift(first, starts_at=SATURDAY + WEEK)
    make_shift(make_activity("邻居的", region=NEIGHBOUR_COMMUNITY), starts_at=SATURDAY + 2 * DAY)
    make_shift(make_activity("草稿", state=ActivityState.DRAFT))
    make_shift(make_activity("过去"), starts_at=NOW - DAY)
    make_shift(
        make_activity("停了"), state=ShiftState.CANCELLED, cancelled_at=NOW, cancel_reason="雨"
    )


@pytest.mark.usefixtures("offered")
def test_open_activities_stand_by_their_next_shift():
    assert open_names() == ["周六扫地", "周日送餐", "邻居的"]
    assert open_names(region=COMMUNITY) == ["周六扫地", "周日送餐"]
    assert open_names(region="450103") == ["周六扫地", "周日送餐", "邻居的"]
    assert open_names(category="0017") == ["周日送餐"]
    assert open_names(text="食堂") == open_names(text="送餐") == ["周日送餐"]
    assert open_names(starts_from=SATURDAY + HOUR) == ["周日送餐", "邻居的"]
    assert open_names(starts_before=SATURDAY + HOUR) == ["周六扫地"]
    found = queries.open_activities(now=NOW, starts_from=SATURDAY + 3 * DAY).get()
    assert (found.next_starts_at, found.next_ends_at) == (
        SATURDAY + WEEK,
        SATURDAY + WEEK + 2 * HOUR,
    )
    assert found.shifts.get(pk=found.next_shift_id).starts_at == SATURDAY + WEEK


@pytest.mark.usefixtures("offered")
def test_open_shifts_come_by_time_with_all_they_show():
    shifts = queries.open_shifts(now=NOW, region="450103001")

    def shown():
        return [
            (s.activity.name, s.activity.organiser.name, s.activity.region.name, s.post.point)
            for s in shifts.all()
        ]

    assert [line[0] for line in shown()] == ["周六扫地", "周日送餐", "邻居的", "周日送餐"]
    assert cost_of(shown) == 1
    assert queries.open_shifts(now=NOW, region="4501").count() == 4
    assert queries.open_shifts(now=NOW, category="0017").count() == 2
    assert queries.open_shifts(now=NOW, text="送餐", starts_from=SATURDAY + 2 * DAY).count() == 1


def test_lists_open_no_sealed_column_and_cost_one_query():
    make_shift()
    make_shift()

    def shown():
        return [(a.name, a.organiser.name, a.region.name) for a in queries.open_activities(now=NOW)]

    with CaptureQueriesContext(connection) as captured:
        shown()

    (query,) = captured
    assert "contact_phone" not in query["sql"]


def test_members_alone_see_what_recruits_members():
    parent = make_team("大队")
    team = make_team("小队", parent=parent)
    make_shift(make_activity("队内", organiser=parent, audience=Audience.MEMBERS))
    make_shift(make_activity("公开"))

    assert open_names() == ["公开"]
    assert sorted(open_names(organisations=[team.path])) == ["公开", "队内"]
    assert open_names(organisations=[make_team().path]) == ["公开"]
    assert queries.open_shifts(now=NOW, organisations=[team.path]).count() == 2


def test_public_address_shows_what_was_published(worker):
    published, draft = make_published(worker), make_draft(worker, key="draft")

    assert queries.public_activity(published.public_id).get() == published
    assert not queries.public_activity(draft.public_id).exists()


def test_plan_is_the_same_stored_or_typed(worker):
    posts = (PostDetails("解答", 2, desk=1), PostDetails("引导", 1))
    desks = (DeskDetails(1, "税务", ("个税",)),)
    windows = (PlannedWindow(MORNING), PlannedWindow(later(MORNING, DAY), posts=(2,)))
    details = details_for(worker, kind="consult")
    typed = queries.plan_from(details, posts=posts, desks=desks, windows=windows)

    activity = actions.create_activity(
        details=details, parts=PlanParts(posts, desks, windows), key="k", by=worker, now=NOW
    )
    stored = queries.plan_of(activity)

    assert (stored.organiser, stored.leader, stored.desks) == (
        typed.organiser, typed.leader, typed.desks,
    )  # fmt: skip
    assert sorted(stored.shifts) == sorted(typed.shifts)
    assert gates_before(stored, now=NOW) == gates_before(typed, now=NOW) == ()


def test_typed_plan_builds_on_what_is_stored(worker):
    activity = make_published(worker, parts=planned(MORNING, later(MORNING, DAY)))
    posts = queries.post_details(queries.posts_of(activity))

    plan = queries.plan_from(
        queries.details_of(activity),
        posts=(*posts, PostDetails("后勤", 1)),
        desks=(),
        windows=(PlannedWindow(later(MORNING, WEEK), posts=(2,)),),
        activity=activity,
        dropped=[MORNING],
    )

    assert plan.shifts == ((2, later(MORNING, WEEK)), (1, later(MORNING, DAY)))
    assert plan.is_published


def test_plan_of_unknown_people_and_papers(worker):
    details = details_for(worker)
    plan = queries.plan_from(
        details_for(worker, leader_id=0, policy_id=0), posts=(), desks=(), windows=()
    )
    nobody = queries.plan_from(
        type(details)(organiser_id=0, region_code=COMMUNITY, name="x"),
        posts=(), desks=(), windows=(),
    )  # fmt: skip

    assert (plan.leader, plan.policy) == (None, None)
    assert (nobody.organiser.is_open, nobody.leader) == (False, None)


def test_plan_costs_the_same_whatever_its_size(worker):
    small = make_draft(worker, key="small")
    posts = tuple(PostDetails(f"岗{n}", 1) for n in range(3))
    windows = [later(MORNING, n * DAY) for n in range(3)]
    large = make_draft(worker, key="large", parts=planned(*windows, posts=posts))

    assert cost_of(lambda: queries.plan_of(small)) == cost_of(lambda: queries.plan_of(large)) <= 7


def test_locks_refuse_what_is_not_there(worker):
    activity = make_draft(worker)

    with refused("not_found"):
        queries.lock_activity(0)
    with refused("not_found"):
        queries.lock_shifts(activity, [0])
    with refused("not_found"):
        queries.activity_with_id(0)
    assert queries.lock_shifts(activity, []) == []


def test_organisers_and_regions_to_plan_for():
    team = make_team("帮帮队")
    closed = make_team("散了", closed_at=NOW)
    away = make_unit(region=NEIGHBOUR_COMMUNITY)
    worker, leader = make_worker(), make_team_leader(team)

    assert team in queries.organisers_for(worker)
    assert not {closed, away} & set(queries.organisers_for(worker))
    assert list(queries.organisers_for(leader)) == [team]
    assert away in queries.organisers_for(Actor.system())
    codes = [region.code for region in queries.regions_to_plan_in(leader)]
    assert codes == [COMMUNITY, f"{COMMUNITY}001"]
    assert [region.code for region in queries.regions_to_plan_in(worker)] == codes
    assert queries.regions_to_plan_in(Actor.system()).count() > 2


def test_leaders_to_choose_from_begin_with_oneself(worker):
    team = make_team()
    deputy = make_membership(team, make_person("副队"), role=MemberRole.DEPUTY).person
    make_membership(team, make_person("队员"))

    assert [one.pk for one in queries.leaders_for(worker, team)] == [worker.person_id, deputy.pk]
    assert [one.pk for one in queries.leaders_for(worker)] == [worker.person_id]


def test_reviewers_are_the_nearest_but_the_author():
    officer, other = make_officer(), make_officer("李静")
    street = make_worker("街道", region="450103001", role=Role.STREET_OFFICER)

    assert queries.reviewers_for(COMMUNITY) == sorted([officer.person_id, other.person_id])
    assert queries.reviewers_for(COMMUNITY, without=[officer.person_id]) == [other.person_id]
    assert queries.reviewers_for(NEIGHBOUR_COMMUNITY) == [street.person_id]
    assert queries.reviewers_for("110105") == []


def test_roster_shows_each_post_day_by_day_with_its_holes(worker):
    activity = make_activity()
    first, second = make_post(activity, "民族大道"), make_post(activity, "古城路")
    make_shift(post=first, minutes=60)
    make_shift(post=second, minutes=60)
    make_shift(post=first, starts_at=SATURDAY + DAY, minutes=60)
    make_shift(
        post=second, starts_at=SATURDAY + DAY, minutes=60, state=ShiftState.CANCELLED,
        cancelled_at=NOW, cancel_reason="雨",
    )  # fmt: skip

    roster = queries.roster_of(activity, first=local_date(SATURDAY), days=2)

    assert [row.post for row in roster.rows] == [first, second]
    assert [[len(cell.shifts) for cell in row.cells] for row in roster.rows] == [[1, 1], [1, 0]]
    assert [len(cell.holes) for cell in roster.rows[1].cells] == [0, 1]
    assert roster.holes == 1
    assert cost_of(lambda: queries.roster_of(activity, first=local_date(SATURDAY), days=2)) == 2


def test_dates_gather_the_posts_of_a_window(worker):
    activity = make_published(
        worker, parts=planned(posts=(PostDetails("清扫", 5), PostDetails("后勤", 2)))
    )
    first, second = activity.shifts.order_by("id")
    actions.cancel_shifts(
        activity_id=activity.pk, shift_ids=[second.pk], reason="够了", by=worker, now=NOW
    )

    (row,) = queries.date_rows(queries.shifts_of(activity))

    assert (row.first, row.places, row.is_cancelled, row.is_moved) == (first, 5, False, False)
    assert [shift.post.name for shift in row.shifts] == ["清扫", "后勤"]


def test_scopes_reach_the_date_the_rest_or_all(worker):
    activity = make_published(worker)
    rhythm = Rhythm(
        "FREQ=WEEKLY;BYDAY=SA", local_date(SATURDAY + WEEK), local_date(SATURDAY + 4 * WEEK),
        SATURDAY.time(), 60,
    )  # fmt: skip
    series = actions.add_series(activity_id=activity.pk, rhythm=rhythm, by=worker, now=NOW)
    shifts = list(series.shifts.order_by("starts_at"))
    alone = activity.shifts.get(series=None)

    def reach(shift, scope, now=NOW):
        return len(queries.shifts_in_scope(shift, scope=scope, now=now))

    assert [reach(shifts[1], scope) for scope in ("one", "following", "all")] == [1, 3, 4]
    assert reach(shifts[1], "all", now=SATURDAY + WEEK + HOUR) == 3
    assert reach(alone, "all") == 1
    assert list(queries.series_of(activity)) == [series]
    assert queries.rhythm_of(series).minutes == 60


def test_edit_is_previewed_without_writing(worker):
    from linbang.intake.activities.rules import SeriesChange

    activity = make_published(worker)
    (shift,) = activity.shifts.all()

    plan = queries.edit_plan(shift, SeriesChange(minutes=60), scope="one", now=NOW)

    assert plan.moves[0].window.ends_at == SATURDAY + timedelta(minutes=60)
    shift.refresh_from_db()
    assert shift.ends_at == SATURDAY + 2 * HOUR


def test_qualifications_come_in_order():
    codes = [one.code for one in queries.qualifications()]

    assert codes[:2] == ["general", "first-aid"]
    assert queries.known_qualifications(["law", "flying"]) == {"law"}
    assert queries.known_qualifications([]) == set()
