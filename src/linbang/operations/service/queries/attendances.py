"""Presence on shifts: of one person, of an activity, and summed up for reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Sum

from linbang.foundation.clock import day_window, minutes_between
from linbang.foundation.people.models import Person, VolunteerProfile
from linbang.intake.activities.models import Activity
from linbang.operations.service.choices import PROVED_ATTENDANCE, AttendanceMethod
from linbang.operations.service.models import Attendance

_LOCATION = {AttendanceMethod.LOCATION}


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


@dataclass(frozen=True)
class AttendanceLine:
    """One coming and going for the station's table."""

    attendance: Attendance
    name: str
    post: str
    minutes: int | None
    is_by_hand: bool
    is_by_location_alone: bool


def attendances_that_count_of(
    activity: Activity, *, day: date | None = None
) -> QuerySet[Attendance]:
    """Return the presence at an activity, or at its shifts of one day, without what was taken
    back.
    """
    presence = Attendance.objects.filter(
        cell=activity.cell, sign_up__shift__activity=activity
    ).exclude(out_method=AttendanceMethod.VOID)
    if day is None:
        return presence
    starts_at, ends_at = day_window(day)
    return presence.filter(
        sign_up__shift__starts_at__lt=ends_at, sign_up__shift__ends_at__gt=starts_at
    )


def attendance_lines(activity: Activity, day: date) -> list[AttendanceLine]:
    """Return who came and went on a day, by post and name; one query."""
    presence = (
        attendances_that_count_of(activity, day=day)
        .select_related("sign_up__shift__post", "person")
        .order_by(
            "sign_up__shift__starts_at",
            "sign_up__shift__post__position",
            "person__pinyin",
            "in_at",
        )
    )
    return [
        AttendanceLine(
            attendance=one,
            name=one.person.name,
            post=one.sign_up.shift.post.name,
            minutes=minutes_between(one.in_at, one.out_at) if one.out_at else None,
            is_by_hand=not {one.in_method, one.out_method} - {""} <= PROVED_ATTENDANCE,
            is_by_location_alone={one.in_method, one.out_method} - {""} == _LOCATION,
        )
        for one in presence
    ]


def attendances_in(region: str, since: datetime, until: datetime) -> QuerySet[Attendance]:
    """Return the presence at the activities of a region and of all below it, by when people came;
    without what was taken back.
    """
    return Attendance.objects.filter(
        sign_up__shift__activity__region__code__startswith=region, in_at__gte=since, in_at__lt=until
    ).exclude(out_method=AttendanceMethod.VOID)


def by_location_alone(attendances: QuerySet[Attendance]) -> QuerySet[Attendance]:
    """Keep the presence that nothing but the person's own device vouches for (rule 31)."""
    return attendances.filter(in_method__in=_LOCATION, out_method__in=_LOCATION)


def presence_of(attendances: QuerySet[Attendance]) -> PresenceSum:
    """Sum presence up: one query. A person-time is a place at which somebody was there."""
    return _summed(attendances.exclude(out_method=AttendanceMethod.VOID).aggregate(**_sums()))


def presence_by_activity(attendances: QuerySet[Attendance]) -> dict[int, PresenceSum]:
    """Sum presence up by the key of the activity: one query."""
    rows = (
        attendances.exclude(out_method=AttendanceMethod.VOID)
        .order_by()
        .values(activity=F("sign_up__shift__activity_id"))
        .annotate(**_sums())
    )
    return {row["activity"]: _summed(row) for row in rows}


def _sums() -> dict[str, Any]:
    length = ExpressionWrapper(F("out_at") - F("in_at"), output_field=DurationField())
    proved = Q(in_method__in=PROVED_ATTENDANCE, out_method__in=PROVED_ATTENDANCE)
    return {
        "people": Count("person_id", distinct=True),
        "person_times": Count("sign_up_id", distinct=True),
        "length": Sum(length),
        "proved": Sum(length, filter=proved),
        "open": Count("pk", filter=Q(out_at=None)),
    }


def _summed(summed: Mapping[str, Any]) -> PresenceSum:
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
