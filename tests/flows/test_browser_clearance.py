"""From not knowing to being cleared: a training, a consent, a pause, on phone and desk."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser

from linbang.foundation.access.choices import Role
from linbang.foundation.people.factories import make_worker
from linbang.intake.activities.choices import PolicyScope
from linbang.intake.activities.factories import (
    make_activity,
    make_policy,
    make_post,
    make_shift,
)
from linbang.operations.clearance import factories as clearance
from linbang.operations.clearance import queries
from linbang.operations.clearance.models import Enrolment
from tests.flows.stage import DARK, DESK, ELDER, LARGEST, NARROW, Cast, Clock, visiting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lived(cast: Cast, clock_set: Clock, live_server) -> dict[str, Any]:
    """Put on the stage whatever may wait for somebody."""
    now, helper = clock_set.now, cast.volunteer
    activity = make_activity(
        "文明路口劝导", hazards=["traffic"], needs_agreement=True, now=now, leader=helper
    )
    activity.policy = make_policy(
        activity.organiser, scope=PolicyScope.NAMED, ends_at=now + timedelta(days=90)
    )
    activity.save(update_fields=["policy"])
    post = make_post(activity, "劝导员", qualifications=["first-aid"], tasks="提醒行人")
    shift = make_shift(post=post, starts_at=now + timedelta(days=5))
    begun = make_shift(post=post, starts_at=now - timedelta(minutes=30))
    planting = make_activity("植树", now=now)
    child, _ = clearance.make_child(guardian=helper)
    course = clearance.make_training()
    later = clearance.make_session(course, starts_at=now + timedelta(days=2), places=3)
    today = clearance.make_session(
        clearance.make_training("消防安全", qualification="fire"), starts_at=now
    )
    for person in (helper, cast.second, child):
        clearance.make_enrolment(today, person)
    clearance.make_credential(helper, "traffic", valid_until=(now + timedelta(days=20)).date())
    clearance.make_credential(helper, "driving")
    pause = clearance.make_suspension(cast.second, starts_at=now)
    clearance.make_appeal(pause)
    clearance.make_suspension(helper, starts_at=now - timedelta(days=3))
    clearance.make_insured(activity.policy, helper)
    clearance.make_frozen_list(begun, activity.policy, helper, cast.second)
    clearance.make_consent_request(planting, child)
    return {
        "site": live_server.url,
        "activity": activity,
        "planting": planting,
        "child": child,
        "shift": shift,
        "begun": begun,
        "course": course,
        "later": later,
        "today": today,
    }


def phone_pages(lived: dict[str, Any]) -> list[str]:
    return [
        "/clearance/",
        "/clearance/record/",
        "/clearance/trainings/",
        f"/clearance/sessions/{lived['later'].public_id}/",
        f"/clearance/activities/{lived['activity'].public_id}/",
        f"/clearance/activities/{lived['planting'].public_id}/?person={lived['child'].public_id}",
    ]


def desk_pages(cast: Cast, lived: dict[str, Any]) -> list[str]:
    policy = lived["activity"].policy
    return [
        "/console/trainings/",
        "/console/trainings/new/",
        f"/console/trainings/{lived['course'].public_id}/",
        f"/console/trainings/sessions/{lived['today'].public_id}/",
        f"/console/trainings/sessions/{lived['later'].public_id}/",
        "/console/credentials/?q=huang",
        f"/console/credentials/people/{cast.volunteer.public_id}/",
        "/console/insurance/",
        f"/console/insurance/{policy.public_id}/",
        f"/console/insurance/shifts/{lived['begun'].public_id}/",
        "/console/suspensions/",
    ]


def test_pages_fit_every_window(browser: Browser, cast: Cast, lived):
    officer = make_worker("韦玉兰", role=Role.COMMUNITY_OFFICER)
    for who, pages, looks in (
        (cast.volunteer, phone_pages(lived), [(NARROW, LARGEST | ELDER), (DESK, DARK)]),
        (officer, desk_pages(cast, lived), [(NARROW, LARGEST), (DESK, DARK)]),
    ):
        for size, preferences in looks:
            with visiting(
                browser, lived["site"], who, size=size, preferences=preferences
            ) as visitor:
                for path in pages:
                    visitor.open(path)
            assert len(visitor.seen) == len(pages)


def test_who_lacks_a_training_gets_it_on_the_phone(browser: Browser, cast, lived, clock_set):
    helper, shift = cast.volunteer, lived["shift"]
    [before] = queries.clearance_of(helper.pk, [shift], clock_set.now)
    [lacking] = [line for line in before.causes if line.code == "qualification_missing:first-aid"]
    with visiting(browser, lived["site"], helper) as visitor:
        visitor.open(lacking.url)
        visitor.tap("报名这一场")
        visitor.open(f"/clearance/activities/{lived['activity'].public_id}/")
        for name in ("接受风险告知", "签署协议"):
            visitor.page.locator("article", has_text=name).get_by_role("checkbox").check()
            visitor.tap(name)
        assert "都办好了，可以报名。" in visitor.main()

    clock_set.now = lived["later"].starts_at + timedelta(hours=1)
    with visiting(browser, lived["site"], cast.worker, now=clock_set.now) as visitor:
        visitor.open(f"/console/trainings/sessions/{lived['later'].public_id}/")
        visitor.tap("合格", within=".sheet")

    enrolment = Enrolment.objects.get(session=lived["later"], person=helper)
    [after] = queries.clearance_of(helper.pk, [shift], clock_set.now)
    assert enrolment.result == "passed"
    assert [line.code for line in after.causes] == ["suspended"]


def test_guardian_agrees_and_the_paused_one_appeals_without_script(browser: Browser, cast, lived):
    with visiting(browser, lived["site"], cast.volunteer, script=False) as visitor:
        visitor.open("/clearance/")
        visitor.tap("看内容再决定")
        visitor.tap("同意孩子参加")
        agreed = visitor.main()
        visitor.open("/clearance/")
        visitor.page.locator("summary", has_text="觉得不对").click()
        visitor.page.locator("textarea[name=text]").fill("我去了，没带手机。")
        visitor.tap("提交申诉")
        appealed = visitor.main()

    assert "收回同意" in agreed
    assert "申诉：待处理" in appealed
