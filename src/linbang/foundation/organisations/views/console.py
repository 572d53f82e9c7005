"""The station's desk: the tree of units and teams, their members and liaisons."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted, signed_in
from linbang.foundation.organisations import actions, forms, queries, rules

PAGE = 50
MEMBERS_PAGE = 20
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@require_GET
@permitted(Permission.EDIT_ORGANISATIONS)
def organisations(request: MemberRequest) -> HttpResponse:
    form = forms.TreeFilter(request.GET)
    found = queries.organisations_found(request.actor, **form.told())
    page = Paginator(queries.with_member_counts(found), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": queries.organisation_rows(page.object_list),
        "areas": queries.coverage_in(request.actor),
    }
    return render(request, "organisations/organisation_list.html", context)


def _visible(request: MemberRequest, organisation_id: UUID) -> Any:
    found = queries.organisations_visible_to(request.actor).select_related("parent", "approved_by")
    return get_object_or_404(found, public_id=organisation_id)


def _membership(request: MemberRequest, organisation_id: UUID, membership_id: int) -> Any:
    members = queries.members_of(_visible(request, organisation_id))
    return get_object_or_404(members, pk=membership_id)


@never_cache
@require_GET
@signed_in
def organisation(request: MemberRequest, organisation_id: UUID) -> HttpResponse:
    return _detail(request, _visible(request, organisation_id))


def _today() -> date:
    return clock.local_date(clock.now())


def _detail(
    request: MemberRequest, found: Any, *, liaison_form: forms.LiaisonForm | None = None
) -> HttpResponse:
    page = Paginator(queries.members_of(found), MEMBERS_PAGE).get_page(request.GET.get("page"))
    may_edit = request.actor.may(Permission.EDIT_ORGANISATIONS, region=found.region_id)
    form = liaison_form or forms.LiaisonForm(regions=queries.regions_to_organise_in(request.actor))
    below = queries.organisations_below(request.actor, found)
    context = {
        "organisation": found,
        "members_total": queries.members_counted_once(found.path),
        "page": page,
        "rows": queries.member_rows(page.object_list, actor=request.actor, today=_today()),
        "below": queries.organisation_rows(below),
        "liaisons": queries.liaisons_of(found),
        "liaison_form": form,
        "may_edit": may_edit,
        "may_appoint": request.actor.may(Permission.GRANT_ROLES, region=found.region_id),
    }
    return render(request, "organisations/organisation_detail.html", context, status=form.status)


@never_cache
@get_or_post
@permitted(Permission.EDIT_ORGANISATIONS)
def unit_new(request: MemberRequest) -> HttpResponse:
    regions = queries.regions_to_organise_in(request.actor)
    form = forms.UnitForm(request.POST or None, regions=regions)
    if form.is_valid():
        with form.refusals():
            details = rules.UnitDetails(**form.cleaned_data)
            unit = actions.register_organisation(details=details, by=request.actor, now=clock.now())
            messages.success(request, _("单位登记好了。"))
            return redirect("organisations:detail", unit.public_id)
    context = {"form": form, "title": _("登记新单位")}
    return render(request, "organisations/organisation_new.html", context, status=form.status)


@never_cache
@get_or_post
@permitted(Permission.EDIT_ORGANISATIONS)
def team_new(request: MemberRequest) -> HttpResponse:
    form = forms.TeamForm(
        request.POST or None,
        regions=queries.regions_to_organise_in(request.actor),
        parents=queries.organisations_found(request.actor),
        units=queries.units_to_approve(request.actor),
        initial={"parent": request.GET.get("parent", "")},
    )
    if form.is_valid():
        with form.refusals():
            team = _found_team(request, form.cleaned_data)
            messages.success(request, _("队伍组建好了，居民现在可以申请加入。"))
            return redirect("organisations:detail", team.public_id)
    context = {"form": form, "title": _("组建新队伍")}
    return render(request, "organisations/organisation_new.html", context, status=form.status)


def _found_team(request: MemberRequest, told: dict[str, Any]) -> Any:
    parent, approver = told.pop("parent"), told.pop("approved_by")
    return actions.found_team(
        details=rules.TeamDetails(**told),
        parent_id=_visible(request, UUID(parent)).pk if parent else None,
        approved_by_id=_visible(request, UUID(approver)).pk,
        by=request.actor,
        now=clock.now(),
    )


@require_POST
@permitted(Permission.EDIT_ORGANISATIONS)
def closure(request: MemberRequest, organisation_id: UUID) -> HttpResponse:
    found = _visible(request, organisation_id)
    actions.close_organisation(organisation_id=found.pk, by=request.actor, now=clock.now())
    messages.success(request, _("已撤销，成员和联络员随之结束。"))
    return redirect("organisations:list")


@require_POST
@signed_in
def approval(request: MemberRequest, organisation_id: UUID, membership_id: int) -> HttpResponse:
    membership = _membership(request, organisation_id, membership_id)
    actions.approve_membership(membership_id=membership.pk, by=request.actor, now=clock.now())
    messages.success(request, _("已批准加入。"))
    return redirect("organisations:detail", organisation_id)


@require_POST
@signed_in
def declining(request: MemberRequest, organisation_id: UUID, membership_id: int) -> HttpResponse:
    membership = _membership(request, organisation_id, membership_id)
    actions.decline_membership(membership_id=membership.pk, by=request.actor, now=clock.now())
    messages.success(request, _("没有批准，申请已结束。"))
    return redirect("organisations:detail", organisation_id)


@require_POST
@signed_in
def removal(request: MemberRequest, organisation_id: UUID, membership_id: int) -> HttpResponse:
    membership = _membership(request, organisation_id, membership_id)
    actions.leave_team(membership_id=membership.pk, by=request.actor, now=clock.now())
    messages.success(request, _("已移出。"))
    return redirect("organisations:detail", organisation_id)


@require_POST
@permitted(Permission.EDIT_ORGANISATIONS)
def leadership(request: MemberRequest, organisation_id: UUID, membership_id: int) -> HttpResponse:
    membership = _membership(request, organisation_id, membership_id)
    actions.appoint_leader(membership_id=membership.pk, by=request.actor, now=clock.now())
    messages.success(request, _("队长已任命，可以查看和批准本队成员。"))
    return redirect("organisations:detail", organisation_id)


@never_cache
@require_POST
@permitted(Permission.EDIT_ORGANISATIONS)
def liaisons(request: MemberRequest, organisation_id: UUID) -> HttpResponse:
    found = _visible(request, organisation_id)
    regions = queries.regions_to_organise_in(request.actor)
    form = forms.LiaisonForm(request.POST, regions=regions)
    if form.is_valid():
        with form.refusals():
            actions.name_liaison(
                organisation_id=found.pk,
                person_id=queries.person_meant(request.actor, form.cleaned_data["person"]).pk,
                region_code=form.cleaned_data["region_code"],
                by=request.actor,
                now=clock.now(),
            )
            messages.success(request, _("联络员已派驻。"))
            return redirect("organisations:detail", organisation_id)
    return _detail(request, found, liaison_form=form)


@require_POST
@permitted(Permission.EDIT_ORGANISATIONS)
def liaison_ending(request: MemberRequest, organisation_id: UUID, liaison_id: int) -> HttpResponse:
    found = queries.liaisons_of(_visible(request, organisation_id))
    liaison = get_object_or_404(found, pk=liaison_id)
    actions.end_liaison(liaison_id=liaison.pk, by=request.actor, now=clock.now())
    messages.success(request, _("联络已结束。"))
    return redirect("organisations:detail", organisation_id)
