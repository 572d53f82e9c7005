from datetime import date, time

import pytest
from django.db import IntegrityError, transaction

from linbang.foundation.places.factories import COMMUNITY, make_region, make_region_tree
from linbang.foundation.places.models import OpeningHours, Region, Station

pytestmark = pytest.mark.django_db


def make_station(**columns):
    make_region_tree()
    return Station.objects.create(
        **{
            "cell": "450103",
            "name": "服务站",
            "region_id": COMMUNITY,
            "longitude": 108.3,
            "latitude": 22.8,
            **columns,
        }
    )


def two_of_one_name():
    make_station()
    make_station()


def make_hours(opens_at=time(9), closes_at=time(12), times=1):
    station = make_station()
    for _each in range(times):
        OpeningHours.objects.create(
            station=station, weekday=0, opens_at=opens_at, closes_at=closes_at
        )


@pytest.mark.parametrize(
    ("constraint", "broken"),
    [
        ("region_code_is_digits", lambda: make_region("45x", "某地", level=2)),
        ("region_level_is_known", lambda: make_region("450", "某地", level=3)),
        (
            "region_validity_ends_after_start",
            lambda: make_region("45", "广西", valid_to=date(2023, 6, 30)),
        ),
        ("station_location_is_on_earth", lambda: make_station(latitude=108.3)),
        ("station_name_once_a_region", two_of_one_name),
        ("opening_hours_end_after_start", lambda: make_hours(closes_at=time(9))),
        ("opening_hours_once_a_start", lambda: make_hours(times=2)),
    ],
)
def test_table_keeps_its_promises(constraint, broken):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        broken()


def test_region_names_itself_and_its_cell():
    community = make_region_tree()[COMMUNITY]

    assert (str(community), community.cell) == ("新竹社区", "450103")
    assert set(Region.objects.within("450103001").current()) >= {community}


def test_station_with_six_haves_is_standard():
    haves = ["venue", "team", "projects", "equipment", "rules", "sign"]

    assert str(make_station(name="甲站")) == "甲站"
    assert Station(features=haves).is_standard
    assert not Station(features=haves[1:]).is_standard
