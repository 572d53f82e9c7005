from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.foundation.errors import Refused
from linbang.operations.service import actions, queries
from linbang.operations.service.forms.leading import DayForm
from linbang.operations.service.forms.shifts import AnswerForm

ROWS_A_PAGE = 20


@require_GET
@permitted(Permission.LEAD_SHIFTS)
@never_cache
def days(request: MemberRequest) -> HttpResponse:
    now = clock.now()
    unsettled = request.GET.get("tab", "unsettled") == "unsettled"
    page = Paginator(
        queries.days_looked_over(request.actor, now, unsettled=unsettled), ROWS_A_PAGE
    ).get_page(request.GET.get("page"))
    absences = queries.absences_led_by(request.actor)
    context = {
        "unsettled": unsettled,
        "page": page,
        "days": queries.activity_days(page),
        "objections": queries.awaiting_answer(absences).count(),
        "now": now,
    }
    return render(request, "service/console_days.html", context)


@require_GET
@permitted(Permission.LEAD_SHIFTS)
@never_cache
def day(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    activity = get_object_or_404(queries.activities_led_by(request.actor), public_id=activity_id)
    now = clock.now()
    shown = DayForm(request.GET).named() or queries.day_to_lead(activity, now)
    context = {
        "activity": activity,
        "roll": queries.roll_of(activity, shown, now),
        "presence": queries.presence_of(queries.attendances_that_count_of(activity, day=shown)),
        "lines": queries.attendance_lines(activity, shown),
    }
    return render(request, "service/console_day.html", context)


@require_GET
@permitted(Permission.LEAD_SHIFTS)
@never_cache
def absences(request: MemberRequest) -> HttpResponse:
    found = queries.absences_led_by(request.actor)
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "objections": queries.awaiting_answer(found).count()}
    return render(request, "service/console_absences.html", context)


@require_POST
@permitted(Permission.LEAD_SHIFTS)
def absence_decision(request: MemberRequest, absence_id: UUID) -> HttpResponse:
    get_object_or_404(queries.absences_led_by(request.actor), public_id=absence_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        raise Refused
    decide = {"excuse": actions.excuse_absence, "uphold": actions.uphold_absence}
    decide[form.cleaned_data["decision"]](
        absence=absence_id,
        answer=form.cleaned_data["answer"],
        by=request.actor,
        now=clock.now(),
    )
    messages.success(request, _("已答复，本人会收到通知。"))
    return redirect("service:absences")
