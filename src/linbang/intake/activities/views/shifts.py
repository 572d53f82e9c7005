"""Dates of an activity: all of them, a rhythm, one date with its three scopes, a roster."""

from datetime import timedelta
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
from linbang.foundation.access.gates import MemberRequest
from linbang.intake.activities import actions, queries
from linbang.intake.activities.forms.rows import grown
from linbang.intake.activities.forms.shifts import (
    RosterForm,
    SeriesForm,
    ShiftCancelForm,
    ShiftForm,
    WeekForm,
)
from linbang.intake.activities.views.activities import get_or_post, planners, visible

PAGE = 60


@never_cache
@require_GET
@planners
def listing(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    activity, now = visible(request, activity_id), clock.now()
    shifts = queries.shifts_of(activity)
    if "all" not in request.GET:
        shifts = shifts.filter(ends_at__gt=now)
    page = Paginator(shifts, PAGE).get_page(request.GET.get("page"))
    context = {
        "activity": activity,
        "page": page,
        "rows": queries.date_rows(page.object_list),
        "series": queries.series_rows(activity, now=now),
        "now": now,
    }
    return render(request, "activities/shift_list.html", context)


def _rhythm_preview(form: SeriesForm) -> Any:
    """Return the days of what is chosen so far; None while it is half chosen."""
    if form.is_valid():
        with form.refusals():
            if form.is_by_hand:
                return queries.preview_days(form.days_by_hand())
            return queries.preview_rhythm(form.rhythm(), now=clock.now())
        return _problem(form)
    return None


def _problem(form: Any) -> dict[str, str]:
    """Return why what is chosen cannot be: the refusal that the form took up last."""
    return {"problem": str(next(reversed(form.errors.values()))[0])}


def _series_form(activity: Any, data: Any) -> SeriesForm:
    if data is not None and "add_dates" in data:
        data = grown(data, "dates")
    return SeriesForm(data, posts=list(queries.posts_of(activity)), now=clock.now())


@never_cache
@get_or_post
@planners
def series_new(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    activity = visible(request, activity_id)
    form = _series_form(activity, request.POST or None)
    asks = "check" in request.POST or "add_dates" in request.POST
    if request.method == "POST" and not asks and form.is_valid():
        with form.refusals():
            _add(request, activity, form)
            messages.success(request, _("班次已排好。"))
            return redirect("activities:shifts", activity_id)
    context = {"activity": activity, "form": form, "preview": _rhythm_preview(form)}
    status = 200 if asks else form.status
    return render(request, "activities/series_new.html", context, status=status)


def _add(request: MemberRequest, activity: Any, form: SeriesForm) -> None:
    chosen = [UUID(one) for one in form.cleaned_data["posts"]]
    told = {
        "activity_id": activity.pk,
        "post_ids": queries.post_ids(activity, chosen),
        "by": request.actor,
        "now": clock.now(),
    }
    if form.is_by_hand:
        actions.plan_shifts(windows=form.windows_by_hand(), **told)
    else:
        actions.add_series(rhythm=form.rhythm(), **told)


@require_GET
@planners
def series_preview(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    activity = visible(request, activity_id)
    form = _series_form(activity, request.GET)
    context = {"activity": activity, "form": form, "preview": _rhythm_preview(form)}
    return render(request, "activities/series_new.html#preview", context)


def _shift(request: MemberRequest, activity_id: UUID, shift_id: UUID) -> tuple[Any, Any]:
    activity = visible(request, activity_id)
    return activity, get_object_or_404(queries.shifts_of(activity), public_id=shift_id)


def _edit_preview(form: ShiftForm, shift: Any) -> Any:
    if form.is_bound and form.is_valid():
        with form.refusals():
            edit = form.edit()
            return queries.preview_edit(shift, edit.change, scope=edit.scope, now=clock.now())
        return _problem(form)
    return None


@never_cache
@get_or_post
@planners
def shift(request: MemberRequest, activity_id: UUID, shift_id: UUID) -> HttpResponse:
    activity, found = _shift(request, activity_id, shift_id)
    form = ShiftForm(request.POST or None, shift=found)
    asks = "check" in request.POST
    if request.method == "POST" and not asks and form.is_valid():
        with form.refusals():
            plan = actions.edit_series(
                shift_id=found.pk, edit=form.edit(), by=request.actor, now=clock.now()
            )
            messages.success(request, _say_edited(plan))
            return redirect("activities:shifts", activity_id)
    return _shift_page(request, activity, found, form=form, asks=asks)


def _say_edited(plan: Any) -> str:
    return _("已保存：%(moved)s 个班次改时间，%(cancelled)s 个取消，新增 %(added)s 天。") % {
        "moved": len(plan.moves), "cancelled": len(plan.cancels), "added": len(plan.adds),
    }  # fmt: skip


def _shift_page(
    request: MemberRequest, activity: Any, found: Any, *, asks: bool = False, **forms: Any
) -> HttpResponse:
    form = forms.get("form") or ShiftForm(shift=found)
    now = clock.now()
    context = {
        "activity": activity,
        "shift": found,
        "beside": queries.shifts_of(activity).filter(
            starts_at=found.starts_at, ends_at=found.ends_at
        ),
        "reach": queries.reach_of(found, now=now),
        "cancel_form": ShiftCancelForm(),
        "is_open": found.state == "planned" and found.starts_at > now,
        **forms,
        "form": form,
        "preview": _edit_preview(form, found),
    }
    status = 200 if asks else max(getattr(one, "status", 200) for one in context.values())
    return render(request, "activities/shift_edit.html", context, status=status)


@require_POST
@planners
def shift_preview(request: MemberRequest, activity_id: UUID, shift_id: UUID) -> HttpResponse:
    _activity, found = _shift(request, activity_id, shift_id)
    form = ShiftForm(request.POST, shift=found)
    context = {"form": form, "preview": _edit_preview(form, found)}
    return render(request, "activities/shift_edit.html#preview", context)


@require_POST
@planners
def shift_cancellation(request: MemberRequest, activity_id: UUID, shift_id: UUID) -> HttpResponse:
    activity, found = _shift(request, activity_id, shift_id)
    form, now = ShiftCancelForm(request.POST), clock.now()
    if form.is_valid():
        with form.refusals():
            scope = form.cleaned_data["scope"] or "one"
            count = actions.cancel_shifts(
                activity_id=activity.pk,
                shift_ids=queries.shifts_in_scope(found, scope=scope, now=now),
                reason=form.cleaned_data["reason"],
                by=request.actor,
                now=now,
            )
            messages.success(request, _("已取消的班次：%(n)s。") % {"n": count})
            return redirect("activities:shifts", activity_id)
    return _shift_page(request, activity, found, cancel_form=form)


@never_cache
@get_or_post
@planners
def roster(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    activity, now = visible(request, activity_id), clock.now()
    data = grown(request.POST, "times") if "add_times" in request.POST else request.POST
    points = list(queries.points_visible_to(request.actor).filter(closed_at=None))
    form = RosterForm(data or None, points=points, period=activity.key_period, now=now)
    asks = "check" in request.POST or "add_times" in request.POST
    preview = None
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            if not asks:
                return _plan_roster(request, activity, form)
            preview = queries.preview_roster(activity, form.calendar())
    first = WeekForm(request.GET).told(clock.local_date(now))
    context = {
        "activity": activity, "form": form, "preview": preview, "first": first,
        "roster": queries.roster_of(activity, first=first),
        "before": first - timedelta(days=7), "after": first + timedelta(days=7),
    }  # fmt: skip
    status = 200 if asks else form.status
    return render(request, "activities/roster.html", context, status=status)


def _plan_roster(request: MemberRequest, activity: Any, form: RosterForm) -> HttpResponse:
    count = actions.plan_roster(
        activity_id=activity.pk, calendar=form.calendar(), by=request.actor, now=clock.now()
    )
    messages.success(request, _("新排的班次：%(n)s。") % {"n": count})
    return redirect("activities:roster", activity.public_id)
