"""Presence on shifts: of one person, of an activity, and summed up for reports."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Sum

from linbang.foundation.people.models import Person, VolunteerProfile
from linbang.intake.activities.models import Activity
from linbang.operations.service.choices import PROVED_ATTENDANCE, AttendanceMethod
from linbang.operations.service.models import Attendance


@dataclass(frozen=True)
class PresenceSum:
    """Distinct people, person-times and whole minutes of presence (rule 89).

    ``minutes`` is presence as it was written, before any crediting policy; ``open`` are those who
    have not gone, whose minutes count as none (rule 33).
    """

    people: int
    person_times: int
    minutes: int
    proved_minutes: int
    open: int


def attendances_that_count_of(activity: Activity) -> QuerySet[Attendance]:
    """Return the presence at an activity without what was taken back."""
    return Attendance.objects.filter(cell=activity.cell, sign_up__shift__activity=activity).exclude(
        out_method=AttendanceMethod.VOID
    )


def presence_of(attendances: QuerySet[Attendance]) -> PresenceSum:
    """Sum presence up: one query. A person-time is a place at which somebody was there."""
    length = ExpressionWrapper(F("out_at") - F("in_at"), output_field=DurationField())
    proved = Q(in_method__in=PROVED_ATTENDANCE, out_method__in=PROVED_ATTENDANCE)
    summed = attendances.exclude(out_method=AttendanceMethod.VOID).aggregate(
        people=Count("person_id", distinct=True),
        person_times=Count("sign_up_id", distinct=True),
        length=Sum(length),
        proved=Sum(length, filter=proved),
        open=Count("pk", filter=Q(out_at=None)),
    )
    return PresenceSum(
        people=summed["people"],
        person_times=summed["person_times"],
        minutes=_minutes(summed["length"]),
        proved_minutes=_minutes(summed["proved"]),
        open=summed["open"],
    )


def latest_attendance(activity: Activity, person_id: int, now: datetime) -> Attendance | None:
    """Return where a person was last at an activity within a day."""
    return (
        attendances_that_count_of(activity)
        .filter(person_id=person_id, in_at__gt=now - timedelta(days=1))
        .order_by("-in_at", "-id")
        .first()
    )


def card_holder(number: str) -> Person | None:
    """Return the volunteer whose card bears a number; none who has closed or stopped."""
    profile = (
        VolunteerProfile.objects.filter(number=number, ended_at=None, person__closed_at=None)
        .select_related("person")
        .first()
    )
    return profile.person if profile else None


def _minutes(length: timedelta | None) -> int:
    return int(length.total_seconds() // 60) if length else 0
