"""The planner's desk: activities by tab, one of them, and what is done with it."""

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.intake.activities import actions, queries
from linbang.intake.activities.choices import Tab
from linbang.intake.activities.forms.activities import (
    CopyForm,
    ListFilter,
    OutcomeForm,
    ReasonForm,
    ReviewForm,
)

PAGE = 25
get_or_post = require_http_methods(["GET", "HEAD", "POST"])
planners = permitted(Permission.EDIT_ACTIVITIES)


@never_cache
@require_GET
@planners
def listing(request: MemberRequest) -> HttpResponse:
    now, wanted = clock.now(), request.GET.get("tab", "")
    tab = Tab(wanted) if wanted in Tab.values else Tab.PUBLISHED
    form = ListFilter(request.GET)
    found = queries.activities_listed(request.actor, tab=tab, now=now, text=form.told())
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    waiting = queries.tab_counts(request.actor)
    context = {
        "form": form,
        "tab": tab,
        "tabs": [(one.value, one.label, waiting[one.value]) for one in Tab],
        "page": page,
        "rows": queries.activity_rows(page.object_list, now=now),
    }
    return render(request, "activities/activity_list.html", context)


def visible(request: MemberRequest, activity_id: UUID) -> Any:
    found = queries.activities_with_links(queries.activities_visible_to(request.actor))
    return get_object_or_404(found, public_id=activity_id)


@never_cache
@require_GET
@planners
def detail(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    return _page(request, visible(request, activity_id))


def _page(request: MemberRequest, activity: Any, **shown: Any) -> HttpResponse:
    context = {
        "activity": activity,
        "sheet": queries.sheet_of(activity, viewer=request.actor, now=clock.now()),
        "review_form": ReviewForm(initial={"version": activity.version}),
        "outcome_form": OutcomeForm(
            initial={"people_served": activity.people_served, "outcome": activity.outcome}
        ),
        "copy_form": CopyForm(initial={"key": uuid.uuid4().hex}),
        **shown,
    }
    status = max(getattr(form, "status", 200) for form in context.values())
    return render(request, "activities/activity_detail.html", context, status=status)


@require_POST
@planners
def publication(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    activity = visible(request, activity_id)
    form = ReasonForm({"reason": "-"})
    with form.refusals():
        published = actions.publish_activity(
            activity_id=activity.pk, by=request.actor, now=clock.now()
        )
        messages.success(request, say_published(published))
        return redirect("activities:detail", activity_id)
    return _page(request, activity, publish_form=form)


def say_published(activity: Any) -> str:
    if activity.state == "published":
        return _("已发布，大家可以报名了。")
    return _("有些内容需要别人看一下，已交给审核人。")


@require_POST
@permitted(Permission.REVIEW_ACTIVITIES)
def review(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    activity, form = visible(request, activity_id), ReviewForm(request.POST)
    approves = "approve" in request.POST
    if form.is_valid():
        with form.refusals():
            actions.review_activity(
                activity_id=activity.pk,
                approves=approves,
                by=request.actor,
                now=clock.now(),
                **form.cleaned_data,
            )
            said = _("已通过并发布。") if approves else _("已退回修改。")
            messages.success(request, said)
            return redirect("activities:detail", activity_id)
    return _page(request, activity, review_form=form)


@never_cache
@get_or_post
@planners
def cancellation(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    activity, form = visible(request, activity_id), ReasonForm(request.POST or None)
    if form.is_valid():
        with form.refusals():
            count = actions.cancel_activity(
                activity_id=activity.pk, by=request.actor, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("已取消，随之取消的班次：%(n)s。") % {"n": count})
            return redirect("activities:detail", activity_id)
    shifts = queries.shifts_ahead(activity, now=clock.now())
    context = {"activity": activity, "form": form, "count": shifts.count(), "shifts": shifts[:5]}
    return render(request, "activities/activity_cancel.html", context, status=form.status)


@require_POST
@planners
def closure(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    activity = visible(request, activity_id)
    actions.close_activity(activity_id=activity.pk, by=request.actor, now=clock.now())
    messages.success(request, _("活动已结束，可以填写小结。"))
    return redirect("activities:detail", activity_id)


@require_POST
@planners
def extension(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    activity = visible(request, activity_id)
    actions.extend_activity(activity_id=activity.pk, by=request.actor, now=clock.now())
    messages.success(request, _("活动已延期，请添加新的班次。"))
    return redirect("activities:detail", activity_id)


@require_POST
@planners
def outcome(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    activity, form = visible(request, activity_id), OutcomeForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.record_outcome(
                activity_id=activity.pk, by=request.actor, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("小结已保存。"))
            return redirect("activities:detail", activity_id)
    return _page(request, activity, outcome_form=form)


@require_POST
@planners
def copy(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    activity, form = visible(request, activity_id), CopyForm(request.POST)
    if form.is_valid():
        with form.refusals():
            made = actions.copy_activity(
                activity_id=activity.pk,
                starts_on=form.cleaned_data["starts_on"],
                key=f"{request.actor.person_id}:{form.cleaned_data['key']}",
                by=request.actor,
                now=clock.now(),
            )
            messages.success(request, _("已复制成草稿，改好后再发布。"))
            return redirect("activities:edit", made.public_id)
    return _page(request, activity, copy_form=form)


@require_POST
@planners
def deletion(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    activity = visible(request, activity_id)
    actions.delete_draft(activity_id=activity.pk, by=request.actor, now=clock.now())
    messages.success(request, _("草稿已删除。"))
    return redirect("activities:list")
