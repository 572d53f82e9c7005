"""Reading QR codes, maps, sharing, and the page on a projector, in Chromium."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.urls("linbang.foundation.shell.tests.urls")]

# Headless Chromium on Linux has no reader of its own; where one has, the vendored one is meant.
WITHOUT_OWN_READER = "delete window.BarcodeDetector"
OWN_READER = """window.BarcodeDetector = class {
    static getSupportedFormats() { return Promise.resolve(["qr_code"]) }
    detect() { return Promise.resolve([{ rawValue: "135790" }]) }
}"""


@pytest.fixture
def scanning(opened, page):
    """Open the page that scans, without a reader of the browser's own."""
    page.add_init_script(WITHOUT_OWN_READER)
    return lambda query="": opened(f"/scan/?{query}")


def test_camera_leads_to_our_own_address(scanning, camera, site):
    # Printed on a poster of before the site had https.
    camera.show(f"{site}/design/?code=123456#x")

    page = scanning("path=/design/")
    page.wait_for_url("**/design/?code=123456")

    assert page.url == f"{site}/design/?code=123456"


@pytest.mark.parametrize(
    "text",
    [
        "https://elsewhere.example/design/?code=123456",
        "{site}/plain/",
        "{site}//elsewhere.example/design/",
        "javascript:alert(1)",
    ],
)
def test_code_of_something_else_leads_nowhere(scanning, camera, site, text):
    camera.show(text.format(site=site))

    page = scanning("path=/design/")
    page.get_by_text("这不是这里要用的二维码。").wait_for()

    assert page.url == f"{site}/scan/?path=/design/"


def test_digits_before_the_camera_fill_and_send_the_form(scanning, camera):
    camera.show("246810")

    page = scanning("into=%23code")
    page.wait_for_url("**/design/?code=246810")

    assert page.url.endswith("/design/?code=246810")


def test_field_refuses_what_is_no_code(scanning, camera):
    camera.show("24681x")

    page = scanning("into=%23code")
    page.get_by_text("这不是这里要用的二维码。").wait_for()

    assert page.locator("#code").input_value() == ""


def test_page_hears_what_was_scanned_once(scanning, camera, page):
    camera.show("anything at all")
    page.add_init_script(
        """window.heard = []; document.addEventListener("scanned", (event) => {
            heard.push(event.detail); document.body.dataset.heard = "" })"""
    )

    scanning()
    page.locator("body[data-heard]").wait_for()
    # Long enough for several more looks at the same code.
    page.wait_for_timeout(1500)

    assert page.evaluate("heard") == ["anything at all"]


def test_camera_rests_while_nobody_looks(scanning, camera):
    camera.show("anything at all")
    page = scanning()
    page.locator("video").wait_for()

    page.evaluate("window.track = document.querySelector('video').srcObject.getTracks()[0]")
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    hidden = page.evaluate("track.readyState"), page.locator("video").is_visible()
    page.evaluate("delete document.hidden")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.locator("video").wait_for()
    page.get_by_role("button", name="关闭摄像头").click()

    assert hidden == ("ended", False)
    assert not page.locator("video").is_visible()
    assert page.get_by_role("button", name="打开摄像头扫码").is_visible()


def test_photo_is_read_where_the_camera_is_refused(scanning, camera, context, site):
    # Granting something else refuses the camera.
    context.clear_permissions()
    context.grant_permissions(["geolocation"])
    # Without a camera at all the browser says so, and asks nobody.
    camera.show("anything at all")
    page = scanning("path=/design/")

    page.get_by_role("button", name="打开摄像头扫码").click()
    page.get_by_text("没有得到使用摄像头的许可").wait_for()
    photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": camera.picture("nothing of ours")}
    page.locator("[type=file]").set_input_files(photo)
    page.get_by_text("这不是这里要用的二维码。").wait_for()
    ours = {**photo, "buffer": camera.picture(f"{site}/design/?code=1")}
    page.locator("[type=file]").set_input_files(ours)
    page.wait_for_url("**/design/?code=1")

    assert page.url == f"{site}/design/?code=1"


def test_photo_without_a_code_says_so(scanning, page):
    scanning("path=/design/")
    shot = page.screenshot(type="jpeg")

    page.locator("[type=file]").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": shot}
    )

    page.get_by_text("照片里没有找到二维码").wait_for()


