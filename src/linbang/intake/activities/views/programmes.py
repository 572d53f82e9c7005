"""Brands, campaigns and projects as a tree, with key periods beside them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest
from linbang.intake.activities import actions, queries
from linbang.intake.activities.forms.programmes import (
    BrandForm,
    CampaignForm,
    KeyPeriodForm,
    ProjectForm,
    programme_initial,
)
from linbang.intake.activities.forms.rows import grown
from linbang.intake.activities.views.activities import get_or_post, planners


@dataclass(frozen=True)
class _Kind:
    """One of the three levels: its words, its form, and what is done with it."""

    form: type[BrandForm]
    visible: Callable[[Any], Any]
    add: Callable[..., Any]
    edit: Callable[..., Any]
    end: Callable[..., Any]
    key: str
    new: str | Promise


_KINDS = {
    "brands": _Kind(
        BrandForm, queries.brands_visible_to, actions.add_brand, actions.edit_brand,
        actions.end_brand, "brand_id", gettext_lazy("新建品牌"),
    ),
    "campaigns": _Kind(
        CampaignForm, queries.campaigns_visible_to, actions.add_campaign, actions.edit_campaign,
        actions.end_campaign, "campaign_id", gettext_lazy("新建主题行动"),
    ),
    "projects": _Kind(
        ProjectForm, queries.projects_visible_to, actions.add_project, actions.edit_project,
        actions.end_project, "project_id", gettext_lazy("新建项目"),
    ),
}  # fmt: skip


@never_cache
@require_GET
@planners
def tree(request: MemberRequest) -> HttpResponse:
    context = {
        "tree": queries.programme_tree(request.actor),
        "periods": queries.key_periods_visible_to(request.actor)[:20],
    }
    return render(request, "activities/programme_tree.html", context)


def _kind(name: str) -> _Kind:
    if name not in _KINDS:
        raise Http404
    return _KINDS[name]


def _programme(request: MemberRequest, kind: str, programme_id: UUID) -> Any:
    return get_object_or_404(_kind(kind).visible(request.actor), public_id=programme_id)


def _sent(request: MemberRequest) -> Any:
    if "add_measures" in request.POST:
        return grown(request.POST, "measures")
    return request.POST or None


def _measures(form: Any) -> dict[str, Any]:
    return {"measures": form.measures_told()} if isinstance(form, ProjectForm) else {}


@never_cache
@get_or_post
@planners
def new(request: MemberRequest, kind: str) -> HttpResponse:
    told = _kind(kind)
    initial = {name: request.GET[name] for name in ("brand", "campaign") if name in request.GET}
    form = told.form(_sent(request), actor=request.actor, initial=initial)
    if "add_measures" not in request.POST and form.is_valid():
        with form.refusals():
            told.add(details=form.details(), by=request.actor, now=clock.now(), **_measures(form))
            messages.success(request, _("已保存。"))
            return redirect("activities:programmes")
    context = {"form": form, "title": told.new, "kind": kind}
    return render(request, "activities/programme_edit.html", context, status=form.status)


@never_cache
@get_or_post
@planners
def edit(request: MemberRequest, kind: str, programme_id: UUID) -> HttpResponse:
    told, found = _kind(kind), _programme(request, kind, programme_id)
    more = {"project": found} if kind == "projects" else {}
    form = told.form(_sent(request), actor=request.actor, initial=programme_initial(found), **more)
    if "add_measures" not in request.POST and form.is_valid():
        with form.refusals():
            told.edit(
                **{told.key: found.pk}, details=form.details(), by=request.actor, now=clock.now(),
                **_measures(form),
            )  # fmt: skip
            messages.success(request, _("已保存。"))
            return redirect("activities:programmes")
    context = {"form": form, "title": found.name, "kind": kind, "programme": found}
    return render(request, "activities/programme_edit.html", context, status=form.status)


@require_POST
@planners
def ending(request: MemberRequest, kind: str, programme_id: UUID) -> HttpResponse:
    told, found = _kind(kind), _programme(request, kind, programme_id)
    told.end(**{told.key: found.pk}, by=request.actor, now=clock.now())
    messages.success(request, _("已结束，不再安排新的活动。"))
    return redirect("activities:programmes")


@never_cache
@get_or_post
@planners
def key_period_new(request: MemberRequest) -> HttpResponse:
    form = KeyPeriodForm(request.POST or None, actor=request.actor)
    if form.is_valid():
        with form.refusals():
            actions.add_key_period(by=request.actor, now=clock.now(), **form.cleaned_data)
            messages.success(request, _("已保存。"))
            return redirect("activities:programmes")
    context = {"form": form, "title": _("设定重点时期"), "kind": "key-periods"}
    return render(request, "activities/programme_edit.html", context, status=form.status)


@never_cache
@get_or_post
@planners
def key_period(request: MemberRequest, period_id: UUID) -> HttpResponse:
    periods = queries.key_periods_visible_to(request.actor)
    found = get_object_or_404(periods, public_id=period_id)
    names = ("name", "starts_on", "ends_on")
    initial = {name: getattr(found, name) for name in names} | {"region_code": found.region_id}
    form = KeyPeriodForm(request.POST or None, actor=request.actor, initial=initial)
    if form.is_valid():
        with form.refusals():
            actions.edit_key_period(
                period_id=found.pk, by=request.actor, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("已保存。"))
            return redirect("activities:programmes")
    context = {"form": form, "title": found.name, "kind": "key-periods"}
    return render(request, "activities/programme_edit.html", context, status=form.status)
