"""Stand-ins and swaps: whoever seeks one stays responsible until somebody else has the place."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.errors import NotFound, refusing
from linbang.operations.clearance import queries as clearance
from linbang.operations.dispatch import queries
from linbang.operations.dispatch.actions.ending import (
    change_places,
    end_searches,
    release_promises,
)
from linbang.operations.dispatch.actions.promising import promise
from linbang.operations.dispatch.actions.telling_shifts import tell, tell_leaders
from linbang.operations.dispatch.choices import SignUpChannel, SignUpState, StandInState
from linbang.operations.dispatch.errors import (
    AlreadySeeking,
    AlreadySignedUp,
    NotCleared,
    ShiftBegun,
    ShiftWindowTaken,
    SignUpOver,
    StandInClosed,
    SwapImpossible,
)
from linbang.operations.dispatch.models import SignUp, StandIn

_NOTE_LENGTH_MAX = 200


@transaction.atomic
def seek_stand_in(*, sign_up_id: int, by: Actor, now: datetime, note: str = "") -> StandIn:
    """Look for somebody to take one's place; it stays one's own until somebody has.

    Raises NotFound, SignUpOver, ShiftBegun, AlreadySeeking.
    """
    sign_up = _own_place(sign_up_id, by, now=now)
    search = _open_search(sign_up, None, note=note, by=by, now=now)
    tell_leaders("stand_in_sought", sign_up, now=now)
    return search


@transaction.atomic
def ask_swap(
    *, sign_up_id: int, other_id: int, by: Actor, now: datetime, note: str = ""
) -> StandIn:
    """Ask somebody with a place on another shift to swap; nothing changes until she agrees.

    Raises NotFound, SignUpOver, ShiftBegun, SwapImpossible, AlreadySeeking.
    """
    sign_up = _own_place(sign_up_id, by, now=now)
    other = queries.sign_up_of_id(other_id)
    if not _can_swap(sign_up, other, now=now):
        raise SwapImpossible
    search = _open_search(sign_up, other, note=note, by=by, now=now)
    tell("swap_asked", [other], now=now, note=search.note)
    return search


@transaction.atomic
def stop_seeking(*, stand_in_id: int, by: Actor, now: datetime) -> StandIn:
    """Stop looking for a stand-in or a swap; doing it twice changes nothing. Raises NotFound."""
    search = queries.stand_in_of_id(stand_in_id)
    if not _may_act_for(by, search.sign_up):
        raise NotFound
    return _end(stand_in_id, StandInState.WITHDRAWN, by=by, now=now)


@transaction.atomic
def decline_swap(*, stand_in_id: int, by: Actor, now: datetime) -> StandIn:
    """Say that one would rather not swap, which costs nothing. Raises NotFound."""
    search, _, _ = _swap_asked_of(by, stand_in_id)
    was_open = search.state == StandInState.OPEN
    search = _end(stand_in_id, StandInState.DECLINED, by=by, now=now)
    if was_open:
        tell("swap_off", [search.sign_up], now=now)
    return search


@transaction.atomic
def take_stand_in(*, stand_in_id: int, person_id: int, by: Actor, now: datetime) -> SignUp:
    """Take the place of somebody who seeks a stand-in; the place has a holder at every moment.

    Taking it twice returns the same sign-up. Raises NotFound, StandInClosed, ShiftBegun,
    AlreadySignedUp, NotCleared, ShiftWindowTaken.
    """
    search = queries.stand_in_of_id(stand_in_id)
    if search.swap_with_id is not None or not _may_be(by, person_id, search.sign_up):
        raise NotFound
    queries.lock_people([person_id, search.sign_up.person_id])
    queries.lock_places([search.sign_up.shift_id])
    search = queries.stand_in_of_id(stand_in_id)
    if search.taken_by is not None and search.taken_by.person_id == person_id:
        return queries.sign_up_of_id(search.taken_by.pk)
    _require_open(search, now=now)
    taker = _taking(search.sign_up, person_id, by=by, now=now)
    _require_fit([taker], now=now)
    _hand_over(search, search.sign_up, taker, by=by, now=now)
    _close(search, taker, now=now)
    tell("stand_in_taken", [search.sign_up], now=now)
    tell("stand_in_yours", [taker], now=now)
    tell_leaders("stand_in_done", taker, now=now)
    return taker


@transaction.atomic
def accept_swap(*, stand_in_id: int, by: Actor, now: datetime) -> tuple[SignUp, SignUp]:
    """Agree to a swap: both change places in one moment, or neither does.

    Returns the new places of who asked and who agreed. Raises NotFound, StandInClosed,
    ShiftBegun, AlreadySignedUp, NotCleared, ShiftWindowTaken.
    """
    _, mine, theirs = _swap_asked_of(by, stand_in_id)
    queries.lock_people([mine.person_id, theirs.person_id])
    queries.lock_places([mine.shift_id, theirs.shift_id])
    search, mine, theirs = _swap_asked_of(by, stand_in_id)
    _require_open(search, now=now)
    if not _can_swap(mine, theirs, now=now):
        raise StandInClosed
    release_promises([mine, theirs], now=now)
    asker = _taking(theirs, mine.person_id, by=by, now=now)
    other = _taking(mine, theirs.person_id, by=by, now=now)
    _require_fit([asker, other], now=now)
    _hand_over(search, theirs, asker, by=by, now=now)
    _hand_over(search, mine, other, by=by, now=now)
    _close(search, other, now=now)
    tell("swap_done", [asker, other], now=now)
    tell_leaders("stand_in_done", other, now=now)
    tell_leaders("stand_in_done", asker, now=now)
    return asker, other


def lapse_searches(*, now: datetime) -> int:
    """End the searches for shifts that have begun; whoever sought is responsible still."""
    lapsed = queries.searches_to_lapse(now=now)
    return sum(_lapse(search_id, now=now) for search_id in lapsed)


@transaction.atomic
def _lapse(stand_in_id: int, *, now: datetime) -> bool:
    search = _end(stand_in_id, StandInState.LAPSED, by=Actor.system(), now=now)
    return search.ended_at == now


def _own_place(sign_up_id: int, by: Actor, *, now: datetime) -> SignUp:
    """Return a confirmed place of the actor's as it is under the lock of the shift."""
    sign_up = queries.sign_up_of_id(sign_up_id)
    if not _may_act_for(by, sign_up):
        raise NotFound
    queries.lock_places([sign_up.shift_id])
    sign_up = queries.sign_up_of_id(sign_up_id)
    if sign_up.state != SignUpState.CONFIRMED:
        raise SignUpOver
    if sign_up.shift.starts_at <= now:
        raise ShiftBegun
    return sign_up


