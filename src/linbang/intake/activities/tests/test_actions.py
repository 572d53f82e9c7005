"""Making, changing, copying and deleting activities."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.clock import local_date
from linbang.foundation.organisations.factories import make_team, make_unit
from linbang.foundation.people.factories import make_person, make_worker
from linbang.foundation.places.factories import NEIGHBOUR_COMMUNITY, make_region
from linbang.intake.activities import actions, queries
from linbang.intake.activities.choices import ActivityState, ShiftState
from linbang.intake.activities.factories import (
    SATURDAY,
    make_activity,
    make_policy,
    make_post,
    make_shift,
)
from linbang.intake.activities.models import Activity, Desk, Post, Shift
from linbang.intake.activities.rules import (
    DeskDetails,
    PlannedWindow,
    PlanParts,
    PostDetails,
    Window,
)
from linbang.intake.activities.tests.cast import (
    DAY,
    HOUR,
    MORNING,
    NOW,
    WEEK,
    details_for,
    heard,
    later,
    make_draft,
    make_published,
    make_team_leader,
    planned,
    refused,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker():
    return make_worker()


def details_now(activity):
    return queries.details_of(Activity.objects.get(pk=activity.pk))


def update(activity, by, *, parts=None, now=NOW, version=None, **changes):
    return actions.update_activity(
        activity_id=activity.pk,
        details=replace(details_now(activity), **changes),
        parts=parts or PlanParts(),
        version=version,
        by=by,
        now=now,
    )


def posts_told(activity):
    return queries.post_details(queries.posts_of(activity))


def test_draft_keeps_what_was_told(worker):
    details = details_for(worker, name=" 清洁家园 ", categories=("0006", "0006"), hazards=("fire",))
    activity = actions.create_activity(
        details=details, parts=planned(), key="k", by=worker, now=NOW
    )

    stored = Activity.objects.get(pk=activity.pk)
    assert (stored.name, stored.categories, stored.state) == ("清洁家园", ["0006"], "draft")
    assert (stored.cell, stored.created_by_id, stored.version) == ("450103", worker.person_id, 1)
    assert (stored.contact_phone, stored.needs_agreement) == ("0771-5550100", True)
    assert details_now(activity) == replace(details, name="清洁家园", categories=("0006",))
    (shift,) = stored.shifts.all()
    assert (shift.starts_at, shift.places, shift.places_min) == (MORNING.starts_at, 5, 1)
    assert AuditEvent.objects.filter(action="activities.create_activity").count() == 1


def test_every_post_stands_in_every_window_unless_named(worker, monkeypatch):
    parts = PlanParts(
        posts=(PostDetails("清扫", 5), PostDetails("后勤", 2, 1)),
        windows=(PlannedWindow(MORNING), PlannedWindow(later(MORNING, DAY), posts=(2,))),
    )

    with heard(monkeypatch) as told:
        activity = make_draft(worker, parts=parts)

    shifts = activity.shifts.order_by("id").values_list("post__name", "places")
    assert list(shifts) == [("清扫", 5), ("后勤", 2), ("后勤", 2)]
    (event,) = told
    assert (type(event).__name__, len(event.shift_ids)) == ("ShiftsPlanned", 3)


def test_same_key_gives_the_same_draft(worker):
    organiser = make_unit()
    first = make_draft(worker, organiser=organiser)

    assert make_draft(worker, organiser=organiser) == first
    with refused("idempotency_key_reused"):
        make_draft(worker, organiser=organiser, name="另一个")
    assert Activity.objects.count() == 1


def test_team_leader_plans_for_the_own_team_alone():
    team = make_team("帮帮队")
    leader = make_team_leader(team)

    assert make_draft(leader, organiser=team).organiser == team
    with refused("organiser_out_of_reach"):
        make_draft(leader, key="other", organiser=make_team())
    with refused("organiser_out_of_reach"):
        make_draft(leader, key="far", organiser=team, region_code=NEIGHBOUR_COMMUNITY)


def test_nobody_plans_for_a_neighbour_a_closed_team_or_an_unknown_place(worker):
    with refused("organiser_out_of_reach"):
        make_draft(worker, organiser=make_unit(region=NEIGHBOUR_COMMUNITY))
    with refused("organiser_out_of_reach"):
        make_draft(worker, organiser=make_team(closed_at=NOW))
    with refused("organiser_out_of_reach"):
        make_draft(worker, region_code="450103001005999")


def test_leader_and_policy_are_people_and_papers_one_may_see(worker):
    stranger = make_person("远人", region=NEIGHBOUR_COMMUNITY)
    policy = make_policy(make_unit(region=NEIGHBOUR_COMMUNITY))

    with refused("not_found"):
        make_draft(worker, leader_id=stranger.pk)
    with refused("not_found"):
        make_draft(worker, policy_id=policy.pk)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "activity_name_missing"),
        ({"radius_m": 10_000}, "radius_impossible"),
        ({"radius_m": -1}, "radius_impossible"),
        ({"longitude": 200.0, "latitude": 10.0}, "location_impossible"),
        ({"longitude": 100.0}, "location_impossible"),
        ({"sign_up_opens_at": SATURDAY, "sign_up_closes_at": SATURDAY},
         "sign_up_window_impossible"),
    ],
)  # fmt: skip
def test_impossible_details_are_refused(worker, changes, code):
    with refused(code):
        make_draft(worker, **changes)


@pytest.mark.parametrize(
    ("posts", "code"),
    [
        ([PostDetails("", 5)], "post_name_missing"),
        ([PostDetails("清扫", 5), PostDetails(" 清扫", 5)], "post_name_taken"),
        ([PostDetails("清扫", 0)], "post_places_impossible"),
        ([PostDetails("清扫", 5001)], "post_places_impossible"),
        ([PostDetails("清扫", 1, 2)], "post_places_impossible"),
        ([PostDetails("清扫", 5, age_min=60, age_max=18)], "post_ages_impossible"),
        ([PostDetails("清扫", 5, qualifications=("flying",))], "qualification_unknown"),
        ([PostDetails("清扫", 5, public_id=uuid4())], "post_unknown"),
        ([PostDetails("清扫", 5, point_id=404)], "duty_point_closed"),
    ],
)
def test_impossible_posts_are_refused(worker, posts, code):
    with refused(code):
        make_draft(worker, parts=PlanParts(posts=tuple(posts)))


def test_windows_name_posts_that_are_there(worker):
    with refused("post_unknown"):
        make_draft(worker, parts=PlanParts(windows=(PlannedWindow(MORNING, posts=(1,)),), posts=()))


@pytest.mark.parametrize(
    ("window", "code"),
    [
        (Window(SATURDAY, SATURDAY), "shift_window_impossible"),
        (Window(SATURDAY + 13 * HOUR, SATURDAY + 16 * HOUR), "shift_window_impossible"),
        (later(MORNING, -WEEK), "shift_window_past"),
        (later(MORNING, 370 * DAY), "activity_too_long"),
    ],
)
def test_impossible_windows_are_refused(worker, window, code):
    with refused(code):
        make_draft(worker, parts=planned(MORNING, window))


def test_desks_are_numbered_once_and_posts_stand_at_them(worker):
    desks = (DeskDetails(1, "司法所", ("继承",)), DeskDetails(2, "税务"))
    posts = (PostDetails("解答", 2, desk=1), PostDetails("引导", 1, desk=7))

    activity = make_draft(worker, kind="consult", parts=PlanParts(posts=posts, desks=desks))

    assert [post.desk and post.desk.number for post in queries.posts_of(activity)] == [1, None]
    with refused("desk_number_taken"):
        update(activity, worker, parts=PlanParts(desks=(desks[0], desks[0])))
    renamed = DeskDetails(1, "街道司法所", ("继承", "租房"))
    update(activity, worker, parts=PlanParts(desks=(renamed,)))
    assert queries.desk_details(queries.desks_of(activity)) == (renamed,)


def test_update_counts_versions_and_refuses_a_stale_one(worker):
    activity = make_draft(worker)

    update(activity, worker, content="先集合。", version=1)
    with refused("activity_edited_meanwhile"):
        update(activity, worker, content="别的", version=1)
    assert details_now(activity).content == "先集合。"


def test_risk_version_rises_with_the_risk_text_alone(worker):
    activity = make_draft(worker)

    update(activity, worker, content="改")
    assert Activity.objects.get().risk_version == 1
    update(activity, worker, risk_text="注意车辆。")
    assert Activity.objects.get().risk_version == 2


def test_outsiders_change_nothing(worker):
    activity = make_draft(worker)
    outsider = make_worker("何平", region=NEIGHBOUR_COMMUNITY)

    with refused("not_allowed"):
        update(activity, outsider, name="改")
    with refused("not_found"):
        actions.delete_draft(activity_id=0, by=worker, now=NOW)


def test_activity_stays_in_its_county(worker):
    make_region("450102", "兴宁区")
    make_region("450102001", "民生街道")
    organiser = make_unit(region="450102001")
    mover = make_worker("韦明", region="4501")
    activity = make_draft(worker)

    with refused("region_fixed"):
        update(activity, mover, organiser_id=organiser.pk, region_code="450102001")


def test_posts_are_kept_changed_added_and_dropped(worker, monkeypatch):
    activity = make_draft(
        worker, parts=planned(posts=(PostDetails("清扫", 5), PostDetails("后勤", 2)))
    )
    first, second = posts_told(activity)

    with heard(monkeypatch) as told:
        update(
            activity,
            worker,
            parts=PlanParts(posts=(replace(first, places=8, places_min=2), PostDetails("摄影", 1))),
        )

    assert [(post.name, post.places) for post in queries.posts_of(activity)] == [
        ("清扫", 8),
        ("摄影", 1),
    ]
    assert not Post.objects.filter(public_id=second.public_id).exists()
    assert list(activity.shifts.values_list("places", "places_min")) == [(8, 2)]
    assert [type(event).__name__ for event in told] == ["ShiftsDropped", "ShiftPlacesChanged"]


def test_shift_with_a_number_of_its_own_keeps_it(worker):
    activity = make_draft(worker, parts=planned(MORNING, later(MORNING, DAY)))
    shift = activity.shifts.order_by("starts_at")[1]
    actions.set_places(activity_id=activity.pk, shift_ids=[shift.pk], places=9, by=worker, now=NOW)

    (post,) = posts_told(activity)
    update(activity, worker, parts=PlanParts(posts=(replace(post, places=3),)))

    assert list(activity.shifts.order_by("starts_at").values_list("places", flat=True)) == [3, 9]


def test_windows_of_a_draft_are_added_and_taken_back(worker, monkeypatch):
    activity = make_draft(worker)
    moved = later(MORNING, DAY)

    with heard(monkeypatch) as told:
        update(
            activity,
            worker,
            parts=PlanParts(windows=(PlannedWindow(moved),), dropped=(MORNING,)),
        )

    assert [shift.starts_at for shift in activity.shifts.all()] == [moved.starts_at]
    assert [type(event).__name__ for event in told] == ["ShiftsDropped", "ShiftsPlanned"]


def test_window_planned_twice_is_planned_once(worker, monkeypatch):
    activity = make_draft(worker)

    with heard(monkeypatch) as told:
        update(activity, worker, parts=PlanParts(windows=(PlannedWindow(MORNING),)))

    assert (activity.shifts.count(), told) == (1, [])


def test_published_post_goes_only_without_shifts_ahead(worker):
    parts = planned(posts=(PostDetails("清扫", 5), PostDetails("后勤", 2)))
    activity = make_published(worker, parts=parts)
    first, second = posts_told(activity)

    with refused("post_has_shifts"):
        update(activity, worker, parts=PlanParts(posts=(first,)))
    shift = activity.shifts.get(post__name="后勤")
    actions.cancel_shifts(
        activity_id=activity.pk, shift_ids=[shift.pk], reason="够了", by=worker, now=NOW
    )
    update(activity, worker, parts=PlanParts(posts=(first,)))

    assert Post.objects.get(public_id=second.public_id).removed_at == NOW


def test_published_windows_are_not_simply_dropped(worker):
    activity = make_published(worker)

    with refused("activity_state_not_next"):
        update(activity, worker, parts=PlanParts(dropped=(MORNING,)))


def test_published_activity_must_still_pass_its_gates(worker):
    activity = make_published(worker)

    with refused("activity_not_ready"):
        update(activity, worker, risk_text="")
    with refused("flagged_words_added"):
        update(activity, worker, content="打扫后聚餐。")
    assert details_now(activity).risk_text == "注意防滑。"


def test_everybody_hears_of_another_place_or_risk(worker, monkeypatch):
    activity = make_published(worker)

    with heard(monkeypatch) as told:
        update(activity, worker, content="一起打扫花园。")
        update(activity, worker, address="民族大道 1 号")
        update(activity, worker, risk_text="注意车辆。")

    assert [type(event).__name__ for event in told] == ["ActivityChanged"] * 2


def test_what_is_over_is_not_edited(worker):
    activity = make_activity(state=ActivityState.CANCELLED)

    with refused("activity_state_not_next"):
        update(activity, worker, name="改")


def test_copy_has_the_words_and_posts_but_nothing_signed(worker):
    activity = make_published(
        worker, sign_up_closes_at=SATURDAY, parts=planned(MORNING, later(MORNING, WEEK))
    )

    copy = actions.copy_activity(activity_id=activity.pk, key="again", by=worker, now=NOW)

    assert (copy.state, copy.name, copy.shifts.count()) == ("draft", "清洁家园", 0)
    assert (copy.sign_up_closes_at, copy.declares_none_forbidden) == (None, False)
    assert [post.name for post in queries.posts_of(copy)] == ["清扫"]


def test_copy_to_another_day_takes_the_shifts_along(worker):
    posts = (PostDetails("清扫", 5), PostDetails("后勤", 2))
    parts = PlanParts(
        posts=posts,
        windows=(PlannedWindow(MORNING), PlannedWindow(later(MORNING, WEEK), posts=(2,))),
    )
    activity = make_published(worker, parts=planned(posts=posts[:1]))
    wide = make_draft(worker, key="wide", parts=parts)
    gone = make_post(wide, "不再需要", removed_at=NOW)
    make_shift(post=gone)

    copy = actions.copy_activity(
        activity_id=wide.pk, key="k", by=worker, now=NOW, starts_on=local_date(SATURDAY + WEEK)
    )
    bare = make_activity()

    assert list(copy.shifts.order_by("starts_at", "id").values_list("post__name", "starts_at")) == [
        ("清扫", SATURDAY + WEEK),
        ("后勤", SATURDAY + WEEK),
        ("后勤", SATURDAY + 2 * WEEK),
    ]
    assert activity.shifts.count() == 1
    empty = actions.copy_activity(
        activity_id=bare.pk, key="e", by=worker, now=NOW, starts_on=local_date(SATURDAY)
    )
    assert empty.shifts.count() == 0
    with refused("not_found"):
        actions.copy_activity(activity_id=0, key="n", by=worker, now=NOW)


def test_draft_is_deleted_with_all_its_parts(worker, monkeypatch):
    parts = planned(posts=(PostDetails("解答", 2, desk=1),))
    activity = make_draft(
        worker, kind="consult", parts=replace(parts, desks=(DeskDetails(1, "税务"),))
    )

    with heard(monkeypatch) as told:
        actions.delete_draft(activity_id=activity.pk, by=worker, now=NOW)

    assert not any(model.objects.exists() for model in (Activity, Desk, Post, Shift))
    assert [type(event).__name__ for event in told] == ["ShiftsDropped"]


def test_draft_without_shifts_is_deleted_in_silence(worker, monkeypatch):
    bare = make_draft(worker, parts=PlanParts())

    with heard(monkeypatch) as told:
        actions.delete_draft(activity_id=bare.pk, by=worker, now=NOW)

    assert not Activity.objects.exists()
    assert told == []


def test_only_unsubmitted_drafts_are_deleted(worker):
    published = make_published(worker)
    returned = make_draft(worker, key="second")
    returned.steps.create(cell=returned.cell, state="in_review", at=NOW)

    with refused("activity_state_not_next"):
        actions.delete_draft(activity_id=published.pk, by=worker, now=NOW)
    with refused("draft_was_reviewed"):
        actions.delete_draft(activity_id=returned.pk, by=worker, now=NOW)


def test_plan_somebody_holds_on_to_is_not_deleted(worker):
    draft = make_draft(worker)
    consent = apps.get_model("clearance", "Acceptance")
    consent.objects.create(
        cell=draft.cell, activity=draft, person_id=worker.person_id, kind="risk", version=1,
        accepted_at=NOW, given_by_id=worker.person_id,
    )  # fmt: skip

    with refused("activity_has_people"):
        actions.delete_draft(activity_id=draft.pk, by=worker, now=NOW)


def test_shift_somebody_counts_on_is_not_dropped(worker):
    draft = make_draft(worker)
    apps.get_model("dispatch", "ShiftPlaces").objects.filter(shift=draft.shifts.get()).update(
        taken=1
    )

    with refused("activity_has_people"):
        actions.delete_draft(activity_id=draft.pk, by=worker, now=NOW)


def test_desk_that_counted_people_is_not_dropped(worker):
    posts, desks = (PostDetails("解答", 2),), (DeskDetails(1, "税务", ("个税",)),)
    activity = make_draft(worker, kind="consult", parts=replace(planned(posts=posts), desks=desks))
    apps.get_model("service", "DeskTally").objects.create(
        cell=activity.cell, desk=activity.desks.get(), topic="个税", people=3, at=NOW, by_id=1,
        key="k",
    )  # fmt: skip

    with refused("activity_has_people"):
        update(activity, worker, parts=PlanParts(desks=()))


def test_outcome_is_written_down_after_publication(worker):
    activity = make_published(worker)
    draft = make_draft(worker, key="second")

    actions.record_outcome(
        activity_id=activity.pk, people_served=46, outcome=" 顺利 ", by=worker, now=NOW
    )

    assert Activity.objects.filter(people_served=46, outcome="顺利").exists()
    with refused("activity_state_not_next"):
        actions.record_outcome(
            activity_id=draft.pk, people_served=1, outcome="", by=worker, now=NOW
        )


def test_saving_costs_the_same_for_one_post_and_three(worker):
    def cost(count, key):
        posts = tuple(PostDetails(f"岗{n}", 5) for n in range(count))
        with CaptureQueriesContext(connection) as captured:
            make_draft(worker, key=key, organiser=organiser, parts=planned(posts=posts))
        return len(captured)

    organiser = make_unit()
    cost(1, "warm")
    assert cost(1, "one") == cost(3, "three")


def broken(constraint, act):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        act()


def test_database_keeps_the_rules_of_activities_and_posts():
    activity = make_activity()
    post = make_post(activity)
    make = lambda **columns: make_activity(organiser=activity.organiser, **columns)  # noqa: E731 - short

    broken("activity_key_once", lambda: make(key=activity.key))
    broken("activity_has_a_name", lambda: make(name=""))
    broken("activity_location_is_on_earth", lambda: make(longitude=181, latitude=0))
    broken("activity_location_is_on_earth", lambda: make(longitude=108, latitude=None))
    broken("activity_radius_up_to_9999_m", lambda: make(radius_m=10_000))
    broken(
        "activity_sign_up_closes_after_opening",
        lambda: make(sign_up_opens_at=NOW, sign_up_closes_at=NOW),
    )
    broken("post_name_once_an_activity", lambda: make_post(activity, post.name))
    broken(
        "post_places_cover_the_minimum", lambda: make_post(activity, "二", places=1, places_min=2)
    )
    broken("post_ages_are_in_order", lambda: make_post(activity, "三", age_min=60, age_max=18))
    desk = {"cell": activity.cell, "activity": activity, "number": 1, "department": "税务"}
    Desk.objects.create(**desk)
    broken("desk_number_once_an_activity", lambda: Desk.objects.create(**desk))


def test_database_keeps_the_rules_of_shifts():
    shift = make_shift()

    broken("shift_window_ends_after_start", lambda: make_shift(post=shift.post, minutes=0))
    broken(
        "shift_places_cover_the_minimum",
        lambda: Shift.objects.filter(pk=shift.pk).update(places_min=9),
    )
    broken(
        "shift_cancelled_says_when_and_why",
        lambda: Shift.objects.filter(pk=shift.pk).update(state=ShiftState.CANCELLED),
    )
    series = shift.activity.series.create(
        cell=shift.cell, rule="FREQ=DAILY", starts_on=local_date(SATURDAY),
        ends_on=local_date(SATURDAY), start_time=SATURDAY.time(), minutes=60, created_at=NOW,
    )  # fmt: skip
    dated = {"series": series, "series_date": local_date(SATURDAY)}
    make_shift(post=shift.post, **dated)
    broken("shift_once_a_date_of_a_series", lambda: make_shift(post=shift.post, **dated))
    change = shift.activity.series.filter
    broken(
        "series_ends_after_start",
        lambda: change().update(ends_on=local_date(SATURDAY - DAY)),
    )
    broken("series_lasts_15_minutes_to_a_day", lambda: change().update(minutes=5))


def test_steps_are_never_changed(worker):
    step = make_published(worker).steps.get()

    broken("append-only", lambda: type(step).objects.filter(pk=step.pk).update(reason="x"))
