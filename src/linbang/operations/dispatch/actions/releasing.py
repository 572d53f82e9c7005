"""Shifts that do not take place, and people who serve no more: everybody is freed."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from linbang.foundation.access.rules import Actor
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
