"""Forms that wait for the network, and pages that can be read without it, in Chromium."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from linbang.foundation.shell import gates
from linbang.foundation.shell.tests.urls import ATTEMPTS, BUSY, DEEDS

pytestmark = [pytest.mark.browser, pytest.mark.urls("linbang.foundation.shell.tests.urls")]

LEADER, OTHER = {"as": "7"}, {"as": "8"}
SENT = "都发送好了"


@pytest.fixture(autouse=True)
def _nothing_done_yet():
    for memory in (ATTEMPTS, BUSY, DEEDS):
        memory.clear()


@pytest.fixture
def visit(opened, context, site):
    """Open a page as somebody, in the same browser; several times, with nobody for as={}."""

    def visit_(path="/roll/", who=LEADER):
        context.clear_cookies(name="as")
        page = opened(path, cookies=who)
        if path.startswith("/roll/"):
            _wait_for_worker(page)
        return page

    return visit_


def _wait_for_worker(page):
    """Wait until the worker keeps this page."""
    page.evaluate(
        """async () => {
            await navigator.serviceWorker.ready;
            while (!(await caches.match(location.href, { ignoreVary: true })))
                await new Promise((again) => setTimeout(again, 50));
        }"""
    )


def press(page, *names):
    for name in names:
        page.locator(f"#roll-{name} button").click()
        page.locator(f"#roll-{name}[data-queue]").wait_for()


@contextmanager
def server_away():
    """Let the server be gone with the network: a page that closes is online again before its script
    ends, and may try once more.
    """
    BUSY[:] = [503] * 9
    yield
    BUSY.clear()
    ATTEMPTS.clear()


def done():
    return [who for _, who in DEEDS.values()]


def test_deed_goes_at_once_and_says_so(visit):
    page = visit()

    press(page, "甲")
    page.get_by_text(SENT).wait_for()

    assert list(DEEDS.values()) == [("7", "甲")]
    assert page.locator("#roll-甲").get_attribute("data-queue") == "sent"
    assert page.url.endswith("/roll/")


def test_what_waits_outlives_the_page_and_arrives_once_in_order(visit, context, site, watch):
    page = visit()
    context.set_offline(True)
    press(page, "乙", "甲")
    page.get_by_text("2 项等待发送").wait_for()
    with server_away():
        page.close()

        page = watch(context.new_page())
        page.goto(f"{site}/roll/")
        page.get_by_text("2 项等待发送").wait_for()
        marked = page.locator("[data-queue=waiting]").count()
        before = done()
    context.set_offline(False)
    page.get_by_text(SENT).wait_for()
    page.reload()

    assert (marked, before) == (2, [])
    assert done() == ["乙", "甲"]
    assert len(ATTEMPTS) == 2


def test_what_waits_outlives_the_browser(browser_type, browser_type_launch_args, tmp_path, site):
    def browser(offline):
        return browser_type.launch_persistent_context(
            tmp_path, **browser_type_launch_args, offline=offline, locale="zh-CN"
        )

    context = browser(offline=False)
    context.add_cookies([{"name": "as", "value": "7", "url": site, "expires": 4102444800}])
    page = context.new_page()
    page.goto(f"{site}/roll/")
    context.set_offline(True)
    press(page, "丙")
    with server_away():
        context.close()
        before = done()
    context = browser(offline=False)
    page = context.new_page()
    page.goto(f"{site}/roll/")
    page.get_by_text(SENT).wait_for()
    context.close()

    assert (before, done()) == ([], ["丙"])


def test_lost_answer_is_asked_for_again_under_the_same_key(visit, page):
    def lose(route):
        route.fetch()
        route.abort()

    visit()
    page.route("**/deed/", lose, times=1)

    press(page, "甲")
    page.get_by_text(SENT).wait_for()

    assert len(ATTEMPTS) == 2
    assert len(set(ATTEMPTS)) == 1
    assert done() == ["甲"]


@pytest.mark.parametrize("status", [502, 503, 504])
def test_busy_server_is_asked_again(visit, status):
    BUSY[:] = [status]
    page = visit()

    press(page, "甲", "乙")
    page.get_by_text(SENT).wait_for()

    assert done() == ["甲", "乙"]
    assert len(ATTEMPTS) == 3


def test_page_of_somebody_elses_network_is_no_answer(visit, page):
    visit()
    page.route("**/deed/", lambda route: route.fulfill(body="Sign in to our WLAN"), times=1)

    press(page, "甲")
    page.get_by_text(SENT).wait_for()

    assert done() == ["甲"]


def test_refusal_stays_with_its_reason_and_holds_nobody_up(visit):
    page = visit("/roll/?names=坏,甲")

    press(page, "坏", "甲")
    page.get_by_text("1 项没有被接受").wait_for()
    page.reload()
    reason = page.locator(".queue__refusal").inner_text()
    state = page.locator("#roll-坏").get_attribute("data-queue")
    page.get_by_role("button", name="知道了").click()
    page.get_by_text(SENT).wait_for()

    assert done() == ["甲"]
    assert (reason, state) == ("您没有这项操作的权限，请联系所在社区服务站。", "refused")
    assert page.locator(".queue__item").count() == 0


def test_second_tap_on_what_waits_is_no_second_deed(visit, context):
    page = visit()
    context.set_offline(True)

    press(page, "甲", "甲", "甲")
    context.set_offline(False)
    page.get_by_text(SENT).wait_for()
    press(page, "甲")
    page.wait_for_timeout(500)
    page.get_by_text(SENT).wait_for()

    # Once from the three taps, and once more for the tap after it had gone.
    assert done() == ["甲", "甲"]


def test_field_is_emptied_for_the_next_name(visit, context):
    page = visit()
    context.set_offline(True)

    for name in ("王小明", "李小红"):
        page.get_by_label("姓名").fill(name)
        page.get_by_role("button", name="登记").click()
        expect(page.get_by_label("姓名")).to_have_value("")
    page.get_by_text("2 项等待发送").wait_for()
    context.set_offline(False)
    page.get_by_text(SENT).wait_for()

    assert done() == ["王小明", "李小红"]


def test_photos_wait_too_and_are_told_apart(visit, context):
    page = visit()
    context.set_offline(True)

    for name, size in (("a.jpg", 3), ("b.jpg", 5)):
        page.get_by_label("姓名").fill("现场")
        photo = {"name": name, "mimeType": "image/jpeg", "buffer": b"x" * size}
        page.get_by_label("照片").set_input_files(photo)
        page.get_by_role("button", name="登记").click()
        page.locator("#walk-in[data-queue]").wait_for()
    page.get_by_text("2 项等待发送").wait_for()
    page.reload()
    context.set_offline(False)
    page.get_by_text(SENT).wait_for()

    assert done() == ["现场 a.jpg 3", "现场 b.jpg 5"]


def test_kept_copy_knows_what_was_sent(visit, context):
    page = visit()

    press(page, "甲")
    page.get_by_text(SENT).wait_for()
    page.evaluate(
        """async () => {
            const copy = () => caches.match(location.href, { ignoreVary: true });
            while (!(await (await copy()).text()).includes("已到 1 人"))
                await new Promise((again) => setTimeout(again, 50));
        }"""
    )
    context.set_offline(True)
    page.reload()

    assert page.get_by_text("已到 1 人").is_visible()


def test_pages_hear_what_becomes_of_a_deed(visit, context):
    page = visit("/roll/?names=甲,坏")
    page.evaluate(
        """window.heard = [];
        for (const name of ["queued", "sent", "refused"])
            document.addEventListener(name, ({ target, detail }) =>
                heard.push([name, target.id, detail.answer?.who ?? detail.answer?.code ?? ""]));"""
    )

    press(page, "甲", "坏")
    page.get_by_text("1 项没有被接受").wait_for()

    heard = page.evaluate("heard")
    assert sorted(heard) == [
        ["queued", "roll-坏", ""],
        ["queued", "roll-甲", ""],
        ["refused", "roll-坏", "not_allowed"],
        ["sent", "roll-甲", "甲"],
    ]


def test_another_account_on_the_device_never_sends_it(visit, context, site):
    page = visit()
    context.set_offline(True)
    press(page, "甲")
    context.add_cookies([{"name": "as", "value": "8", "url": site}])
    context.set_offline(False)

    page = visit(who=OTHER)
    page.wait_for_timeout(500)
    shown = page.locator(".queue").is_visible()
    press(page, "乙")
    page.get_by_text(SENT).wait_for()
    others = list(DEEDS.values())
    visit().get_by_text(SENT).wait_for()

    assert (shown, others) == (False, [("8", "乙")])
    assert list(DEEDS.values())[1:] == [("7", "甲")]


def test_open_page_sends_nothing_once_another_account_has_signed_in(visit, context, site):
    page = visit()
    context.add_cookies([{"name": "as", "value": "8", "url": site}])

    press(page, "甲")
    page.get_by_text("这些内容是用另一个账号保存的").wait_for()

    assert (ATTEMPTS, page.locator(".queue__item").count()) == ([], 1)


def test_ended_session_keeps_everything_until_signed_in_again(visit, context):
    page = visit()
    context.clear_cookies(name="as")

    press(page, "甲", "乙")
    page.get_by_text("登录已过期，请重新登录").wait_for()
    page.get_by_role("link", name="重新登录").wait_for()
    page = visit()
    page.get_by_text(SENT).wait_for()

    assert done() == ["甲", "乙"]


def test_token_is_the_present_pages_not_the_kept_one(visit, context):
    page = visit()
    context.set_offline(True)
    press(page, "甲")
    context.set_offline(False)
    # Signing in again gives the browser another secret.
    context.clear_cookies(name="csrftoken")

    page = visit()
    page.get_by_text(SENT).wait_for()

    assert done() == ["甲"]


def test_page_that_grew_too_old_asks_for_a_new_one_and_keeps_the_deed(visit, context):
    page = visit()
    context.clear_cookies(name="csrftoken")

    press(page, "甲")
    page.get_by_text("页面放得太久了，请刷新").wait_for()

    assert (done(), page.locator(".queue__item").count()) == ([], 1)


def test_form_is_a_form_without_script(browser, site):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    context.add_cookies([{"name": "as", "value": "7", "url": site}])
    page = context.new_page()
    page.goto(f"{site}/roll/")

    page.get_by_role("button", name="甲").click()

    assert DEEDS == {"by form": ("7", "甲")}
    assert not page.locator(".queue").is_visible()
    context.close()


def test_form_is_a_form_without_storage(visit, page):
    page.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    visit()

    page.get_by_role("button", name="甲").click()
    page.wait_for_url("**/deed/")

    assert DEEDS == {"by form": ("7", "甲")}


def test_kept_page_is_read_without_network_and_says_so(visit, context):
    page = visit()
    note = page.get_by_text("没有网络：这是")

    fresh = note.is_visible()
    context.set_offline(True)
    page.reload()
    stale = note.is_visible()

    assert (fresh, stale) == (False, True)
    assert page.get_by_role("button", name="甲").is_visible()


def test_page_that_did_not_ask_is_not_kept(visit, context, site):
    page = visit()
    visit("/plain/")
    page.evaluate("fetch('/api/v1/thing')")
    context.set_offline(True)

    page.goto(f"{site}/plain/")
    heading = page.locator("h1").inner_text()
    kept = page.get_by_role("navigation", name="存在这部手机里的页面").get_by_role("link")
    kept.first.wait_for()
    listed = kept.all_inner_texts()
    answered = page.evaluate("fetch('/api/v1/thing').then(() => true, () => false)")
    kept.first.click()
    page.get_by_text("没有网络：这是").wait_for()

    assert (heading, listed, answered) == ("没有网络", ["点名"], False)


@pytest.mark.parametrize("who", [{}, OTHER], ids=["signed-out", "another-account"])
def test_kept_page_goes_with_its_reader(visit, context, site, who):
    visit()
    page = visit("/plain/", who=who)
    left = page.evaluate("caches.keys()")
    context.set_offline(True)

    page.goto(f"{site}/roll/")

    assert [name for name in left if name.startswith("pages-")] == []
    assert page.locator("h1").inner_text() == "没有网络"


def test_kept_page_is_gone_when_its_day_is_over(visit, context, monkeypatch, site):
    monkeypatch.setattr(gates, "OFFLINE_LIFETIME", timedelta(seconds=-1))
    page = visit()
    context.set_offline(True)

    page.goto(f"{site}/roll/")

    assert page.locator("h1").inner_text() == "没有网络"


def test_files_of_an_older_version_go(visit, page):
    visit()
    page.evaluate("caches.open('files-of-before')")

    page.evaluate(
        """async () => {
            const worker = await navigator.serviceWorker.getRegistration();
            await worker.unregister();
        }"""
    )
    visit()
    page.evaluate(
        """async () => {
            while (await caches.has("files-of-before")) await new Promise((a) => setTimeout(a, 50));
        }"""
    )

    assert len(page.evaluate("caches.keys()")) == 2
