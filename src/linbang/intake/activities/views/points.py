"""Duty points and who keeps them; insurance policies."""

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
from linbang.foundation.access.gates import MemberRequest
from linbang.intake.activities import actions, queries
from linbang.intake.activities.forms.programmes import (
    PairingForm,
    PointFilter,
    PointForm,
    PolicyExtensionForm,
    PolicyForm,
    extension_initial,
    point_initial,
)
from linbang.intake.activities.views.activities import get_or_post, planners

PAGE = 50


@never_cache
@require_GET
@planners
def points(request: MemberRequest) -> HttpResponse:
    form = PointFilter(request.GET)
    found = queries.points_found(request.actor, **form.told())
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": queries.point_rows(page.object_list, now=clock.now()),
        "may_open": bool(request.actor.regions_for(Permission.EDIT_ACTIVITIES)),
    }
    return render(request, "activities/point_list.html", context)


@never_cache
@get_or_post
@planners
def point_new(request: MemberRequest) -> HttpResponse:
    form = PointForm(request.POST or None, actor=request.actor)
    if form.is_valid():
        with form.refusals():
            made = actions.open_point(details=form.details(), by=request.actor, now=clock.now())
            messages.success(request, _("值勤点已开设，可以请单位结对。"))
            return redirect("activities:point", made.public_id)
    context = {"form": form, "title": _("开设值勤点")}
    return render(request, "activities/point_edit.html", context, status=form.status)


def _point(request: MemberRequest, point_id: UUID) -> Any:
    return get_object_or_404(queries.points_visible_to(request.actor), public_id=point_id)


@never_cache
@get_or_post
@planners
def point(request: MemberRequest, point_id: UUID) -> HttpResponse:
    found = _point(request, point_id)
    form = PointForm(request.POST or None, actor=request.actor, initial=point_initial(found))
    if form.is_valid():
        with form.refusals():
            actions.edit_point(
                point_id=found.pk, details=form.details(), by=request.actor, now=clock.now()
            )
            messages.success(request, _("已保存。"))
            return redirect("activities:point", point_id)
    return _point_page(request, found, form=form)


def _point_page(request: MemberRequest, found: Any, **forms: Any) -> HttpResponse:
    context = {
        "point": found,
        "title": found.name,
        "form": PointForm(actor=request.actor, initial=point_initial(found)),
        "pairing_form": PairingForm(actor=request.actor, now=clock.now()),
        "pairings": queries.pairings_of(found),
        "may_edit": request.actor.may(Permission.EDIT_ACTIVITIES, region=found.region_id),
        **forms,
    }
    status = max(getattr(form, "status", 200) for form in context.values())
    return render(request, "activities/point_edit.html", context, status=status)


@require_POST
@planners
def point_closure(request: MemberRequest, point_id: UUID) -> HttpResponse:
    found = _point(request, point_id)
    actions.close_point(point_id=found.pk, by=request.actor, now=clock.now())
    messages.success(request, _("值勤点已停用，结对随之结束。"))
    return redirect("activities:points")


@require_POST
@planners
def pairings(request: MemberRequest, point_id: UUID) -> HttpResponse:
    found, now = _point(request, point_id), clock.now()
    form = PairingForm(request.POST, actor=request.actor, now=now)
    if form.is_valid():
        with form.refusals():
            told = {"organiser": UUID(form.cleaned_data["organisation"])}
            ids = queries.ids_of(request.actor, found.region_id, told)
            actions.pair_point(
                point_id=found.pk,
                organisation_id=ids["organiser_id"] or 0,
                since_date=form.cleaned_data["since_date"],
                by=request.actor,
                now=now,
            )
            messages.success(request, _("已结对。"))
            return redirect("activities:point", point_id)
    return _point_page(request, found, pairing_form=form)


@require_POST
@planners
def pairing_ending(request: MemberRequest, point_id: UUID, pairing_id: int) -> HttpResponse:
    pairing = get_object_or_404(queries.pairings_of(_point(request, point_id)), pk=pairing_id)
    now = clock.now()
    actions.end_pairing(
        pairing_id=pairing.pk,
        until_date=max(clock.local_date(now), pairing.since_date),
        by=request.actor,
        now=now,
    )
    messages.success(request, _("结对已结束。"))
    return redirect("activities:point", point_id)


@never_cache
@require_GET
@planners
def policies(request: MemberRequest) -> HttpResponse:
    found = queries.policies_visible_to(request.actor)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "activities/policy_list.html", {"page": page, "now": clock.now()})


@never_cache
@get_or_post
@planners
def policy_new(request: MemberRequest) -> HttpResponse:
    form = PolicyForm(request.POST or None, actor=request.actor)
    if form.is_valid():
        with form.refusals():
            actions.enter_policy(details=form.details(), by=request.actor, now=clock.now())
            messages.success(request, _("保险单已登记，发布高风险活动时可以选用。"))
            return redirect("activities:policies")
    context = {"form": form, "title": _("登记保险单")}
    return render(request, "activities/policy_edit.html", context, status=form.status)


def _policy(request: MemberRequest, policy_id: UUID) -> Any:
    return get_object_or_404(queries.policies_visible_to(request.actor), public_id=policy_id)


@never_cache
@get_or_post
@planners
def policy(request: MemberRequest, policy_id: UUID) -> HttpResponse:
    found = _policy(request, policy_id)
    form = PolicyExtensionForm(request.POST or None, initial=extension_initial(found))
    if form.is_valid():
        with form.refusals():
            actions.extend_policy(
                policy_id=found.pk, by=request.actor, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("已续保。"))
            return redirect("activities:policies")
    context = {"policy": found, "form": form, "title": str(found)}
    return render(request, "activities/policy_edit.html", context, status=form.status)


@require_POST
@planners
def policy_ending(request: MemberRequest, policy_id: UUID) -> HttpResponse:
    found = _policy(request, policy_id)
    actions.end_policy(policy_id=found.pk, by=request.actor, now=clock.now())
    messages.success(request, _("保险单已终止。"))
    return redirect("activities:policies")
