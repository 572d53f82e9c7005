"""From hours that count to a paper that is believed: an old volunteer, a stranger offline."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from linbang.outcomes.certificates.factories import make_served
from linbang.outcomes.certificates.models import Certificate
from tests.flows.stage import DESK, ELDER, NARROW, Cast, Clock, visiting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEPT = """async () => {
    await navigator.serviceWorker.ready;
    while (!(await caches.match("/certificates/verify/", { ignoreVary: true })))
        await new Promise((again) => setTimeout(again, 50));
}"""


def test_volunteer_certifies_and_a_stranger_believes_it_offline(
    browser: Browser, live_server, cast: Cast, clock_set: Clock, tmp_path
) -> None:
    helper, site = cast.volunteer, live_server.url
    make_served(helper, starts_at=clock_set.now - timedelta(days=3))
    with visiting(browser, site, helper, preferences=ELDER, size=NARROW) as volunteer:
        volunteer.open("/records/")
        volunteer.tap("我的证明")
        volunteer.tap("开证明")
        volunteer.tap("开证明")
        paper = tmp_path / "paper.pdf"
        volunteer.fetch("下载 PDF").save_as(paper)
        code = volunteer.named("发查验链接").get_attribute("href") or ""
        assert volunteer.taps == 3
    certificate = Certificate.objects.get()
    assert certificate.number in PdfReader(paper).pages[0].extract_text()

    with visiting(browser, site) as stranger:
        stranger.page.goto(code)
        stranger.page.locator("[data-verdict=valid]").wait_for()
        assert "编号有效" in stranger.main()
        assert helper.name not in stranger.text()
        stranger.look()

        page = stranger.open("/certificates/verify/")
        page.evaluate(KEPT)
        page.context.set_offline(True)
        page.reload()
        page.get_by_text("没有摄像头").click()
        page.get_by_label("二维码里的网址").fill(code)
        page.get_by_role("button", name="核对签名").click()
        page.locator("[data-verdict=valid]").wait_for()
        assert certificate.number in stranger.main()
        # One character of the signed line: 3 hours more.
        line, _, signature = code.partition("#")[2].partition(".")
        forged = line[:-8] + ("A" if line[-8] != "A" else "B") + line[-7:]
        page.get_by_label("二维码里的网址").fill(f"#{forged}.{signature}")
        page.get_by_role("button", name="核对签名").click()
        page.locator("[data-verdict]:not([data-verdict=valid])").wait_for()
        stranger.faults.clear()

    with visiting(browser, site, cast.worker, size=DESK) as worker:
        worker.open("/console/certificates/?tab=all")
        worker.tap("查看")
        worker.page.get_by_label("应志愿者本人要求").check()
        worker.tap_and_agree("撤销")
    with visiting(browser, site) as stranger:
        stranger.open(f"/certificates/check/?n={certificate.number}")
        assert "请不要采信" in stranger.main()
