from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.reporting.statistics import actions, queries
from linbang.reporting.statistics.choices import ACTIVITY_DEFINITIONS, DEFINITIONS
from linbang.reporting.statistics.forms import FiltersForm
from linbang.reporting.statistics.schemas.workbook import TYPE, workbook_of


@require_GET
@permitted(Permission.SEE_REPORTS)
def overview(request: MemberRequest) -> HttpResponse:
    now = clock.now()
    form = FiltersForm(request.GET, today=clock.local_date(now))
    if not request.actor.regions_for(Permission.SEE_REPORTS):
        has_team = bool(queries.activity_scope(request.actor, "", ""))
        return render(request, "statistics/overview_none.html", {"has_team": has_team})
    region = queries.region_visible_to(request.actor, form.chosen_region)
    if region is None:
        raise Http404
    period = form.chosen_period
    form.offer(queries.regions_to_choose(request.actor, region), chosen=region.code)
    context = {
        "form": form,
        "region": region,
        "way": queries.way_to(request.actor, region),
        "period": period,
        "period_label": queries.label_of(period),
        "figures": queries.figures_of(prefix=region.code, period=period, asked_at=now),
        "definitions": DEFINITIONS,
        "can_export": request.actor.may(Permission.EXPORT, region=region.code),
        "can_brief": request.actor.may(Permission.ISSUE_BRIEFS, region=region.code),
    }
    return render(request, "statistics/overview.html", context)


@require_GET
@permitted(Permission.SEE_REPORTS)
def activities(request: MemberRequest) -> HttpResponse:
    now = clock.now()
    form = FiltersForm(request.GET, today=clock.local_date(now))
    scope = queries.activity_scope(request.actor, form.chosen_region, form.chosen_team)
    if scope is None:
        raise Http404
    period = form.chosen_period
    form.offer_for(request.actor, scope)
    context = {
        "form": form,
        "scope": scope,
        "way": queries.way_to(request.actor, scope.region) if scope.region else [],
        "team_way": queries.way_to_team(scope) if scope.team else [],
        "period": period,
        "period_label": queries.label_of(period),
        "figures": queries.activity_figures(scope=scope, period=period, asked_at=now),
        "definitions": ACTIVITY_DEFINITIONS,
        "can_export": bool(scope.region)
        and request.actor.may(Permission.EXPORT, region=scope.prefix),
    }
    return render(request, "statistics/activities.html", context)


@require_GET
@permitted(Permission.EXPORT)
def export(request: MemberRequest) -> HttpResponse:
    now = clock.now()
    form = FiltersForm(request.GET, today=clock.local_date(now))
    region = queries.region_visible_to(
        request.actor, form.chosen_region, permission=Permission.EXPORT
    )
    if region is None:
        raise Http404
    period = form.chosen_period
    figures, of_activities = actions.export_figures(
        region=region, period=period, by=request.actor, now=now
    )
    content = workbook_of(
        figures, of_activities, place=region.name, period=queries.label_of(period)
    )
    name = quote(f"{region.name}-{period.text}.xlsx")
    disposition = f"attachment; filename=figures-{period.text}.xlsx; filename*=UTF-8''{name}"
    return HttpResponse(content, content_type=TYPE, headers={"Content-Disposition": disposition})
