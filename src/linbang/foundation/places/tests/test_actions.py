"""Grids, buildings and stations as communities keep them."""

from datetime import date, time, timedelta

import pytest

from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.places import actions, queries
from linbang.foundation.places.errors import (
    LocationImpossible,
    PlaceClosed,
    PlaceKindWrong,
    PlaceNameTaken,
    PlaceNotEmpty,
    PlacePublished,
    StationNameTaken,
)
from linbang.foundation.places.factories import (
    BUILDING,
    COMMUNITY,
    GRID,
    NEIGHBOUR_BUILDING,
    NEIGHBOUR_COMMUNITY,
    make_region_tree,
)
from linbang.foundation.places.models import Region
from linbang.foundation.places.rules import OpeningWindow
from linbang.foundation.places.tests.cast import CLERK, NEIGHBOUR_CLERK, NOW, station_details

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tree():
    make_region_tree()


def add_building(name="3栋", **told):
    return actions.add_building(grid_code=GRID, name=name, **told, by=CLERK, now=NOW)


def test_grid_gets_the_next_code():
    grid = actions.add_grid(community_code=COMMUNITY, name="第2网格", by=CLERK, now=NOW)

    assert (grid.pk, grid.parent_id, grid.level) == (COMMUNITY + "002", COMMUNITY, 15)
    assert (grid.valid_from, grid.initials) == (date(2026, 11, 22), "d2wg")
    assert AuditEvent.objects.get().region_code == grid.pk


def test_building_stands_where_it_was_put():
    building = add_building(longitude=108.33, latitude=22.81)

    assert (building.pk, building.level) == (GRID + "003", 18)
    assert (building.longitude, building.latitude) == (108.33, 22.81)
    with pytest.raises(LocationImpossible):
        add_building("4栋", longitude=108.33)


def test_grids_and_buildings_have_their_own_parents():
    with pytest.raises(PlaceKindWrong):
        actions.add_grid(community_code=GRID, name="第2网格", by=CLERK, now=NOW)
    with pytest.raises(PlaceKindWrong):
        actions.add_building(grid_code=COMMUNITY, name="3栋", by=CLERK, now=NOW)


def test_name_is_taken_once_under_a_parent():
    with pytest.raises(PlaceNameTaken):
        add_building("1栋")
    with pytest.raises(PlaceNameTaken):
        actions.rename_region(code=BUILDING, name="2栋", by=CLERK, now=NOW)


def test_rename_keeps_the_former_name_and_is_idle_when_same():
    actions.rename_region(code=BUILDING, name="1栋", by=CLERK, now=NOW)
    renamed = actions.rename_region(code=BUILDING, name="幸福楼", by=CLERK, now=NOW)

    renamed.refresh_from_db()
    assert (renamed.name, renamed.former_names) == ("幸福楼", ["1栋"])
    assert renamed.initials == "xfl"
    assert AuditEvent.objects.count() == 1


def test_point_moves():
    moved = actions.move_point(code=BUILDING, longitude=108.4, latitude=22.9, by=CLERK, now=NOW)

    moved.refresh_from_db()
    assert (moved.longitude, moved.latitude) == (108.4, 22.9)


def test_published_places_are_not_for_hands():
    with pytest.raises(PlacePublished):
        actions.rename_region(code=COMMUNITY, name="某社区", by=CLERK, now=NOW)


def test_closed_code_is_never_given_again():
    added = add_building()
    actions.close_region(code=added.pk, by=CLERK, now=NOW + timedelta(days=3))

    again = add_building()

    assert again.pk == GRID + "004"
    assert Region.objects.get(pk=added.pk).valid_to == date(2026, 11, 25)
    with pytest.raises(PlaceClosed):
        actions.rename_region(code=added.pk, name="旧楼", by=CLERK, now=NOW)


def test_grid_closes_after_its_buildings():
    with pytest.raises(PlaceNotEmpty):
        actions.close_region(code=GRID, by=CLERK, now=NOW)
    for code in (BUILDING, NEIGHBOUR_BUILDING):
        actions.close_region(code=code, by=CLERK, now=NOW)

    assert actions.close_region(code=GRID, by=CLERK, now=NOW).valid_to == date(2026, 11, 22)


def test_neighbour_may_touch_nothing():
    with pytest.raises(NotAllowed):
        actions.add_grid(community_code=COMMUNITY, name="第2网格", by=NEIGHBOUR_CLERK, now=NOW)
    with pytest.raises(NotAllowed):
        actions.open_station(details=station_details(), by=NEIGHBOUR_CLERK, now=NOW)
    station = actions.open_station(details=station_details(), by=CLERK, now=NOW)
    with pytest.raises(NotFound):
        actions.edit_station(
            station_id=station.pk, details=station_details(), by=NEIGHBOUR_CLERK, now=NOW
        )


def test_unknown_places_are_not_found():
    with pytest.raises(NotFound):
        actions.close_region(code=COMMUNITY + "999", by=CLERK, now=NOW)
    with pytest.raises(NotFound):
        actions.edit_station(station_id=0, details=station_details(), by=CLERK, now=NOW)


def test_station_opens_with_hours_and_haves():
    station = actions.open_station(details=station_details(), by=CLERK, now=NOW)

    assert (station.cell, station.features) == ("450103", ["venue", "sign"])
    assert queries.windows_of(station) == (OpeningWindow(6, time(9), time(12)),)
    assert AuditEvent.objects.get().action == "places.open_station"


def test_station_changes_replace_the_hours():
    station = actions.open_station(details=station_details(), by=CLERK, now=NOW)
    hours = (OpeningWindow(0, time(8), time(18)),)

    edited = actions.edit_station(
        station_id=station.pk, details=station_details(name="新站", hours=hours), by=CLERK, now=NOW
    )

    edited.refresh_from_db()
    assert (edited.name, queries.windows_of(edited)) == ("新站", hours)


def test_station_name_is_taken_once_a_region():
    actions.open_station(details=station_details(), by=CLERK, now=NOW)
    other = actions.open_station(details=station_details(name="乙站"), by=CLERK, now=NOW)

    with pytest.raises(StationNameTaken):
        actions.open_station(details=station_details(), by=CLERK, now=NOW)
    with pytest.raises(StationNameTaken):
        actions.edit_station(station_id=other.pk, details=station_details(), by=CLERK, now=NOW)


@pytest.mark.parametrize("code", [GRID, NEIGHBOUR_COMMUNITY])
def test_station_stands_in_a_community_of_ones_own(code):
    refusal = PlaceKindWrong if code == GRID else NotAllowed
    with pytest.raises(refusal):
        actions.open_station(details=station_details(region_code=code), by=CLERK, now=NOW)
