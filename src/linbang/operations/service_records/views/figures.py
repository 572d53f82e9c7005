"""Figures as of a past day, and what is overdue."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.operations.service_records import queries

ROWS_A_PAGE = 20
VISITS_SHOWN = 50


@require_GET
@permitted(Permission.VERIFY_RECORDS)
def figures(request: MemberRequest) -> HttpResponse:
    now = clock.now()
    day = queries.day_asked(request.GET.get("day"), now)
    regions = request.actor.regions_for(Permission.VERIFY_RECORDS)
    found = queries.region_figures_as_of(regions, queries.end_of(day, now), day=day)
    context = {"figures": found, "today": clock.local_date(now)}
    return render(request, "service_records/console_figures.html", context)


@require_GET
@permitted(Permission.VERIFY_RECORDS)
def overdue(request: MemberRequest) -> HttpResponse:
    now = clock.now()
    page = Paginator(queries.shifts_overdue(request.actor, now), ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    visits = queries.visits_overdue(request.actor, now)
    context = {
        "page": page,
        "shifts": queries.overdue_shifts(page),
        "visits": queries.overdue_visits(visits[:VISITS_SHOWN]),
        "visit_count": visits.count(),
    }
    return render(request, "service_records/console_overdue.html", context)
