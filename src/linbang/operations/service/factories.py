"""Visits for tests."""

from datetime import datetime

from linbang.operations.dispatch.models import Assignment
from linbang.operations.service import actions
from linbang.operations.service.choices import PresenceMethod
from linbang.operations.service.models import CheckIn, CheckOut, Visit


def make_visit(assignment: Assignment, *, now: datetime) -> Visit:
    """Plan the visit of an assignment."""
    return actions.plan_visit(assignment_id=assignment.id, now=now)


def make_presence(
    visit: Visit,
    *,
    came_at: datetime,
    left_at: datetime | None = None,
    method: PresenceMethod = PresenceMethod.CODE,
    by_id: int | None = None,
) -> Visit:
    """Write check-in and check-out as facts, without asking the rules."""
    by_id = by_id or visit.volunteer_id
    is_staff = method == PresenceMethod.STAFF
    fields = {
        "cell": visit.cell,
        "visit": visit,
        "method": method,
        "by_id": by_id,
        "on_behalf_of_id": visit.volunteer_id if is_staff else None,
        "note": "志愿者没有手机" if is_staff else "",
        "distance_m": 20 if method == PresenceMethod.LOCATION else None,
    }
    CheckIn.objects.create(at=came_at, recorded_at=came_at, **fields)
    if left_at is not None:
        CheckOut.objects.create(at=left_at, recorded_at=left_at, **fields)
    return visit
