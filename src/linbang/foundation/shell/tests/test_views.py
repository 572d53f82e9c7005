import json
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings

from linbang.foundation.shell import queries, views
from linbang.foundation.shell.gates import kept_offline
from linbang.foundation.shell.middleware import BrowserMiddleware

pytestmark = [pytest.mark.urls("linbang.foundation.shell.tests.urls"), pytest.mark.django_db]

PROBLEM = "application/problem+json"
LEADER = SimpleNamespace(account_id=7, is_signed_in=True)
REFUSAL = "您没有这项操作的权限，请联系所在社区服务站。"


def cookies_of(response):
    return {name: morsel.value for name, morsel in response.cookies.items() if name != "csrftoken"}


def test_preference_form_sets_its_cookie_and_goes_back(client):
    response = client.post("/preferences/", {"theme": "dark", "next": "/design/?a=1"})

    assert (response.status_code, response.url) == (302, "/design/?a=1")
    assert cookies_of(response) == {"lb_theme": "dark"}


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/", ""])
def test_way_back_never_leads_elsewhere(client, target):
    response = client.post("/preferences/", {"text": "large", "next": target})

    assert response.url == "/"


def test_script_gets_no_page_back(client):
    response = client.post("/preferences/", {"elder": "on"}, headers={"X-Requested-With": "fetch"})

    assert (response.status_code, response.content) == (204, b"")
    assert cookies_of(response) == {"lb_elder": "on"}


def test_language_of_the_cookie_is_spoken(client):
    client.post("/preferences/", {"language": "en"})

    response = client.get("/design/")

    assert response.headers["Content-Language"] == "en"
    assert '<html lang="en"' in response.text
    assert "Skip to content" in response.text


def test_unknown_language_is_not_kept(client):
    assert cookies_of(client.post("/preferences/", {"language": "xx"})) == {}


def test_traditional_chinese_reads_traditional(client):
    response = client.get("/design/", headers={"Accept-Language": "zh-TW"})

    assert '<html lang="zh-Hant"' in response.text
    assert "跳到正文" in response.text
    assert "長輩版" in response.text


def test_pages_vary_by_reader_and_styles_do_not(client):
    page = client.get("/design/")
    styles = client.get(page.text.split('rel="stylesheet" href="')[1].split('"')[0])

    assert {"Accept-Language", "Cookie", "HX-Request"} <= set(page.headers["Vary"].split(", "))
    assert "Accept-Language" not in styles.headers.get("Vary", "")


def test_preferences_reach_the_page(client):
    client.cookies["lb_theme"] = "dark"
    client.cookies["lb_elder"] = "on"

    response = client.get("/design/")

    assert 'data-theme="dark" data-text="large" data-elder="on"' in response.text


def test_preferences_cannot_be_set_by_a_link(client):
    assert client.get("/preferences/?theme=dark").status_code == 405


def test_demo_says_so_on_every_page(client):
    banner = '<p class="demo-banner"'

    assert banner in client.get("/design/").text
    assert banner in client.get("/design/console/").text
    with override_settings(LINBANG_DEMO=False):
        assert banner not in client.get("/design/").text


def test_refusal_becomes_a_page_with_its_status_and_a_way_back(client):
    response = client.post("/refusing/")

    assert response.status_code == 403
    assert REFUSAL in response.text
    assert 'data-refusal="not_allowed"' in response.text
    assert "返回上一页" in response.text


def test_refusal_becomes_a_fragment_for_htmx(client):
    response = client.post("/refusing/", headers={"HX-Request": "true"})

    assert response.status_code == 403
    assert response.headers["HX-Retarget"] == "#notices"
    assert REFUSAL in response.text
    assert "<html" not in response.text


def test_missing_page_shows_the_way_home(client):
    response = client.get("/missing/")

    assert response.status_code == 404
    assert "没有找到这一页" in response.text
    assert 'href="/"' in response.text


def test_broken_page_answers_without_asking_anything():
    request = RequestFactory().get("/")

    page = views.server_error(request)
    fragment = views.server_error(RequestFactory().get("/", headers={"HX-Request": "true"}))

    assert (page.status_code, fragment.status_code) == (500, 500)
    assert "<html" in page.text
    assert "<html" not in fragment.text
    assert fragment.headers["HX-Retarget"] == "#notices"


@pytest.mark.parametrize("view", [views.bad_request, views.permission_denied])
def test_other_errors_have_their_pages(rf, view):
    request = rf.get("/")
    request.user = AnonymousUser()
    request.session = {}

    response = view(request)

    assert response.status_code in {400, 403}
    assert "回首页" in response.text


def test_stale_form_says_what_to_do():
    response = Client(enforce_csrf_checks=True).post("/preferences/", {"theme": "dark"})

    assert response.status_code == 403
    assert "页面放得太久了" in response.text


