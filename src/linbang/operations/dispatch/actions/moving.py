"""Shifts that move take their people along, as far as those are free then (rule 27)."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import connection, transaction

from linbang.foundation.access.rules import Actor
from linbang.operations.dispatch import queries, rules
from linbang.operations.dispatch.actions.ending import end_sign_ups, release_promises
from linbang.operations.dispatch.actions.telling_shifts import tell
from linbang.operations.dispatch.choices import SIGN_UP_PLACED, SignUpState
from linbang.operations.dispatch.models import SignUp
from linbang.operations.dispatch.rules import Window

# Stored with whoever is freed, as a worker would type it.
CLASHES_NOW = "班次改了时间，与您别的安排冲突"  # untranslated: stored, as a worker would type it
_TRIES = 5


@transaction.atomic
def move_sign_ups(*, shift_ids: Collection[int], by: Actor, now: datetime) -> int:
    """Let people's promises move along with their shifts; return how many were moved.

    Whoever now clashes with another promise is freed without a mark; everybody is told, and may
    withdraw without a mark for a day. A fixed number of statements, however many shifts move.
    """
    _lock_with_people(shift_ids)
    live = list(queries.live_sign_ups(shift_ids))
    placed = [sign_up for sign_up in live if sign_up.state in SIGN_UP_PLACED]
    release_promises(placed, now=now)
    lost = _clashing(placed)
    stays = [sign_up for sign_up in placed if sign_up.pk not in lost]
    _promise_anew(stays)
    SignUp.objects.filter(pk__in=[one.pk for one in live if one.pk not in lost]).update(
        free_until=now + rules.SAY_NO_WITHIN
    )
    freed = [sign_up for sign_up in placed if sign_up.pk in lost]
    end_sign_ups(freed, state=SignUpState.RELEASED, reason=CLASHES_NOW, by=by, now=now)
    tell("shift_moved", [one for one in live if one.pk not in lost], now=now)
    tell("shift_moved_clash", freed, now=now)
    return len(stays)


def _lock_with_people(shift_ids: Collection[int]) -> None:
    """Lock the people with a place on the shifts, then the places.

    Somebody may get a place between the two: then both locks are given up and taken anew, since
    people come before places in the one order of locks.
    """
    people = queries.placed_people(shift_ids)
    for _ in range(_TRIES):
        savepoint = transaction.savepoint()
        queries.lock_people(people)
        queries.lock_places(shift_ids)
        late = queries.placed_people(shift_ids) - people
        if not late:
            transaction.savepoint_commit(savepoint)
            return
        transaction.savepoint_rollback(savepoint)
        people |= late
    queries.lock_people(people)
    queries.lock_places(shift_ids)


def _clashing(placed: Sequence[SignUp]) -> frozenset[int]:
    moved: dict[int, list[Window]] = {}
    for one in placed:
        window = Window(one.pk, one.shift.starts_at, one.shift.ends_at)
        moved.setdefault(one.person_id, []).append(window)
    if not moved:
        return frozenset()
    booked = queries.windows_booked(
        list(moved),
        starts_at=min(one.shift.starts_at for one in placed),
        ends_at=max(one.shift.ends_at for one in placed),
    )
    return rules.clashing(moved, booked)


def _promise_anew(sign_ups: Sequence[SignUp]) -> None:
    """Take released promises up again for the shifts' new windows: one statement for all."""
    if not sign_ups:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE dispatch_commitment AS promise
            SET during = tstzrange(shift.starts_at, shift.ends_at, '[)'), released_at = NULL
            FROM dispatch_signup AS mine
            JOIN activities_shift AS shift ON shift.cell = mine.cell AND shift.id = mine.shift_id
            WHERE mine.id = ANY (%s)
                AND promise.cell = ANY (%s)
                AND promise.source = 'shift'
                AND promise.source_id = mine.id
            """,
            [
                [sign_up.pk for sign_up in sign_ups],
                sorted({sign_up.person.cell for sign_up in sign_ups}),
            ],
        )
