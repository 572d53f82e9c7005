from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.foundation.errors import Refused
from linbang.foundation.shell.gates import kept_offline
from linbang.operations.service import actions, queries
from linbang.operations.service.forms.leading import DayForm, MarkForm, SettlementForm
from linbang.operations.service.views.deeds import acted_at, answered, key_of
from linbang.operations.service.views.pictures import qr_svg

ROWS_A_PAGE = 20


@require_GET
@signed_in
@never_cache
def lead(request: MemberRequest) -> HttpResponse:
    now = clock.now()
    page = Paginator(queries.days_led(request.actor, now), ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "days": queries.activity_days(page),
        "page": page,
        "today": clock.local_date(now),
        "now": now,
    }
    return render(request, "service/lead_list.html", context)


@kept_offline
@require_GET
@signed_in
@never_cache
def sheet(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    activity = get_object_or_404(queries.activities_led_by(request.actor), public_id=activity_id)
    now = clock.now()
    day = DayForm(request.GET).named() or queries.day_to_lead(activity, now)
    context = {
        "activity": activity,
        "roll": queries.roll_of(activity, day, now),
        "has_desks": activity.desks.exists(),
        "now": now,
    }
    return render(request, "service/lead_sheet.html", context)


@require_POST
@signed_in
def mark(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    activity = get_object_or_404(queries.activities_led_by(request.actor), public_id=activity_id)
    form = MarkForm(request.POST)
    if not form.is_valid():
        raise Refused
    line = form.told(at=acted_at(request), key=key_of(request))
    [answer] = actions.call_roll(
        activity_id=activity.pk, lines=[line], by=request.actor, now=clock.now()
    )
    if answer.refusal is not None:
        raise answer.refusal
    return answered(request, _address(request, activity_id))


@require_POST
@signed_in
def settlement(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    activity = get_object_or_404(queries.activities_led_by(request.actor), public_id=activity_id)
    form = SettlementForm(request.POST)
    if not form.is_valid():
        raise Refused
    one = form.cleaned_data["sign_up"]
    answers = actions.settle_forgotten(
        activity_id=activity.pk,
        sign_ups=[one] if one else None,
        at=form.cleaned_data["time"],
        note=form.cleaned_data["note"],
        by=request.actor,
        now=clock.now(),
    )
    refused = [answer.refusal for answer in answers if answer.refusal]
    if refused:
        raise refused[0]
    settled = ngettext("已给 %(count)s 人签退。", "已给 %(count)s 人签退。", len(answers))
    messages.success(request, settled % {"count": len(answers)})
    return redirect(_address(request, activity_id))


@never_cache
@signed_in
def closure(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    """Show who forgot and who is missing, and close the roll of the day."""
    activity = get_object_or_404(queries.activities_led_by(request.actor), public_id=activity_id)
    now = clock.now()
    day = DayForm(request.GET).named() or queries.day_to_lead(activity, now)
    if request.method == "POST":
        absent = actions.close_roll(activity_id=activity.pk, day=day, by=request.actor, now=now)
        closed = ngettext(
            "点名已结束，%(count)s 人记为未到。", "点名已结束，%(count)s 人记为未到。", absent
        )
        messages.success(request, closed % {"count": absent})
        return redirect(_address(request, activity_id))
    context = {
        "activity": activity,
        "roll": queries.roll_of(activity, day, now),
        "form": SettlementForm(),
    }
    return render(request, "service/lead_closure.html", context)


@require_GET
@signed_in
@never_cache
def screen(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    activity = get_object_or_404(queries.activities_led_by(request.actor), public_id=activity_id)
    now = clock.now()
    roll = queries.roll_of(activity, clock.local_date(now), now)
    context = {"activity": activity, "roll": roll, **_sign(request, activity_id, now)}
    return render(request, "service/lead_screen.html", context)


@require_POST
@signed_in
@never_cache
def phone(request: MemberRequest, activity_id: UUID, sign_up_id: UUID) -> HttpResponse:
    """Show one volunteer's telephone number to who leads the shift; the look is logged."""
    sign_up = get_object_or_404(
        queries.seats_led_by(request.actor),
        shift__activity__public_id=activity_id,
        public_id=sign_up_id,
    )
    number = actions.see_phone(sign_up=sign_up, by=request.actor, now=clock.now())
    context = {"name": sign_up.person.name, "phone": number, "back": _address(request, activity_id)}
    return render(request, "service/lead_phone.html", context)


def _sign(request: MemberRequest, activity_id: UUID, now: datetime) -> dict[str, Any]:
    sign = queries.sign_of(activity_id, origin=request.build_absolute_uri("/").rstrip("/"), now=now)
    return {"code": sign.code, "qr": qr_svg(sign.address)}


def _address(request: MemberRequest, activity_id: UUID) -> str:
    address = reverse("service:lead_sheet", args=[activity_id])
    day = DayForm(request.GET).named()
    return f"{address}?day={day.isoformat()}" if day else address
