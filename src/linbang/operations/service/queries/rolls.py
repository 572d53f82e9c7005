"""Who should be on which shift of a day, who is there, who is missing: the leader's roll."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import day_window, local_date
from linbang.foundation.workdays import is_record_late, record_due
from linbang.intake.activities.choices import ActivityState, ShiftState
from linbang.intake.activities.models import Activity, Shift
from linbang.operations.dispatch import queries as dispatch
from linbang.operations.dispatch.choices import SignUpState
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service import rules
from linbang.operations.service.choices import AbsenceKind, RollState
from linbang.operations.service.models import Absence, Attendance, ClosedRoll

ROLL_REMINDER = timedelta(hours=2)


@dataclass(frozen=True)
class RollRow:
    """One person with a place, as the leader's sheet shows her; the name in full."""

    sign_up: UUID
    person_id: int
    name: str
    initials: str
    state: RollState
    came_at: datetime | None
    left_at: datetime | None
    came_by: str
    note: str

    @property
    def is_here(self) -> bool:
        return self.state in (RollState.HERE, RollState.FORGOTTEN)


@dataclass(frozen=True)
class ShiftRoll:
    """The roll of one shift."""

    shift: Shift
    rows: tuple[RollRow, ...]
    is_closed: bool
    is_over: bool

    @property
    def here(self) -> int:
        return sum(row.is_here for row in self.rows)

    @property
    def came(self) -> int:
        return sum(row.is_here or row.state == RollState.LEFT for row in self.rows)

    @property
    def short_of(self) -> int:
        """How many are wanting to the least that the post needs."""
        return max(self.shift.places_min - self.here, 0)


@dataclass(frozen=True)
class Roll:
    """The rolls of an activity on one day, the earliest shift first.

    ``is_late``: the ten working days are over, and a sheet can no longer be entered (rule 42).
    """

    activity: Activity
    day: date
    shifts: tuple[ShiftRoll, ...]
    is_late: bool = False

    def count(self, *states: RollState) -> int:
        """Count the people in some states."""
        return sum(row.state in states for shift in self.shifts for row in shift.rows)

    @property
    def here(self) -> int:
        return sum(shift.here for shift in self.shifts)

    @property
    def expected(self) -> int:
        return sum(len(shift.rows) for shift in self.shifts)

    @property
    def missing(self) -> int:
        return self.count(RollState.EXPECTED)

    @property
    def forgotten(self) -> int:
        return self.count(RollState.FORGOTTEN)

    @property
    def is_closed(self) -> bool:
        return bool(self.shifts) and all(shift.is_closed for shift in self.shifts)

    @property
    def due(self) -> date | None:
        """By when the day's records are due, once something is over; rule 41."""
        over = any(shift.is_over for shift in self.shifts)
        return record_due(self.day) if over else None

    @property
    def may_close(self) -> bool:
        """Something is over and not closed, and nobody of it is still there."""
        over = [shift for shift in self.shifts if shift.is_over and not shift.is_closed]
        return bool(over) and not any(shift.here for shift in over)


def rows_to_enter(shift: ShiftRoll | None) -> list[RollRow]:
    """Return whom a paper sheet may still tell about: who is not known to have come and gone."""
    if shift is None:
        return []
    return [row for row in shift.rows if row.state != RollState.LEFT][: rules.SHEET_PEOPLE_MAX]


def shifts_on(activity: Activity, day: date) -> QuerySet[Shift]:
    """Return the shifts of an activity that touch a day in China; index ``shift_by_activity``."""
    starts_at, ends_at = day_window(day)
    return (
        Shift.objects.filter(
            cell=activity.cell,
            activity=activity,
            state=ShiftState.PLANNED,
            starts_at__lt=ends_at,
            ends_at__gt=starts_at,
        )
        .select_related("post", "post__desk", "post__point")
        .order_by("starts_at", "post__position", "id")
    )


def day_to_lead(activity: Activity, now: datetime) -> date:
    """Return the day whose roll matters now: of what runs or ended lately, else of what is next."""
    shifts = Shift.objects.filter(cell=activity.cell, activity=activity, state=ShiftState.PLANNED)
    ahead = shifts.filter(ends_at__gt=now - timedelta(hours=3)).order_by("starts_at", "id").first()
    shift = ahead or shifts.order_by("-starts_at", "-id").first()
    return local_date(shift.starts_at if shift else now)


def roll_of(activity: Activity, day: date, now: datetime) -> Roll:
    """Return the roll of a day: a fixed number of queries, however many people."""
    shifts = list(shifts_on(activity, day))
    closed = set(
        ClosedRoll.objects.filter(cell=activity.cell, shift__in=shifts).values_list(
            "shift_id", flat=True
        )
    )
    by_shift: dict[int, list[RollRow]] = {shift.pk: [] for shift in shifts}
    for sign_up in seats_on(shifts):
        by_shift[sign_up.shift_id].append(roll_row(sign_up, now))
    return Roll(
        activity=activity,
        day=day,
        is_late=is_record_late(day, local_date(now)),
        shifts=tuple(
            ShiftRoll(
                shift=shift,
                rows=tuple(by_shift[shift.pk]),
                is_closed=shift.pk in closed,
                is_over=shift.ends_at <= now,
            )
            for shift in shifts
        ),
    )


