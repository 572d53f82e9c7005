from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linbang.foundation import clock
from linbang.foundation.access.gates import MemberRequest, signed_in
from linbang.operations.dispatch import actions, queries
from linbang.operations.dispatch.choices import GIVEN
from linbang.operations.dispatch.forms import PeopleForm


@require_GET
@signed_in
@never_cache
def teams(request: MemberRequest, shift_id: UUID) -> HttpResponse:
    found = list(queries.teams_led_by(request.actor))
    if len(found) == 1:
        return redirect("dispatch:team", shift_id, found[0].public_id)
    context = {"shift": queries.shift_with(shift_id), "teams": found}
    return render(request, "dispatch/team_list.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
@never_cache
def team(request: MemberRequest, shift_id: UUID, team_id: UUID) -> HttpResponse:
    shift, squad = queries.shift_with(shift_id), queries.team_of(request.actor, team_id)
    choices = queries.member_choices(squad, shift, now=clock.now())
    form = _form(request, choices, can_wait=shift.activity.has_waiting_list)
    if form.is_valid():
        with form.refusals():
            reports = actions.sign_up_team(
                shift=shift_id,
                organisation_id=squad.pk,
                person_ids=_chosen(form, choices),
                waits=form.cleaned_data.get("waits", False),
                by=request.actor,
                now=clock.now(),
            )
            return _reported(request, shift, squad, reports, choices)
    context = {"shift": shift, "team": squad, "choices": choices, "form": form}
    return render(request, "dispatch/team.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
@signed_in
@never_cache
def reservation(request: MemberRequest, reservation_id: UUID) -> HttpResponse:
    kept = queries.reservation_for(request.actor, reservation_id)
    choices = queries.member_choices(kept.organisation, kept.shift, now=clock.now())
    form = _form(request, choices, can_wait=False)
    if form.is_valid():
        with form.refusals():
            reports = actions.name_reserved(
                reservation_id=kept.pk,
                person_ids=_chosen(form, choices),
                by=request.actor,
                now=clock.now(),
            )
            return _reported(request, kept.shift, kept.organisation, reports, choices)
    context = {
        "shift": kept.shift,
        "team": kept.organisation,
        "kept": kept,
        "choices": choices,
        "form": form,
    }
    return render(request, "dispatch/team.html", context, status=form.status)


def _form(
    request: MemberRequest, choices: list[queries.MemberChoice], *, can_wait: bool
) -> PeopleForm:
    return PeopleForm(
        request.POST if request.method == "POST" else None,
        people=[(str(one.public_id), one.name) for one in choices if one.may_be_ticked],
        can_wait=can_wait,
    )


def _chosen(form: PeopleForm, choices: list[queries.MemberChoice]) -> list[int]:
    ticked = set(form.cleaned_data["people"])
    return [one.person_id for one in choices if str(one.public_id) in ticked]


def _reported(
    request: MemberRequest,
    shift: Any,
    team: Any,
    reports: list[actions.Report],
    choices: list[queries.MemberChoice],
) -> HttpResponse:
    names = {one.person_id: one.name for one in choices}
    lines = [
        {
            "name": names[one.person_id],
            "verdict": one.answer.verdict,
            "is_given": one.answer.verdict in GIVEN,
            "reasons": one.reasons,
        }
        for one in reports
    ]
    if all(line["is_given"] for line in lines):
        messages.success(request, _("都报好了，每个人都收到了通知。"))
    context = {"shift": shift, "team": team, "lines": lines}
    return render(request, "dispatch/team_report.html", context)
