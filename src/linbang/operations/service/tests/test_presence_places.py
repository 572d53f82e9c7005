"""Check-in by location, in the circle of ``service_check_in_v1``."""

from typing import Any

import pytest

from linbang.intake.activities.factories import (
    BEFORE,
    make_activity,
    make_post,
    make_shift,
)
from linbang.intake.activities.models import DutyPoint, Shift
from linbang.operations.dispatch.factories import make_open_shift
from linbang.operations.service import rules
from linbang.operations.service.choices import PresenceVerdict
from linbang.operations.service.models import Attendance
from linbang.operations.service.tests.cast import (
    FAR,
    HERE,
    LOCATION,
    after,
    come,
    go,
    placed,
)

pytestmark = pytest.mark.django_db


def crowd_place(**activity: Any) -> Shift:
    """Plan a hundred places at one time, sixty here and forty beside."""
    made = make_activity(**activity)
    shift = make_open_shift(post=make_post(made, "引导", places=60))
    make_shift(post=make_post(made, "清扫", places=40))
    return shift


@pytest.mark.parametrize(
    ("activity", "point", "verdict"),
    [
        ({}, HERE, "done"),
        ({}, (22.8117, 108.33), "done"),  # 189 m
        ({}, FAR, "too_far"),
        ({"radius_m": 300}, FAR, "done"),
        ({}, None, "location_missing"),
        ({"radius_m": 0}, HERE, "location_unknown"),
        ({"latitude": None, "longitude": None}, HERE, "location_unknown"),
    ],
)
def test_location_is_taken_within_the_circle(
    activity: dict[str, Any], point: tuple[float, float] | None, verdict: str
) -> None:
    sign_up = placed(crowd_place(**activity))
    latitude, longitude = point or (None, None)
    where = {"method": LOCATION, "latitude": latitude, "longitude": longitude}

    assert come(sign_up, **where).verdict == verdict
    come(sign_up)
    assert go(sign_up, **where).verdict == verdict


def test_distance_is_kept_with_the_presence() -> None:
    sign_up = placed(crowd_place())
    where = {"method": LOCATION, "latitude": 22.811, "longitude": 108.33}

    assert come(sign_up, **where).distance_m == 111
    go(sign_up, **where)

    row = Attendance.objects.get()
    assert (row.in_distance_m, row.out_distance_m) == (111, 111)
    assert rules.distance_m(HERE, (22.811, 108.33)) == 111


def test_circle_is_around_the_point_of_the_post() -> None:
    activity = make_activity()
    point = DutyPoint.objects.create(
        cell=activity.cell,
        kind="crossing",
        region=activity.region,
        name="新民路口",
        latitude=FAR[0],
        longitude=FAR[1],
        opened_at=BEFORE,
    )
    sign_up = placed(make_open_shift(post=make_post(activity, places=100, point=point)))

    assert come(sign_up, method=LOCATION, latitude=HERE[0], longitude=HERE[1]).verdict == "too_far"
    assert come(sign_up, method=LOCATION, latitude=FAR[0], longitude=FAR[1]).verdict == "done"


def test_location_alone_is_not_taken_from_fewer_than_a_hundred_places() -> None:
    activity = make_activity()
    sign_up = placed(make_open_shift(post=make_post(activity, "引导", places=60)))
    make_shift(post=make_post(activity, "清扫", places=39))
    # Another time of the same activity does not help.
    make_shift(post=make_post(activity, "午后", places=50), starts_at=after(120))

    verdict = come(sign_up, method=LOCATION, latitude=HERE[0], longitude=HERE[1]).verdict

    assert verdict == PresenceVerdict.TOO_FEW_PLACES
    assert rules.PLACES_FOR_LOCATION_MIN == 100
