"""Visits and presence on shifts for tests."""

from datetime import datetime, timedelta

from linbang.foundation.people.factories import make_person, make_volunteer
from linbang.foundation.people.models import Person
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.factories import make_need
from linbang.intake.needs.models import Need
from linbang.operations.dispatch.models import Assignment, Offer, SignUp
from linbang.operations.service import actions
from linbang.operations.service.choices import AttendanceMethod, PresenceMethod
from linbang.operations.service.models import Attendance, CheckIn, CheckOut, Visit


def make_accepted(
    need: Need, volunteer: Person, *, place: int = 1, now: datetime | None = None
) -> Assignment:
    """Let a volunteer have accepted one of a need's places."""
    now = now or need.opened_at
    offer = Offer.objects.create(
        cell=need.cell,
        need=need,
        volunteer=volunteer,
        offered_at=now,
        expires_at=now + timedelta(minutes=30),
    )
    return Assignment.objects.create(
        cell=need.cell, need=need, offer=offer, volunteer=volunteer, place=place, accepted_at=now
    )


def make_visit(
    *,
    need: Need | None = None,
    volunteer: Person | None = None,
    place: int = 1,
    **need_fields: object,
) -> Visit:
    """Plan a volunteer's visit to a resident; by default Tuesday 2026-11-24, 10 to 11."""
    need = need or make_need(
        make_person("李秀英"),
        state=NeedState.ASSIGNED,
        **need_fields,  # type: ignore[arg-type]  # columns of a need
    )
    volunteer = volunteer or make_volunteer().person
    assignment = make_accepted(need, volunteer, place=place)
    return actions.plan_visit(assignment_id=assignment.id, now=need.opened_at)


def make_presence(
    visit: Visit,
    *,
    came_at: datetime | None = None,
    left_at: datetime | None = None,
    came_by: PresenceMethod = PresenceMethod.CODE,
    left_by: PresenceMethod = PresenceMethod.CODE,
    by_id: int | None = None,
) -> Visit:
    """Write check-in and check-out as facts, without asking the rules; by default on time."""
    _make(CheckIn, visit, came_at or visit.starts_at, came_by, by_id)
    _make(CheckOut, visit, left_at or visit.ends_at, left_by, by_id)
    return visit


def _make(
    kind: type[CheckIn | CheckOut],
    visit: Visit,
    at: datetime,
    method: PresenceMethod,
    by_id: int | None,
) -> None:
    is_staff = method == PresenceMethod.STAFF
    kind.objects.create(
        cell=visit.cell,
        visit=visit,
        at=at,
        recorded_at=at,
        method=method,
        by_id=by_id or visit.volunteer_id,
        on_behalf_of_id=visit.volunteer_id if is_staff else None,
        note="志愿者没有手机" if is_staff else "",
        distance_m=20 if method == PresenceMethod.LOCATION else None,
    )


def make_attendance(
    sign_up: SignUp,
    *,
    came_at: datetime | None = None,
    left_at: datetime | None = None,
    pair: int = 1,
    came_by: AttendanceMethod = AttendanceMethod.CODE,
    left_by: AttendanceMethod = AttendanceMethod.CODE,
    **columns: object,
) -> Attendance:
    """Write presence on a shift as a fact, without asking; by default on time and still there."""
    came_at = came_at or sign_up.shift.starts_at
    gone = (
        {
            "out_at": left_at,
            "out_recorded_at": left_at,
            "out_method": left_by,
            "out_by_id": sign_up.person_id,
        }
        if left_at
        else {}
    )
    return Attendance.objects.create(
        **{
            "cell": sign_up.cell,
            "sign_up": sign_up,
            "person_id": sign_up.person_id,
            "pair": pair,
            "in_at": came_at,
            "in_recorded_at": came_at,
            "in_method": came_by,
            "in_by_id": sign_up.person_id,
            "in_distance_m": 20 if came_by == AttendanceMethod.LOCATION else None,
            **gone,
            **columns,
        }
    )
