"""Who waits for which shift, and what speaks against a person who waits."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import F

from linbang.intake.activities.choices import ActivityState, ShiftState
from linbang.intake.activities.models import Shift
from linbang.operations.clearance import queries as clearance
from linbang.operations.clearance.choices import Cause
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.choices import SignUpState
from linbang.operations.dispatch.models import ShiftPlaces, SignUp
from linbang.operations.dispatch.queries.sign_ups import is_accompanied, is_booked

# Stored with whoever loses the wait, as a worker would type it.
_BUSY = "这段时间已有别的安排"  # untranslated: stored, as a worker would type it


def shifts_to_fill(shift_ids: Collection[int] | None, *, now: datetime) -> list[int]:
    """Return the shifts that take place, have a free place, and for which somebody waits."""
    loads = ShiftPlaces.objects.filter(
        waiting__gt=0,
        taken__lt=F("places"),
        shift__starts_at__gt=now,
        shift__state=ShiftState.PLANNED,
        shift__activity__state=ActivityState.PUBLISHED,
    )
    if shift_ids is not None:
        loads = loads.filter(shift_id__in=list(shift_ids))
    return list(loads.order_by("shift_id").values_list("shift_id", flat=True))


def shifts_to_lapse(*, now: datetime) -> list[int]:
    """Return the shifts with an offer whose time is over, or that begun while people waited.

    Indexes: ``sign_up_held``, ``shift_by_time``.
    """
    held = SignUp.objects.filter(state=SignUpState.HELD, held_until__lte=now)
    waited = SignUp.objects.filter(
        state__in=(SignUpState.WAITING, SignUpState.REQUESTED),
        ended_at=None,
        shift__starts_at__lte=now,
        shift__starts_at__gt=now - rules.STARTED_LOOKS_BACK,
    )
    found = {*held.values_list("shift_id", flat=True), *waited.values_list("shift_id", flat=True)}
    return sorted(found)


def is_fillable(shift: Shift, *, now: datetime) -> bool:
    """Tell whether a place on a shift can still be offered."""
    return (
        shift.state == ShiftState.PLANNED
        and shift.activity.state == ActivityState.PUBLISHED
        and shift.starts_at > now
    )


def causes_against(sign_up: SignUp, *, now: datetime) -> tuple[str, ...]:
    """Return why a person may not take the shift now, as ``clearance`` says; the company of a
    guardian is settled here (rule 8).
    """
    [causes] = clearance.reasons_against([(sign_up.shift, sign_up.person_id)], now=now)
    if Cause.NEEDS_ADULT in causes and is_accompanied(sign_up):
        return tuple(cause for cause in causes if cause != Cause.NEEDS_ADULT)
    return causes


def words_against(sign_up: SignUp, *, now: datetime) -> str:
    """Return in words why a person who waits cannot take a place now; empty when she can."""
    causes = causes_against(sign_up, now=now)
    if causes:
        return clearance.causes_in_words(causes)[:200]
    shift = sign_up.shift
    is_busy = is_booked(sign_up.person_id, starts_at=shift.starts_at, ends_at=shift.ends_at)
    return _BUSY if is_busy else ""


def waiting_positions(sign_ups: Collection[SignUp]) -> dict[int, int]:
    """Return the place in the line of those who wait, by sign-up; one query."""
    waiting = [one for one in sign_ups if one.state == SignUpState.WAITING]
    if not waiting:
        return {}
    lines: dict[int, list[int]] = {}
    ahead = SignUp.objects.filter(
        shift_id__in=sorted({one.shift_id for one in waiting}), state=SignUpState.WAITING
    ).order_by("id")
    for pk, shift_id in ahead.values_list("pk", "shift_id"):
        lines.setdefault(shift_id, []).append(pk)
    return {one.pk: lines[one.shift_id].index(one.pk) + 1 for one in waiting}
