from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.foundation.shell.rules import day_named
from linbang.operations.dispatch import actions, queries, rules
from linbang.operations.dispatch.choices import View
from linbang.operations.dispatch.forms import ChoiceForm, OverruleForm, PlanForm

PLANS_A_PAGE, VISITS_A_PAGE, GAPS_SHOWN = 20, 60, 40


@require_http_methods(["GET", "POST"])
@permitted(Permission.DISPATCH)
@never_cache
def plans(request: MemberRequest) -> HttpResponse:
    areas, now = queries.plans.areas_to_plan(request.actor), clock.now()
    starts_on, ends_on = rules.plan_days(now)
    span = {"starts_on": starts_on, "ends_on": ends_on}
    form = PlanForm(request.POST or None, areas=areas, initial=span)
    if form.is_valid():
        given = dict(form.cleaned_data)
        with form.refusals():
            made = actions.ask_plan(
                region_code=given.pop("region"), by=request.actor, now=now, **given
            )
            return redirect("dispatch:plan", made.public_id)
    found = queries.plans.plans_visible_to(request.actor)
    page = Paginator(found, PLANS_A_PAGE).get_page(request.GET.get("page"))
    rows = queries.plans.plan_rows(page, viewer=request.actor)
    context = {"form": form, "areas": areas, "page": page, "rows": rows}
    context["is_under_way"] = any(row.is_under_way for row in rows)
    return render(request, "dispatch/plan_list.html", context, status=form.status)


@require_GET
@permitted(Permission.DISPATCH)
@never_cache
def plan(request: MemberRequest, plan_id: UUID) -> HttpResponse:
    """Show one day of a plan: who has nobody, who goes where and why; as a list or on the map."""
    run = _plan(request, plan_id)
    days = queries.plans.days_of_plan(run, viewer=request.actor)
    day = _day_of(request, days)
    visits = queries.plans.visits_of_plan(run, day=day, viewer=request.actor)
    gaps = queries.plans.gaps_of_plan(run, day=day, viewer=request.actor)
    page = Paginator(visits, VISITS_A_PAGE).get_page(request.GET.get("page"))
    is_map = request.GET.get("view") == View.MAP
    context = {
        **_head(request, run),
        "views": [View.LIST, View.MAP],
        "view": View.MAP if is_map else View.LIST,
        "days": days,
        "day": day,
        "page": page,
    }
    if is_map:
        context["places"] = _places(queries.plans.map_of_plan(run, visits, gaps))
    else:
        context["rows"] = queries.plans.planned_rows(page, now=clock.now())
        context["gaps"] = queries.plans.gap_rows(gaps[:GAPS_SHOWN])
    return render(request, "dispatch/plan.html", context)


@require_GET
@permitted(Permission.DISPATCH)
@never_cache
def visit(request: MemberRequest, plan_id: UUID, visit_id: UUID) -> HttpResponse:
    """Show who else could make a visit; with somebody chosen, what that comes to."""
    return _visit_page(request, plan_id, visit_id)


@require_POST
@permitted(Permission.DISPATCH)
def overruling(request: MemberRequest, plan_id: UUID, visit_id: UUID) -> HttpResponse:
    run, form = _plan(request, plan_id), OverruleForm(request.POST)
    found = queries.plans.planned_visit_of(run, visit_id, viewer=request.actor)
    if form.is_valid():
        with form.refusals():
            actions.overrule(
                run_id=run.pk,
                visit_id=found.pk,
                volunteer_id=_volunteer(form.cleaned_data["volunteer"]),
                reason=form.cleaned_data["reason"],
                by=request.actor,
                now=clock.now(),
            )
            messages.success(request, _("已按您的意思改好。发布之前还可以再改。"))
            day = clock.local_date(found.need.starts_at)
            answer = redirect("dispatch:plan", plan_id)
            answer["Location"] += f"?day={day}#need-{found.need.public_id}"
            return answer
    return _visit_page(request, plan_id, visit_id, overrule_form=form)


@require_http_methods(["GET", "POST"])
@permitted(Permission.DISPATCH)
@never_cache
def publication(request: MemberRequest, plan_id: UUID) -> HttpResponse:
    """Say what publishing does, then do it."""
    run = _plan(request, plan_id)
    if request.method == "POST":
        actions.publish_plan(run_id=run.pk, by=request.actor, now=clock.now())
        messages.success(request, _("已发布，正在邀请志愿者。有人婉拒会自动再请下一位。"))
        return redirect("dispatch:plan", plan_id)
    pairs = queries.plans.needs_to_offer(run)
    context = {"visits": len(pairs), "people": len({person for _need, person in pairs})}
    return render(request, "dispatch/plan_publication.html", context | _head(request, run))


