"""A plan of visits in the browsers of a station worker and of a volunteer."""

from datetime import timedelta

import pytest

from linbang.foundation.people.factories import make_person
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.factories import make_need
from linbang.operations.dispatch.models import Offer
from tests.flows.stage import DARK, DESK, NARROW, visiting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_station_plans_overrules_and_publishes_and_the_volunteer_reads_why(
    cast, clock_set, run_jobs, browser, live_server
):
    visit_at = clock_set.now + timedelta(days=2, hours=1)
    for who in (cast.elder, make_person("赵奶奶", now=clock_set.now - timedelta(days=90))):
        make_need(who, state=NeedState.VERIFIED, starts_at=visit_at, opened_at=clock_set.now)

    def visit_as(who, **how):
        return visiting(browser, live_server.url, who, now=clock_set.now, **how)

    with visit_as(cast.worker, size=DESK) as worker:
        worker.open("/console/dispatch/")
        worker.tap("上门安排")
        worker.tap("开始安排")
        assert "还没有邀请任何人" not in worker.main()
        run_jobs()
        worker.page.get_by_text("还没有邀请任何人").wait_for()
        worker.look()
        assert "2 人次有人去，都排好了" in worker.main()
        worker.tap("地图")
        assert "2 次有人去" in worker.page.locator(".map__list").inner_text()
        worker.page.locator(".map__canvas .map__point").wait_for()
        worker.tap("列表")
        overrule(worker)
        worker.tap("发布")
        assert "马上发出 1 份邀请" in worker.main()
        worker.tap("发布，发出")
        assert "等待答复" in worker.main()

    with visit_as(Offer.objects.get().volunteer, size=NARROW, preferences=DARK) as volunteer:
        volunteer.open("/offers/")
        volunteer.press(volunteer.page.locator("main a[href^='/offers/']").first)
        assert "同一栋楼" in volunteer.main()
        assert "不看别的" in volunteer.main()
        assert "不影响您的任何记录" in volunteer.main()
        volunteer.tap("我去帮忙")


def overrule(worker):
    worker.press(worker.page.get_by_role("link", name="换人").first)
    worker.press(worker.page.get_by_role("button", name="换成这位会怎样").first)
    assert "别家不会因此少人" in worker.main()
    assert "由王强改为黄建国" in worker.main() or "由黄建国改为王强" in worker.main()
    worker.tap("看看不安排人会怎样")
    assert "多 1 人次没有人去" in worker.main()
    worker.page.get_by_label("为什么这样改").fill("女儿那天自己来")
    worker.tap("就不安排人")
    assert "女儿那天自己来" in worker.main()
    assert "还缺 1 人次" in worker.main()
