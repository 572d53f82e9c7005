"""The station's desk: calls, approvals, answers, corrections."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.operations.service_records import actions, queries
from linbang.operations.service_records.choices import RecordTab
from linbang.operations.service_records.forms.records import (
    AnswerForm,
    CallForm,
    ChosenForm,
    CorrectionForm,
    VerificationForm,
)

ROWS_A_PAGE = 20


@require_GET
@permitted(Permission.VERIFY_RECORDS)
def console_records(request: MemberRequest) -> HttpResponse:
    now = clock.now()
    tab = RecordTab.named(request.GET.get("tab"))
    page = Paginator(queries.records_on_tab(request.actor, tab, now), ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "service_records/console_records.html",
        {
            "tab": tab,
            "heaps": queries.heaps_of(request.actor, now),
            "records": queries.record_rows(page),
            "page": page,
            "today": clock.local_date(now),
        },
    )


@require_POST
@permitted(Permission.VERIFY_RECORDS)
def verifications(request: MemberRequest) -> HttpResponse:
    """Approve the ticked records, as they were credited."""
    form = ChosenForm(request.POST)
    form.fields["records"].queryset = queries.records_awaiting_verification(request.actor)
    back = f"{reverse('service_records:console')}?tab={RecordTab.VERIFY.value}"
    if not form.is_valid():
        for text in form.errors["records"]:
            messages.error(request, text)
        return redirect(back)
    chosen = [record.pk for record in form.cleaned_data["records"]]
    refusals = actions.verify_records(record_ids=chosen, by=request.actor, now=clock.now())
    if approved := len(chosen) - len(refusals):
        words = ngettext("已通过 %(n)s 条。", "已通过 %(n)s 条。", approved) % {"n": approved}
        messages.success(request, words)
    for text in dict.fromkeys(str(refusal) for refusal in refusals):
        messages.error(request, text)
    return redirect(back)


@require_GET
@permitted(Permission.VERIFY_RECORDS)
def console_record(request: MemberRequest, record_id: UUID) -> HttpResponse:
    return _console_page(request, record_id)


@require_POST
@permitted(Permission.VERIFY_RECORDS)
def call(request: MemberRequest, record_id: UUID) -> HttpResponse:
    found = get_object_or_404(queries.records_looked_after_by(request.actor), public_id=record_id)
    form = CallForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.confirm_record(
                record_id=found.id,
                by=request.actor,
                now=clock.now(),
                by_station=True,
                **form.cleaned_data,
            )
            messages.success(request, _("回访结果已登记。"))
            return redirect("service_records:console_record", record_id=record_id)
    return _console_page(request, record_id, call_form=form)


@require_POST
@permitted(Permission.VERIFY_RECORDS)
def verification(request: MemberRequest, record_id: UUID) -> HttpResponse:
    found = get_object_or_404(queries.records_looked_after_by(request.actor), public_id=record_id)
    form = VerificationForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.verify_record(
                record_id=found.id, by=request.actor, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("已审核，时长生效。"))
            return redirect("service_records:console_record", record_id=record_id)
    return _console_page(request, record_id, verification_form=form)


@require_POST
@permitted(Permission.VERIFY_RECORDS)
def answer(request: MemberRequest, record_id: UUID, claim_id: UUID) -> HttpResponse:
    """Answer a claim; what changes is corrected beside it."""
    get_object_or_404(queries.records_looked_after_by(request.actor), public_id=record_id)
    form = AnswerForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.answer_claim(
                claim=claim_id, by=request.actor, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("已答复。"))
            return redirect("service_records:console_record", record_id=record_id)
    return _console_page(request, record_id, answer_form=form)


@require_POST
@permitted(Permission.VERIFY_RECORDS)
def correction(request: MemberRequest, record_id: UUID) -> HttpResponse:
    found = get_object_or_404(queries.records_looked_after_by(request.actor), public_id=record_id)
    form = CorrectionForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.correct_record(
                record_id=found.id,
                credited_minutes=form.cleaned_data["minutes"],
                reason=form.cleaned_data["reason"],
                by=request.actor,
                now=clock.now(),
            )
            messages.success(request, _("已更正，原来的记录仍然保留。"))
            return redirect("service_records:console_record", record_id=record_id)
    return _console_page(request, record_id, correction_form=form)


def _console_page(request: MemberRequest, record_id: UUID, **refused: Any) -> HttpResponse:
    found = get_object_or_404(queries.records_looked_after_by(request.actor), public_id=record_id)
    row = queries.record_row(found)
    claims = queries.claim_lines(found)
    forms = {
        "call_form": CallForm(),
        "verification_form": VerificationForm(initial={"minutes": row.minutes}),
        "correction_form": CorrectionForm(initial={"minutes": row.minutes}),
        "answer_form": AnswerForm(),
        **refused,
    }
    return render(
        request,
        "service_records/console_record.html",
        {
            "record": row,
            "history": queries.history_of(found),
            "claims": claims,
            "back_entry": found.entry.back_entry.public_id if found.entry else None,
            # One after the other: the form stands on the page once.
            "answered_first": next((one.public_id for one in claims if not one.outcome), None),
            **forms,
        },
        status=max(form.status for form in forms.values()),
    )
