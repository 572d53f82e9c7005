"""Presence summed up: by activity, by region, by who vouches for it."""

from datetime import timedelta

import pytest

from linbang.foundation.places.factories import COMMUNITY, NEIGHBOUR_COMMUNITY
from linbang.operations.dispatch.factories import make_open_shift
from linbang.operations.service.choices import AttendanceMethod
from linbang.operations.service.factories import make_attendance
from linbang.operations.service.models import Attendance
from linbang.operations.service.queries import (
    PresenceSum,
    attendance_lines,
    attendances_in,
    by_location_alone,
    presence_by_activity,
    presence_of,
)
from linbang.operations.service.tests.cast import LOCATION, ROLL, after, placed

pytestmark = pytest.mark.django_db

NOTHING = PresenceSum(people=0, person_times=0, minutes=0, proved_minutes=0, open=0)
WEEK = (after(0) - timedelta(days=3), after(0) + timedelta(days=4))


def test_nothing_is_no_time() -> None:
    assert presence_of(Attendance.objects.all()) == NOTHING
    assert presence_by_activity(Attendance.objects.all()) == {}


def test_each_activity_is_summed_by_itself(django_assert_num_queries) -> None:
    shift, other = make_open_shift(), make_open_shift()
    twice = placed(shift)
    make_attendance(twice, left_at=after(30))
    make_attendance(twice, came_at=after(40), left_at=after(60), pair=2, left_by=ROLL)
    make_attendance(placed(shift))
    make_attendance(placed(shift), left_at=after(5), left_by=AttendanceMethod.VOID, came_by=ROLL)
    make_attendance(placed(other), left_at=after(90), came_by=ROLL, left_by=ROLL)

    with django_assert_num_queries(1):
        sums = presence_by_activity(Attendance.objects.order_by("in_at"))

    assert sums == {
        shift.activity_id: PresenceSum(
            people=2, person_times=2, minutes=50, proved_minutes=30, open=1
        ),
        other.activity_id: PresenceSum(
            people=1, person_times=1, minutes=90, proved_minutes=0, open=0
        ),
    }
    assert presence_of(Attendance.objects.all()).minutes == 140


@pytest.mark.parametrize(
    ("region", "days_later", "there"),
    [
        (COMMUNITY, 0, 1),
        (COMMUNITY[:6], 0, 1),
        (NEIGHBOUR_COMMUNITY, 0, 0),
        (COMMUNITY, 5, 0),
        (COMMUNITY, -5, 0),
    ],
)
def test_presence_of_a_region_within_a_week(region: str, days_later: int, there: int) -> None:
    make_attendance(placed(), left_at=after(60))
    taken_back = {"left_by": AttendanceMethod.VOID, "came_by": ROLL}
    make_attendance(placed(), left_at=after(60), **taken_back)
    since, until = (moment + timedelta(days=days_later) for moment in WEEK)

    assert attendances_in(region, since, until).count() == there


@pytest.mark.parametrize(
    ("came_by", "left_by", "alone"),
    [(LOCATION, LOCATION, 1), (LOCATION, ROLL, 0), (ROLL, LOCATION, 0), (ROLL, ROLL, 0)],
)
def test_what_only_a_device_vouches_for_is_listed(came_by, left_by, alone: int) -> None:
    sign_up = placed()
    make_attendance(
        sign_up,
        left_at=after(60),
        came_by=came_by,
        left_by=left_by,
        out_distance_m=20 if left_by == LOCATION else None,
    )

    [line] = attendance_lines(sign_up.shift.activity, after(0).date())

    assert by_location_alone(Attendance.objects.all()).count() == alone
    assert line.is_by_location_alone is bool(alone)
