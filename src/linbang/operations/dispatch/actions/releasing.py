"""Shifts that do not take place, and people who serve no more: everybody is freed."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.intake.activities.models import Shift
from linbang.operations.clearance import actions as clearance_actions
from linbang.operations.clearance import queries as clearance
from linbang.operations.clearance.choices import Cause
from linbang.operations.dispatch import queries, rules
from linbang.operations.dispatch.actions.ending import end_reservations, end_sign_ups
from linbang.operations.dispatch.actions.telling_shifts import tell, tell_leaders
from linbang.operations.dispatch.choices import SERVES_NO_MORE, SIGN_UP_PLACED, SignUpState
from linbang.operations.dispatch.models import SignUp


@transaction.atomic
def release_shifts(*, shift_ids: Collection[int], by: Actor, now: datetime) -> int:
    """Free everybody of shifts that do not take place, told why and without a mark (rule 27);
    return how many. A fixed number of statements, however many shifts.
    """
    queries.lock_places(shift_ids)
    live = list(queries.live_sign_ups(shift_ids))
    end_reservations(shift_ids, now=now)
    end_sign_ups(live, state=SignUpState.RELEASED, by=by, now=now)
    tell("shift_cancelled", live, now=now)
    return len(live)


@transaction.atomic
def release_person(*, person_id: int, by: Actor, now: datetime) -> int:
    """Free somebody who serves no more of every shift to come; return of how many.

    Whoever leads the shifts is told, and who waits is offered the places. A shift that has begun
    is left as it is: she is there.
    """
    shift_ids = queries.shifts_ahead_of(person_id, now=now)
    queries.lock_places(shift_ids)
    live = list(queries.live_sign_ups(shift_ids).filter(person_id=person_id))
    placed = [sign_up for sign_up in live if sign_up.state in SIGN_UP_PLACED]
    end_sign_ups(live, state=SignUpState.RELEASED, reason=SERVES_NO_MORE, by=by, now=now)
    for sign_up in placed:
        tell_leaders("sign_up_left", sign_up, now=now, reason=SERVES_NO_MORE)
    return len(live)


@transaction.atomic
def tell_of_change(*, activity_id: int, now: datetime) -> int:
    """Tell everybody with a place ahead that an activity's place or risk changed; for a day they
    may withdraw without a mark (rule 27). Returns how many people were told.
    """
    shift_ids = queries.shifts_ahead_at(activity_id, now=now)
    queries.lock_places(shift_ids)
    live = list(queries.live_sign_ups(shift_ids))
    SignUp.objects.filter(pk__in=[sign_up.pk for sign_up in live]).update(
        free_until=now + rules.SAY_NO_WITHIN
    )
    once = {sign_up.person_id: sign_up for sign_up in reversed(live)}
    tell("activity_changed", once.values(), now=now)
    return len(once)


@transaction.atomic
def release_uncleared(
    *, person_id: int, by: Actor, now: datetime, activity_id: int | None = None
) -> int:
    """Look again at what a person is promised to, since a consent or credential is gone: whatever
    she may not take any more, she is freed of and told why. A pause only bars new sign-ups.
    """
    shift_ids = queries.shifts_ahead_of(person_id, now=now)
    queries.lock_places(shift_ids)
    live = queries.live_sign_ups(shift_ids).filter(person_id=person_id)
    if activity_id is not None:
        live = live.filter(shift__activity_id=activity_id)
    freed = 0
    for sign_up, causes in queries.causes_against_all(list(live), now=now):
        lasting = [cause for cause in causes if cause != Cause.SUSPENDED]
        if lasting:
            reason = clearance.causes_in_words(lasting)
            end_sign_ups([sign_up], state=SignUpState.RELEASED, reason=reason, by=by, now=now)
            tell("sign_up_released", [sign_up], now=now, reason=sign_up.end_reason)
            tell_leaders("sign_up_left", sign_up, now=now, reason=sign_up.end_reason)
            freed += 1
    return freed


def freeze_lists(*, now: datetime) -> int:
    """Freeze who is insured for the high-risk shifts that begin: whoever holds a place then
    (rule 81). Returns how many lists were frozen; each in a transaction of its own.
    """
    shifts = list(clearance.shifts_to_freeze(now))
    for shift in shifts:
        _freeze(shift, now=now)
    return len(shifts)


@transaction.atomic
def _freeze(shift: Shift, *, now: datetime) -> None:
    # Under the lock: whoever gets a place at this very moment is on the list, or comes too late.
    queries.lock_places([shift.pk])
    clearance_actions.freeze_list(
        shift_id=shift.pk,
        person_ids=queries.placed_people([shift.pk]),
        policy_id=shift.activity.policy_id or 0,
        now=now,
    )
