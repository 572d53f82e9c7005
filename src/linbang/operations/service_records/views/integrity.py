"""Looking into doubtful hours: the list, one record, voiding by two officers, appeals."""

from collections.abc import Callable
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
from linbang.operations.service_records.choices import (
    AppealOutcome,
    FlagOutcome,
    IntegrityTab,
    VoidOutcome,
)
from linbang.operations.service_records.forms import integrity as forms

ROWS_A_PAGE = 20
_VOID_TABS = frozenset({IntegrityTab.VOIDS, IntegrityTab.APPEALS})


@require_GET
@permitted(Permission.CHECK_RECORDS)
def integrity(request: MemberRequest) -> HttpResponse:
    return _list(request, forms.FlagDecisionForm())


def _list(request: MemberRequest, form: forms.FlagDecisionForm) -> HttpResponse:
    tab = IntegrityTab.named(request.GET.get("tab"))
    kind = request.GET.get("kind", "")
    found = queries.on_integrity_tab(request.actor, tab, kind=kind)
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "tab": tab,
        "heaps": queries.integrity_heaps(request.actor),
        "filter_form": forms.FlagFilterForm({"kind": kind}),
        "page": page,
        "flags": [] if tab in _VOID_TABS else queries.flag_rows(list(page)),
        "voids": queries.void_rows(list(page)) if tab in _VOID_TABS else [],
        "form": form,
    }
    return render(request, "service_records/integrity.html", context, status=form.status)


@require_POST
@permitted(Permission.CHECK_RECORDS)
def decisions(request: MemberRequest) -> HttpResponse:
    """Decide the ticked doubts alike."""
    form = forms.FlagDecisionForm(request.POST)
    chosen = queries.flags_named(request.actor, request.POST.getlist("flags"))
    if not chosen:
        messages.error(request, _("请先勾选要处理的提醒。"))
        return redirect("service_records:integrity")
    if not form.is_valid():
        messages.error(request, _("请选择核查结果，并写明怎么核查的。"))
        return redirect("service_records:integrity_record", chosen[0].record.public_id)
    refusals = actions.decide_flags(
        flags=[flag.public_id for flag in chosen],
        outcome=FlagOutcome(form.cleaned_data["outcome"]),
        reason=form.cleaned_data["reason"],
        by=request.actor,
        now=clock.now(),
    )
    if done := len(chosen) - len(refusals):
        messages.success(
            request, ngettext("已处理 %(n)s 条。", "已处理 %(n)s 条。", done) % {"n": done}
        )
    for text in dict.fromkeys(str(refusal) for refusal in refusals):
        messages.error(request, text)
    return redirect(_back(request, chosen))


def _back(request: MemberRequest, chosen: Any) -> str:
    if request.POST.get("from") == "record":
        return reverse("service_records:integrity_record", args=[chosen[0].record.public_id])
    return reverse("service_records:integrity")


@require_GET
@permitted(Permission.CHECK_RECORDS)
def integrity_record(request: MemberRequest, record_id: UUID) -> HttpResponse:
    return _page(request, record_id)


def _page(request: MemberRequest, record_id: UUID, **refused: Any) -> HttpResponse:
    found = get_object_or_404(queries.records_checked_by(request.actor), public_id=record_id)
    flags, voids = queries.flag_lines(found), queries.void_lines(found)
    may_judge = queries.may_judge(request.actor, found)
    shown = {
        "flag_form": forms.FlagDecisionForm(),
        "void_form": forms.VoidForm(),
        "decision_form": forms.VoidDecisionForm(),
        "answer_form": forms.AppealAnswerForm(),
        **refused,
    }
    context = {
        "record": queries.record_row(found),
        "history": queries.history_of(found),
        "flags": flags,
        "open_flags": [flag for flag in flags if flag.outcome is None],
        "voids": voids,
        "may_judge": may_judge,
        "may_propose": may_judge and not any(one.is_standing for one in voids),
        **shown,
    }
    status = max(form.status for form in shown.values())
    return render(request, "service_records/integrity_record.html", context, status=status)


@require_POST
@permitted(Permission.JUDGE_RECORDS)
def void_proposal(request: MemberRequest, record_id: UUID) -> HttpResponse:
    found = get_object_or_404(queries.records_checked_by(request.actor), public_id=record_id)
    form = forms.VoidForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.propose_void(
                record_id=found.pk, by=request.actor, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("已提出，等另一位干部决定。"))
            return redirect("service_records:integrity_record", record_id)
    return _page(request, record_id, void_form=form)


@require_POST
@permitted(Permission.JUDGE_RECORDS)
def void_decision(request: MemberRequest, void_id: UUID) -> HttpResponse:
    form = forms.VoidDecisionForm(request.POST)
    return _judge(request, void_id, form, "decision_form", actions.decide_void, VoidOutcome)


@require_POST
@permitted(Permission.JUDGE_RECORDS)
def appeal_answer(request: MemberRequest, void_id: UUID) -> HttpResponse:
    form = forms.AppealAnswerForm(request.POST)
    return _judge(request, void_id, form, "answer_form", actions.answer_appeal, AppealOutcome)


def _judge(
    request: MemberRequest,
    void_id: UUID,
    form: Any,
    name: str,
    act: Callable[..., Any],
    outcomes: Callable[[str], Any],
) -> HttpResponse:
    void = get_object_or_404(queries.voids_looked_into_by(request.actor), public_id=void_id)
    record_id = void.record.public_id
    if form.is_valid():
        data = {**form.cleaned_data, "outcome": outcomes(form.cleaned_data["outcome"])}
        with form.refusals():
            act(void=void_id, by=request.actor, now=clock.now(), **data)
            messages.success(request, _("已决定，本人会收到通知。"))
            return redirect("service_records:integrity_record", record_id)
    return _page(request, record_id, **{name: form})
