from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted, signed_in
from linbang.operations.service import actions, queries
from linbang.operations.service.choices import IncidentKind
from linbang.operations.service.forms.field_work import (
    IncidentDetailsForm,
    IncidentForm,
    PhotoForm,
)

ROWS_A_PAGE = 20


@signed_in
@never_cache
def incident_new(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    activity = get_object_or_404(
        queries.activities_reported_by(request.actor), public_id=activity_id
    )
    now = clock.now()
    blank = {
        "key": str(uuid4()),
        "happened_at": now,
        "place": activity.place_name,
        "kind": IncidentKind.INJURY,
    }
    form = IncidentForm(request.POST or None, initial=blank)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            incident = actions.report_incident(
                activity_id=activity.pk,
                kind=IncidentKind(form.cleaned_data["kind"]),
                details=form.details(),
                happened_at=form.cleaned_data["happened_at"],
                key=form.cleaned_data["key"] or str(uuid4()),
                by=request.actor,
                now=now,
            )
            messages.success(request, _("已报告，负责人和社区马上会收到通知。"))
            return redirect("service:incident", incident_id=incident.public_id)
    context = {"activity": activity, "form": form}
    return render(request, "service/incident_new.html", context, status=form.status)


@require_GET
@signed_in
@never_cache
def incident(request: MemberRequest, incident_id: UUID) -> HttpResponse:
    return _page(request, incident_id)


@require_POST
@signed_in
def incident_details(request: MemberRequest, incident_id: UUID) -> HttpResponse:
    get_object_or_404(queries.incidents_visible_to(request.actor), public_id=incident_id)
    form = IncidentDetailsForm(request.POST)
    if form.is_valid():
        with form.refusals():
            done = actions.amend_incident(
                incident=incident_id,
                details=form.details(),
                complete="complete" in request.POST,
                by=request.actor,
                now=clock.now(),
            )
            messages.success(
                request,
                _("报告已填报完成。") if done.completed_at else _("已保存，还没有完成填报。"),
            )
            return redirect("service:incident", incident_id=incident_id)
    return _page(request, incident_id, details=form)


@require_POST
@signed_in
def photos(request: MemberRequest, incident_id: UUID) -> HttpResponse:
    get_object_or_404(queries.incidents_visible_to(request.actor), public_id=incident_id)
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        with form.refusals():
            actions.add_photo(
                incident=incident_id, content=form.content(), by=request.actor, now=clock.now()
            )
            messages.success(request, _("照片已保存。"))
            return redirect("service:incident", incident_id=incident_id)
    return _page(request, incident_id, photo=form)


@require_GET
@signed_in
@never_cache
def photo(request: MemberRequest, incident_id: UUID, photo_id: UUID) -> HttpResponse:
    media_type, content = actions.see_photo(
        incident=incident_id, photo=photo_id, by=request.actor, now=clock.now()
    )
    response = HttpResponse(content, content_type=media_type)
    # A picture and nothing else, whatever a browser might make of its bytes.
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Content-Disposition"] = "inline"
    return response


@require_GET
@permitted(Permission.LEAD_SHIFTS)
@never_cache
def console_incidents(request: MemberRequest) -> HttpResponse:
    incidents = queries.incidents_visible_to(request.actor)
    page = Paginator(incidents, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "incomplete": queries.incomplete(incidents).count(),
        "now": clock.now(),
    }
    return render(request, "service/console_incidents.html", context)


def _page(
    request: MemberRequest,
    incident_id: UUID,
    *,
    details: IncidentDetailsForm | None = None,
    photo: PhotoForm | None = None,
) -> HttpResponse:
    now = clock.now()
    found = actions.see_incident(incident=incident_id, by=request.actor, now=now)
    told = {name: getattr(found, name) for name in IncidentDetailsForm.base_fields}
    refused = details or photo
    return render(
        request,
        "service/incident.html",
        {
            "incident": found,
            "photos": queries.photos_of(found),
            "is_overdue": queries.is_incident_overdue(found, now),
            "form": details or IncidentDetailsForm(initial=told),
            "photo_form": photo or PhotoForm(),
            "now": now,
        },
        status=refused.status if refused else 200,
    )