def test_reader_of_the_browsers_own_comes_first(opened, page, camera):
    camera.show("ignored")
    page.add_init_script(OWN_READER)
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    opened("/scan/?into=%23code")
    page.wait_for_url("**/design/?code=135790")

    assert [url for url in asked if "barcode" in url or "wasm" in url] == []


def test_digits_are_typed_where_nothing_can_be_scanned(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/scan/?path=/design/")

    offered = page.locator(".scanner button:visible, .scanner label:visible").count()
    page.get_by_label("六位数字").fill("123456")
    page.get_by_role("button", name="签到").click()

    assert offered == 0
    assert page.url.endswith("/design/?code=123456")
    context.close()


def test_points_of_the_map_lead_to_their_lines(opened):
    page = opened("/design/field/")
    point = page.get_by_role("button", name="2 菜市场路口")

    point.focus()
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.textContent") == "菜市场路口"
    assert page.locator(".map__line[data-lifted]").inner_text().startswith("2")
    assert page.locator(".map__point").count() == 4


def test_map_asks_nobody_else_for_pictures(opened, page, site):
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    opened("/design/field/")
    page.locator(".map__point").first.wait_for()

    assert [url for url in asked if not url.startswith((site, "data:"))] == []


def test_map_goes_where_the_reader_is(opened, page, context):
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": 22.8169, "longitude": 108.3189})
    opened("/design/field/")
    page.evaluate(
        "void (window.at = new Promise((tell) =>"
        " document.addEventListener('located', (event) => tell(event.detail))))"
    )

    page.get_by_role("button", name="我的附近").click()

    assert page.evaluate("at") == {"lat": 22.8169, "lon": 108.3189}
    assert page.locator(".map__here").count() == 1


def test_address_is_copied_where_it_cannot_be_shared(opened, page, context):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened("/design/field/")
    page.evaluate("navigator.share = undefined")

    page.get_by_role("link", name="分享").click()
    page.get_by_text("链接已复制").wait_for()

    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_sharing_hands_over_the_address(opened, page):
    opened("/design/field/")
    page.evaluate("navigator.share = (what) => { window.shared = what; return Promise.resolve() }")

    page.get_by_role("link", name="分享").click()

    assert page.evaluate("shared") == {
        "title": "社区环境清洁日",
        "text": "一起来吧",
        "url": page.url,
    }


def test_projector_fills_the_screen_and_stays_awake(opened, page):
    page.add_init_script(
        "window.awake = new Promise((tell) => { navigator.wakeLock.request ="
        " (kind) => Promise.resolve(tell(kind)) })"
    )
    opened("/design/kiosk/", size=(1440, 900))
    button = page.get_by_role("button", name="全屏")

    button.click()

    assert page.evaluate("awake") == "screen"
    assert page.evaluate("document.fullscreenElement.tagName") == "HTML"
    assert button.get_attribute("aria-pressed") == "true"


def test_code_that_no_longer_changes_is_dimmed(opened, page, context):
    opened("/design/kiosk/", size=(1440, 900))
    warning = page.get_by_text("屏幕上的码已停止更新")

    before = warning.is_visible()
    context.set_offline(True)
    warning.wait_for()
    context.set_offline(False)
    page.evaluate("htmx.ajax('GET', location.pathname, { target: '#code', select: '#code' })")
    warning.wait_for(state="hidden")

    assert before is False
    assert page.locator("html[data-stale]").count() == 0


@pytest.mark.parametrize("answer", ["/missing/", "/plain/"], ids=["error", "led-elsewhere"])
def test_nothing_else_takes_the_place_of_the_code(opened, page, site, answer):
    opened("/design/kiosk/", size=(1440, 900))

    def lead(route):
        if answer == "/plain/":
            route.fulfill(status=302, headers={"Location": site + answer})
        else:
            route.fulfill(status=404, body="<p>gone</p>")

    page.route("**/design/kiosk/", lead)
    page.evaluate("htmx.ajax('GET', location.pathname, { target: '#code', select: '#code' })")
    page.get_by_text("屏幕上的码已停止更新").wait_for()

    assert page.locator("#code svg").count() == 1


def test_sunlight_is_switched_at_once_and_kept(opened, page):
    opened("/design/field/")

    with page.expect_response("**/preferences/"):
        page.get_by_role("button", name="阳光下").click()
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.reload()

    assert colour == "rgb(255, 255, 255)"
    assert page.locator("html").get_attribute("data-sunlight") == "on"