@pytest.mark.parametrize(
    ("path", "status", "code", "detail"),
    [
        ("/refusing/", 403, "not_allowed", REFUSAL),
        ("/missing/", 404, "not_found", "它可能已被处理、地址有误，或者您无权查看。"),
    ],
)
def test_refusal_becomes_a_problem_for_our_scripts(client, path, status, code, detail):
    response = client.post(path, headers={"Accept": f"{PROBLEM}, text/html;q=0.5"})

    assert response.headers["Content-Type"] == PROBLEM
    assert response.json() == {
        "type": f"about:blank#{code}",
        "status": status,
        "code": code,
        "detail": detail,
    }


def test_stale_form_becomes_a_problem_too():
    response = Client(enforce_csrf_checks=True).post(
        "/preferences/", {"theme": "dark"}, headers={"Accept": PROBLEM}
    )

    assert (response.status_code, response.json()["code"]) == (403, "csrf_failed")


def test_waiting_tells_how_long_to_wait(client):
    response = client.post("/hasty/")

    assert (response.status_code, response.headers["Retry-After"]) == (429, "30")


def test_page_names_its_readers_account_and_nobody_can_tell_who(rf):
    request = rf.get("/")
    request.actor = LEADER

    page = BrowserMiddleware(lambda request: HttpResponse("<p>"))(request)

    key = page.headers["X-Account"]
    assert key == queries.account_key(request)
    assert len(key) == 32
    request.actor = SimpleNamespace(account_id=8, is_signed_in=True)
    assert queries.account_key(request) != key


def test_stranger_and_closed_account_have_no_name(client, rf):
    request = rf.get("/")
    request.actor = SimpleNamespace(account_id=7, is_signed_in=False)

    assert queries.account_key(request) == ""
    assert client.get("/design/").headers["X-Account"] == ""


@pytest.mark.parametrize("code", [302, 500])
def test_redirect_and_breakdown_name_nobody(rf, code):
    answer = BrowserMiddleware(lambda request: HttpResponse(status=code))(rf.get("/"))

    assert "X-Account" not in answer.headers


def test_answer_to_what_waited_names_its_sender(rf):
    request = rf.post("/")
    request.actor = LEADER
    request.META["HTTP_X_ACCOUNT"] = queries.account_key(request)

    answer = BrowserMiddleware(lambda request: HttpResponse(status=500))(request)

    assert answer.headers["X-Account"] == queries.account_key(request)


@pytest.mark.parametrize(
    ("actor", "code"),
    [
        (None, "not_signed_in"),
        (SimpleNamespace(account_id=8, is_signed_in=True), "another_account"),
    ],
)
def test_what_waited_for_another_account_is_not_taken(rf, actor, code):
    request = rf.post("/", headers={"X-Account": "0" * 32, "Accept": PROBLEM})
    request.actor = actor

    answer = BrowserMiddleware(pytest.fail)(request)

    assert (answer.status_code, json.loads(answer.content)["code"]) == (401, code)


def test_camera_and_decoder_are_allowed_on_pages_that_scan(client):
    scans, other = client.get("/design/field/"), client.get("/design/")

    assert "camera=(self)" in scans.headers["Permissions-Policy"]
    assert "'wasm-unsafe-eval'" in scans.headers["Content-Security-Policy"]
    assert "camera=()" in other.headers["Permissions-Policy"]
    assert "wasm" not in other.headers["Content-Security-Policy"]


def test_page_is_kept_only_where_its_view_says_so(client):
    kept, other = client.get("/design/field/"), client.get("/design/")

    assert kept.headers["X-Offline-Seconds"] == "50400"
    assert 'data-offline="/sw.js"' in kept.text
    assert "X-Offline-Seconds" not in other.headers
    assert "data-offline" not in other.text


def test_redirect_of_a_kept_page_is_not_kept(rf):
    answer = kept_offline(lambda request: HttpResponse(status=302))(rf.get("/"))

    assert "X-Offline-Seconds" not in answer.headers


def test_worker_is_always_asked_for_and_never_public(client):
    response = client.get("/sw.js")

    assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-cache"
    assert response.text.startswith('const FRAME = {"version": "')


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_page_without_network_asks_nothing_and_names_nobody(client, language):
    client.cookies["django_language"] = language

    response = client.get("/offline/")

    heading = {"zh-hans": "没有网络", "en": "No network"}[language]
    assert f"<h1>{heading}</h1>" in response.text
    assert "csrf" not in response.text


def test_calendar_of_the_guide_goes_where_its_address_says(client):
    page = client.get("/design/field/?month=2026-02&day=2026-02-14").text

    assert "2026年2月" in page
    assert 'href="?month=2026-01"' in page
    assert "<h3>2月14日 周六</h3>" in page or "<h3>2026年2月14日 周六</h3>" in page


def test_deed_of_the_guide_is_done_or_refused(client):
    done = client.post("/design/field/deed/", {"who": "1", "next": "/design/field/"})
    refused = client.post("/design/field/deed/", {"refuse": "1"})

    assert (done.status_code, done.url) == (302, "/design/field/")
    assert refused.status_code == 403


def test_projector_shows_a_code(client):
    assert "482 913" in client.get("/design/kiosk/").text
