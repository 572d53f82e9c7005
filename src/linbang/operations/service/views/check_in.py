from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, pass_of_page, signed_in
from linbang.foundation.shell.gates import with_camera
from linbang.operations.service import actions, queries
from linbang.operations.service.choices import AttendanceMethod
from linbang.operations.service.forms.shifts import PresenceForm
from linbang.operations.service.views.deeds import key_of
from linbang.operations.service.views.devices import marked


@with_camera
@require_GET
@signed_in
@never_cache
def check_in(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    # The phone's own scanner opens this page with the code of the moment in its address.
    scanned = {"method": AttendanceMethod.CODE, "code": request.GET.get("code", "")[:6]}
    return _page(request, activity_id, PresenceForm(initial=scanned))


@with_camera
@require_POST
@signed_in
def arrival(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    return _prove(request, activity_id, actions.check_in_shift)


@with_camera
@require_POST
@signed_in
def departure(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    return _prove(request, activity_id, actions.check_out_shift)


@require_GET
@signed_in
@never_cache
def check_in_done(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    activity = get_object_or_404(queries.open_activities(), public_id=activity_id)
    done = queries.latest_presence(activity, request.actor, clock.now())
    if done is None:
        return redirect("service:entrance", activity_id=activity_id)
    cards = queries.cards_at(activity, request.actor, clock.now())
    context = {"activity": activity, "done": done, "cards": cards, "code": request.GET.get("code")}
    return render(request, "service/check_in_done.html", context)


def _prove(request: MemberRequest, activity_id: UUID, act: Callable[..., Any]) -> HttpResponse:
    activity = get_object_or_404(queries.open_activities(), public_id=activity_id)
    form = PresenceForm(request.POST)
    if form.is_valid():
        person_id = queries.person_in_charge(request.actor, form.cleaned_data["person"])
        with form.refusals():
            act(
                activity_id=activity.pk,
                person_id=person_id,
                proof=form.told(key_of(request)),
                by=request.actor,
                now=clock.now(),
            )
            return redirect("service:entrance_done", activity_id=activity_id)
    return _page(request, activity_id, form)


def _page(request: MemberRequest, activity_id: UUID, form: PresenceForm) -> HttpResponse:
    activity = get_object_or_404(queries.open_activities(), public_id=activity_id)
    cards = queries.cards_at(activity, request.actor, clock.now())
    code = "" if form.errors else form["code"].value() or ""
    response = render(
        request,
        "service/check_in.html",
        {
            "activity": activity,
            "cards": cards,
            "form": form,
            "code": code,
            "scans": not code and any(card.is_pressing for card in cards),
            "with_location": bool(cards) and queries.takes_location(activity, cards[0]),
            "token": pass_of_page(request, now=clock.now()),
        },
        status=form.status,
    )
    # Whoever has no place here proves nothing here.
    return marked(request, response, activity) if cards else response
