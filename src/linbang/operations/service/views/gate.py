"""At the gate: cards scanned one after the other, and people who walk in."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.foundation.audit.rules import mask_name
from linbang.foundation.shell.gates import kept_offline, with_camera
from linbang.operations.service import actions, queries
from linbang.operations.service.choices import CardDirection
from linbang.operations.service.forms.leading import CardScanForm, WalkInForm
from linbang.operations.service.views.deeds import acted_at, is_queued, key_of


@kept_offline
@with_camera
@signed_in
@never_cache
def card_scan(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    activity = get_object_or_404(queries.activities_led_by(request.actor), public_id=activity_id)
    form = CardScanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if is_queued(request):
            # A refusal rises: the queue keeps it with its reason, and the camera goes on.
            return JsonResponse(_scanned(request, activity.pk, form))
        with form.refusals():
            messages.success(request, _scanned(request, activity.pk, form)["text"])
            return redirect("service:card_scan", activity_id=activity_id)
    return render(
        request, "service/card_scan.html", {"activity": activity, "form": form}, status=form.status
    )


@signed_in
@never_cache
def walk_in(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    activity = get_object_or_404(queries.activities_led_by(request.actor), public_id=activity_id)
    now = clock.now()
    form = WalkInForm(request.POST or None, **_choices(request, activity, now))
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            done = actions.walk_in(
                activity_id=activity.pk,
                shift=UUID(form.cleaned_data["shift"]),
                visitor=form.told(),
                key=key_of(request),
                by=request.actor,
                now=now,
            )
            words = _("%(name)s 登记好了，已签到。") if done.is_new else _("%(name)s 已签到。")
            messages.success(request, words % {"name": done.person.name})
            return redirect("service:walk_in", activity_id=activity_id)
    context = {"activity": activity, "form": form, **queries.texts_for_visitors(activity)}
    return render(request, "service/walk_in.html", context, status=form.status)


def _scanned(request: MemberRequest, activity_id: int, form: CardScanForm) -> dict[str, Any]:
    done = actions.scan_card(
        activity_id=activity_id,
        card=form.cleaned_data["card"],
        direction=CardDirection(form.cleaned_data["direction"] or CardDirection.EITHER),
        at=acted_at(request),
        key=key_of(request),
        by=request.actor,
        now=clock.now(),
    )
    words = _("%(name)s 已签退") if done.is_out else _("%(name)s 已签到")
    return {"text": words % {"name": done.name}, "is_out": done.is_out}


def _choices(request: MemberRequest, activity: Any, now: Any) -> dict[str, Any]:
    shifts = queries.shifts_to_walk_into(activity, now)
    known = queries.people_known_by(request.POST.get("who", ""), today=clock.local_date(now))
    return {
        "shifts": [
            (
                str(one.public_id),
                f"{one.post.name} {one.starts_at.astimezone(clock.CHINA):%H:%M}",
            )
            for one in shifts
        ],
        "homes": [(home.code, home.name) for home in queries.homes_near(activity)],
        "people": [(str(one.public_id), mask_name(one.name)) for one in known]
        if len(known) > 1
        else (),
    }
