"""One's own records, and the word on those one received."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.operations.service_records import actions, queries
from linbang.operations.service_records.forms.records import (
    ClaimForm,
    ConfirmationForm,
)

ROWS_A_PAGE = 20


@require_GET
@signed_in
def records(request: MemberRequest) -> HttpResponse:
    page = Paginator(queries.records_earned_by(request.actor), ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    now = clock.now()
    day = queries.day_asked(request.GET.get("as_of"), now)
    to_confirm = queries.records_awaiting_answer(queries.records_received_by(request.actor))
    return render(
        request,
        "service_records/record_list.html",
        {
            "totals": queries.totals_on(request.actor.person_id, day, now),
            "day": day,
            "today": clock.local_date(now),
            "to_confirm": queries.record_rows(to_confirm[:ROWS_A_PAGE]),
            "records": queries.record_rows(page),
            "page": page,
        },
    )


@require_GET
@signed_in
def record(request: MemberRequest, record_id: UUID) -> HttpResponse:
    return _own_page(request, record_id, ClaimForm())


@require_POST
@signed_in
def claims(request: MemberRequest, record_id: UUID) -> HttpResponse:
    """Say that one's own record is not right (rule 43)."""
    found = get_object_or_404(queries.records_earned_by(request.actor), public_id=record_id)
    form = ClaimForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.claim_record(
                record_id=found.id, by=request.actor, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("已记下，服务站核实后答复您。"))
            return redirect("service_records:record", record_id=record_id)
    return _own_page(request, record_id, form)


def _own_page(request: MemberRequest, record_id: UUID, form: ClaimForm) -> HttpResponse:
    found = get_object_or_404(queries.records_earned_by(request.actor), public_id=record_id)
    lines = queries.claim_lines(found, by_id=request.actor.person_id)
    context = {
        "record": queries.record_row(found),
        "history": queries.history_of(found),
        "claims": lines,
        "flags": queries.flag_lines(found),
        "voids": queries.void_lines(found),
        "may_claim": all(line.outcome for line in lines),
        "claim_form": form,
    }
    return render(request, "service_records/record_detail.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
@signed_in
def confirmation(request: MemberRequest, record_id: UUID) -> HttpResponse:
    found = get_object_or_404(queries.records_received_by(request.actor), public_id=record_id)
    form = ConfirmationForm(request.POST or None)
    if form.is_valid():
        with form.refusals():
            actions.confirm_record(
                record_id=found.id, by=request.actor, now=clock.now(), **form.cleaned_data
            )
            return redirect("service_records:confirmation", record_id=record_id)
    return render(
        request,
        "service_records/record_confirm.html",
        {"record": queries.record_row(found), "form": form},
        status=form.status,
    )
