from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.views.decorators.http import require_GET

from linbang.foundation import clock
from linbang.foundation.shell.templatetags.shell import moment
from linbang.operations.dispatch import queries
from linbang.operations.dispatch.choices import View
from linbang.operations.dispatch.forms import LookForm


@require_GET
def activities(request: HttpRequest) -> HttpResponse:
    """Show strangers and members what they may take now, as a list, a calendar or a map."""
    actor, now = request.actor, clock.now()
    form = LookForm(request.GET, actor=actor, today=clock.local_date(now))
    view = form.view_chosen
    limit = queries.SHIFTS_OF_A_MONTH_MAX if view == View.CALENDAR else queries.SHIFTS_SHOWN_MAX
    rows = queries.open_shifts(actor.person_id, form.look, now=now, cell=actor.cell, limit=limit)
    context = {"form": form, "view": view, "views": list(View), "is_cut": len(rows) == limit}
    return render(request, "dispatch/activity_list.html", context | _view(view, rows, form))


def _view(view: View, rows: list[queries.ShiftRow], form: LookForm) -> dict[str, Any]:
    if view == View.CALENDAR:
        return {
            "entries": queries.calendar_entries(rows),
            "month": form.month_chosen,
            "chosen": form.cleaned_data.get("day"),
        }
    if view == View.MAP:
        places = queries.map_of(rows, region=form.look.region)
        for point in places["points"]:
            point["note"] = f"{moment(point['starts_at'])} · {point['place']}"
        return {"places": places}
    return {"cards": queries.cards_of_shifts(rows)}


@require_GET
def activity(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """Show an activity to everybody: what it is, its posts and shifts, and why not."""
    found = get_object_or_404(queries.activities_shown(), public_id=activity_id)
    page = queries.activity_page(
        request.actor, found, person_id=request.actor.person_id, now=clock.now()
    )
    context = {
        "page": page,
        "address": request.build_absolute_uri(request.path),
        "preview": request.build_absolute_uri(static("dispatch/preview.jpg")),
    }
    return render(request, "dispatch/activity.html", context)
