from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.foundation.messaging import actions, queries

LINES_A_PAGE = 20


@require_GET
@signed_in
def inbox(request: MemberRequest) -> HttpResponse:
    notices = queries.notices_of(request.actor)
    page = Paginator(notices, LINES_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "messaging/inbox_list.html",
        {
            "page": page,
            "lines": [queries.line_of(notice) for notice in page],
            "unread": queries.unread_count(request.actor),
        },
    )


@require_POST
@signed_in
def reading(request: MemberRequest, notice_id: UUID) -> HttpResponse:
    notice = get_object_or_404(queries.notices_of(request.actor), public_id=notice_id)
    actions.mark_read(public_id=notice_id, by=request.actor, now=clock.now())
    # Only within this site, whatever a template of tomorrow puts there.
    is_ours = url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
    return redirect(notice.url if is_ours else "messaging:inbox")


@require_POST
@signed_in
def reading_all(request: MemberRequest) -> HttpResponse:
    count = actions.mark_all_read(by=request.actor, now=clock.now())
    messages.success(
        request,
        ngettext("%(count)s 条已标为已读。", "%(count)s 条已标为已读。", count) % {"count": count},
    )
    return redirect("messaging:inbox")


@require_GET
@never_cache
def outbox(request: HttpRequest) -> HttpResponse:
    if not queries.shows_outbox():
        raise Http404
    return render(request, "messaging/outbox_list.html", {"lines": queries.latest_messages()})
