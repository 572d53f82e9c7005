"""Trainings on the worker's desk: what is held, the sheet of a sitting, results."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.foundation.organisations.queries import person_meant
from linbang.operations.clearance import actions, forms, queries
from linbang.operations.clearance.choices import SittingTab, TrainingResult

PAGE = 25
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@require_GET
@permitted(Permission.CLEAR_VOLUNTEERS)
def sittings(request: MemberRequest) -> HttpResponse:
    now, tab = clock.now(), forms.SittingsForm(request.GET).chosen
    kept = queries.sittings_on_tab(queries.sessions_kept_by(request.actor), tab, now=now)
    page = Paginator(kept, PAGE).get_page(request.GET.get("page"))
    context = {
        "tab": tab,
        "tabs_here": SittingTab,
        "page": page,
        "rows": queries.sitting_rows(page.object_list, now=now),
        "trainings": queries.trainings_kept_by(request.actor)[:PAGE],
    }
    return render(request, "clearance/console_sittings.html", context)


@never_cache
@get_or_post
@permitted(Permission.CLEAR_VOLUNTEERS)
def new(request: MemberRequest) -> HttpResponse:
    form = forms.TrainingForm(
        request.POST or None,
        qualifications=queries.qualifications_taught(),
        organisers=queries.organisers_for(request.actor),
        regions=queries.regions_to_teach_in(request.actor),
    )
    if form.is_valid():
        with form.refusals():
            organiser = queries.organiser_with(request.actor, form.cleaned_data["organiser"])
            made = actions.create_training(
                organiser_id=organiser.pk,
                region_code=form.cleaned_data["region"],
                details=form.told(),
                by=request.actor,
                now=clock.now(),
            )
            messages.success(request, _("培训建好了，接着安排第一场。"))
            return redirect("clearance:console_training", made.public_id)
    return render(
        request, "clearance/console_training_new.html", {"form": form}, status=form.status
    )


@never_cache
@require_GET
@permitted(Permission.CLEAR_VOLUNTEERS)
def training(request: MemberRequest, training_id: UUID) -> HttpResponse:
    return _training_page(request, _training(request, training_id), forms.SessionForm())


@require_POST
@permitted(Permission.CLEAR_VOLUNTEERS)
def sessions(request: MemberRequest, training_id: UUID) -> HttpResponse:
    found, form = _training(request, training_id), forms.SessionForm(request.POST)
    if form.is_valid():
        with form.refusals():
            made = actions.plan_session(
                training_id=found.pk, **form.told(), by=request.actor, now=clock.now()
            )
            messages.success(request, _("这一场安排好了，附近的居民现在可以报名。"))
            return redirect("clearance:console_session", made.public_id)
    return _training_page(request, found, form)


@require_POST
@permitted(Permission.CLEAR_VOLUNTEERS)
def training_ending(request: MemberRequest, training_id: UUID) -> HttpResponse:
    found = _training(request, training_id)
    actions.end_training(training_id=found.pk, by=request.actor, now=clock.now())
    messages.success(request, _("已停办；已经安排的场次照常举办。"))
    return redirect("clearance:console_trainings")


@never_cache
@require_GET
@permitted(Permission.CLEAR_VOLUNTEERS)
def session(request: MemberRequest, session_id: UUID) -> HttpResponse:
    return _sheet(request, _session(request, session_id))


@require_POST
@permitted(Permission.CLEAR_VOLUNTEERS)
def enrolments(request: MemberRequest, session_id: UUID) -> HttpResponse:
    found, form = _session(request, session_id), forms.SomebodyForm(request.POST)
    if form.is_valid():
        with form.refusals():
            meant = person_meant(request.actor, form.cleaned_data["person"])
            actions.enrol(
                session_id=found.pk, person_id=meant.pk, by=request.actor, now=clock.now()
            )
            messages.success(request, _("已加入名单，并通知了本人。"))
            return redirect("clearance:console_session", session_id)
    return _sheet(request, found, somebody_form=form)


@require_POST
@permitted(Permission.CLEAR_VOLUNTEERS)
def result(request: MemberRequest, enrolment_id: UUID) -> HttpResponse:
    found = get_object_or_404(queries.enrolments_kept_by(request.actor), public_id=enrolment_id)
    form = forms.ResultForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.record_result(
                enrolment_id=found.pk,
                result=TrainingResult(form.cleaned_data["result"]),
                reason=form.cleaned_data["reason"],
                by=request.actor,
                now=clock.now(),
            )
            return _to_row(found)
    return _sheet(request, _session(request, found.session.public_id), result_form=form)


@require_POST
@permitted(Permission.CLEAR_VOLUNTEERS)
def removal(request: MemberRequest, enrolment_id: UUID) -> HttpResponse:
    found = get_object_or_404(queries.enrolments_kept_by(request.actor), public_id=enrolment_id)
    actions.leave_session(enrolment_id=found.pk, by=request.actor, now=clock.now())
    messages.success(request, _("已从名单里去掉。"))
    return redirect("clearance:console_session", found.session.public_id)


@require_POST
@permitted(Permission.CLEAR_VOLUNTEERS)
def passing(request: MemberRequest, session_id: UUID) -> HttpResponse:
    found = _session(request, session_id)
    count = actions.pass_the_rest(session_id=found.pk, by=request.actor, now=clock.now())
    told = ngettext("%(count)s 人登记为合格。", "%(count)s 人登记为合格。", count)
    messages.success(request, told % {"count": count})
    return redirect("clearance:console_session", session_id)


@require_POST
@permitted(Permission.CLEAR_VOLUNTEERS)
def cancellation(request: MemberRequest, session_id: UUID) -> HttpResponse:
    found, form = _session(request, session_id), forms.WhyForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.cancel_session(
                session_id=found.pk, **form.cleaned_data, by=request.actor, now=clock.now()
            )
            messages.success(request, _("已取消，并通知了每一位报名的人。"))
            return redirect("clearance:console_session", session_id)
    return _sheet(request, found, why_form=form)


def _training(request: MemberRequest, training_id: UUID) -> Any:
    return get_object_or_404(queries.trainings_kept(request.actor), public_id=training_id)


def _session(request: MemberRequest, session_id: UUID) -> Any:
    return get_object_or_404(queries.sessions_kept_by(request.actor), public_id=session_id)


def _training_page(request: MemberRequest, found: Any, form: forms.SessionForm) -> HttpResponse:
    now = clock.now()
    sittings = queries.sessions_kept_by(request.actor).filter(training=found)
    page = Paginator(sittings.order_by("-starts_at", "-id"), PAGE).get_page(request.GET.get("page"))
    context = {
        "training": found,
        "form": form,
        "page": page,
        "rows": queries.sitting_rows(page.object_list, now=now),
    }
    return render(request, "clearance/console_training.html", context, status=form.status)


def _sheet(request: MemberRequest, found: Any, **bound: Any) -> HttpResponse:
    now = clock.now()
    context = {
        "session": found,
        "lines": queries.sheet_of(found, actor=request.actor, today=clock.local_date(now)),
        "has_begun": found.starts_at <= now,
        "somebody_form": forms.SomebodyForm(),
        "why_form": forms.WhyForm(),
        "results": TrainingResult,
        **bound,
    }
    status = max((form.status for form in bound.values()), default=200)
    return render(request, "clearance/console_session.html", context, status=status)


def _to_row(enrolment: Any) -> HttpResponse:
    address = reverse("clearance:console_session", args=[enrolment.session.public_id])
    return redirect(f"{address}#row-{enrolment.public_id}")
