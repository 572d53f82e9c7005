"""The place tree in the console: from the county down to the building."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linbang.foundation import clock
from linbang.foundation.places import actions, forms, queries
from linbang.foundation.places.choices import RegionLevel
from linbang.foundation.places.gates import KeeperRequest, for_keepers

PAGE = 50


@require_GET
@for_keepers
def places(request: KeeperRequest) -> HttpResponse:
    roots = list(queries.roots_kept_by(request.actor))
    if len(roots) == 1:
        return redirect("places:region", roots[0].code)
    return render(request, "places/place_list.html", {"rows": roots})


@require_GET
@for_keepers
def region(request: KeeperRequest, code: str) -> HttpResponse:
    return _page(request, queries.kept_region(request.actor, code))


def _page(request: KeeperRequest, found: Any, **bound: Any) -> HttpResponse:
    level = RegionLevel(found.level)
    children = queries.children_of(found.code)
    page = Paginator(children, PAGE).get_page(request.GET.get("page"))
    stations = queries.stations_kept_by(request.actor, prefix=found.code)[:PAGE]
    add_form = forms.BuildingForm() if level == RegionLevel.GRID else forms.NameForm()
    point = {"longitude": found.longitude, "latitude": found.latitude}
    context = {
        "region": found,
        "level": level.name.lower(),
        "crumbs_of": queries.crumbs_of(request.actor, found.code)[:-1],
        "page": page,
        "rows": page.object_list,
        "stations": queries.station_rows(stations, now=clock.now()),
        "add_form": add_form,
        "name_form": forms.NameForm(initial={"name": found.name}),
        "point_form": forms.PointForm(initial=point),
        **bound,
    }
    refused = any(form.status != 200 for form in bound.values())
    return render(request, "places/place_detail.html", context, status=422 if refused else 200)


@require_POST
@for_keepers
def children(request: KeeperRequest, code: str) -> HttpResponse:
    found = queries.kept_region(request.actor, code)
    is_grid = found.level == RegionLevel.GRID
    form = (forms.BuildingForm if is_grid else forms.NameForm)(request.POST)
    if form.is_valid():
        with form.refusals():
            _add(request, found, form.cleaned_data, is_grid=is_grid)
            messages.success(request, _("已添加。"))
            return redirect("places:region", code)
    return _page(request, found, add_form=form)


def _add(request: KeeperRequest, found: Any, told: dict[str, Any], *, is_grid: bool) -> None:
    by, now = request.actor, clock.now()
    if is_grid:
        actions.add_building(grid_code=found.code, **told, by=by, now=now)
    else:
        actions.add_grid(community_code=found.code, **told, by=by, now=now)


@require_POST
@for_keepers
def name(request: KeeperRequest, code: str) -> HttpResponse:
    found = queries.kept_region(request.actor, code)
    form = forms.NameForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.rename_region(code=code, **form.cleaned_data, by=request.actor, now=clock.now())
            messages.success(request, _("名称已更改，旧名称会保留。"))
            return redirect("places:region", code)
    return _page(request, found, name_form=form)


@require_POST
@for_keepers
def point(request: KeeperRequest, code: str) -> HttpResponse:
    found = queries.kept_region(request.actor, code)
    form = forms.PointForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.move_point(code=code, **form.cleaned_data, by=request.actor, now=clock.now())
            messages.success(request, _("位置已更新。"))
            return redirect("places:region", code)
    return _page(request, found, point_form=form)


@require_POST
@for_keepers
def closure(request: KeeperRequest, code: str) -> HttpResponse:
    found = queries.kept_region(request.actor, code)
    actions.close_region(code=code, by=request.actor, now=clock.now())
    messages.success(request, _("已停用，编号不会再给别处用。"))
    return redirect("places:region", found.parent_id)
