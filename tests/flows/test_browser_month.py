"""A volunteer's month on a phone: four Saturdays, found, kept, given back, cancelled."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from linbang.foundation.clock import CHINA
from linbang.foundation.people.factories import make_worker
from linbang.intake.activities.actions import cancel_shifts
from linbang.intake.activities.factories import make_activity, make_post
from linbang.operations.dispatch.factories import make_open_shift
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service.models import Absence, Attendance
from linbang.operations.service.queries import activity_code
from tests.flows.stage import ELDER, LARGEST, NARROW, Cast, Clock, Visitor, visiting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SATURDAYS = [datetime(2026, 5, day, 9, tzinfo=CHINA) for day in (16, 23, 30)] + [
    datetime(2026, 6, 6, 9, tzinfo=CHINA)
]


def test_volunteers_month(browser: Browser, cast: Cast, clock_set: Clock, live_server, run_jobs):
    clean = make_activity("清洁家园", leader=cast.second, now=clock_set.now - timedelta(days=3))
    sweeping = make_post(clean, "清扫楼道", places=5)
    shifts = [make_open_shift(post=sweeping, starts_at=at) for at in SATURDAYS]

    def sit_down(at: datetime):
        clock_set.now = at
        # The narrowest look of all; the plain one is taken where volunteers sign up.
        return visiting(
            browser, live_server.url, cast.volunteer,
            now=at, size=NARROW, preferences=ELDER | LARGEST,
        )  # fmt: skip

    with sit_down(clock_set.now) as her:
        fast = watch(her)
        for shift in shifts:
            her.open("/activities/")
            her.tap("清洁家园", within="main")
            her.press(her.page.locator(f"a[href$='/sign-up/{shift.public_id}/']"))
            her.tap("确认报名")
            assert "报名成功" in her.main()
        her.open("/shifts/")
        assert her.main().count("清洁家园") == 4
    assert fast == [f"/api/v1/shifts/{shift.public_id}/sign-ups" for shift in shifts]

    serve(sit_down, clean, SATURDAYS[0])
    with sit_down(SATURDAYS[1] - timedelta(days=3)) as her:
        her.open(f"/sign-ups/{SignUp.objects.get(shift=shifts[1]).public_id}/")
        her.page.locator("summary", has_text="我来不了了").click()
        her.tap_and_agree("退出这个班次")
    serve(sit_down, clean, SATURDAYS[2])
    clock_set.now = SATURDAYS[3] - timedelta(days=2)
    cancel_shifts(
        activity_id=clean.pk,
        shift_ids=[shifts[3].pk],
        reason="暴雨",
        by=make_worker("张敏"),
        now=clock_set.now,
    )
    run_jobs()

    with sit_down(SATURDAYS[3]) as her:
        her.open("/inbox/")
        assert "暴雨" in her.main()
        her.open("/shifts/")
        plans = her.main()

    assert "近期没有安排" in plans
    assert plans.count("清洁家园") >= 2, plans
    states = SignUp.objects.order_by("shift__starts_at").values_list("state", "is_late")
    assert list(states) == [
        ("confirmed", False),
        ("withdrawn", False),
        ("confirmed", False),
        ("released", False),
    ]
    stays = Attendance.objects.order_by("in_at").values_list("in_method", "out_method")
    assert list(stays) == [("code", "code")] * 2
    assert not Absence.objects.exists()


def serve(sit_down, activity, nine: datetime) -> None:
    """Come at five past nine and leave at eleven, by the digits on the screen."""
    for minutes, button in ((5, "签到"), (118, "签退")):
        at = nine + timedelta(minutes=minutes)
        with sit_down(at) as her:
            fast = watch(her)
            her.open("/shifts/")
            her.tap(button, within="main")
            her.page.get_by_label("签到码").fill(activity_code(activity.public_id, at).digits)
            her.tap(button, within="main form")
            assert f"已{button}" in her.main()
        assert len(fast) == 1


def watch(visitor: Visitor) -> list[str]:
    """Gather what the page sends to the hot operations."""
    heard: list[str] = []

    def note(request) -> None:
        path = urlsplit(request.url).path
        if request.method == "POST" and path.startswith("/api/v1/"):
            heard.append(path)

    visitor.page.on("request", note)
    return heard
