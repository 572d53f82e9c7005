from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted, signed_in
from linbang.operations.dispatch import actions, queries
from linbang.operations.dispatch.forms import (
    DecideForm,
    MessageForm,
    OnBehalfForm,
    ReasonForm,
    ReserveForm,
)

ROWS_A_PAGE = 20


@require_GET
@permitted(Permission.LEAD_SHIFTS)
@never_cache
def activities(request: MemberRequest) -> HttpResponse:
    found = queries.activities_at_hand(request.actor, now=clock.now())
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "dispatch/staff_activities.html", {"rows": page, "page": page})


@require_GET
@signed_in
@never_cache
def activity(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    lines = queries.shift_lines(_activity(request, activity_id), now=clock.now())
    if not lines:
        return render(
            request, "dispatch/staff_empty.html", {"activity": _activity(request, activity_id)}
        )
    wanting = next((line for line in lines if line.requests), lines[0])
    return redirect("dispatch:staff_shift", activity_id, wanting.shift.public_id)


@require_GET
@signed_in
@never_cache
def shift(request: MemberRequest, activity_id: UUID, shift_id: UUID) -> HttpResponse:
    return _page(request, activity_id, shift_id)


@require_POST
@signed_in
def approvals(request: MemberRequest, activity_id: UUID, shift_id: UUID) -> HttpResponse:
    sheet = _sheet(request, activity_id, shift_id)
    form = DecideForm(
        request.POST,
        requests=[(str(one.sign_up.public_id), one.name) for one in sheet.requested],
    )
    if not form.is_valid():
        return _page(request, activity_id, shift_id, decide_form=form)
    chosen = set(form.cleaned_data["requests"])
    ids = [one.sign_up.pk for one in sheet.requested if str(one.sign_up.public_id) in chosen]
    decisions = actions.approve_sign_ups(sign_up_ids=ids, by=request.actor, now=clock.now())
    approved = sum(one.refusal is None for one in decisions)
    messages.success(
        request,
        ngettext("已录取 %(count)s 人。", "已录取 %(count)s 人。", approved) % {"count": approved},
    )
    for one in decisions:
        if one.refusal is not None:
            messages.error(request, str(one.refusal))
    return redirect("dispatch:staff_shift", activity_id, shift_id)


@require_POST
@signed_in
def refusal(
    request: MemberRequest, activity_id: UUID, shift_id: UUID, sign_up_id: UUID
) -> HttpResponse:
    found, form = _sign_up(request, activity_id, sign_up_id), ReasonForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.decline_sign_up(
                sign_up_id=found.pk, by=request.actor, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("已告诉本人未能录取。"))
            return redirect("dispatch:staff_shift", activity_id, shift_id)
    return _page(request, activity_id, shift_id, reason_form=form)


@require_POST
@signed_in
def release(
    request: MemberRequest, activity_id: UUID, shift_id: UUID, sign_up_id: UUID
) -> HttpResponse:
    found, form = _sign_up(request, activity_id, sign_up_id), ReasonForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.release_sign_up(
                sign_up_id=found.pk, by=request.actor, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("已解除并告诉本人，不影响其任何记录。"))
            return redirect("dispatch:staff_shift", activity_id, shift_id)
    return _page(request, activity_id, shift_id, reason_form=form)


@require_POST
@signed_in
def on_behalf(request: MemberRequest, activity_id: UUID, shift_id: UUID) -> HttpResponse:
    sheet, form = _sheet(request, activity_id, shift_id), OnBehalfForm(request.POST)
    if not form.is_valid():
        raise Http404
    with form.refusals():
        actions.sign_up_for(
            shift=sheet.line.shift.public_id,
            person_id=queries.person_to_sign_up(request.actor, form.cleaned_data["person"]),
            waits=form.cleaned_data["waits"],
            by=request.actor,
            now=clock.now(),
        )
        messages.success(request, _("已代为报名，并告诉了本人。"))
        return redirect("dispatch:staff_shift", activity_id, shift_id)
    return _page(request, activity_id, shift_id, behalf_form=form)


@require_POST
@signed_in
def reservations(request: MemberRequest, activity_id: UUID, shift_id: UUID) -> HttpResponse:
    sheet = _sheet(request, activity_id, shift_id)
    units = queries.units_near(sheet.line.shift.activity)
    form = ReserveForm(request.POST, units=units)
    if form.is_valid():
        with form.refusals():
            actions.reserve_places(
                shift=sheet.line.shift.public_id,
                organisation_id=queries.unit_with(UUID(form.cleaned_data["unit"])),
                places=form.cleaned_data["places"],
                by=request.actor,
                now=clock.now(),
            )
            messages.success(request, _("已预留，并通知了单位的负责人。"))
            return redirect("dispatch:staff_shift", activity_id, shift_id)
    return _page(request, activity_id, shift_id, reserve_form=form)


@require_POST
@signed_in
def message(request: MemberRequest, activity_id: UUID, shift_id: UUID) -> HttpResponse:
    sheet, form = _sheet(request, activity_id, shift_id), MessageForm(request.POST)
    if form.is_valid():
        with form.refusals():
            told = actions.message_people(
                activity_id=sheet.line.shift.activity_id,
                text=form.cleaned_data["text"],
                by=request.actor,
                now=clock.now(),
                **_addressed(form.cleaned_data["to"], sheet.line.shift),
            )
            messages.success(
                request,
                ngettext("已发给 %(count)s 人。", "已发给 %(count)s 人。", told) % {"count": told},
            )
            return redirect("dispatch:staff_shift", activity_id, shift_id)
    return _page(request, activity_id, shift_id, message_form=form)


def _addressed(to: str, shift: Any) -> dict[str, Any]:
    if to == "shift":
        return {"shift_ids": [shift.pk]}
    return {"day": clock.local_date(shift.starts_at)} if to == "day" else {}


def _activity(request: MemberRequest, activity_id: UUID) -> Any:
    return get_object_or_404(queries.activities_led_by(request.actor), public_id=activity_id)


def _sheet(request: MemberRequest, activity_id: UUID, shift_id: UUID) -> queries.ShiftSheet:
    lines = queries.shift_lines(_activity(request, activity_id), now=clock.now())
    return queries.shift_sheet(_line(lines, shift_id))


def _line(lines: list[queries.ShiftLine], shift_id: UUID) -> queries.ShiftLine:
    line = next((one for one in lines if one.shift.public_id == shift_id), None)
    if line is None:
        raise Http404
    return line


def _sign_up(request: MemberRequest, activity_id: UUID, sign_up_id: UUID) -> Any:
    found = _activity(request, activity_id)
    return get_object_or_404(
        queries.sign_ups_led_by(request.actor),
        public_id=sign_up_id,
        shift__activity_id=found.pk,
    )


def _page(request: MemberRequest, activity_id: UUID, shift_id: UUID, **forms: Any) -> HttpResponse:
    activity, now = _activity(request, activity_id), clock.now()
    lines = queries.shift_lines(activity, now=now)
    sheet = queries.shift_sheet(_line(lines, shift_id))
    words = request.GET.get("q", "")
    context = {
        "activity": activity,
        "lines": lines,
        "sheet": sheet,
        "words": words,
        "found": queries.people_to_sign_up(request.actor, sheet.line.shift, words, now=now),
        "message_form": MessageForm(),
        "reserve_form": ReserveForm(units=queries.units_near(activity)),
        "reason_form": ReasonForm(),
        **forms,
    }
    status = max([200, *(form.status for form in forms.values())])
    return render(request, "dispatch/staff_shift.html", context, status=status)
