"""The waiting list: freed places are offered in order, for half an hour each (rule 25)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.errors import NotFound
from linbang.operations.dispatch import queries, rules
from linbang.operations.dispatch.actions.ending import change_places, end_sign_ups
from linbang.operations.dispatch.actions.promising import promise
from linbang.operations.dispatch.actions.telling_shifts import tell, text_message
from linbang.operations.dispatch.choices import SIGN_UP_PLACED, SignUpState
from linbang.operations.dispatch.errors import HoldExpired, NothingHeld
from linbang.operations.dispatch.models import SignUp

# Stored with whoever loses the wait, as a worker would type it.
HOLD_OVER = "保留的时间已过"  # untranslated: stored, as a worker would type it
BEGUN = "班次已开始"  # untranslated: stored, as a worker would type it


def fill_places(*, shift_ids: Collection[int] | None, now: datetime) -> int:
    """Offer free places of shifts to those who wait, in order; return how many were offered.

    ``None``: wherever a place is free and somebody waits. Each offer is a transaction of its own,
    so that nobody's lock is held while another's is waited for. Safe to run twice.
    """
    offered = 0
    for shift_id in queries.shifts_to_fill(shift_ids, now=now):
        while (waiting := queries.waiting_for(shift_id)) is not None:
            outcome = _offer(waiting, now=now)
            if outcome is None:
                break
            offered += outcome
    return offered


@transaction.atomic
def _offer(candidate: SignUp, *, now: datetime) -> bool | None:
    """Hold a free place for the first who waits, or let her lose the wait if she cannot take it.

    Returns whether a place was offered; None when none is free, or somebody else was quicker.
    """
    by = Actor.system(candidate.cell)
    queries.lock_people([candidate.person_id])
    load = queries.lock_places([candidate.shift_id])[candidate.shift_id]
    sign_up = queries.waiting_for(candidate.shift_id)
    if sign_up is None or sign_up.pk != candidate.pk:
        # Gone meanwhile: the caller asks again who is first.
        return False if sign_up is not None else None
    if load.taken >= load.places or not queries.is_fillable(sign_up.shift, now=now):
        return None
    against = queries.words_against(sign_up, now=now)
    if against:
        end_sign_ups([sign_up], state=SignUpState.LAPSED, reason=against, by=by, now=now)
        tell("waiting_skipped", [sign_up], now=now, reason=against)
        return False
    until = rules.held_until(now=now, starts_at=sign_up.shift.starts_at)
    sign_up.state, sign_up.held_until = SignUpState.HELD, until
    sign_up.save(update_fields=["state", "held_until"])
    promise([sign_up], now=now)
    change_places(taken={sign_up.shift_id: 1}, waiting={sign_up.shift_id: -1})
    _record("dispatch.hold_place", sign_up, by=by, now=now)
    tell("place_offered", [sign_up], now=now, until_at=until)
    text_message("place_offered", [sign_up], key=f"held:{until.timestamp():.0f}", now=now)
    return True


@transaction.atomic
def take_held_place(*, sign_up_id: int, by: Actor, now: datetime) -> SignUp:
    """Say yes to a freed place that is being kept. Saying it twice changes nothing.

    Raises NotFound, HoldExpired, NothingHeld.
    """
    sign_up = _own(sign_up_id, by)
    if sign_up.state == SignUpState.CONFIRMED:
        return sign_up
    if sign_up.state == SignUpState.LAPSED or (
        sign_up.state == SignUpState.HELD and now >= (sign_up.held_until or now)
    ):
        raise HoldExpired
    if sign_up.state != SignUpState.HELD:
        raise NothingHeld
    sign_up.state, sign_up.confirmed_at = SignUpState.CONFIRMED, now
    sign_up.save(update_fields=["state", "confirmed_at"])
    _record("dispatch.take_place", sign_up, by=by.on_behalf_of(sign_up.person_id), now=now)
    return sign_up


@transaction.atomic
def decline_held_place(*, sign_up_id: int, by: Actor, now: datetime) -> SignUp:
    """Say no to a freed place, which costs nothing; the next who waits is offered it.

    Raises NotFound, NothingHeld.
    """
    sign_up = _own(sign_up_id, by)
    if sign_up.state in (SignUpState.WITHDRAWN, SignUpState.LAPSED):
        return sign_up
    if sign_up.state != SignUpState.HELD:
        raise NothingHeld
    end_sign_ups(
        [sign_up],
        state=SignUpState.WITHDRAWN,
        by=by.on_behalf_of(sign_up.person_id),
        now=now,
    )
    return sign_up


def lapse_held_places(*, now: datetime) -> int:
    """Let offers of places lapse whose time is over, and every wait for a shift that has begun;
    return how many. Each shift is a transaction of its own.
    """
    return sum(_lapse(shift_id, now=now) for shift_id in queries.shifts_to_lapse(now=now))


@transaction.atomic
def _lapse(shift_id: int, *, now: datetime) -> int:
    queries.lock_places([shift_id])
    live = list(queries.live_sign_ups([shift_id]))
    by = Actor.system(live[0].cell) if live else Actor.system()
    begun = [one for one in live if one.shift.starts_at <= now]
    waited = [one for one in begun if one.state not in SIGN_UP_PLACED]
    held = [one for one in live if one.state == SignUpState.HELD and (one.held_until or now) <= now]
    end_sign_ups(waited, state=SignUpState.LAPSED, reason=BEGUN, by=by, now=now)
    end_sign_ups(held, state=SignUpState.LAPSED, reason=HOLD_OVER, by=by, now=now)
    tell("waiting_over", waited, now=now)
    tell("place_lapsed", held, now=now)
    return len(waited) + len(held)


def _own(sign_up_id: int, by: Actor) -> SignUp:
    """Return a sign-up as it is under the lock, for the person or who leads the shift."""
    sign_up = queries.sign_up_of_id(sign_up_id)
    may = sign_up.person_id in queries.people_in_charge_of(by)
    if not (may or queries.leads(by, sign_up.shift.activity)):
        raise NotFound
    queries.lock_places([sign_up.shift_id])
    return queries.sign_up_of_id(sign_up_id)


def _record(action: str, sign_up: SignUp, *, by: Actor, now: datetime) -> None:
    record(
        by=by,
        action=action,
        subject=sign_up,
        region_code=sign_up.shift.activity.region_id,
        now=now,
    )
