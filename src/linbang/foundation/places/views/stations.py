"""Stations: the public list on the phone, and the editor of the console."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linbang.foundation import clock
from linbang.foundation.places import actions, forms, queries, rules
from linbang.foundation.places.gates import KeeperRequest, for_keepers, signed_in

PAGE = 20
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
@signed_in
def stations(request: KeeperRequest) -> HttpResponse:
    streets = queries.streets_with_stations(request.actor)
    form = forms.StationsFilter(request.GET, streets=streets)
    found = queries.stations_found(request.actor, **form.told())
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = queries.station_rows(page.object_list, now=clock.now())
    context = {"form": form, "page": page, "rows": rows, "streets": streets}
    return render(request, "places/station_list.html", context)


@get_or_post
@for_keepers
def station_new(request: KeeperRequest) -> HttpResponse:
    form = forms.StationForm(
        request.POST or None,
        regions=queries.station_homes(request.actor),
        initial={"region_code": request.GET.get("region", "")},
    )
    if form.is_valid():
        with form.refusals():
            details = rules.StationDetails(**form.cleaned_data)
            station = actions.open_station(details=details, by=request.actor, now=clock.now())
            messages.success(request, _("服务站开设好了。"))
            return redirect("places:region", station.region_id)
    context = {"form": form, "title": _("开设服务站")}
    return render(request, "places/station_edit.html", context, status=form.status)


@get_or_post
@for_keepers
def station(request: KeeperRequest, station_id: UUID) -> HttpResponse:
    found = get_object_or_404(queries.stations_kept_by(request.actor), public_id=station_id)
    form = forms.StationForm(
        request.POST or None,
        regions=queries.station_homes(request.actor),
        initial=_told_of(found),
    )
    if form.is_valid():
        with form.refusals():
            details = rules.StationDetails(**form.cleaned_data)
            actions.edit_station(
                station_id=found.pk, details=details, by=request.actor, now=clock.now()
            )
            messages.success(request, _("服务站资料已更新。"))
            return redirect("places:region", details.region_code)
    context = {"form": form, "title": found.name, "station": found}
    return render(request, "places/station_edit.html", context, status=form.status)


def _told_of(found: Any) -> dict[str, Any]:
    columns = ("name", "address", "phone", "longitude", "latitude", "features")
    told = {name: getattr(found, name) for name in columns}
    hours = forms.hours_initial(queries.windows_of(found))
    return {**told, **hours, "region_code": found.region_id}
