"""Grids and buildings: the part of the tree that communities keep themselves."""

from datetime import datetime

from django.db import transaction

from linbang.foundation.audit.actions import record
from linbang.foundation.clock import local_date
from linbang.foundation.errors import NotAllowed
from linbang.foundation.places import queries, rules
from linbang.foundation.places.choices import RegionLevel
from linbang.foundation.places.errors import (
    PlaceClosed,
    PlaceKindWrong,
    PlaceNameTaken,
    PlaceNotEmpty,
    PlacePublished,
)
from linbang.foundation.places.models import Region


@transaction.atomic
def add_grid(*, community_code: str, name: str, by: rules.Keeper, now: datetime) -> Region:
    """Add a grid under a community, with the next free code.

    Raises NotAllowed, NotFound, PlaceKindWrong, PlaceClosed, PlaceNameMissing, PlaceNameTaken,
    PlaceFull.
    """
    community = _open_place(community_code, by=by)
    if community.level != RegionLevel.COMMUNITY:
        raise PlaceKindWrong
    return _add(community, name, by=by, now=now, point=(None, None))


@transaction.atomic
def add_building(
    *,
    grid_code: str,
    name: str,
    by: rules.Keeper,
    now: datetime,
    longitude: float | None = None,
    latitude: float | None = None,
) -> Region:
    """Add a building to a grid, with the next free code and, if known, where it stands.

    Raises as ``add_grid``, and LocationImpossible.
    """
    grid = _open_place(grid_code, by=by)
    if grid.level != RegionLevel.GRID:
        raise PlaceKindWrong
    point: tuple[float | None, float | None] = (None, None)
    if longitude is not None or latitude is not None:
        point = rules.require_location(longitude, latitude)
    return _add(grid, name, by=by, now=now, point=point)


@transaction.atomic
def rename_region(*, code: str, name: str, by: rules.Keeper, now: datetime) -> Region:
    """Give a grid or building another name, keeping the former one.

    Raises NotAllowed, NotFound, PlacePublished, PlaceClosed, PlaceNameMissing, PlaceNameTaken.
    """
    region = _local_place(code, by=by)
    name = rules.require_place_name(name)
    if name == region.name:
        return region
    _require_free_name(region.parent_id or "", name)
    region.former_names = [*region.former_names, region.name]
    _name(region, name)
    region.save(update_fields=["name", "pinyin", "initials", "former_names"])
    _record(region, "places.rename_region", by=by, now=now)
    return region


@transaction.atomic
def move_point(
    *, code: str, longitude: float, latitude: float, by: rules.Keeper, now: datetime
) -> Region:
    """Say where a grid or building stands.

    Raises NotAllowed, NotFound, PlacePublished, PlaceClosed, LocationImpossible.
    """
    region = _local_place(code, by=by)
    region.longitude, region.latitude = rules.require_location(longitude, latitude)
    region.save(update_fields=["longitude", "latitude"])
    _record(region, "places.move_point", by=by, now=now)
    return region


@transaction.atomic
def close_region(*, code: str, by: rules.Keeper, now: datetime) -> Region:
    """End a grid without buildings, or a building; its code is never given again.

    Raises NotAllowed, NotFound, PlacePublished, PlaceClosed, PlaceNotEmpty.
    """
    region = _local_place(code, by=by)
    if Region.objects.current().filter(parent_id=code).exists():
        raise PlaceNotEmpty
    region.valid_to = rules.closing_date(region.valid_from, today=local_date(now))
    region.save(update_fields=["valid_to"])
    _record(region, "places.close_region", by=by, now=now)
    return region


def _open_place(code: str, *, by: rules.Keeper) -> Region:
    # Locked, so that two who add under one parent at once get two codes.
    region = queries.lock_region(code)
    if not by.may(rules.EDIT_PLACES, region=code):
        raise NotAllowed
    if region.valid_to is not None:
        raise PlaceClosed
    return region


def _local_place(code: str, *, by: rules.Keeper) -> Region:
    region = _open_place(code, by=by)
    if region.level not in rules.LOCAL_LEVELS:
        raise PlacePublished
    return region


def _add(
    parent: Region,
    name: str,
    *,
    by: rules.Keeper,
    now: datetime,
    point: tuple[float | None, float | None],
) -> Region:
    name = rules.require_place_name(name)
    _require_free_name(parent.code, name)
    code = rules.next_code(parent.code, queries.codes_under(parent.code))
    region = Region(code=code, level=len(code), parent=parent, valid_from=local_date(now))
    region.longitude, region.latitude = point
    _name(region, name)
    region.save(force_insert=True)
    action = "places.add_grid" if region.level == RegionLevel.GRID else "places.add_building"
    _record(region, action, by=by, now=now)
    return region


def _require_free_name(parent: str, name: str) -> None:
    if Region.objects.current().filter(parent_id=parent, name=name).exists():
        raise PlaceNameTaken(field="name")


def _name(region: Region, name: str) -> None:
    spelt = rules.spelling(name)
    region.name, region.pinyin, region.initials = name, spelt.pinyin, spelt.initials


def _record(region: Region, action: str, *, by: rules.Keeper, now: datetime) -> None:
    record(by=by, action=action, subject=region, region_code=region.code, now=now)