def _may_act_for(by: Actor, sign_up: SignUp) -> bool:
    return sign_up.person_id in queries.people_in_charge_of(by) or queries.leads(
        by, sign_up.shift.activity
    )


def _swap_asked_of(by: Actor, stand_in_id: int) -> tuple[StandIn, SignUp, SignUp]:
    """Return a swap that the actor may answer: it, the asker's place, and the other's."""
    search = queries.stand_in_of_id(stand_in_id)
    if search.swap_with is None or not _may_act_for(by, search.swap_with):
        raise NotFound
    return search, search.sign_up, search.swap_with


def _may_be(by: Actor, person_id: int, sign_up: SignUp) -> bool:
    return person_id in queries.people_in_charge_of(by) or queries.leads(by, sign_up.shift.activity)


def _open_search(
    sign_up: SignUp, other: SignUp | None, *, note: str, by: Actor, now: datetime
) -> StandIn:
    with refusing({"stand_in_open_once": AlreadySeeking}), transaction.atomic():
        search = StandIn.objects.create(
            cell=sign_up.cell,
            sign_up=sign_up,
            swap_with=other,
            note=note.strip()[:_NOTE_LENGTH_MAX],
            state=StandInState.OPEN,
            asked_at=now,
        )
    _record("dispatch.seek_stand_in", search, by=by, now=now)
    return search


