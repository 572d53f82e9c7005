"""Forms that go through the fast door, and as forms where that has no answer, in Chromium."""

import pytest

from linbang.foundation.shell.tests.urls import ATTEMPTS, BUSY, DEEDS

pytestmark = [pytest.mark.browser, pytest.mark.urls("linbang.foundation.shell.tests.urls")]


@pytest.fixture(autouse=True)
def _nothing_done_yet():
    for memory in (ATTEMPTS, BUSY, DEEDS):
        memory.clear()


def press(page):
    page.get_by_role("button", name="报名", exact=True).click()


def done():
    return [what for _, what in DEEDS.values()]


def test_pressed_form_goes_fast_and_leads_on(opened):
    page = opened("/express/")

    press(page)
    page.wait_for_url("**/plain/?done=7")

    assert (ATTEMPTS, done()) == (["k-1"], ["甲 fast"])


def test_crowd_before_the_door_is_waited_for_under_the_same_key(opened):
    BUSY[:] = [503, 503]
    page = opened("/express/")

    press(page)
    page.get_by_text("正在为您排队").wait_for()
    press(page)
    page.wait_for_url("**/plain/?done=7")

    assert (ATTEMPTS, done()) == (["k-1"] * 3, ["甲 fast"])


@pytest.mark.parametrize("status", [401, 409, 422, 500, 502])
def test_any_other_answer_sends_the_form_as_a_form(opened, status):
    BUSY[:] = [status]
    page = opened("/express/")

    press(page)
    page.wait_for_url("**/deed/")

    assert (ATTEMPTS, done()) == (["k-1", "by form"], ["甲"])


def test_no_answer_sends_the_form_as_a_form(opened, page):
    page.route("**/api/v1/deed", lambda route: route.abort())
    opened("/express/")

    press(page)
    page.wait_for_url("**/deed/")

    assert done() == ["甲"]


def test_without_a_pass_or_without_script_a_form_is_a_form(opened, browser, site):
    page = opened("/express/?token=")
    press(page)
    page.wait_for_url("**/deed/")
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"{site}/express/")
    press(plain)
    plain.wait_for_url("**/deed/")
    context.close()

    assert ATTEMPTS == ["by form", "by form"]
