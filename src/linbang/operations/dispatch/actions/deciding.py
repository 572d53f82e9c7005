"""Requests are decided where an activity takes people by approval."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.errors import NotFound, Refused
from linbang.operations.clearance import queries as clearance
from linbang.operations.dispatch import queries
from linbang.operations.dispatch.actions.ending import change_places, end_sign_ups
from linbang.operations.dispatch.actions.promising import promise
from linbang.operations.dispatch.actions.telling_shifts import tell
from linbang.operations.dispatch.choices import SignUpState
from linbang.operations.dispatch.errors import (
    NotCleared,
    NotRequested,
    ReasonMissing,
    ShiftBegun,
    ShiftCancelled,
    ShiftFull,
    ShiftWindowTaken,
)
from linbang.operations.dispatch.models import SignUp


@dataclass(frozen=True)
class Decision:
    """What became of one request when many were approved at once: a refusal, or none."""

    sign_up_id: int
    refusal: Refused | None


@transaction.atomic
def approve_sign_up(*, sign_up_id: int, by: Actor, now: datetime) -> SignUp:
    """Give a place to somebody who asked for one; approving twice changes nothing.

    Raises NotFound, NotRequested, ShiftBegun, ShiftCancelled, NotCleared, ShiftFull,
    ShiftWindowTaken.
    """
    sign_up = queries.sign_up_of_id(sign_up_id)
    if not queries.leads(by, sign_up.shift.activity):
        raise NotFound
    queries.lock_people([sign_up.person_id])
    load = queries.lock_places([sign_up.shift_id])[sign_up.shift_id]
    sign_up = queries.sign_up_of_id(sign_up_id)
    if sign_up.state == SignUpState.CONFIRMED:
        return sign_up
    if sign_up.state != SignUpState.REQUESTED:
        raise NotRequested
    _require_fit(sign_up, now=now)
    if load.taken >= load.places:
        raise ShiftFull
    sign_up.state, sign_up.confirmed_at = SignUpState.CONFIRMED, now
    sign_up.save(update_fields=["state", "confirmed_at"])
    promise([sign_up], now=now)
    change_places(taken={sign_up.shift_id: 1})
    record(
        by=by,
        action="dispatch.approve_sign_up",
        subject=sign_up,
        region_code=sign_up.shift.activity.region_id,
        now=now,
    )
    tell("sign_up_approved", [sign_up], now=now)
    return sign_up


def approve_sign_ups(*, sign_up_ids: Sequence[int], by: Actor, now: datetime) -> list[Decision]:
    """Approve many requests in their order, each by itself: what cannot be is told apart."""
    decisions = []
    for sign_up_id in sign_up_ids:
        try:
            approve_sign_up(sign_up_id=sign_up_id, by=by, now=now)
        except Refused as refusal:
            decisions.append(Decision(sign_up_id, refusal))
        else:
            decisions.append(Decision(sign_up_id, None))
    return decisions


@transaction.atomic
def decline_sign_up(*, sign_up_id: int, reason: str, by: Actor, now: datetime) -> SignUp:
    """Turn a request down and say why. Raises NotFound, ReasonMissing, NotRequested."""
    sign_up = queries.sign_up_of_id(sign_up_id)
    if not queries.leads(by, sign_up.shift.activity):
        raise NotFound
    if not reason.strip():
        raise ReasonMissing(field="reason")
    queries.lock_places([sign_up.shift_id])
    sign_up = queries.sign_up_of_id(sign_up_id)
    if sign_up.state == SignUpState.DECLINED:
        return sign_up
    if sign_up.state != SignUpState.REQUESTED:
        raise NotRequested
    end_sign_ups([sign_up], state=SignUpState.DECLINED, reason=reason, by=by, now=now)
    tell("sign_up_declined", [sign_up], now=now, reason=sign_up.end_reason)
    return sign_up


def _require_fit(sign_up: SignUp, *, now: datetime) -> None:
    if sign_up.shift.starts_at <= now:
        raise ShiftBegun
    if not queries.is_fillable(sign_up.shift, now=now):
        raise ShiftCancelled
    causes = queries.causes_against(sign_up, now=now)
    if causes:
        raise NotCleared(causes=causes, reasons=clearance.causes_in_words(causes))
    shift = sign_up.shift
    if queries.is_booked(sign_up.person_id, starts_at=shift.starts_at, ends_at=shift.ends_at):
        raise ShiftWindowTaken
