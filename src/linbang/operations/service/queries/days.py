"""Days of activities with their counts: what a leader has today, what the station looks over."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypedDict

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import CHINA
from linbang.intake.activities.choices import ActivityState, ShiftState
from linbang.intake.activities.models import Activity, Shift
from linbang.operations.dispatch import queries as dispatch
from linbang.operations.dispatch.choices import SignUpState
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service.choices import PROVED_ATTENDANCE, AttendanceMethod
from linbang.operations.service.models import Attendance

_LED_BEHIND, _LED_AHEAD = timedelta(days=4), timedelta(days=7)
_LOOKED_BACK = timedelta(days=92)


class DayRow(TypedDict):
    """An activity's shifts of one day, as the database sums them up."""

    activity_id: int
    day: date
    first: datetime
    last: datetime
    unclosed: int


@dataclass(frozen=True)
class ActivityDay:
    """One activity on one day: who should come, came, is there, and was entered by hand.

    ``unclosed``: shifts that are over, had people, and whose roll nobody closed.
    """

    activity: Activity
    day: date
    starts_at: datetime
    ends_at: datetime
    expected: int
    came: int
    here: int
    by_hand: int
    unclosed: int

    @property
    def missing(self) -> int:
        return max(self.expected - self.came, 0)


def days_led(actor: Actor, now: datetime) -> QuerySet[Shift, Any]:
    """Return the days the actor leads, to a week ahead; those behind that were not closed too."""
    shifts = _led(actor).filter(starts_at__gt=now - _LED_BEHIND, starts_at__lt=now + _LED_AHEAD)
    current = Q(last__gt=now - timedelta(hours=1)) | Q(unclosed__gt=0)
    days = _days(shifts, now).filter(current)
    ordered: QuerySet[Shift, Any] = days.order_by("day", "first", "activity_id")
    return ordered


def days_looked_over(actor: Actor, now: datetime, *, unsettled: bool) -> QuerySet[Shift, Any]:
    """Return the days of a quarter that have begun, the latest first; or only the unsettled ones.

    Unsettled is a day that is over and whose rolls are not all closed.
    """
    shifts = _led(actor).filter(starts_at__gt=now - _LOOKED_BACK, starts_at__lte=now)
    days = _days(shifts, now)
    if unsettled:
        days = days.filter(unclosed__gt=0)
    ordered: QuerySet[Shift, Any] = days.order_by("-day", "-first", "activity_id")
    return ordered


def activity_days(rows: Iterable[DayRow]) -> list[ActivityDay]:
    """Return days with their counts: three queries, however many days."""
    found = list(rows)
    activities = Activity.objects.select_related("organiser").in_bulk(
        [row["activity_id"] for row in found]
    )
    span = (
        min((row["first"] for row in found), default=None),
        max((row["last"] for row in found), default=None),
    )
    expected = _expected(activities, span) if found else {}
    presence = _presence(activities, span) if found else {}
    return [
        ActivityDay(
            activity=activities[row["activity_id"]],
            day=row["day"],
            starts_at=row["first"],
            ends_at=row["last"],
            unclosed=row["unclosed"],
            expected=expected.get((row["activity_id"], row["day"]), 0),
            **presence.get((row["activity_id"], row["day"]), _NOBODY),
        )
        for row in found
    ]


_NOBODY = {"came": 0, "here": 0, "by_hand": 0}


def _led(actor: Actor) -> QuerySet[Shift]:
    return Shift.objects.filter(
        dispatch.led_by(actor, "activity"),
        state=ShiftState.PLANNED,
        activity__state__in=[ActivityState.PUBLISHED, ActivityState.CLOSED],
    )


def _days(shifts: QuerySet[Shift], now: datetime) -> Any:
    people = SignUp.objects.filter(
        cell=OuterRef("cell"), shift=OuterRef("pk"), state=SignUpState.CONFIRMED
    )
    unclosed = Q(ends_at__lte=now, closed_roll=None, has_people=True)
    return (
        shifts.annotate(day=TruncDate("starts_at", tzinfo=CHINA), has_people=Exists(people))
        .values("activity_id", "day")
        .annotate(
            first=Min("starts_at"),
            last=Max("ends_at"),
            unclosed=Count("pk", filter=unclosed),
        )
    )


def _expected(activities: Collection[int], span: tuple[Any, Any]) -> Mapping[tuple[int, date], int]:
    rows = (
        SignUp.objects.filter(
            state=SignUpState.CONFIRMED,
            shift__activity__in=list(activities),
            shift__state=ShiftState.PLANNED,
            shift__starts_at__range=span,
        )
        .annotate(day=TruncDate("shift__starts_at", tzinfo=CHINA))
        .values_list("shift__activity_id", "day")
        .annotate(people=Count("pk"))
        .order_by()
    )
    return {(activity_id, day): people for activity_id, day, people in rows}


def _presence(
    activities: Collection[int], span: tuple[Any, Any]
) -> Mapping[tuple[int, date], dict[str, int]]:
    by_hand = ~Q(in_method__in=PROVED_ATTENDANCE) | ~Q(out_method__in=[*PROVED_ATTENDANCE, ""])
    rows = (
        Attendance.objects.filter(
            sign_up__shift__activity__in=list(activities), sign_up__shift__starts_at__range=span
        )
        .exclude(out_method=AttendanceMethod.VOID)
        .annotate(day=TruncDate("sign_up__shift__starts_at", tzinfo=CHINA))
        .values("sign_up__shift__activity_id", "day")
        .annotate(
            came=Count("sign_up", distinct=True),
            here=Count("sign_up", distinct=True, filter=Q(out_at=None)),
            by_hand=Count("sign_up", distinct=True, filter=by_hand),
        )
        .order_by()
    )
    return {
        (row["sign_up__shift__activity_id"], row["day"]): {
            name: row[name] for name in ("came", "here", "by_hand")
        }
        for row in rows
    }
