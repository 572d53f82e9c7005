from datetime import timedelta
from typing import Any

import segno
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
from linbang.foundation.errors import NotAllowed
from linbang.foundation.shell import forms, rules
from linbang.foundation.shell.gates import kept_offline, with_camera
from linbang.foundation.shell.middleware import notice_or_page
from linbang.foundation.shell.templatetags.browser import worker_source
from linbang.foundation.shell.templatetags.shell import styles, today

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
# A made-up quarter: three crossings and a station, two grids, their buildings.
DESIGN_POINTS: list[tuple[float, float, Any, Any, str]] = [
    (22.8190, 108.3180, _("东门路口"), _("缺 2 人"), "red"),
    (22.8172, 108.3214, _("菜市场路口"), _("已满"), "jade"),
    (22.8158, 108.3187, _("小学门口"), _("缺 1 人"), "gold"),
    (22.8179, 108.3162, _("服务站"), "", "blue"),
]
DESIGN_GRIDS: list[tuple[Any, list[list[float]]]] = [
    (_("第3网格"), [[22.82, 108.316], [22.82, 108.322], [22.8172, 108.322], [22.8172, 108.316]]),
    (_("第4网格"), [[22.8172, 108.316], [22.8172, 108.322], [22.815, 108.3205], [22.815, 108.316]]),
]  # fmt: skip
DESIGN_PLACES = {
    "points": [
        {"id": tone, "lat": lat, "lon": lon, "label": label, "note": note, "url": "#", "tone": tone}
        for lat, lon, label, note, tone in DESIGN_POINTS
    ],
    "outlines": [{"label": label, "ring": ring} for label, ring in DESIGN_GRIDS],
    "dots": [[22.8156 + 0.0009 * i, 108.3168 + 0.0011 * j] for i in range(5) for j in range(5)],
}
# Days from the first of the month, and what is on.
DESIGN_ENTRIES: list[tuple[int, str, Any, str]] = [
    (1, "08:30", _("路口文明劝导"), "red"),
    (1, "14:00", _("陪伴独居老人"), "jade"),
    (8, "08:30", _("路口文明劝导"), "red"),
    (13, "09:00", _("社区环境清洁日"), "jade"),
    (13, "10:00", _("义诊咨询台"), "blue"),
    (13, "15:00", _("亲子阅读"), "gold"),
    (13, "19:00", _("夜间巡逻"), "grey"),
    (15, "08:30", _("路口文明劝导"), "red"),
    (22, "09:00", _("消防演练"), "gold"),
]


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


@require_GET
@gzip_page
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    # At the root, since a worker sees only what lies below it.
    return HttpResponse(worker_source(), content_type="text/javascript; charset=utf-8")


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    # Kept on devices for whoever holds them: nothing on it is anybody's.
    context = {"language_code": translation.get_language(), "preferences": request.preferences}
    return HttpResponse(render_to_string("shell/offline.html", context))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return notice_or_page(request, "shell/400.html", {}, status=400, code="unreadable")


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return notice_or_page(request, "shell/403.html", {}, status=403, code="not_allowed")


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return notice_or_page(request, "shell/404.html", {}, status=404, code="not_found")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return notice_or_page(request, "shell/403_csrf.html", {}, status=403, code="csrf_failed")


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


@require_GET
@kept_offline
@with_camera
def design_field(request: HttpRequest) -> HttpResponse:
    month = rules.day_named(request.GET.get("month", ""), default=today()).replace(day=1)
    chosen = rules.day_named(request.GET.get("day", ""), default=month + timedelta(days=13))
    entries = [
        {
            "day": month + timedelta(days=days),
            "time": time,
            "title": title,
            "tone": tone,
            "url": "#entry",
        }
        for days, time, title, tone in DESIGN_ENTRIES
    ]
    context = {
        "places": DESIGN_PLACES,
        "month": month,
        "chosen": chosen,
        "entries": entries,
        "names": ["王强", "李秀英", "陈晓燕"],  # untranslated: sample names
        "share_url": request.build_absolute_uri(),
    }
    return render(request, "shell/design_field.html", context)


@require_GET
def design_kiosk(request: HttpRequest) -> HttpResponse:
    address = request.build_absolute_uri("/design/field/")
    code = segno.make(address, error="m").svg_inline(omitsize=True, border=2)
    return render(request, "shell/design_kiosk.html", {"qr": code, "code": "482 913"})


@require_POST
def design_deed(request: HttpRequest) -> HttpResponse:
    if "refuse" in request.POST:
        raise NotAllowed
    return _way_back(request)
