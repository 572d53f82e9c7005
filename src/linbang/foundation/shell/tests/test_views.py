import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory, override_settings

from linbang.foundation.shell import views

pytestmark = [pytest.mark.urls("linbang.foundation.shell.tests.urls"), pytest.mark.django_db]

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
