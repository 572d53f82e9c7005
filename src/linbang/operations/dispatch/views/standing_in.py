from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.operations.dispatch import actions, queries


@require_GET
@signed_in
@never_cache
def stand_ins(request: MemberRequest) -> HttpResponse:
    rows = queries.searches_for(request.actor, now=clock.now())
    return render(request, "dispatch/stand_in_list.html", {"rows": rows})


@require_POST
@signed_in
def taking(request: MemberRequest, stand_in_id: UUID) -> HttpResponse:
    made = actions.take_stand_in(
        stand_in_id=queries.search_with(stand_in_id).pk,
        person_id=request.actor.person_id or 0,
        by=request.actor,
        now=clock.now(),
    )
    messages.success(request, gettext("谢谢您！这个班现在是您的了。"))
    return redirect("dispatch:sign_up", made.public_id)


@require_POST
@signed_in
def ending(request: MemberRequest, stand_in_id: UUID) -> HttpResponse:
    search = queries.search_with(stand_in_id)
    actions.stop_seeking(stand_in_id=search.pk, by=request.actor, now=clock.now())
    messages.success(request, gettext("好的，不找了，这个班还是您的。"))
    return redirect("dispatch:sign_up", search.sign_up.public_id)


@require_POST
@signed_in
def agreement(request: MemberRequest, stand_in_id: UUID) -> HttpResponse:
    _, new = actions.accept_swap(
        stand_in_id=queries.search_with(stand_in_id).pk, by=request.actor, now=clock.now()
    )
    messages.success(request, gettext("换好了，这是您的新班次。"))
    return redirect("dispatch:sign_up", new.public_id)


@require_POST
@signed_in
def refusal(request: MemberRequest, stand_in_id: UUID) -> HttpResponse:
    search = queries.search_with(stand_in_id)
    actions.decline_swap(stand_in_id=search.pk, by=request.actor, now=clock.now())
    messages.info(request, gettext("好的，没有关系，已经告诉对方。"))
    return redirect("dispatch:sign_up", search.swap_with.public_id)
