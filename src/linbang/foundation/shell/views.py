from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.shell import forms, rules
from linbang.foundation.shell.middleware import notice_or_page
from linbang.foundation.shell.templatetags.shell import styles

YEAR_SECONDS = 365 * 24 * 3600
DESIGN_TABS: list[tuple[Any, str, dict[str, Any]]] = [
    (_("首页"), "home", {}),
    (_("求助"), "heart-handshake", {"badge": 2}),
    (_("扫码"), "qrcode", {"primary": True}),
    (_("志愿者"), "users", {}),
    (_("我的"), "user", {}),
]
DESIGN_CHARTS = {
    "trend": {
        "kind": "bar",
        "labels": ["06", "07", "08", "09", "10", "11"],
        "series": [
            {"name": _("服务时长"), "values": [2210, 2480, 2975, 2850, 3036, 3418]},
            {"name": _("参与人次"), "values": [820, 910, 1190, 1105, 1240, 1377], "kind": "line"},
        ],
    },
    "shares": {
        "kind": "pie",
        "labels": [_("敬老助老"), _("环境保护"), _("阳光助学"), _("平安巡逻"), _("文体活动")],
        "series": [{"name": _("次数"), "values": [38, 24, 16, 14, 8]}],
    },
}


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    response = _way_back(request)
    for name, value in rules.preference_cookies(request.POST).items():
        _set_cookie(response, name, value)
    if request.POST.get("language") in dict(settings.LANGUAGES):
        _set_cookie(response, settings.LANGUAGE_COOKIE_NAME, request.POST["language"])
    return response


def _way_back(request: HttpRequest) -> HttpResponse:
    """Answer a script with nothing, a form with the page it came from, never another site."""
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(target if safe else "/")


def _set_cookie(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=YEAR_SECONDS,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )


@require_GET
@gzip_page
@cache_control(public=True, max_age=YEAR_SECONDS, immutable=True)
def stylesheet(request: HttpRequest, digest: str) -> HttpResponse:
    # An old page may ask for old styles: today's serve it better than none.
    return HttpResponse(styles(), content_type="text/css; charset=utf-8")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return notice_or_page(request, "shell/400.html", {}, status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return notice_or_page(request, "shell/403.html", {}, status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return notice_or_page(request, "shell/404.html", {}, status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return notice_or_page(request, "shell/403_csrf.html", {}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    # Whatever broke may break again: this page asks no context processor and no database.
    page = "shell/500_notice.html" if request.headers.get("HX-Request") else "shell/500.html"
    content = render_to_string(page, {"language_code": translation.get_language()})
    response = HttpResponse(content, status=500)
    if request.headers.get("HX-Request"):
        response.headers["HX-Retarget"] = "#notices"
    return response


@require_GET
def design(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    tabs = [
        {"label": label, "icon": icon, "url": f"#{icon}", "current": icon == "home", **more}
        for label, icon, more in DESIGN_TABS
    ]
    context = {
        "form": forms.DesignForm(request.GET or None),
        "tabs": tabs,
        "inbox_url": "#inbox",
        "inbox_unread": 3,
        "starts": now + timedelta(days=1),
        "ends": now + timedelta(days=1, minutes=80),
        "timeline": [
            {"title": _("求助已登记"), "at": now - timedelta(hours=3), "state": "done"},
            {"title": _("正在找志愿者"), "note": _("已问 2 位邻居"), "state": "now"},
            {"title": _("上门服务"), "state": "todo"},
        ],
    }
    return render(request, "shell/design.html", context)


@require_GET
def design_console(request: HttpRequest) -> HttpResponse:
    nav = [
        {"label": label, "icon": icon, "url": f"#{icon}", "current": icon == "users", **more}
        for label, icon, more in DESIGN_TABS
    ]
    rows = [
        {"name": name, "place": _("第3网格"), "minutes": 90 * number, "state": _("正常")}
        for number, name in enumerate("甲乙丙丁戊己庚辛")  # untranslated: sample names
    ]
    context = {
        "nav": nav,
        "crumbs": [{"label": _("新竹街道"), "url": "#up"}, {"label": _("志愿者")}],
        "search_url": "#search",
        "who": {"name": _("张主任"), "role": _("街道工作人员"), "url": "#me"},
        "inbox_url": "#inbox",
        "charts": DESIGN_CHARTS,
        "page": Paginator(rows, 5).get_page(request.GET.get("page")),
        "form": forms.DesignForm(),
    }
    return render(request, "shell/design_console.html", context)
