"""Lists of insured people on the worker's desk: kept, frozen, taken out."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.foundation.organisations.queries import person_meant
from linbang.operations.clearance import actions, forms, queries
from linbang.operations.clearance.schemas import workbook

PAGE = 25


@never_cache
@require_GET
@permitted(Permission.CLEAR_VOLUNTEERS)
def policies(request: MemberRequest) -> HttpResponse:
    frozen = queries.frozen_lists_kept_by(request.actor)
    context = {
        "policies": queries.policies_kept_by(request.actor)[:PAGE],
        "page": Paginator(frozen, PAGE).get_page(request.GET.get("page")),
        "now": clock.now(),
    }
    return render(request, "clearance/console_policies.html", context)


@never_cache
@require_GET
@permitted(Permission.CLEAR_VOLUNTEERS)
def policy(request: MemberRequest, policy_id: UUID) -> HttpResponse:
    return _page(request, _policy(request, policy_id))


@require_POST
@permitted(Permission.CLEAR_VOLUNTEERS)
def people(request: MemberRequest, policy_id: UUID) -> HttpResponse:
    found, form = _policy(request, policy_id), forms.SomebodyForm(request.POST)
    if form.is_valid():
        with form.refusals():
            meant = person_meant(request.actor, form.cleaned_data["person"])
            count = actions.insure_people(
                policy_id=found.pk, person_ids=[meant.pk], by=request.actor, now=clock.now()
            )
            return _added(request, policy_id, count)
    return _page(request, found, somebody_form=form)


@require_POST
@permitted(Permission.CLEAR_VOLUNTEERS)
def teams(request: MemberRequest, policy_id: UUID) -> HttpResponse:
    found = _policy(request, policy_id)
    form = forms.TeamForm(request.POST, organisations=queries.organisers_for(request.actor))
    if form.is_valid():
        with form.refusals():
            team = queries.organiser_with(request.actor, form.cleaned_data["organisation"])
            count = actions.insure_team(
                policy_id=found.pk, organisation_id=team.pk, by=request.actor, now=clock.now()
            )
            return _added(request, policy_id, count)
    return _page(request, found, team_form=form)


@require_POST
@permitted(Permission.CLEAR_VOLUNTEERS)
def numbers(request: MemberRequest, policy_id: UUID) -> HttpResponse:
    found, form = _policy(request, policy_id), forms.NumbersForm(request.POST)
    if form.is_valid():
        with form.refusals():
            count = actions.insure_numbers(
                policy_id=found.pk,
                text=form.cleaned_data["numbers"],
                by=request.actor,
                now=clock.now(),
            )
            return _added(request, policy_id, count)
    return _page(request, found, numbers_form=form)


@require_POST
@permitted(Permission.CLEAR_VOLUNTEERS)
def removal(request: MemberRequest, policy_id: UUID, person_id: UUID) -> HttpResponse:
    found = _policy(request, policy_id)
    entry = get_object_or_404(queries.on_list(found), person__public_id=person_id)
    actions.remove_insured(
        policy_id=found.pk, person_id=entry.person_id, by=request.actor, now=clock.now()
    )
    messages.success(request, _("已从名单里去掉。"))
    return redirect("clearance:console_policy", policy_id)


@require_POST
@permitted(Permission.CLEAR_VOLUNTEERS)
def named_export(request: MemberRequest, policy_id: UUID) -> HttpResponse:
    found, form = _policy(request, policy_id), forms.SightForm(request.POST)
    if form.is_valid():
        with form.refusals():
            told = actions.export_named_list(
                policy_id=found.pk, **form.cleaned_data, by=request.actor, now=clock.now()
            )
            return workbook.download(told)
    return _page(request, found, sight_form=form)


@never_cache
@require_GET
@permitted(Permission.CLEAR_VOLUNTEERS)
def frozen(request: MemberRequest, shift_id: UUID) -> HttpResponse:
    return _frozen_page(request, _frozen(request, shift_id), forms.SightForm())


@require_POST
@permitted(Permission.CLEAR_VOLUNTEERS)
def frozen_export(request: MemberRequest, shift_id: UUID) -> HttpResponse:
    found, form = _frozen(request, shift_id), forms.SightForm(request.POST)
    if form.is_valid():
        with form.refusals():
            told = actions.export_frozen_list(
                list_id=found.pk, **form.cleaned_data, by=request.actor, now=clock.now()
            )
            return workbook.download(told)
    return _frozen_page(request, found, form)


def _policy(request: MemberRequest, policy_id: UUID) -> Any:
    return get_object_or_404(queries.policies_kept_by(request.actor), public_id=policy_id)


def _frozen(request: MemberRequest, shift_id: UUID) -> Any:
    return get_object_or_404(queries.frozen_lists_kept_by(request.actor), shift__public_id=shift_id)


def _added(request: MemberRequest, policy_id: UUID, count: int) -> HttpResponse:
    told = ngettext("新登记 %(count)s 人。", "新登记 %(count)s 人。", count)
    messages.success(request, told % {"count": count} if count else _("都已经在名单里了。"))
    return redirect("clearance:console_policy", policy_id)


def _page(request: MemberRequest, found: Any, **bound: Any) -> HttpResponse:
    now = clock.now()
    entries = queries.on_list(found).order_by("-added_at", "-id")
    page = Paginator(entries, PAGE).get_page(request.GET.get("page"))
    organisations = queries.organisers_for(request.actor)
    context = {
        "policy": found,
        "takes_people": queries.takes_people(found, now=now),
        "page": page,
        "lines": queries.insured_lines(page, actor=request.actor, today=clock.local_date(now)),
        "may_export": queries.may_export(request.actor, found),
        "somebody_form": forms.SomebodyForm(),
        "team_form": forms.TeamForm(organisations=organisations),
        "numbers_form": forms.NumbersForm(),
        "sight_form": forms.SightForm(initial={"reason": "insurance"}),
        **bound,
    }
    status = max((form.status for form in bound.values()), default=200)
    return render(request, "clearance/console_policy.html", context, status=status)


def _frozen_page(request: MemberRequest, found: Any, form: forms.SightForm) -> HttpResponse:
    today = clock.local_date(clock.now())
    page = Paginator(found.entries.order_by("id"), PAGE).get_page(request.GET.get("page"))
    context = {
        "frozen": found,
        "page": page,
        "lines": queries.insured_lines(page, actor=request.actor, today=today),
        "may_export": queries.may_export(request.actor, found.policy),
        "sight_form": form,
    }
    return render(request, "clearance/console_frozen.html", context, status=form.status)
