"""Publishing, reviewing, cancelling, closing and extending."""

from dataclasses import replace
from datetime import timedelta

import pytest

from linbang.foundation.access.choices import Role
from linbang.foundation.access.rules import Actor
from linbang.foundation.messaging.models import Notice
from linbang.foundation.organisations.factories import make_team, make_unit
from linbang.foundation.people.factories import make_person, make_worker
from linbang.foundation.places.factories import NEIGHBOUR_COMMUNITY
from linbang.intake.activities import actions, queries
from linbang.intake.activities.errors import ActivityNotReady
from linbang.intake.activities.factories import SATURDAY, make_activity, make_shift
from linbang.intake.activities.models import Activity
from linbang.intake.activities.rules import PlanParts
from linbang.intake.activities.tests.cast import (
    DAY,
    MORNING,
    NOW,
    WEEK,
    heard,
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


def publish(activity, by, *, now=NOW):
    return actions.publish_activity(activity_id=activity.pk, by=by, now=now)


def review(activity, by, *, approves=True, reason="", now=NOW, **more):
    return actions.review_activity(
        activity_id=activity.pk, approves=approves, reason=reason, by=by, now=now, **more
    )


def names(told):
    return [type(event).__name__ for event in told]


def steps(activity):
    return list(queries.steps_of(activity).values_list("state", "by_id", "reason"))


def inbox(actor):
    return list(Notice.objects.filter(person_id=actor.person_id).values_list("template", flat=True))


def test_ready_draft_is_published_and_announced(worker, monkeypatch):
    draft = make_draft(worker)

    with heard(monkeypatch) as told:
        activity = publish(draft, worker)

    assert (activity.state, activity.state_since) == ("published", NOW)
    assert names(told) == ["ActivityPublished"]
    assert steps(activity) == [("published", worker.person_id, "")]
    with refused("activity_state_not_next"):
        publish(draft, worker)


def test_every_gate_is_told_at_once(worker):
    draft = make_draft(worker, parts=PlanParts(), content="", guarantees=())

    with pytest.raises(ActivityNotReady) as refusal:
        publish(draft, worker)

    assert [problem["field"] for problem in refusal.value.problems] == [
        "content", "shifts", "posts", "guarantees",
    ]  # fmt: skip
    assert refusal.value.problems[0] == {
        "field": "content",
        "code": "content_missing",
        "detail": "请写明活动内容：做什么、怎么做。",
    }
    assert "4" in str(refusal.value)
    assert Activity.objects.get().state == "draft"


def test_organiser_and_leader_are_looked_up(worker):
    team, stranger = make_team("新队"), make_person("无账号", has_account=False)
    draft = make_draft(worker, organiser=team, leader_id=stranger.pk)

    with pytest.raises(ActivityNotReady) as refusal:
        publish(draft, worker)
    approved = make_team("老队", approved_by=make_unit())
    ready = make_draft(worker, organiser=approved, key="second")

    assert [str(gate.code) for gate in refusal.value.gates] == [
        "team_not_approved",
        "leader_not_confirmed",
    ]
    assert publish(ready, worker).state == "published"


def test_outsider_publishes_nothing(worker):
    draft = make_draft(worker)

    with refused("not_allowed"):
        publish(draft, make_worker("何平", region=NEIGHBOUR_COMMUNITY))


def test_flagged_words_go_to_the_nearest_reviewer(worker, monkeypatch):
    officer = make_officer()
    street = make_worker("街道", region="450103001", role=Role.STREET_OFFICER)
    draft = make_draft(worker, name="防诈骗讲座")

    with heard(monkeypatch) as told:
        activity = publish(draft, worker)

    assert (activity.state, told) == ("in_review", [])
    assert steps(activity) == [("in_review", worker.person_id, "讲座")]
    assert (inbox(officer), inbox(street)) == (["activity_to_review"], [])


def test_street_reviews_where_the_community_has_only_the_author():
    officer = make_officer()
    street = make_worker("街道", region="450103001", role=Role.STREET_OFFICER)

    publish(make_draft(officer, name="防诈骗讲座"), officer)

    assert (inbox(officer), inbox(street)) == ([], ["activity_to_review"])


def test_reviewer_approves_and_the_author_hears(worker, monkeypatch):
    officer = make_officer()
    activity = publish(make_draft(worker, name="防诈骗讲座"), worker)

    with heard(monkeypatch) as told:
        review(activity, officer)

    assert names(told) == ["ActivityPublished"]
    assert steps(activity)[-1] == ("published", officer.person_id, "")
    assert inbox(worker) == ["activity_approved"]
    with refused("activity_state_not_next"):
        review(activity, officer)


def test_reviewer_sends_back_with_a_reason(worker):
    officer = make_officer()
    activity = publish(make_draft(worker, name="防诈骗讲座"), worker)

    with refused("activity_reason_missing"):
        review(activity, officer, approves=False)
    review(activity, officer, approves=False, reason="请写明不收费")

    assert steps(activity)[-1] == ("draft", officer.person_id, "请写明不收费")
    assert inbox(worker) == ["activity_returned"]
    assert publish(activity, worker).state == "in_review"


def test_nobody_reviews_what_is_the_own_or_out_of_reach():
    officer, other = make_officer(), make_officer("李静")
    neighbour = make_officer("邻居", region=NEIGHBOUR_COMMUNITY)
    activity = publish(make_draft(officer, name="防诈骗讲座"), other)

    for by, code in (
        (officer, "own_review"),
        (other, "own_review"),
        (neighbour, "not_allowed"),
        (make_worker(), "not_allowed"),
    ):
        with refused(code):
            review(activity, by)


def test_review_of_an_older_version_is_refused(worker):
    activity = publish(make_draft(worker, name="防诈骗讲座"), worker)
    actions.update_activity(
        activity_id=activity.pk,
        details=replace(queries.details_of(activity), content="改过"),
        by=worker,
        now=NOW,
    )

    with refused("activity_edited_meanwhile"):
        review(activity, make_officer(), version=1)
    assert review(activity, make_officer(), version=2).state == "published"


def test_reviewed_plan_passes_the_gates_again(worker):
    activity = publish(make_draft(worker, name="防诈骗讲座"), worker)

    with refused("activity_not_ready"):
        review(activity, make_officer(), now=SATURDAY + DAY)


def test_cancelling_frees_all_shifts_ahead(worker, monkeypatch):
    parts = planned(MORNING, later(MORNING, WEEK), later(MORNING, 2 * WEEK))
    activity = make_published(worker, parts=parts)

    with heard(monkeypatch) as told:
        count = actions.cancel_activity(
            activity_id=activity.pk, reason="台风", by=worker, now=SATURDAY + DAY
        )

    assert (count, names(told)) == (2, ["ShiftsCancelled"])
    assert activity.shifts.filter(cancel_reason="台风").count() == 2
    assert steps(activity)[-1] == ("cancelled", worker.person_id, "台风")
    with refused("activity_state_not_next"):
        actions.cancel_activity(activity_id=activity.pk, reason="再", by=worker, now=NOW)


def test_cancelling_without_shifts_ahead_tells_nobody(worker, monkeypatch):
    draft = make_draft(worker, parts=PlanParts())

    with refused("activity_reason_missing"):
        actions.cancel_activity(activity_id=draft.pk, reason="", by=worker, now=NOW)
    with heard(monkeypatch) as told:
        actions.cancel_activity(activity_id=draft.pk, reason="不办了", by=worker, now=NOW)

    assert told == []


def test_closing_waits_for_the_last_shift(worker):
    activity = make_published(worker)

    with refused("shifts_still_ahead"):
        actions.close_activity(activity_id=activity.pk, by=worker, now=NOW)
    closed = actions.close_activity(activity_id=activity.pk, by=worker, now=SATURDAY + DAY)

    assert closed.state == "closed"
    with refused("activity_state_not_next"):
        actions.close_activity(activity_id=activity.pk, by=worker, now=SATURDAY + DAY)


def test_activities_close_by_themselves_a_week_after_the_end(worker):
    over = make_published(worker, key="over")
    ahead = make_published(worker, key="ahead", parts=planned(MORNING, later(MORNING, 2 * WEEK)))
    draft = make_draft(worker, key="draft")

    early = actions.close_over(by=Actor.system(), now=SATURDAY + WEEK)
    closed = actions.close_over(by=Actor.system(), now=SATURDAY + WEEK + timedelta(hours=3))

    assert (early, closed) == (0, 1)
    states = dict(Activity.objects.values_list("key", "state"))
    assert states == {"over": "closed", "ahead": "published", "draft": "draft"}
    assert (over.pk, ahead.pk, draft.pk) == tuple(
        Activity.objects.order_by("id").values_list("pk", flat=True)
    )


def test_activity_changed_meanwhile_is_not_closed(worker, monkeypatch):
    activity = make_published(worker)
    monkeypatch.setattr(queries, "activities_over", lambda before: [activity.pk])

    assert actions.close_over(by=Actor.system(), now=NOW) == 0
    assert Activity.objects.get().state == "published"


def test_closed_activity_is_extended_once_within_thirty_days(worker, monkeypatch):
    activity = make_published(worker)
    over = SATURDAY + DAY
    with refused("activity_state_not_next"):
        actions.extend_activity(activity_id=activity.pk, by=worker, now=over)
    actions.close_activity(activity_id=activity.pk, by=worker, now=over)

    with refused("extension_too_late"):
        actions.extend_activity(activity_id=activity.pk, by=worker, now=over + 31 * DAY)
    with heard(monkeypatch) as told:
        actions.extend_activity(activity_id=activity.pk, by=worker, now=over + 30 * DAY)
    actions.close_activity(activity_id=activity.pk, by=worker, now=over + 30 * DAY)

    assert names(told) == ["ActivityPublished"]
    with refused("extended_already"):
        actions.extend_activity(activity_id=activity.pk, by=worker, now=over + 31 * DAY)


def test_team_leader_publishes_without_a_grant_in_the_region():
    team = make_team("帮帮队", approved_by=make_unit())
    leader = make_team_leader(team)

    assert make_published(leader, organiser=team).state == "published"


def test_job_closes_what_is_over():
    from linbang.intake.activities import jobs

    make_shift(make_activity())

    jobs.close_over(timestamp=0)

    assert Activity.objects.get().state == "closed"
