import pytest

from linbang.foundation.errors import NotFound
from linbang.foundation.places import actions, queries
from linbang.foundation.places.factories import (
    BUILDING,
    COMMUNITY,
    GRID,
    NEIGHBOUR_BUILDING,
    NEIGHBOUR_COMMUNITY,
    make_region_tree,
)
from linbang.foundation.places.models import Region
from linbang.foundation.places.tests.cast import (
    CLERK,
    NEIGHBOUR_CLERK,
    NOW,
    STRANGER,
    SYSTEM,
    Clerk,
    station_details,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tree():
    make_region_tree()


def make_station(name="甲站", **told):
    return actions.open_station(details=station_details(name=name, **told), by=SYSTEM, now=NOW)


def test_no_prefix_means_no_row():
    assert not Region.objects.filter(queries.within_any("code", [])).exists()


def test_several_prefixes_add_up():
    found = Region.objects.filter(queries.within_any("code", [GRID, NEIGHBOUR_COMMUNITY]))

    assert {region.pk for region in found} == {
        GRID,
        BUILDING,
        NEIGHBOUR_BUILDING,
        NEIGHBOUR_COMMUNITY,
    }


def test_lineage_is_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        names = [region.name for region in queries.lineage(COMMUNITY)]

    assert names == ["广西壮族自治区", "南宁市", "青秀区", "新竹街道", "新竹社区"]


def test_regions_under_are_current_ones():
    actions.close_region(code=NEIGHBOUR_BUILDING, by=CLERK, now=NOW)

    assert [r.pk for r in queries.regions_under(COMMUNITY, level=18)] == [BUILDING]


def test_clerk_keeps_the_own_community():
    assert queries.kept_region(CLERK, BUILDING).name == "1栋"
    assert queries.regions_kept_by(SYSTEM).count() == 9
    with pytest.raises(NotFound):
        queries.kept_region(NEIGHBOUR_CLERK, BUILDING)


def test_counts_come_in_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        (street,) = queries.children_of("450103")

    assert (street.communities, street.grids, street.buildings) == (2, 1, 2)
    (root,) = queries.roots_kept_by(CLERK)
    assert (root.communities, root.grids, root.buildings) == (0, 1, 2)


def test_closed_children_come_last():
    actions.close_region(code=BUILDING, by=CLERK, now=NOW)

    assert [region.pk for region in queries.children_of(GRID)] == [NEIGHBOUR_BUILDING, BUILDING]


def test_crumbs_begin_with_ones_own_region():
    assert [r.pk for r in queries.crumbs_of(CLERK, BUILDING)] == [COMMUNITY, GRID, BUILDING]


def test_stations_are_for_everyone_signed_in():
    station = make_station()

    assert list(queries.stations_visible_to(NEIGHBOUR_CLERK)) == [station]
    assert not queries.stations_visible_to(STRANGER).exists()


def test_stations_of_the_own_county_come_first():
    make_station()
    Region.objects.create(
        code="110105004001", name="某社区", level=12, valid_from=NOW.date(), parent=None
    )
    far = make_station("乙站", region_code="110105004001")

    assert next(iter(queries.stations_visible_to(Clerk(cell="110105")))) == far


def test_stations_are_found_by_place_and_text():
    station = make_station()
    make_station("乙站", region_code=NEIGHBOUR_COMMUNITY)

    assert list(queries.stations_found(CLERK, prefix=COMMUNITY, text="甲")) == [station]
    assert list(queries.stations_kept_by(CLERK)) == [station]
    assert queries.stations_kept_by(SYSTEM).count() == 2
    assert [region.pk for region in queries.streets_with_stations(CLERK)] == ["450103001"]
    assert [region.pk for region in queries.station_homes(CLERK)] == [COMMUNITY]


@pytest.mark.parametrize("count", [1, 3])
def test_station_rows_cost_the_same(count, django_assert_num_queries):
    for number in range(count):
        make_station(f"站{number}")

    with django_assert_num_queries(2):
        rows = queries.station_rows(queries.stations_visible_to(CLERK), now=NOW)

    assert len(rows) == count


def test_station_row_tells_today():
    make_station()

    (row,) = queries.station_rows(queries.stations_visible_to(CLERK), now=NOW)

    assert (row.place, row.is_open, row.today.text) == ("新竹社区", True, "09:00-12:00")
    assert [value for value, _label, has in row.features if has] == ["venue", "sign"]
