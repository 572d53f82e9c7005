"""The station's answers, and taking a need back."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.audit.choices import Outcome
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.events import announce
from linbang.intake.needs import queries, rules
from linbang.intake.needs.actions.moving import helpers_for, move
from linbang.intake.needs.choices import HelpersReason, NeedState
from linbang.intake.needs.errors import (
    ReasonRequired,
    TooFewHelpers,
)
from linbang.intake.needs.events import NeedDeclined, NeedVerified, NeedWithdrawn
from linbang.intake.needs.models import Need


class Contact(NamedTuple):
    """Where to go and whom to ring."""

    address: str
    phone: str


@transaction.atomic
def verify_need(
    *,
    need_id: int,
    by: Actor,
    now: datetime,
    known_risks: Iterable[str] | None = None,
    risk_note: str | None = None,
    helpers: int | None = None,
    helper_sex: str | None = None,
    helper_languages: Iterable[str] | None = None,
) -> Need:
    """Say that the need is real and may be dispatched; None leaves what was told as it is.

    Raises NotAllowed, StateNotNext, RiskUnknown, WishUnknown, TooFewHelpers.
    """
    need = _locked_for_staff(need_id, by=by)
    if known_risks is not None:
        need.known_risks = ",".join(rules.known_risks(known_risks))
    if risk_note is not None:
        need.risk_note = risk_note.strip()
    if helpers is not None:
        _set_helpers(need, helpers)
    if helper_sex is not None:
        need.helper_sex = rules.wished_sex(helper_sex)
    if helper_languages is not None:
        need.helper_languages = rules.wished_languages(helper_languages)
    _answer(need, NeedState.VERIFIED, by=by, now=now)
    announce(NeedVerified(need_id=need.pk, cell=need.cell, at=now))
    return need


@transaction.atomic
def decline_need(*, need_id: int, reason: str, by: Actor, now: datetime) -> Need:
    """Say that the station cannot take the need on, why, and where to turn instead.

    Raises NotAllowed, ReasonRequired, StateNotNext.
    """
    need = _locked_for_staff(need_id, by=by)
    if not reason.strip():
        raise ReasonRequired(field="reason")
    _answer(need, NeedState.DECLINED, by=by, now=now, reason=reason)
    announce(NeedDeclined(need_id=need.pk, cell=need.cell, at=now))
    return need


@transaction.atomic
def withdraw_need(*, need_id: int, by: Actor, now: datetime, reason: str = "") -> Need:
    """Take a need back, at any time before it was served.

    The beneficiary, the requester, a relative or the station may. Raises NotFound, StateNotNext.
    """
    need = queries.lock_need(need_id)
    if not queries.may_withdraw(by, need):
        raise NotFound
    move(need, NeedState.WITHDRAWN, by=by, now=now, reason=reason)
    announce(NeedWithdrawn(need_id=need.pk, cell=need.cell, at=now))
    return need


@transaction.atomic
def withdraw_all_of(*, person_id: int, reason: str, by: Actor, now: datetime) -> int:
    """Take back every need of a person that no visit has begun for; return how many."""
    waiting = list(queries.needs_before_visit(person_id).values_list("pk", flat=True))
    for need_id in waiting:
        withdraw_need(need_id=need_id, by=by, now=now, reason=reason)
    return len(waiting)


@transaction.atomic
def see_contact(*, need_id: int, by: Actor, now: datetime) -> Contact:
    """Show a worker the full address and phone of a need; every look is logged.

    Raises NotAllowed.
    """
    need = Need.objects.get(pk=need_id)
    if not by.may(Permission.UNMASK_CONTACT, region=need.region_id):
        raise NotAllowed
    record(
        by=by, action="needs.see_contact", subject=need, region_code=need.region_id,
        outcome=Outcome.SEEN, now=now,
    )  # fmt: skip
    return Contact(need.address, need.phone)


def _locked_for_staff(need_id: int, *, by: Actor) -> Need:
    need = queries.lock_need(need_id)
    if not by.may(Permission.VERIFY_NEEDS, region=need.region_id):
        raise NotAllowed
    return need


def _set_helpers(need: Need, helpers: int) -> None:
    needed = helpers_for(need.item, need.beneficiary, need.starts_at, need.ends_at)
    if not needed.count <= helpers <= rules.HELPERS_MAX:
        raise TooFewHelpers(field="helpers", count=needed.count)
    reasons = needed.reasons
    if helpers > needed.count:
        reasons = (*reasons, HelpersReason.STATION)
    need.helpers, need.helpers_reason = helpers, ",".join(reasons)


def _answer(need: Need, state: NeedState, *, by: Actor, now: datetime, reason: str = "") -> None:
    need.first_answered_at = need.first_answered_at or now
    move(need, state, by=by, now=now, reason=reason)
