"""What a phone keeps of a page goes with its reader: the real sign-out, in Chromium."""

import pytest
from playwright.sync_api import Browser

from tests.flows.stage import Cast, visiting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEPT = """async () => {
    await navigator.serviceWorker.ready;
    while (!(await caches.match("/design/field/", { ignoreVary: true })))
        await new Promise((again) => setTimeout(again, 50));
}"""


def test_signing_out_takes_the_kept_page_along(browser: Browser, live_server, cast: Cast):
    with visiting(browser, live_server.url, cast.volunteer) as volunteer:
        page = volunteer.open("/design/field/")
        page.evaluate(KEPT)
        page.context.set_offline(True)
        page.reload()
        kept = page.get_by_text("没有网络：这是").is_visible()
        page.context.set_offline(False)
        volunteer.open("/me/")
        volunteer.tap("退出登录")
        page.context.set_offline(True)
        page.goto("/design/field/")

        assert kept
        assert page.locator("h1").inner_text() == "没有网络"
        # The browser's own word for a page that did not come.
        volunteer.faults.clear()
