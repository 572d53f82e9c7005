from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.operations.service import actions, queries, rules
from linbang.operations.service.forms.shifts import ObjectionForm

ROWS_A_PAGE = 20


@require_GET
@signed_in
@never_cache
def shifts(request: MemberRequest) -> HttpResponse:
    now = clock.now()
    actor = request.actor
    page = Paginator(queries.shifts_behind(actor, now), ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    received = queries.under_way_or_ahead(queries.visits_received_by(actor), now)
    return render(
        request,
        "service/plan_list.html",
        {
            "plans": queries.plans_of(actor, now),
            "received": queries.visit_rows(received, now),
            "past": queries.shift_cards(page, actor, now),
            "page": page,
            "leads": queries.leads_something(actor, now),
            "desks": queries.desks_of(actor, now)[:3] if page.number == 1 else (),
        },
    )


@require_GET
@signed_in
@never_cache
def shift(request: MemberRequest, sign_up_id: UUID) -> HttpResponse:
    return _page(request, sign_up_id, ObjectionForm())


@require_POST
@signed_in
def objection(request: MemberRequest, sign_up_id: UUID) -> HttpResponse:
    sign_up = get_object_or_404(
        queries.shifts_of(request.actor), public_id=sign_up_id, absence__isnull=False
    )
    form = ObjectionForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.object_to_absence(
                absence=sign_up.absence.public_id,
                text=form.cleaned_data["text"],
                by=request.actor,
                now=clock.now(),
            )
            messages.success(request, _("已经说明，负责人会看到并答复您。"))
            return redirect("service:shift", sign_up_id=sign_up_id)
    return _page(request, sign_up_id, form)


@require_GET
@signed_in
def shift_calendar(request: MemberRequest, sign_up_id: UUID) -> HttpResponse:
    sign_up = get_object_or_404(
        queries.shifts_of(request.actor).select_related("shift__calendar_revision"),
        public_id=sign_up_id,
    )
    entry = queries.calendar_entry(sign_up, origin=request.build_absolute_uri("/").rstrip("/"))
    response = HttpResponse(
        rules.calendar_text([entry], name=entry.title), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="linbang-{sign_up_id}.ics"'
    return response


def _page(request: MemberRequest, sign_up_id: UUID, form: ObjectionForm) -> HttpResponse:
    sign_up = get_object_or_404(queries.shifts_of(request.actor), public_id=sign_up_id)
    card = queries.shift_card(sign_up, request.actor, clock.now())
    return render(request, "service/shift.html", {"card": card, "form": form}, status=form.status)
