"""Regions one keeps, and stations, under ``/api/v1/``."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from linbang.foundation import clock
from linbang.foundation.places import actions, queries, schemas
from linbang.foundation.places.choices import RegionLevel
from linbang.foundation.places.gates import KeeperRequest
from linbang.foundation.places.rules import EDIT_PLACES
from linbang.foundation.shell.schemas import PageIn, paged

router = Router(tags=["places"])


def _kept(request: KeeperRequest, code: str) -> Any:
    if not request.actor.may_anywhere(EDIT_PLACES):
        raise Http404
    return queries.kept_region(request.actor, code)


@router.get("/stations", response=schemas.StationPageOut, operation_id="list_stations")
def list_stations(
    request: KeeperRequest,
    page: Query[PageIn],
    region: str = Query("", pattern=r"^\d{0,18}$"),
    q: str = Query("", max_length=60),
):
    """List the stations, those of the own county first."""
    return paged(queries.stations_found(request.actor, prefix=region, text=q), page)


@router.post("/stations", response={201: schemas.StationOut}, operation_id="open_station")
def open_station(request: KeeperRequest, body: schemas.StationIn):
    """Open a station where one keeps places."""
    _kept(request, body.region_code)
    station = actions.open_station(details=body.details(), by=request.actor, now=clock.now())
    return Status(201, station)


@router.put("/stations/{station_id}", response=schemas.StationOut, operation_id="edit_station")
def edit_station(request: KeeperRequest, station_id: UUID, body: schemas.StationIn):
    """Change what is told of a station."""
    station = get_object_or_404(queries.stations_kept_by(request.actor), public_id=station_id)
    return actions.edit_station(
        station_id=station.pk, details=body.details(), by=request.actor, now=clock.now()
    )


@router.get("/regions/{code}", response=schemas.RegionOut, operation_id="get_region")
def get_region(request: KeeperRequest, code: str):
    """Show a region one keeps."""
    return _kept(request, code)


@router.get(
    "/regions/{code}/children", response=schemas.RegionPageOut, operation_id="list_regions_below"
)
def list_regions_below(request: KeeperRequest, code: str, page: Query[PageIn]):
    """List the regions directly below, with their counts."""
    return paged(queries.children_of(_kept(request, code).code), page)


@router.post(
    "/regions/{code}/children", response={201: schemas.RegionOut}, operation_id="add_region"
)
def add_region(request: KeeperRequest, code: str, body: schemas.ChildIn):
    """Add a grid to a community, or a building to a grid."""
    parent = _kept(request, code)
    by, now = request.actor, clock.now()
    if parent.level == RegionLevel.GRID:
        return Status(201, actions.add_building(grid_code=code, **body.dict(), by=by, now=now))
    return Status(201, actions.add_grid(community_code=code, name=body.name, by=by, now=now))


@router.put("/regions/{code}/name", response=schemas.RegionOut, operation_id="rename_region")
def rename_region(request: KeeperRequest, code: str, body: schemas.NameIn):
    """Rename a grid or building."""
    _kept(request, code)
    return actions.rename_region(code=code, name=body.name, by=request.actor, now=clock.now())


@router.put("/regions/{code}/point", response=schemas.RegionOut, operation_id="move_point")
def move_point(request: KeeperRequest, code: str, body: schemas.PointIn):
    """Say where a grid or building stands."""
    _kept(request, code)
    return actions.move_point(code=code, **body.dict(), by=request.actor, now=clock.now())


@router.post("/regions/{code}/closure", response=schemas.RegionOut, operation_id="close_region")
def close_region(request: KeeperRequest, code: str):
    """Close a grid or building for good."""
    _kept(request, code)
    return actions.close_region(code=code, by=request.actor, now=clock.now())
