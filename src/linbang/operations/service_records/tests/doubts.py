"""Who looks into hours in these tests, and records that a closed roll left."""

from datetime import datetime, timedelta
from typing import Any

from linbang.foundation.access.choices import Role
from linbang.foundation.access.rules import Actor
from linbang.foundation.people.factories import make_actor, make_person, make_worker
from linbang.foundation.people.models import Person
from linbang.intake.activities.factories import SATURDAY, make_activity
from linbang.intake.activities.models import Shift
from linbang.operations.dispatch.factories import make_open_shift
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service.choices import AttendanceMethod
from linbang.operations.service.factories import make_attendance
from linbang.operations.service.models import Attendance, ClosedRoll
from linbang.operations.service.tests.cast import placed
from linbang.operations.service_records import actions, queries
from linbang.operations.service_records.models import RecordFlag, ServiceRecord

CELL = "450103"
STREET, DISTRICT = "450103001", "450103"
END = SATURDAY + timedelta(hours=2)
CLOSED = END + timedelta(minutes=30)
ROLL = AttendanceMethod.ROLL


def street(name: str = "韦街道") -> Actor:
    return make_worker(name, region=STREET, role=Role.STREET_OFFICER)


def district(name: str = "陆区") -> Actor:
    return make_worker(name, region=DISTRICT, role=Role.DISTRICT_OFFICER)


def outsider() -> Actor:
    return make_actor(make_person("赵六"))


def make_busy_shift(**activity: Any) -> Shift:
    return make_open_shift(activity=make_activity("清洁家园", **activity), places=200)


def came(
    shift: Shift,
    *,
    person: Person | None = None,
    by: AttendanceMethod = AttendanceMethod.CODE,
    late: int = 0,
    by_id: int | None = None,
) -> Attendance:
    """Let somebody be there, by default proved; ``by_id`` is whose word an entry is."""
    sign_up = placed(shift, person)
    words = {"in_by_id": by_id, "out_by_id": by_id} if by_id else {}
    return make_attendance(
        sign_up,
        came_at=shift.starts_at + timedelta(minutes=late),
        left_at=shift.ends_at,
        came_by=by,
        left_by=by,
        **words,
    )


def close(*shifts: Shift, now: datetime = CLOSED) -> None:
    for shift in shifts:
        ClosedRoll.objects.create(cell=shift.cell, shift=shift, closed_at=now)
    actions.draft_shift_records(cell=CELL, now=now)


def record_of(attendance: Attendance) -> ServiceRecord:
    return queries.records_visible_to(Actor.system(CELL)).get(attendance=attendance)


def flags_of(attendance: Attendance) -> dict[str, dict[str, Any]]:
    found = RecordFlag.objects.filter(record__attendance=attendance)
    return {flag.kind: flag.facts for flag in found}


def put_down_by(sign_up: SignUp, by_id: int) -> None:
    SignUp.objects.filter(pk=sign_up.pk).update(by_id=by_id)


def make_doubtful() -> Attendance:
    """Make proved hours of an activity that was created twenty minutes before they counted."""
    shift = make_busy_shift(created_at=CLOSED - timedelta(minutes=20))
    attendance = came(shift)
    close(shift)
    return attendance


def make_counted() -> ServiceRecord:
    """Make proved hours that count."""
    shift = make_busy_shift()
    attendance = came(shift)
    close(shift)
    return record_of(attendance)
