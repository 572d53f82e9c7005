"""The editor: one form, with the gates and the public card beside it while one types."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest
from linbang.intake.activities import actions, queries, rules
from linbang.intake.activities.forms.editor import Editor
from linbang.intake.activities.views.activities import (
    get_or_post,
    planners,
    say_published,
    visible,
)


@never_cache
@get_or_post
@planners
def new(request: MemberRequest) -> HttpResponse:
    return _edit(request, None)


@never_cache
@get_or_post
@planners
def edit(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    return _edit(request, visible(request, activity_id))


@require_POST
@planners
def new_gates(request: MemberRequest) -> HttpResponse:
    return _gates(request, None)


@require_POST
@planners
def gates(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    return _gates(request, visible(request, activity_id))


def _editor(request: MemberRequest, activity: Any) -> Editor:
    data = request.POST if request.method == "POST" else None
    return Editor(actor=request.actor, now=clock.now(), activity=activity, data=data)


def _edit(request: MemberRequest, activity: Any) -> HttpResponse:
    page = _editor(request, activity)
    if request.method == "POST" and not page.is_asking and page.is_valid():
        with page.form.refusals():
            saved = _save(request, page)
            if "publish" in request.POST:
                return _publish(request, saved)
            messages.success(request, _("已保存。"))
            return redirect("activities:detail", saved.public_id)
    context = {"page": page, "activity": activity, **_standing(page)}
    return render(request, "activities/activity_edit.html", context, status=page.status)


def _gates(request: MemberRequest, activity: Any) -> HttpResponse:
    page = _editor(request, activity)
    context = {"page": page, "activity": activity, **_standing(page)}
    return render(request, "activities/activity_edit.html#standing", context)


def _standing(page: Editor) -> dict[str, Any]:
    plan = page.plan()
    return {
        "gates": rules.gates_before(plan, now=page.now),
        "flags": rules.flags_in(plan.details, plan.posts),
        "card": rules.card_of(plan),
    }


def _save(request: MemberRequest, page: Editor) -> Any:
    told = {"details": page.details(), "parts": page.parts(), "by": request.actor}
    if page.activity is None:
        key = f"{request.actor.person_id}:{page.form.cleaned_data['key']}"
        return actions.create_activity(key=key, now=page.now, **told)
    return actions.update_activity(
        activity_id=page.activity.pk,
        version=page.form.cleaned_data["version"],
        now=page.now,
        **told,
    )


def _publish(request: MemberRequest, activity: Any) -> HttpResponse:
    """Publish what was just saved; what still stands in the way is shown on its page."""
    now = clock.now()
    found = rules.gates_before(queries.plan_of(activity), now=now)
    if found:
        messages.warning(request, _("已保存。还要改好的地方：%(n)s。") % {"n": len(found)})
        return redirect("activities:edit", activity.public_id)
    if activity.state == "draft":
        activity = actions.publish_activity(activity_id=activity.pk, by=request.actor, now=now)
    messages.success(request, say_published(activity))
    return redirect("activities:detail", activity.public_id)
