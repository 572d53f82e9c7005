"""Pages only these tests ask for, beside the product's own."""

import json
from types import SimpleNamespace

from django.http import Http404, HttpResponse, JsonResponse
from django.template import engines
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from linbang.foundation.errors import NotAllowed, Refused
from linbang.foundation.shell import views
from linbang.foundation.shell.gates import kept_offline, with_camera

# What reached the server, once for each key: (account, what was done).
DEEDS: dict[str, tuple[str, str]] = {}
ATTEMPTS: list[str] = []
# Statuses to answer with first, as a server does that is being restarted.
BUSY: list[int] = []

ROLL = """{% extends "shell/page.html" %}{% load browser %}
{% block title %}点名{% endblock %}{% block heading %}点名{% endblock %}
{% block content %}{% queue %}<p>已到 {{ count }} 人</p>
<form method="post" action="/deed/" id="walk-in" data-behaviour="queued" data-reset>{% csrf_token %}
<label>姓名<input name="who"></label><label>照片<input type="file" name="photo"></label>
<button class="button">登记</button></form>{% for who in names %}
<form method="post" action="/deed/" id="roll-{{ who }}" data-behaviour="queued">
{% csrf_token %}<input type="hidden" name="who" value="{{ who }}">
<button class="button">{{ who }}</button></form>{% endfor %}{% endblock %}"""
SCAN = """{% extends "shell/page.html" %}{% load browser %}
{% block title %}扫码{% endblock %}{% block heading %}扫码{% endblock %}
{% block content %}{% scanner path=path into=into %}
<form action="/design/"><label>六位数字<input id="code" name="code" pattern="[0-9]{6}"></label>
<button class="button">签到</button></form>{% endblock %}"""
EXPRESS = """{% extends "shell/page.html" %}{% load browser %}
{% block title %}报名{% endblock %}{% block heading %}报名{% endblock %}
{% block content %}<form method="post" action="/deed/">{% csrf_token %}
<input type="hidden" name="key" value="k-1"><input type="hidden" name="who" value="{{ who }}">
{% express "/api/v1/deed" token "/plain/?done=00000000-0000-0000-0000-000000000000" %}
<button class="button">报名</button></form>{% endblock %}"""
PLAIN = """{% extends "shell/page.html" %}{% block title %}平常{% endblock %}
{% block heading %}平常{% endblock %}"""


class ActorOfCookie:
    """Stand in for access: whose browser this is stands in a cookie, `as=7`."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        account = request.COOKIES.get("as")
        request.actor = SimpleNamespace(account_id=account, is_signed_in=bool(account))
        return self.get_response(request)


def shown(request, source, **context):
    return HttpResponse(engines["django"].from_string(source).render(context, request))


def refusing(request):
    raise NotAllowed


class Hasty(Refused):
    """For these tests alone."""

    status = 429
    retry_after_seconds = 30


def hasty(request):
    raise Hasty


def missing(request):
    raise Http404


@kept_offline
def roll(request):
    names = request.GET.get("names", "甲,乙,丙").split(",")
    return shown(request, ROLL, names=names, count=len(DEEDS))


@with_camera
def scan(request):
    return shown(request, SCAN, path=request.GET.get("path", ""), into=request.GET.get("into", ""))


def express(request):
    token = request.GET.get("token", "a-pass")
    return shown(request, EXPRESS, who=request.GET.get("who", "甲"), token=token)


def fast_deed(request):
    told, key = json.loads(request.body), request.headers["Idempotency-Key"]
    ATTEMPTS.append(key)
    if BUSY:
        status = BUSY.pop(0)
        return HttpResponse(status=status, headers={"Retry-After": "1"} if status == 503 else {})
    assert request.headers["Authorization"] == "Bearer a-pass"
    DEEDS.setdefault(key, ("", f"{told['who']} fast"))
    return JsonResponse({"id": "7"}, status=201)


def plain(request):
    return shown(request, PLAIN)


def deed(request):
    key, who = request.headers.get("Idempotency-Key", "by form"), request.POST["who"]
    ATTEMPTS.append(key)
    if BUSY:
        return HttpResponse(status=BUSY.pop(0))
    if who == "坏":
        raise NotAllowed
    photo = request.FILES.get("photo")
    what = f"{who} {photo.name} {photo.size}" if photo else who
    DEEDS.setdefault(key, (request.COOKIES.get("as", ""), what))
    return JsonResponse({"who": who})


urlpatterns = [
    path("", include("linbang.foundation.shell.urls")),
    path("refusing/", refusing),
    path("hasty/", hasty),
    path("missing/", missing),
    path("roll/", roll),
    path("scan/", scan),
    path("plain/", plain),
    path("express/", express),
    path("api/v1/deed", csrf_exempt(fast_deed)),
    path("deed/", deed),
    path("api/v1/thing", lambda request: JsonResponse({"kept": False})),
]
handler404 = views.page_not_found
handler500 = views.server_error
