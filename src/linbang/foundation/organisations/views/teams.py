"""Teams on the phone: near me, by what they do; asking to join and leaving."""

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
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.foundation.organisations import actions, forms, queries
from linbang.foundation.people.queries import is_volunteer, person_of

PAGE = 20


@never_cache
@require_GET
@signed_in
def teams(request: MemberRequest) -> HttpResponse:
    form = forms.TeamsFilter(request.GET)
    home = person_of(request.actor).region_id
    found = queries.teams_near(request.actor, home=home, content=form.told())
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": queries.team_rows(page.object_list, actor=request.actor),
        "mine": queries.memberships_of(request.actor.person_id or 0),
    }
    return render(request, "organisations/team_list.html", context)


def _team(request: MemberRequest, team_id: UUID) -> Any:
    return get_object_or_404(queries.teams_near(request.actor), public_id=team_id)


@never_cache
@require_GET
@signed_in
def team(request: MemberRequest, team_id: UUID) -> HttpResponse:
    (row,) = queries.team_rows([_team(request, team_id)], actor=request.actor)
    context = {
        "row": row,
        "team": row.team,
        "leaders": queries.leaders_of(row.team),
        "is_volunteer": is_volunteer(request.actor.person_id or 0),
        "may_manage": queries.organisations_visible_to(request.actor)
        .filter(pk=row.team.pk)
        .exists(),
    }
    return render(request, "organisations/team_detail.html", context)


@require_POST
@signed_in
def membership(request: MemberRequest, team_id: UUID) -> HttpResponse:
    found = _team(request, team_id)
    actions.ask_to_join(
        organisation_id=found.pk,
        person_id=request.actor.person_id or 0,
        by=request.actor,
        now=clock.now(),
    )
    messages.success(request, _("申请已交给队伍，批准后就是队员。"))
    return redirect("organisations:team", team_id)


@require_POST
@signed_in
def membership_ending(request: MemberRequest, team_id: UUID) -> HttpResponse:
    mine = queries.own_membership(_team(request, team_id), request.actor)
    actions.leave_team(membership_id=mine.pk, by=request.actor, now=clock.now())
    messages.success(request, _("已退出。以前的服务记录都还在。"))
    return redirect("organisations:team", team_id)
