from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.operations.service import actions, queries, rules


@require_safe
@signed_in
@never_cache
def calendar(request: MemberRequest) -> HttpResponse:
    return render(request, "service/calendar.html", {"feed": queries.feed_of(request.actor)})


@require_POST
@signed_in
@never_cache
def opening(request: MemberRequest) -> HttpResponse:
    # The secret is shown on this very answer and kept nowhere, so no redirect comes between.
    secret = actions.open_calendar(by=request.actor, now=clock.now())
    address = request.build_absolute_uri(reverse("service:calendar_feed", args=[secret]))
    context = {
        "feed": queries.feed_of(request.actor),
        "address": address,
        "webcal": address.replace("https:", "webcal:", 1).replace("http:", "webcal:", 1),
    }
    return render(request, "service/calendar.html", context)


@require_POST
@signed_in
def closing(request: MemberRequest) -> HttpResponse:
    actions.close_calendar(by=request.actor, now=clock.now())
    messages.success(request, _("订阅地址已停用，原来的日历不再更新。"))
    return redirect("service:calendar")


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Give a calendar program what it asks for by a secret address: no session, no cookie."""
    found = queries.feed_with(secret)
    if found is None:
        raise Http404
    origin = request.build_absolute_uri("/").rstrip("/")
    entries = queries.calendar_of(found.person_id, origin=origin, now=clock.now())
    content = rules.calendar_text(entries, name=_("邻帮：我的安排"))
    tag = rules.entity_tag(content)
    if tag in request.headers.get("If-None-Match", ""):
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["ETag"] = tag
    response["Cache-Control"] = "private, max-age=300"
    return response
