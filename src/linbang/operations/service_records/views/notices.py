"""Hours on public notice, and what is said against them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.operations.service_records import actions, queries
from linbang.operations.service_records.forms.records import (
    ClaimForm,
)


@require_GET
def notice(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """Show everybody whose hours an activity is about to leave, masked (rule 44)."""
    activity = queries.activity_on_notice(activity_id)
    lines = queries.notice_lines(activity, clock.now())
    return render(request, "service_records/notice.html", {"activity": activity, "lines": lines})


@require_http_methods(["GET", "POST"])
@signed_in
def objection(request: MemberRequest, record_id: UUID) -> HttpResponse:
    """Object to hours that are on notice."""
    found = queries.record_on_notice(record_id, clock.now())
    activity = queries.activity_of(found)
    activity_id = activity.public_id if activity else None
    form = ClaimForm(request.POST or None)
    if form.is_valid():
        with form.refusals():
            actions.claim_record(
                record_id=found.id, by=request.actor, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("已记下，服务站核实后答复您。"))
            return redirect("service_records:notice", activity_id)
    return render(
        request,
        "service_records/objection.html",
        {
            "line": queries.notice_line(found),
            "activity_id": activity_id,
            "form": form,
        },
        status=form.status,
    )
