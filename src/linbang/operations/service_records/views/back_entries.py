"""Service entered afterwards: the form, what became of it, and the proof."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.operations.service_records import actions, queries
from linbang.operations.service_records.forms.back_entries import (
    BackEntryForm,
    UnlistedEntryForm,
)

ROWS_A_PAGE = 20


@require_GET
@signed_in
def back_entries(request: MemberRequest) -> HttpResponse:
    found = queries.entries_visible_to(request.actor)
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    may_enter = queries.units_to_enter_for(request.actor).exists()
    if not (may_enter or page.paginator.count):
        raise Http404
    context = {"page": page, "entries": queries.entry_rows(page), "may_enter": may_enter}
    return render(request, "service_records/back_entry_list.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
@never_cache
def new(request: MemberRequest) -> HttpResponse:
    """Enter service at an activity that never was in the system."""
    units = [(str(one.public_id), one.name) for one in queries.units_to_enter_for(request.actor)]
    if not units:
        raise Http404
    form = UnlistedEntryForm(request.POST or None, request.FILES or None, units=units)
    return _entered(request, form) or _form_page(request, form)


@require_http_methods(["GET", "POST"])
@signed_in
@never_cache
def of_activity(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    """Enter service at an activity that is known, after its roll."""
    activity = get_object_or_404(queries.activities_to_enter(request.actor), public_id=activity_id)
    form = BackEntryForm(request.POST or None, request.FILES or None)
    return _entered(request, form, activity_id) or _form_page(request, form, activity=activity)


@require_GET
@signed_in
def back_entry(request: MemberRequest, entry_id: UUID) -> HttpResponse:
    found = queries.entry_visible_to(request.actor, entry_id)
    sheet = queries.entry_sheet(found)
    return render(request, "service_records/back_entry.html", {"sheet": sheet})


@require_GET
@signed_in
@never_cache
def proof(request: MemberRequest, entry_id: UUID) -> HttpResponse:
    media_type, content = actions.see_proof(entry=entry_id, by=request.actor, now=clock.now())
    response = HttpResponse(content, content_type=media_type)
    # A file to look at and nothing else, whatever a browser might make of its bytes.
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    is_picture = media_type.startswith("image/")
    response["Content-Disposition"] = "inline" if is_picture else 'attachment; filename="proof.pdf"'
    return response


def _entered(
    request: MemberRequest, form: BackEntryForm, activity_id: UUID | None = None
) -> HttpResponse | None:
    if not form.is_valid():
        return None
    with form.refusals():
        entry = actions.enter_afterwards(
            order=form.order(activity_id), by=request.actor, now=clock.now()
        )
        messages.success(request, _("已提交，审核后生效。"))
        return redirect("service_records:back_entry", entry_id=entry.public_id)
    return None


def _form_page(request: MemberRequest, form: BackEntryForm, **context: object) -> HttpResponse:
    context |= {"form": form}
    return render(request, "service_records/back_entry_new.html", context, status=form.status)
