"""How sign-ups end, one or ten thousand at a time: always the same few statements.

The caller holds the places of their shifts (``queries.lock_places``) and has read the sign-ups
under that lock.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Q

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record_many
from linbang.foundation.events import announce
from linbang.operations.dispatch.actions.telling_shifts import tell_swap_is_off
from linbang.operations.dispatch.choices import (
    SIGN_UP_PLACED,
    CommitmentSource,
    SignUpState,
    StandInState,
)
from linbang.operations.dispatch.events import SignUpsEnded
from linbang.operations.dispatch.models import Commitment, Reservation, SignUp, StandIn

_REASON_LENGTH_MAX = 200


def end_sign_ups(
    sign_ups: Sequence[SignUp],
    *,
    state: SignUpState,
    by: Actor,
    now: datetime,
    reason: str = "",
    is_late: bool = False,
) -> None:
    """End live sign-ups: give their places and people's time back, end their searches for
    stand-ins, write the trail, and let whoever waits be offered what became free.
    """
    if not sign_ups:
        return
    reason = reason.strip()[:_REASON_LENGTH_MAX]
    placed = [sign_up for sign_up in sign_ups if sign_up.state in SIGN_UP_PLACED]
    waiting = [sign_up for sign_up in sign_ups if sign_up.state == SignUpState.WAITING]
    change_places(
        taken={shift: -n for shift, n in Counter(one.shift_id for one in placed).items()},
        waiting={shift: -n for shift, n in Counter(one.shift_id for one in waiting).items()},
    )
    release_promises(placed, now=now)
    SignUp.objects.filter(pk__in=[sign_up.pk for sign_up in sign_ups]).update(
        state=state, ended_at=now, end_reason=reason, is_late=is_late
    )
    for sign_up in sign_ups:
        sign_up.state, sign_up.ended_at = state, now
        sign_up.end_reason, sign_up.is_late = reason, is_late
    end_searches(placed, now=now)
    record_many(
        by=by,
        action="dispatch.end_sign_up",
        subjects=sign_ups,
        now=now,
        detail={"state": state, "late": is_late},
    )
    by_cell: dict[str, set[int]] = {}
    for sign_up in placed:
        by_cell.setdefault(sign_up.cell, set()).add(sign_up.shift_id)
    for cell, shift_ids in sorted(by_cell.items()):
        announce(SignUpsEnded(shift_ids=tuple(sorted(shift_ids)), cell=cell, at=now))


def change_places(*, taken: Mapping[int, int], waiting: Mapping[int, int] | None = None) -> None:
    """Add to the counters of shifts whose places are locked: one statement for all.

    A change that would take more places than there are breaks ``places_taken_at_most_all``.
    """
    waiting = waiting or {}
    shifts = sorted({*taken, *waiting})
    if not shifts:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE dispatch_shiftplaces AS load
            SET taken = load.taken + change.taken, waiting = load.waiting + change.waiting
            FROM unnest(%s::bigint[], %s::integer[], %s::integer[])
                AS change (shift_id, taken, waiting)
            WHERE load.shift_id = change.shift_id
            """,
            [
                shifts,
                [taken.get(one, 0) for one in shifts],
                [waiting.get(one, 0) for one in shifts],
            ],
        )


def release_promises(sign_ups: Sequence[SignUp], *, now: datetime) -> None:
    """Free the time that sign-ups had promised; two sign-ups of a person free both."""
    if not sign_ups:
        return
    Commitment.objects.filter(
        cell__in=sorted({sign_up.person.cell for sign_up in sign_ups}),
        source=CommitmentSource.SHIFT,
        source_id__in=[sign_up.pk for sign_up in sign_ups],
        released_at=None,
    ).update(released_at=now)


def end_reservations(shift_ids: Collection[int], *, now: datetime) -> None:
    """Give back the places still kept for units on shifts whose places are locked."""
    kept = Reservation.objects.filter(shift_id__in=list(shift_ids), released_at=None)
    taken: Counter[int] = Counter()
    for shift_id, places in kept.values_list("shift_id", "places"):
        taken[shift_id] -= places
    kept.update(released_at=now)
    change_places(taken=taken)


def end_searches(
    sign_ups: Sequence[SignUp], *, now: datetime, settled_id: int | None = None
) -> None:
    """End the open searches for a stand-in for these sign-ups, and the swaps asked of them;
    ``settled_id`` is the one that found somebody.
    """
    ids = [sign_up.pk for sign_up in sign_ups]
    if not ids:
        return
    open_ones = StandIn.objects.filter(state=StandInState.OPEN).exclude(pk=settled_id or 0)
    asked = list(
        open_ones.filter(swap_with_id__in=ids).select_related(
            "sign_up__shift__activity", "sign_up__shift__post", "sign_up__person"
        )
    )
    tell_swap_is_off(asked, now=now)
    open_ones.filter(Q(sign_up_id__in=ids) | Q(swap_with_id__in=ids)).update(
        state=StandInState.WITHDRAWN, ended_at=now
    )
