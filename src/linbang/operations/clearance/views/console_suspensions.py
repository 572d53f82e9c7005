"""Pauses of sign-ups and appeals on the worker's desk."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.foundation.organisations.queries import person_meant
from linbang.operations.clearance import actions, forms, queries
from linbang.operations.clearance.choices import SuspensionCause

PAGE = 20


@never_cache
@require_GET
@permitted(Permission.CLEAR_VOLUNTEERS)
def suspensions(request: MemberRequest) -> HttpResponse:
    return _page(request)


@require_POST
@permitted(Permission.CLEAR_VOLUNTEERS)
def new(request: MemberRequest) -> HttpResponse:
    form = forms.SuspendForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        with form.refusals():
            actions.suspend(
                person_id=person_meant(request.actor, given["person"]).pk,
                cause=SuspensionCause.BY_STAFF,
                reason=given["reason"],
                days=given["days"],
                by=request.actor,
                now=clock.now(),
            )
            messages.success(request, _("已暂停报名，并通知了本人可以申诉。"))
            return redirect("clearance:console_suspensions")
    return _page(request, suspend_form=form)


@require_POST
@permitted(Permission.CLEAR_VOLUNTEERS)
def lifting(request: MemberRequest, suspension_id: UUID) -> HttpResponse:
    found = get_object_or_404(queries.suspensions_kept_by(request.actor), public_id=suspension_id)
    form = forms.WhyForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.lift_suspension(
                suspension_id=found.pk, **form.cleaned_data, by=request.actor, now=clock.now()
            )
            messages.success(request, _("已恢复报名，并通知了本人。"))
            return redirect("clearance:console_suspensions")
    return _page(request, why_form=form)


@require_POST
@permitted(Permission.CLEAR_VOLUNTEERS)
def decision(request: MemberRequest, appeal_id: UUID) -> HttpResponse:
    found = get_object_or_404(queries.appeals_kept_by(request.actor), public_id=appeal_id)
    form = forms.DecisionForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.decide_appeal(
                appeal_id=found.pk,
                granted=form.is_granted,
                answer=form.cleaned_data["answer"],
                by=request.actor,
                now=clock.now(),
            )
            messages.success(request, _("已答复本人。"))
            return redirect("clearance:console_suspensions")
    return _page(request, decision_form=form)


def _page(request: MemberRequest, **bound: Any) -> HttpResponse:
    now = clock.now()
    kept = queries.suspensions_kept_by(request.actor)
    page = Paginator(queries.without_open_appeal(kept), PAGE).get_page(request.GET.get("page"))
    context = {
        "waiting": queries.suspension_lines(
            queries.with_open_appeal(kept)[:PAGE], reader=request.actor, now=now
        ),
        "page": page,
        "lines": queries.suspension_lines(page, reader=request.actor, now=now),
        "suspend_form": forms.SuspendForm(),
        "why_form": forms.WhyForm(),
        "decision_form": forms.DecisionForm(),
        **bound,
    }
    status = max((form.status for form in bound.values()), default=200)
    return render(request, "clearance/console_suspensions.html", context, status=status)