@require_POST
@permitted(Permission.DISPATCH)
def discarding(request: MemberRequest, plan_id: UUID) -> HttpResponse:
    run = _plan(request, plan_id)
    actions.discard_plan(run_id=run.pk, by=request.actor, now=clock.now())
    messages.success(request, _("这份安排已作废，没有邀请任何人。可以重新做一份。"))
    return redirect("dispatch:plans")


@require_GET
@permitted(Permission.DISPATCH)
@never_cache
def shortages(request: MemberRequest, plan_id: UUID) -> HttpResponse:
    """Show what helpers are missing where and when, and a call for volunteers to copy."""
    run = _plan(request, plan_id)
    found = queries.plans.shortages_of(run, viewer=request.actor)
    context = {"rows": found, **_head(request, run)}
    return render(request, "dispatch/plan_shortages.html", context)


@require_GET
@permitted(Permission.SEE_REPORTS)
@never_cache
def recruiting(request: MemberRequest) -> HttpResponse:
    """Show those who read reports where helpers are missing, in numbers; and the same call."""
    now = clock.now()
    starts_on, ends_on = rules.plan_days(now)
    context = {
        "rows": queries.plans.shortages_around(request.actor, now=now),
        "starts_on": starts_on,
        "ends_on": ends_on,
        "place": queries.plans.place_of(request.actor),
    }
    return render(request, "dispatch/recruiting.html", context)


def _plan(request: MemberRequest, plan_id: UUID) -> Any:
    return get_object_or_404(queries.plans.plans_visible_to(request.actor), public_id=plan_id)


def _head(request: MemberRequest, run: Any) -> dict[str, Any]:
    [row] = queries.plans.plan_rows([run], viewer=request.actor)
    return {
        "plan": row,
        "overruled": run.figures.get("overruled", 0),
        "is_outdated": queries.plans.is_outdated(run),
    }


def _day_of(request: MemberRequest, days: Sequence[tuple[date, int, int]]) -> date:
    """Return the day asked for; else the first that lacks people, else the first with visits."""
    busy = [day for day, visits, missing in days if visits or missing]
    usual = next((day for day, _, missing in days if missing), next(iter(busy), days[0][0]))
    asked = day_named(request.GET.get("day") or "", default=usual)
    return asked if days[0][0] <= asked <= days[-1][0] else usual


def _places(places: dict[str, Any]) -> dict[str, Any]:
    """Put into words what stands at each point of the map."""
    for point in places["points"]:
        words = [_("%(count)s 次有人去") % {"count": point["visits"]}]
        if point["missing"]:
            words.append(_("还缺 %(count)s 人") % {"count": point["missing"]})
        for place, count in point["helpers_from"]:
            words.append(_("%(count)s 位从%(place)s来") % {"count": count, "place": place})
        point["note"] = " · ".join(words)
    return places


def _volunteer(public_id: UUID | None) -> int | None:
    if public_id is None:
        return None
    person_id = queries.volunteer_with(public_id)
    if person_id is None:
        raise Http404
    return person_id


def _visit_page(
    request: MemberRequest,
    plan_id: UUID,
    visit_id: UUID,
    *,
    overrule_form: OverruleForm | None = None,
) -> HttpResponse:
    run, words = _plan(request, plan_id), request.GET.get("q", "")
    found = queries.plans.planned_visit_of(run, visit_id, viewer=request.actor)
    [row] = queries.plans.planned_rows([found], now=clock.now())
    choice = ChoiceForm(request.POST or request.GET)
    context = {
        **_head(request, run),
        "row": row,
        "words": words,
        "found": queries.found_volunteers(request.actor, words),
        "others": queries.plans.others_for(run, found, now=clock.now()),
        "choice": choice,
        **_chosen(request, run, found, choice),
    }
    if overrule_form:
        context["overrule_form"] = overrule_form
    status = max(choice.status, overrule_form.status if overrule_form else 200)
    return render(request, "dispatch/plan_visit.html", context, status=status)


def _chosen(request: MemberRequest, run: Any, visit: Any, choice: ChoiceForm) -> dict[str, Any]:
    """Return what a choice comes to; nothing before one is made."""
    if "volunteer" not in choice.data or not choice.is_valid():
        return {}
    public_id = choice.cleaned_data["volunteer"]
    with choice.refusals():
        told = actions.preview_overruling(
            run_id=run.pk,
            visit_id=visit.pk,
            volunteer_id=_volunteer(public_id),
            by=request.actor,
            now=clock.now(),
        )
        return {
            "chosen": queries.plans.named(public_id),
            "is_chosen": True,
            "price": queries.plans.price_of(told),
            "overrule_form": OverruleForm(initial={"volunteer": public_id}),
        }
    return {}
