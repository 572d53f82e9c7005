from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.operations.service import actions, queries
from linbang.operations.service.forms.leading import DayForm, SheetForm
from linbang.operations.service.views.pictures import qr_svg

BLANK_LINES = 12


@require_GET
@signed_in
@never_cache
def sheet_print(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    activity = get_object_or_404(queries.activities_led_by(request.actor), public_id=activity_id)
    now = clock.now()
    day = DayForm(request.GET).named() or queries.day_to_lead(activity, now)
    address = request.build_absolute_uri(reverse("service:entrance", args=[activity_id]))
    context = {
        "activity": activity,
        "roll": queries.roll_of(activity, day, now),
        "blank": range(BLANK_LINES),
        "qr": qr_svg(address),
    }
    return render(request, "service/sheet_print.html", context)


@signed_in
@never_cache
def sheet_entry(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    activity = get_object_or_404(queries.activities_led_by(request.actor), public_id=activity_id)
    now = clock.now()
    day = DayForm(request.GET).named() or queries.day_to_lead(activity, now)
    roll = queries.roll_of(activity, day, now)
    shift = next(
        (one for one in roll.shifts if str(one.shift.public_id) == request.GET.get("shift")),
        next(iter(roll.shifts), None),
    )
    form = SheetForm(request.POST or None, rows=queries.rows_to_enter(shift))
    refused = []
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            answers = actions.enter_sheet(
                activity_id=activity.pk,
                lines=form.lines(day),
                note=form.cleaned_data["note"],
                by=request.actor,
                now=now,
            )
            refused = [answer for answer in answers if answer.refusal]
            entered = len(answers) - len(refused)
            words = ngettext("已补录 %(count)s 人。", "已补录 %(count)s 人。", entered)
            messages.success(request, words % {"count": entered})
            if not refused:
                return redirect(f"{reverse('service:lead_sheet', args=[activity_id])}?day={day}")
    context = {"activity": activity, "roll": roll, "shift": shift, "form": form, "refused": refused}
    return render(request, "service/sheet_entry.html", context, status=form.status)
