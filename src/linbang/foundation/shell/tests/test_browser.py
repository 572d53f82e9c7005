import pytest
from axe_playwright_python.sync_playwright import Axe

from linbang.foundation.shell.rules import WORDS

pytestmark = [pytest.mark.browser, pytest.mark.urls("linbang.foundation.shell.tests.urls")]

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PHONE, NARROW, DESK = (390, 844), (320, 700), (1440, 900)
LARGEST = {"lb_text": "largest"}
ELDER = {"lb_elder": "on"}
DARK = {"lb_theme": "dark"}
SUNLIGHT = {"lb_sunlight": "on", "lb_theme": "dark"}


@pytest.mark.parametrize(
    ("path", "size", "cookies"),
    [
        ("/design/", PHONE, {}),
        ("/design/", PHONE, DARK | ELDER),
        ("/design/", NARROW, LARGEST | ELDER | {"django_language": "en"}),
        ("/design/console/", NARROW, LARGEST),
        ("/design/console/", DESK, {}),
        ("/design/console/", DESK, DARK | LARGEST),
        ("/design/field/", PHONE, DARK | {"as": "7"}),
        ("/design/field/", PHONE, SUNLIGHT),
        ("/design/field/", NARROW, LARGEST | {"django_language": "en"}),
        ("/design/field/", NARROW, LARGEST | ELDER),
        ("/design/field/", DESK, {}),
        ("/design/kiosk/", DESK, DARK),
        ("/design/kiosk/", NARROW, LARGEST),
        ("/offline/", NARROW, {}),
    ],
)
def test_every_component_is_accessible_and_fits(opened, path, size, cookies):
    page = opened(path, size, cookies)

    violations = Axe().run(page, options=WCAG).response["violations"]
    overflow = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )

    assert [(found["id"], found["nodes"][0]["html"]) for found in violations] == []
    assert overflow == 0


def test_elder_mode_has_large_text_and_large_targets(opened):
    """Source: programme rule 101: text 18 px or more, targets 60 × 60."""
    page = opened("/design/", PHONE, ELDER)

    text = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    heights = page.eval_on_selector_all(
        "main .button, main .action, main .choice, .tabbar__link, .elder-switch button",
        "all => all.map(one => one.getBoundingClientRect().height)",
    )

    assert text == 20
    assert min(heights) >= 60


def test_theme_changes_at_once_and_is_kept(opened):
    page = opened("/design/console/", DESK)
    page.locator(".chart__canvas canvas").first.wait_for()

    page.locator(".preferences__more > summary").click()
    with page.expect_response("**/preferences/") as kept:
        page.get_by_role("button", name="深色").click()
    shown = page.locator("html").get_attribute("data-theme")
    page.reload()

    assert (shown, kept.value.status) == ("dark", 204)
    assert page.locator("html").get_attribute("data-theme") in WORDS["theme"][2:]


def test_choices_answer_to_their_digits(opened):
    page = opened("/design/console/", DESK)

    page.locator("form[data-behaviour=keyboard] fieldset").wait_for()
    page.keyboard.press("2")

    assert page.locator("[name=service]:checked").get_attribute("value") == "clean"


def test_question_is_asked_before_a_form_leaves(opened):
    page = opened("/design/", PHONE)

    page.get_by_role("button", name="提交").click()
    asked = page.locator("#confirm").is_visible()
    page.get_by_role("button", name="再想想").click()
    stayed = page.url
    page.get_by_role("button", name="提交").click()
    page.get_by_role("button", name="确定").click()
    page.wait_for_url("**/design/?*")

    assert asked
    assert stayed.endswith("/design/")
    assert page.evaluate("document.activeElement.name") == "service"


def test_console_menu_opens_and_closes_without_script(browser, site):
    context = browser.new_context(
        java_script_enabled=False, locale="zh-CN", viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    page.goto(site + "/design/console/")
    menu = page.locator(".side__list")

    before = menu.is_visible()
    page.get_by_label("打开菜单").click()
    opened = menu.is_visible()
    page.get_by_label("关闭菜单").click()

    assert (before, opened, menu.is_visible()) == (False, True, False)
    context.close()
