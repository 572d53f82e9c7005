"""From a shared link to a place, and back to whoever waits: on phones, and at the desk."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser

from linbang.foundation.messaging.backends import LocmemSms
from linbang.foundation.people.factories import make_volunteer
from linbang.intake.activities.choices import ActivityKind, SignUpMode
from linbang.intake.activities.factories import make_activity, make_post
from linbang.operations.dispatch.actions import propose_pairs
from linbang.operations.dispatch.factories import make_open_shift, make_pairing, make_sign_up
from linbang.operations.dispatch.models import SignUp
from tests.flows.stage import (
    DARK,
    DESK,
    ELDER,
    LARGEST,
    NARROW,
    Cast,
    Clock,
    Visitor,
    visiting,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TAPS_MAX = 4  # from the list of activities to a place, signed in


@pytest.fixture
def plan(cast: Cast, clock_set: Clock, live_server) -> dict[str, Any]:
    """Three activities of the community: one to join, one to ask for, one standing duty."""
    now = clock_set.now
    saturday, before = now + timedelta(days=4), now - timedelta(days=3)
    clean = make_activity(
        "清洁家园", leader=cast.second, now=before, latitude=22.8149, longitude=108.3358
    )
    sweeping = make_post(clean, "清扫楼道", tasks="垃圾装袋放到门口", places=1)
    law = make_activity(
        "法律咨询日", now=before, mode=SignUpMode.APPROVAL, latitude=22.8139, longitude=108.3338
    )
    duty = make_activity("文明交通劝导", now=before, kind=ActivityKind.DUTY)
    crossing = make_post(duty, "东门路口", places=2)
    for day in range(1, 4):
        make_open_shift(post=crossing, starts_at=now + timedelta(days=day))
    return {
        "site": live_server.url,
        "clean": clean,
        "law": law,
        "duty": duty,
        "full": make_open_shift(post=sweeping, starts_at=saturday),
        "later": make_open_shift(post=sweeping, starts_at=saturday + timedelta(days=7)),
        "asked": make_open_shift(
            post=make_post(law, "接待引导"), starts_at=saturday + timedelta(hours=3)
        ),
    }


def test_pages_fit_every_window(browser: Browser, cast: Cast, clock_set: Clock, plan):
    now, clean, law = clock_set.now, plan["clean"].public_id, plan["law"].public_id
    mine = make_sign_up(plan["later"], cast.volunteer, now=now)
    make_sign_up(plan["full"], cast.second, now=now)
    waiting = make_sign_up(plan["full"], cast.volunteer, waits=True, now=now)
    make_sign_up(plan["asked"], make_volunteer("覃小梅").person, now=now)
    make_pairing(cast.elder, cast.volunteer, now=now)
    community = cast.elder.region_id[:12]
    pairs = propose_pairs(region=community, people=[cast.elder], by=cast.worker, now=now)
    phone = [
        "/activities/",
        "/activities/?view=calendar",
        "/activities/?view=map",
        f"/activities/{clean}/",
        f"/activities/{law}/sign-up/{plan['asked'].public_id}/",
        f"/sign-ups/{mine.public_id}/",
        f"/sign-ups/{waiting.public_id}/",
        "/stand-ins/",
        "/pairings/",
    ]
    desk = [
        "/console/sign-ups/",
        f"/console/sign-ups/{clean}/",
        f"/console/sign-ups/{law}/",
        "/console/rosters/",
        f"/console/rosters/{plan['duty'].public_id}/",
        "/console/stand-ins/",
        f"/console/pairings/proposals/{pairs.public_id}/",
    ]
    for who, pages, looks in (
        (None, phone[:4], [(NARROW, LARGEST | ELDER)]),
        (cast.volunteer, phone, [(NARROW, LARGEST | ELDER), (DESK, DARK)]),
        (cast.worker, desk, [(NARROW, LARGEST), (DESK, DARK)]),
    ):
        for size, preferences in looks:
            with visiting(
                browser, plan["site"], who, size=size, preferences=preferences
            ) as visitor:
                for path in pages:
                    visitor.open(path)
            assert len(visitor.seen) == len(pages)


def test_stranger_with_a_link_signs_in_and_has_a_place(browser: Browser, cast, plan, run_jobs):
    with visiting(browser, plan["site"], preferences=ELDER) as visitor:
        visitor.open(f"/activities/{plan['clean'].public_id}/")
        visitor.tap("报名", within="#shifts")
        assert visitor.seen[-1] == "/sign-in/"
        visitor.page.locator("[name=phone]").fill(cast.volunteer.phone)
        visitor.tap("获取验证码")
        run_jobs()
        code = re.search(r"\d{6}", LocmemSms.sent[-1].text)
        visitor.page.locator("[name=code]").fill(code.group())
        with visitor.page.expect_navigation():
            visitor.page.keyboard.press("Enter")
        visitor.look()
        visitor.tap("确认报名")
        said = visitor.main()

    assert "报名成功" in said
    assert "加到手机日历" in said
    assert SignUp.objects.get().person_id == cast.volunteer.pk


def test_volunteer_finds_what_she_may_take(browser: Browser, cast: Cast, plan):
    with visiting(browser, plan["site"], cast.volunteer, size=NARROW) as visitor:
        visitor.open("/")
        visitor.taps = 0
        visitor.tap("活动", within="nav.tabbar")
        visitor.tap("清洁家园", within="main")
        visitor.tap("报名", within="#shifts")
        visitor.tap("确认报名")
        assert visitor.taps <= TAPS_MAX
        assert "报名成功" in visitor.main()
        visitor.tap("活动", within="nav.tabbar")
        assert "已录取" in visitor.main()


def test_freed_place_goes_to_who_waits_without_script(
    browser: Browser, cast: Cast, clock_set: Clock, plan, run_jobs
):
    make_sign_up(plan["full"], cast.second, now=clock_set.now)
    step = f"/activities/{plan['clean'].public_id}/sign-up/{plan['full'].public_id}/"
    with visiting(browser, plan["site"], cast.volunteer, script=False) as waiting:
        waiting.open(step)
        waiting.tap("加入候补")
        assert "候补第 1 位" in waiting.main()

        with visiting(browser, plan["site"], cast.second) as leaving:
            leave(leaving, plan)
        run_jobs()

        waiting.open("/")
        assert "有名额了：清洁家园" in waiting.main()
        waiting.tap("去确认", within="main")
        waiting.tap("我要这个名额")
        assert "名额是您的了" in waiting.text()

    states = SignUp.objects.order_by("id").values_list("state", flat=True)
    assert list(states) == ["withdrawn", "confirmed"]


def leave(leaving: Visitor, plan: dict[str, Any]) -> None:
    leaving.open(f"/activities/{plan['clean'].public_id}/")
    leaving.tap("看我的报名")
    leaving.page.locator("summary", has_text="我来不了了").click()
    leaving.look()
    leaving.tap_and_agree("退出这个班次")
    assert "已经退出" in leaving.text()


def test_planner_fills_a_roster_and_everybody_is_told(browser: Browser, cast: Cast, plan, run_jobs):
    with visiting(browser, plan["site"], cast.worker, size=DESK) as planner:
        planner.open("/console/rosters/")
        planner.tap("文明交通劝导", within="main")
        planner.tap("生成方案")
        assert "最忙的一成人承担" in planner.main()
        planner.tap_and_agree("确认并通知")
        assert "已确认" in planner.main()
    run_jobs()

    placed = SignUp.objects.filter(shift__activity=plan["duty"], channel="roster")
    assert placed.count() >= 3
    with visiting(browser, plan["site"], placed[0].person) as told:
        told.open("/inbox/")
        assert "给您排了班" in told.main()
