"""The one "I can't come" button, and a leader who takes somebody off a shift."""

from datetime import datetime

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotFound
from linbang.operations.dispatch import queries, rules
from linbang.operations.dispatch.actions.ending import end_sign_ups
from linbang.operations.dispatch.actions.telling_shifts import tell, tell_leaders
from linbang.operations.dispatch.choices import SIGN_UP_PLACED, SignUpState
from linbang.operations.dispatch.errors import ReasonMissing, ShiftBegun
from linbang.operations.dispatch.models import SignUp

# Stored as the reason of what a guardian's leaving brings with it.
ACCOMPANIED_NO_MORE = "监护人已退出"  # untranslated: stored, as a worker would type it


@transaction.atomic
def withdraw_sign_up(*, sign_up_id: int, by: Actor, now: datetime, reason: str = "") -> SignUp:
    """Give a place back, leave a waiting list, or take a request back; the next is offered it.

    For oneself, for a minor in one's care, or by whoever leads the shift on her behalf. Free of
    any mark until 24 hours before the start (rule 28). Doing it twice changes nothing. Raises
    NotFound, ShiftBegun for a place on a shift that has begun.
    """
    sign_up = _locked(sign_up_id, by)
    if sign_up.ended_at is not None:
        return sign_up
    placed = sign_up.state in SIGN_UP_PLACED
    held = sign_up.state == SignUpState.HELD
    if placed and now >= sign_up.shift.starts_at:
        raise ShiftBegun
    end_sign_ups(
        [sign_up],
        state=SignUpState.WITHDRAWN,
        reason=reason,
        is_late=placed and not held and now >= _free_until(sign_up),
        by=by.on_behalf_of(sign_up.person_id),
        now=now,
    )
    if placed and not held:
        tell_leaders("sign_up_left", sign_up, now=now, reason=sign_up.end_reason)
        _let_wards_go(sign_up, by=by, now=now)
    if by.person_id != sign_up.person_id:
        tell("sign_up_left_for", [sign_up], now=now)
    return sign_up


@transaction.atomic
def release_sign_up(*, sign_up_id: int, reason: str, by: Actor, now: datetime) -> SignUp:
    """Take somebody off a shift as its leader: told why, and without a mark.

    Raises NotFound, ReasonMissing.
    """
    sign_up = queries.sign_up_of_id(sign_up_id)
    if not queries.leads(by, sign_up.shift.activity):
        raise NotFound
    if not reason.strip():
        raise ReasonMissing(field="reason")
    sign_up = _locked(sign_up_id, by)
    if sign_up.ended_at is None:
        end_sign_ups([sign_up], state=SignUpState.RELEASED, reason=reason, by=by, now=now)
        tell("sign_up_released", [sign_up], now=now, reason=sign_up.end_reason)
        _let_wards_go(sign_up, by=by, now=now)
    return sign_up


def _locked(sign_up_id: int, by: Actor) -> SignUp:
    """Return a sign-up as it is under the lock of its shift's places, for who may change it."""
    sign_up = queries.sign_up_of_id(sign_up_id)
    if not (
        sign_up.person_id in queries.people_in_charge_of(by)
        or queries.leads(by, sign_up.shift.activity)
    ):
        raise NotFound
    queries.lock_places([sign_up.shift_id])
    return queries.sign_up_of_id(sign_up_id)


def _free_until(sign_up: SignUp) -> datetime:
    return rules.free_until(starts_at=sign_up.shift.starts_at, free_until=sign_up.free_until)


def _let_wards_go(guardian: SignUp, *, by: Actor, now: datetime) -> None:
    """Free the children who may only come along with a guardian who has left (rule 8)."""
    wards = queries.wards_without_guardian(guardian)
    end_sign_ups(wards, state=SignUpState.RELEASED, reason=ACCOMPANIED_NO_MORE, by=by, now=now)
    tell("sign_up_released", wards, now=now, reason=ACCOMPANIED_NO_MORE)
