"""From thanks to a star: the elder rates, the volunteer asks, the community says yes."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from linbang.intake.activities.factories import make_activity
from linbang.outcomes.recognition import actions
from linbang.outcomes.recognition.factories import make_honour, make_hours, make_visited
from linbang.outcomes.recognition.models import Rating
from tests.flows.stage import DARK, DESK, ELDER, LARGEST, NARROW, Cast, Clock, visiting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_thanks_and_hours_become_a_star(
    browser: Browser, cast: Cast, clock_set: Clock, live_server
):
    helper, site = cast.volunteer, live_server.url
    helper.volunteer.activated_at = clock_set.now - timedelta(days=400)
    helper.volunteer.save(update_fields=["activated_at"])
    record = make_visited(helper, now=clock_set.now - timedelta(hours=20))
    activity = make_activity(leader=cast.second)
    make_hours(helper, 6000, starts_at=clock_set.now - timedelta(days=3), activity=activity)
    make_honour(helper, now=clock_set.now)

    with visiting(
        browser, site, record.beneficiary, size=NARROW, preferences=ELDER | LARGEST
    ) as elder:
        elder.open("/ratings/")
        elder.tap("评价志愿者")
        for name in ("first", "second", "third"):
            elder.page.locator(f".scale__mark:has(input[name={name}])").first.click()
        elder.tap("提交评价")
        assert "已经评价过了" in elder.main()
    assert Rating.objects.values_list("first", "second", "third").get() == (5, 5, 5)

    with visiting(browser, site, helper, size=NARROW, preferences=ELDER | LARGEST) as volunteer:
        volunteer.open("/me/")
        volunteer.tap("我的星级")
        volunteer.tap("申请 1 星")
        assert "等社区审核" in volunteer.main()
        for path in ("/honours/", "/honours/new/"):
            volunteer.open(path)

    with visiting(browser, site, cast.worker, size=DESK, preferences=DARK) as worker:
        worker.open("/console/stars/")
        worker.press(worker.page.locator("tbody a").first)
        worker.tap("通过并公示")
        assert "正在公示" in worker.main()
        for path in ("/console/honours/", "/console/honours/new/", "/stars/notice/"):
            worker.open(path)

    with visiting(browser, site, cast.second, size=NARROW, preferences=LARGEST) as leader:
        leader.open(f"/lead/{activity.public_id}/ratings/")
        leader.tap("提交评价")
        assert "已提交 2 份评价" in leader.text()
    with visiting(browser, site, cast.street, size=NARROW, preferences=LARGEST) as street:
        street.open("/console/stars/levels/?scheme=street:1&region=450103001")

    clock_set.now += timedelta(days=8)
    actions.grant_stars(now=clock_set.now)
    with visiting(browser, site, helper, now=clock_set.now) as volunteer:
        volunteer.open("/stars/")
        assert "1 星志愿者" in volunteer.main()
