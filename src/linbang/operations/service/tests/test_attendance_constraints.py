"""What the database keeps of presence on shifts, whoever writes."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from linbang.operations.dispatch.factories import make_open_shift
from linbang.operations.service.choices import AttendanceMethod
from linbang.operations.service.factories import make_attendance
from linbang.operations.service.models import Attendance
from linbang.operations.service.tests.cast import after, go, placed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("attendance_pair_once", {"pair": 1, "left_at": after(40)}),
        ("attendance_open_once_a_person", {"pair": 2}),
        ("attendance_in_key_once", {"pair": 2, "left_at": after(40), "in_key": "i"}),
        ("attendance_out_key_once", {"pair": 2, "left_at": after(40), "out_key": "o"}),
        ("attendance_pairs_up_to_three", {"pair": 4, "left_at": after(40)}),
        ("attendance_ends_after_start", {"pair": 2, "left_at": after(30)}),
        ("attendance_ends_after_start", {"pair": 2, "out_method": "code"}),
        ("attendance_ends_after_start", {"pair": 2, "left_at": after(40), "out_by_id": None}),
        ("attendance_is_not_in_the_future", {"pair": 2, "in_recorded_at": after(29)}),
        (
            "attendance_is_not_in_the_future",
            {"pair": 2, "left_at": after(40), "out_recorded_at": after(39)},
        ),
        (
            "attendance_by_location_has_distance",
            {
                "pair": 2,
                "left_at": after(40),
                "came_by": AttendanceMethod.LOCATION,
                "in_distance_m": None,
            },
        ),
    ],
)
def test_database_refuses_what_cannot_be(constraint: str, columns: dict[str, Any]) -> None:
    person_at = placed()
    is_open = constraint == "attendance_open_once_a_person"
    make_attendance(
        person_at,
        came_at=after(0),
        left_at=None if is_open else after(20),
        in_key="i",
        out_key="" if is_open else "o",
    )

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_attendance(person_at, came_at=after(30), **columns)


def test_attendance_is_written_once() -> None:
    row = make_attendance(placed(), left_at=after(100))
    open_ = make_attendance(placed(make_open_shift()))
    later = {
        "out_at": after(110),
        "out_recorded_at": after(110),
        "out_method": "roll",
        "out_by_id": 1,
    }

    for attempt in (
        lambda: Attendance.objects.filter(pk=row.pk).update(out_at=after(110)),
        lambda: Attendance.objects.filter(pk=row.pk).update(out_note="更正"),
        lambda: Attendance.objects.filter(pk=row.pk).delete(),
        lambda: Attendance.objects.filter(pk=open_.pk).update(in_note="更正"),
        lambda: Attendance.objects.filter(pk=open_.pk).update(
            **later, in_at=after(0) - timedelta(minutes=30)
        ),
    ):
        with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
            attempt()
    assert Attendance.objects.filter(pk=open_.pk).update(**later) == 1


def test_going_is_the_second_writing_and_the_last() -> None:
    sign_up = placed()
    make_attendance(sign_up)

    assert go(sign_up, 60).verdict == "done"
    with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
        Attendance.objects.update(out_at=after(61))
