"""The savings of a region: branches, pool, demand."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.foundation.places.rules import short_name
from linbang.outcomes.time_bank import queries
from linbang.outcomes.time_bank.forms import LookForm


@require_GET
@permitted(Permission.SEE_SAVINGS)
def branches(request: MemberRequest) -> HttpResponse:
    context = _look(request)
    context["report"] = queries.branch_report(context["region"], window=context["window"])
    context["proof"] = queries.last_proof()
    return render(request, "time_bank/console_branches.html", context)


@require_GET
@permitted(Permission.SEE_SAVINGS)
def pool(request: MemberRequest) -> HttpResponse:
    context = _look(request)
    code = context["region"].code
    pools = queries.pools_of(code, now=clock.now())
    context["books"] = queries.pool_books(pools, region_code=code, window=context["window"])
    return render(request, "time_bank/console_pool.html", context)


@require_GET
@permitted(Permission.SEE_SAVINGS)
def demand(request: MemberRequest) -> HttpResponse:
    context = _look(request)
    code, window = context["region"].code, context["window"]
    services = queries.demand_of(code, window=window)
    context |= {
        "services": [one for one in services if one.requests],
        "unasked": [one for one in services if not one.requests and not one.helpers],
        "lacking": queries.lacking(services),
        "redemption": queries.redemption_of(code, window=window),
    }
    return render(request, "time_bank/console_demand.html", context)


def _look(request: MemberRequest) -> dict[str, Any]:
    """Return what every page of a region's savings shows. Raises Http404."""
    form, now = LookForm(request.GET), clock.now()
    region = queries.region_looked_at(request.actor, form.chosen_region)
    if region is None:
        raise Http404
    form.offer(queries.regions_to_look_at(request.actor, region), chosen=region.code)
    return {
        "form": form,
        "region": region,
        "place": short_name(region.name),
        "span": form.chosen_span,
        "window": queries.window_of(form.chosen_span, now=now),
        "scheme": queries.scheme_of(region.code, at=now),
    }
