from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.foundation.shell.rules import day_named
from linbang.operations.dispatch import actions, queries
from linbang.operations.dispatch.forms import KeepForm, ProposeForm, WeekForm, WhoForm

ROWS_A_PAGE = 20


@require_GET
@permitted(Permission.LEAD_SHIFTS)
@never_cache
def rosters(request: MemberRequest) -> HttpResponse:
    found = queries.rosters_led_by(request.actor, now=clock.now())
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "dispatch/roster_list.html", {"rows": page, "page": page})


@require_GET
@permitted(Permission.LEAD_SHIFTS)
@never_cache
def roster(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    return _page(request, activity_id)


@require_POST
@permitted(Permission.LEAD_SHIFTS)
def proposals(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    activity = _activity(request, activity_id)
    form = ProposeForm(request.POST, units=queries.units_near(activity))
    if form.is_valid():
        given = dict(form.cleaned_data)
        unit = given.pop("unit")
        with form.refusals():
            made = actions.propose_roster(
                activity_id=activity.pk,
                organisation_id=queries.unit_with(UUID(unit)) if unit else None,
                by=request.actor,
                now=clock.now(),
                **given,
            )
            return redirect("dispatch:proposal", made.public_id)
    return _page(request, activity_id, propose_form=form)


@require_POST
@permitted(Permission.LEAD_SHIFTS)
def keeping(request: MemberRequest, activity_id: UUID) -> HttpResponse:
    activity = _activity(request, activity_id)
    board = queries.roster_board(activity, _day(request.POST.get("week")))
    form = KeepForm(request.POST, units=queries.units_near(activity))
    if form.is_valid():
        with form.refusals():
            kept = actions.reserve_week(
                shift_ids=[load.shift_id for load in board.loads],
                organisation_id=queries.unit_with(UUID(form.cleaned_data["unit"])),
                places=form.cleaned_data["places"],
                by=request.actor,
                now=clock.now(),
            )
            messages.success(
                request,
                ngettext("已调整 %(count)s 个班次。", "已调整 %(count)s 个班次。", kept)
                % {"count": kept},
            )
            return redirect(f"{request.path.removesuffix('keeping/')}?week={board.days[0]}")
    return _page(request, activity_id, keep_form=form)


@require_GET
@permitted(Permission.LEAD_SHIFTS)
@never_cache
def proposal(request: MemberRequest, proposal_id: UUID) -> HttpResponse:
    return _proposal_page(request, proposal_id)


@require_POST
@permitted(Permission.LEAD_SHIFTS)
def confirmation(request: MemberRequest, proposal_id: UUID) -> HttpResponse:
    found = _proposal(request, proposal_id)
    actions.confirm_roster(proposal_id=found.pk, by=request.actor, now=clock.now())
    messages.success(request, _("已按方案报名并通知每个人，一天内可以不留记录地退出。"))
    return redirect("dispatch:proposal", proposal_id)


@require_POST
@permitted(Permission.LEAD_SHIFTS)
def discarding(request: MemberRequest, proposal_id: UUID) -> HttpResponse:
    found = _proposal(request, proposal_id)
    actions.discard_roster(proposal_id=found.pk, by=request.actor, now=clock.now())
    messages.success(request, _("方案已作废，没有人被报名。"))
    return redirect("dispatch:roster", found.activity.public_id)


@require_POST
@permitted(Permission.LEAD_SHIFTS)
def additions(request: MemberRequest, proposal_id: UUID, shift_id: UUID) -> HttpResponse:
    found, form = _proposal(request, proposal_id), WhoForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.add_pair(
                proposal_id=found.pk,
                shift_id=queries.shift_with(shift_id).pk,
                person_id=queries.person_meant(request.actor, form.cleaned_data["who"]).pk,
                by=request.actor,
                now=clock.now(),
            )
            return _back(request, proposal_id)
    return _proposal_page(request, proposal_id, who_form=form)


@require_POST
@permitted(Permission.LEAD_SHIFTS)
def replacement(request: MemberRequest, proposal_id: UUID, pair_id: UUID) -> HttpResponse:
    pair, form = _pair(request, proposal_id, pair_id), WhoForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.replace_pair(
                pair_id=pair.pk,
                person_id=queries.person_meant(request.actor, form.cleaned_data["who"]).pk,
                by=request.actor,
                now=clock.now(),
            )
            return _back(request, proposal_id)
    return _proposal_page(request, proposal_id, who_form=form)


@require_POST
@permitted(Permission.LEAD_SHIFTS)
def removal(request: MemberRequest, proposal_id: UUID, pair_id: UUID) -> HttpResponse:
    pair = _pair(request, proposal_id, pair_id)
    actions.drop_pair(pair_id=pair.pk, by=request.actor, now=clock.now())
    return _back(request, proposal_id)


@require_GET
@permitted(Permission.LEAD_SHIFTS)
@never_cache
def stand_ins(request: MemberRequest) -> HttpResponse:
    searches = queries.searches_led_by(request.actor, now=clock.now())
    page = Paginator(searches, ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "dispatch/staff_stand_ins.html", {"rows": page, "page": page})


def _activity(request: MemberRequest, activity_id: UUID) -> Any:
    return get_object_or_404(queries.activities_led_by(request.actor), public_id=activity_id)


def _proposal(request: MemberRequest, proposal_id: UUID) -> Any:
    return get_object_or_404(queries.proposals_led_by(request.actor), public_id=proposal_id)


def _pair(request: MemberRequest, proposal_id: UUID, pair_id: UUID) -> Any:
    found = _proposal(request, proposal_id)
    return get_object_or_404(queries.pairs_of(found), public_id=pair_id)


def _day(text: str | None) -> date:
    return day_named(text or "", default=clock.local_date(clock.now()))


def _back(request: MemberRequest, proposal_id: UUID) -> HttpResponse:
    answer = redirect("dispatch:proposal", proposal_id)
    answer["Location"] += f"?day={_day(request.POST.get('day'))}"
    return answer


def _page(request: MemberRequest, activity_id: UUID, **forms: Any) -> HttpResponse:
    activity = _activity(request, activity_id)
    week = _day(request.GET.get("week") or request.POST.get("week"))
    whole = queries.roster_board(activity, week)
    look = {"week": whole.days[0], "unit": request.GET.get("unit")}
    week_form = WeekForm(look, units=queries.units_of_board(whole))
    unit = week_form.cleaned_data.get("unit")
    board = queries.roster_board(activity, week, unit=UUID(unit)) if unit else whole
    units = queries.units_near(activity)
    span = {"starts_on": board.days[0], "ends_on": board.days[-1], "day_cap": 1}
    context = {
        "activity": activity,
        "board": board,
        "week_form": week_form,
        "propose_form": ProposeForm(initial=span, units=units),
        "keep_form": KeepForm(units=units),
        "proposals": queries.proposals_led_by(request.actor).filter(activity=activity)[:5],
        **forms,
    }
    status = max([200, *(form.status for form in forms.values())])
    return render(request, "dispatch/roster.html", context, status=status)


def _proposal_page(
    request: MemberRequest, proposal_id: UUID, *, who_form: WhoForm | None = None
) -> HttpResponse:
    found = _proposal(request, proposal_id)
    days = queries.days_of(found)
    usual = next((day for day, missing in days if missing), days[0][0])
    asked = day_named(request.GET.get("day") or request.POST.get("day") or "", default=usual)
    shown = asked if found.starts_on <= asked <= found.ends_on else usual
    context = {
        "proposal": found,
        "proof": queries.proof_of(found),
        "days": days,
        "shown": queries.proposal_day(found, shown),
        "who_form": who_form or WhoForm(),
        "refused": who_form,
    }
    status = who_form.status if who_form else 200
    return render(request, "dispatch/proposal.html", context, status=status)
