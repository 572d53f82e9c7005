"""Roles in the console: who holds which, where, since when, by whom."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.access import actions, forms, queries, rules
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.foundation.access.views.sign_in import get_or_post

PAGE_SIZE = 50


@require_GET
@permitted(Permission.GRANT_ROLES)
def roles(request: MemberRequest) -> HttpResponse:
    grants = queries.grants_visible_to(request.actor)
    page = Paginator(grants, PAGE_SIZE).get_page(request.GET.get("page"))
    granters = queries.names_of({grant.granted_by for grant in page} | {g.ended_by for g in page})
    return render(request, "access/roles.html", {"page": page, "granters": granters})


@get_or_post
@permitted(Permission.GRANT_ROLES)
def role_new(request: MemberRequest) -> HttpResponse:
    form = forms.GrantForm(request.POST or None, roles=rules.grantable_roles(request.actor))
    if form.is_valid():
        with form.refusals():
            actions.grant_role_by_phone(**form.cleaned_data, by=request.actor, now=clock.now())
            messages.success(request, _("角色已授予，对方下次打开页面即生效。"))
            return redirect("access:roles")
    regions = queries.regions_to_grant_in(request.actor)
    context = {"form": form, "regions": regions}
    return render(request, "access/role_new.html", context, status=form.status)


@require_POST
@permitted(Permission.GRANT_ROLES)
def role_ending(request: MemberRequest, grant_id: int) -> HttpResponse:
    grant = get_object_or_404(queries.grants_visible_to(request.actor), pk=grant_id)
    actions.end_grant(grant_id=grant.pk, by=request.actor, now=clock.now())
    messages.success(request, _("角色已结束。"))
    return redirect("access:roles")