def _can_swap(sign_up: SignUp, other: SignUp, *, now: datetime) -> bool:
    return (
        other.cell == sign_up.cell
        and other.person_id != sign_up.person_id
        and other.shift_id != sign_up.shift_id
        and other.state == sign_up.state == SignUpState.CONFIRMED
        and other.shift.starts_at > now
    )


def _end(stand_in_id: int, state: StandInState, *, by: Actor, now: datetime) -> StandIn:
    """End an open search under the lock of the shift's places; an ended one stays as it is."""
    search = queries.stand_in_of_id(stand_in_id)
    queries.lock_places([search.sign_up.shift_id])
    search = queries.stand_in_of_id(stand_in_id)
    if search.state == StandInState.OPEN:
        search.state, search.ended_at = state, now
        search.save(update_fields=["state", "ended_at"])
        _record("dispatch.end_stand_in", search, by=by, now=now)
    return search


def _require_open(search: StandIn, *, now: datetime) -> None:
    if search.state != StandInState.OPEN or search.sign_up.state != SignUpState.CONFIRMED:
        raise StandInClosed
    if search.sign_up.shift.starts_at <= now:
        raise ShiftBegun


def _taking(old: SignUp, person_id: int, *, by: Actor, now: datetime) -> SignUp:
    """Return the sign-up with which a person will take over a place, not yet written.

    Who waits for that shift or asked for it goes on with that very sign-up.
    """
    live = queries.live_sign_ups([old.shift_id]).filter(person_id=person_id).first()
    if live is not None and live.state in (SignUpState.HELD, SignUpState.CONFIRMED):
        raise AlreadySignedUp
    if live is not None:
        return live
    return SignUp(
        cell=old.cell,
        shift=old.shift,
        person=queries.person_with_id(person_id),
        channel=SignUpChannel.STAND_IN,
        asked_at=now,
        by_id=by.person_id,
    )


def _require_fit(takers: Sequence[SignUp], *, now: datetime) -> None:
    for taker in takers:
        causes = queries.causes_against(taker, now=now)
        if causes:
            raise NotCleared(causes=causes, reasons=clearance.causes_in_words(causes))
        shift = taker.shift
        if queries.is_booked(taker.person_id, starts_at=shift.starts_at, ends_at=shift.ends_at):
            raise ShiftWindowTaken


def _hand_over(search: StandIn, old: SignUp, taker: SignUp, *, by: Actor, now: datetime) -> None:
    """End one sign-up as replaced and confirm the other; the counter of places stays."""
    release_promises([old], now=now)
    end_searches([old], now=now, settled_id=search.pk)
    old.state, old.ended_at = SignUpState.REPLACED, now
    old.save(update_fields=["state", "ended_at"])
    if taker.state == SignUpState.WAITING:
        change_places(taken={}, waiting={taker.shift_id: -1})
    taker.state, taker.confirmed_at = SignUpState.CONFIRMED, now
    if taker.pk is None:
        taker.save(force_insert=True)
    else:
        taker.save(update_fields=["state", "confirmed_at"])
    promise([taker], now=now)
    _record("dispatch.hand_over", old, by=by, now=now, detail={"to": taker.pk})


def _close(search: StandIn, taker: SignUp, *, now: datetime) -> None:
    search.state, search.ended_at, search.taken_by = StandInState.TAKEN, now, taker
    search.save(update_fields=["state", "ended_at", "taken_by"])


def _record(
    action: str,
    subject: SignUp | StandIn,
    *,
    by: Actor,
    now: datetime,
    detail: Mapping[str, int] | None = None,
) -> None:
    sign_up = subject if isinstance(subject, SignUp) else subject.sign_up
    record(
        by=by.on_behalf_of(sign_up.person_id),
        action=action,
        subject=subject,
        region_code=sign_up.shift.activity.region_id,
        about_id=sign_up.person_id,
        now=now,
        detail=detail,
    )
