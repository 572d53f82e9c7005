"""Who never came, what is said about it, and how often somebody missed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import CHINA
from linbang.foundation.errors import NotFound
from linbang.intake.activities.choices import ActivityState, ShiftState
from linbang.intake.activities.models import Shift
from linbang.operations.clearance.choices import SuspensionCause
from linbang.operations.clearance.models import Suspension
from linbang.operations.dispatch import queries as dispatch
from linbang.operations.dispatch.choices import SignUpState
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service import rules
from linbang.operations.service.choices import AbsenceKind, AttendanceMethod
from linbang.operations.service.models import Absence, Attendance

_ROLLS_A_ROUND = 200


def absences_visible_to(actor: Actor) -> QuerySet[Absence]:
    """Return the absences of the actor and of minors in her care, and those at shifts she leads."""
    if actor.is_system:
        return _absences()
    return _absences().filter(_of(actor) | dispatch.led_by(actor, "sign_up__shift__activity"))


def absences_led_by(actor: Actor) -> QuerySet[Absence]:
    """Return the absences the actor decides about, those with an unanswered objection first."""
    return (
        _absences()
        .filter(dispatch.led_by(actor, "sign_up__shift__activity"), kind=AbsenceKind.NO_SHOW)
        .order_by(F("objected_at").desc(nulls_last=True), "-shift_started_at", "-id")
    )


def awaiting_answer(absences: QuerySet[Absence]) -> QuerySet[Absence]:
    """Keep the absences whose person objects and has no answer."""
    return absences.filter(objected_at__isnull=False, excused_at=None, upheld_at=None)


def lock_absence(public_id: UUID) -> Absence:
    """Return an absence with its row locked. Raises NotFound."""
    absence = _absences().select_for_update(of=("self",)).filter(public_id=public_id).first()
    if absence is None:
        raise NotFound
    return absence


def missed_places(shifts: Iterable[Shift]) -> QuerySet[SignUp]:
    """Return who had a place on some shifts, never came, and of whom nothing was noted yet."""
    return _places(shifts).filter(~_came(), absence=None).order_by("id")


def absences_on(shifts: Iterable[Shift]) -> QuerySet[Absence]:
    """Return the no-shows noted on some shifts that are not excused."""
    return _absences().filter(
        sign_up__shift__in=list(shifts), kind=AbsenceKind.NO_SHOW, excused_at=None
    )


def absent_who_came(absences: QuerySet[Absence]) -> QuerySet[Absence]:
    """Keep the absences of people who were there after all."""
    return absences.filter(
        Exists(_that_counts().filter(cell=OuterRef("cell"), sign_up=OuterRef("sign_up")))
    )


def rolls_due(now: datetime) -> list[Shift]:
    """Return shifts that ended a day ago and whose roll nobody closed, the oldest first.

    A day on which nobody at all was written down says nothing about who came: its rolls wait for
    the leader. Index ``shift_by_time``.
    """
    somebody_came = _that_counts().filter(
        cell=OuterRef("cell"),
        sign_up__shift__activity=OuterRef("activity"),
        sign_up__shift__starts_at__date=OuterRef("day"),
    )
    return list(
        Shift.objects.annotate(day=TruncDate("starts_at", tzinfo=CHINA))
        .filter(
            Exists(somebody_came),
            state=ShiftState.PLANNED,
            activity__state__in=[ActivityState.PUBLISHED, ActivityState.CLOSED],
            starts_at__gt=now - rules.ABSENCE_LOOK_BACK,
            ends_at__lte=now - rules.ROLL_WAITS,
            closed_roll=None,
        )
        .select_related("activity__organiser")
        .order_by("starts_at", "id")[:_ROLLS_A_ROUND]
    )


def missed_lately(person_ids: Collection[int], now: datetime) -> Mapping[int, Sequence[datetime]]:
    """Return when people missed shifts since the last pause for that, within 90 days.

    What led to a pause counts towards no second one. Two queries; index ``absence_that_counts``.
    """
    paused = dict(
        Suspension.objects.filter(person_id__in=list(person_ids), cause=SuspensionCause.NO_SHOWS)
        .values("person_id")
        .annotate(last=Max("starts_at"))
        .values_list("person_id", "last")
    )
    missed: dict[int, list[datetime]] = {}
    for person_id, started_at, counted_at in that_count(person_ids, now).values_list(
        "person_id", "shift_started_at", "counted_at"
    ):
        if person_id not in paused or counted_at > paused[person_id]:
            missed.setdefault(person_id, []).append(started_at)
    return missed


def that_count(person_ids: Collection[int], now: datetime) -> QuerySet[Absence]:
    """Return the no-shows of the last 90 days that count against people."""
    return Absence.objects.filter(
        person_id__in=list(person_ids),
        person__closed_at=None,
        kind=AbsenceKind.NO_SHOW,
        excused_at=None,
        counted_at__isnull=False,
        shift_started_at__gt=now - rules.NO_SHOW_WINDOW - timedelta(days=1),
    ).order_by("shift_started_at", "id")


def running_pause(person_id: int, now: datetime) -> Suspension | None:
    """Return the pause of sign-ups for missed shifts that holds now."""
    return Suspension.objects.filter(
        person_id=person_id,
        cause=SuspensionCause.NO_SHOWS,
        lifted_at=None,
        starts_at__lte=now,
        ends_at__gt=now,
    ).first()


def _absences() -> QuerySet[Absence]:
    return Absence.objects.select_related(
        "person", "sign_up__shift__post", "sign_up__shift__activity__organiser"
    )


def _of(actor: Actor) -> Q:
    return Q(person_id__in=dispatch.people_in_charge_of(actor))


def _places(shifts: Iterable[Shift]) -> QuerySet[SignUp]:
    # Whoever was entered after the end cannot have missed it.
    return SignUp.objects.filter(
        shift__in=list(shifts), state=SignUpState.CONFIRMED, confirmed_at__lt=F("shift__ends_at")
    ).select_related("shift__activity", "shift__post")


def _that_counts() -> QuerySet[Attendance]:
    return Attendance.objects.exclude(out_method=AttendanceMethod.VOID)


def _came() -> Exists:
    return Exists(_that_counts().filter(cell=OuterRef("cell"), sign_up=OuterRef("pk")))