def seats_on(shifts: Sequence[Shift]) -> QuerySet[SignUp]:
    """Return who has a place on these shifts, by name, joined with presence and absence."""
    return (
        _seats()
        .filter(
            cell__in={shift.cell for shift in shifts}, shift_id__in=[shift.pk for shift in shifts]
        )
        .order_by("shift_id", "person__pinyin", "id")
    )


def seats_named(activity: Activity, sign_ups: Collection[UUID]) -> Mapping[UUID, SignUp]:
    """Return the places of an activity by the public ids of their sign-ups; one or two queries."""
    found = _seats().filter(
        cell=activity.cell, public_id__in=list(sign_ups), shift__activity=activity
    )
    return {sign_up.public_id: sign_up for sign_up in found}


def seats_led_by(actor: Actor) -> QuerySet[SignUp]:
    """Return the places at activities the actor leads."""
    return SignUp.objects.filter(
        dispatch.led_by(actor, "shift__activity"), state=SignUpState.CONFIRMED
    ).select_related("shift__activity", "person")


def roll_row(sign_up: SignUp, now: datetime) -> RollRow:
    """Return a person as the roll shows her; the sign-up comes from one of the queries above."""
    presence = attendances_that_count(sign_up)
    absence: Absence | None = getattr(sign_up, "absence", None)
    latest = presence[-1] if presence else None
    return RollRow(
        sign_up=sign_up.public_id,
        person_id=sign_up.person_id,
        name=sign_up.person.name,
        initials=sign_up.person.initials,
        state=rules.roll_state(
            is_open=latest is not None and latest.out_at is None,
            has_left=latest is not None,
            absence=AbsenceKind(absence.kind) if absence else None,
            is_excused=absence is not None and absence.excused_at is not None,
            ends_at=sign_up.shift.ends_at,
            now=now,
        ),
        came_at=presence[0].in_at if presence else None,
        left_at=latest.out_at if latest else None,
        came_by=presence[0].get_in_method_display() if presence else "",
        note=absence.note if absence else "",
    )


def attendances_that_count(sign_up: SignUp) -> list[Attendance]:
    """Return the comings and goings of a place, the first first, without what was taken back."""
    return sorted(
        (one for one in sign_up.attendances.all() if rules.counts(one.out_method)),
        key=lambda one: one.in_at,
    )


def open_attendances(shifts: Iterable[Shift]) -> QuerySet[Attendance]:
    """Return who has not gone from some shifts; index ``attendance_open_once_a_person``."""
    return (
        Attendance.objects.filter(sign_up__shift__in=list(shifts), out_at=None)
        .select_related("sign_up__shift", "person")
        .order_by("id")
    )


def forgotten_on(
    activity: Activity, sign_ups: Collection[UUID] | None, now: datetime
) -> QuerySet[Attendance]:
    """Return who has not gone from shifts of an activity that are over; all, or these places."""
    open_ = Attendance.objects.filter(
        cell=activity.cell,
        sign_up__shift__activity=activity,
        sign_up__shift__ends_at__lte=now,
        out_at=None,
    )
    if sign_ups is not None:
        open_ = open_.filter(sign_up__public_id__in=list(sign_ups))
    return open_.select_related("sign_up__shift", "person").order_by("person_id")


def shifts_forgotten(now: datetime) -> QuerySet[Attendance]:
    """Return who should have checked out of a shift half an hour ago or more, within the day."""
    return (
        Attendance.objects.filter(
            out_at=None,
            sign_up__shift__ends_at__lte=now - rules.CHECK_OUT_REMINDER,
            sign_up__shift__ends_at__gt=now - rules.CHECK_OUT_CLOSES,
        )
        .select_related("sign_up__shift__activity", "sign_up__shift__post")
        .order_by("id")
    )


def rolls_to_close(now: datetime) -> list[Shift]:
    """Return one shift for each activity and day that ended two hours ago and was not closed."""
    unclosed = (
        Shift.objects.filter(
            state=ShiftState.PLANNED,
            activity__state=ActivityState.PUBLISHED,
            ends_at__lte=now - ROLL_REMINDER,
            ends_at__gt=now - rules.ROLL_WAITS,
            closed_roll=None,
            sign_ups__state=SignUpState.CONFIRMED,
        )
        .select_related("activity__organiser", "post")
        .order_by("starts_at", "id")
    )
    return list(
        {(one.activity_id, local_date(one.starts_at)): one for one in reversed(unclosed)}.values()
    )


def _seats() -> QuerySet[SignUp]:
    return (
        SignUp.objects.filter(state=SignUpState.CONFIRMED)
        .select_related("shift", "shift__post", "shift__closed_roll", "person", "absence")
        .prefetch_related(Prefetch("attendances", Attendance.objects.order_by("in_at", "id")))
    )
