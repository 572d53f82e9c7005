"""A station worker finds the helper by hand."""

from datetime import datetime

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.errors import NotFound
from linbang.foundation.people.models import VolunteerProfile
from linbang.intake.needs.actions import advance_need
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.models import Need
from linbang.operations.dispatch import queries, rules
from linbang.operations.dispatch.actions.closing import withdraw_open_offers
from linbang.operations.dispatch.actions.seeking import lock_for
from linbang.operations.dispatch.actions.telling import tell_asked
from linbang.operations.dispatch.choices import JUDGED_BY_WORKER, ReasonCode, Unfit
from linbang.operations.dispatch.errors import (
    AlreadyAsked,
    NotDispatchable,
    ReasonMissing,
    VolunteerUnfit,
)
from linbang.operations.dispatch.models import BlockedPair, Escalation, Offer


@transaction.atomic
def offer_to(*, need_id: int, volunteer_id: int, by: Actor, now: datetime) -> Offer:
    """Ask a volunteer whom a station worker chose by hand.

    Who is paused, ended, unconfirmed, busy, a relative or blocked cannot be chosen; skill, kind of
    service, usual free time, distance and the resident's wishes are the worker's to judge, and
    what she overruled is stored. Raises NotAllowed, NotFound, NotDispatchable, VolunteerUnfit,
    AlreadyAsked.
    """
    need = lock_for(need_id, by)
    _require_place(need, now=now)
    if queries.is_asked(need, volunteer_id, now=now):
        raise AlreadyAsked
    overruled = _require_fit(need, volunteer_id, now=now)
    _take_over(need, by=by, now=now)
    offer = Offer.objects.create(
        cell=need.cell,
        need=need,
        volunteer_id=volunteer_id,
        reasons=[
            {"code": ReasonCode.CHOSEN_BY_STATION, "value": None},
            *({"code": ReasonCode.DESPITE, "value": cause} for cause in overruled),
        ],
        offered_at=now,
        expires_at=rules.hand_offer_expires_at(now=now, ends_at=need.ends_at),
        offered_by_id=by.person_id,
    )
    if need.state == NeedState.VERIFIED:
        advance_need(need=need, state=NeedState.OFFERED, by=by, now=now)
    record(by=by, action="dispatch.offer_to", subject=offer, region_code=need.region_id, now=now)
    tell_asked([offer], need, now=now)
    return offer


@transaction.atomic
def take_escalation(*, need_id: int, by: Actor, now: datetime) -> None:
    """Let a station worker say that she looks after this one. Raises NotAllowed."""
    _take_over(lock_for(need_id, by), by=by, now=now)


@transaction.atomic
def block_pair(
    *, need_id: int, volunteer_id: int, by: Actor, now: datetime, reason: str
) -> BlockedPair:
    """Never again bring the beneficiary of a need and a volunteer together.

    An open offer between them is withdrawn; an accepted one is left by ``leave_assignment``.
    Raises NotAllowed, NotFound, ReasonMissing.
    """
    need = lock_for(need_id, by)
    if not VolunteerProfile.objects.filter(person_id=volunteer_id).exists():
        raise NotFound
    if not reason.strip():
        raise ReasonMissing(field="reason")
    pair, created = BlockedPair.objects.get_or_create(
        cell=need.cell,
        beneficiary_id=need.beneficiary_id,
        volunteer_id=volunteer_id,
        ended_at=None,
        defaults={"since": now, "by_id": by.person_id, "reason": reason.strip()[:200]},
    )
    if created:
        record(
            by=by, action="dispatch.block_pair", subject=pair, region_code=need.region_id, now=now
        )
    withdraw_open_offers(need, now=now, volunteer_id=volunteer_id)
    return pair


def _require_place(need: Need, *, now: datetime) -> None:
    # Only who has accepted counts: a worker may ring up several, the first who says yes goes.
    is_full = queries.helpers_of(need).count() >= need.helpers
    if is_full or not rules.is_dispatchable(NeedState(need.state)) or need.ends_at <= now:
        raise NotDispatchable


def _require_fit(need: Need, volunteer_id: int, *, now: datetime) -> tuple[Unfit, ...]:
    """Return what speaks against a volunteer but is the worker's to judge."""
    profile = VolunteerProfile.objects.filter(person_id=volunteer_id, ended_at=None).first()
    if profile is None:
        raise NotFound
    against = queries.reasons_against(need, profile, now=now)
    for cause in against:
        if cause not in JUDGED_BY_WORKER:
            raise VolunteerUnfit(field="volunteer_id", reason=str(cause.label))
    return against


def _take_over(need: Need, *, by: Actor, now: datetime) -> None:
    taken = Escalation.objects.filter(cell=need.cell, need_id=need.pk, taken_at=None).update(
        taken_at=now, taken_by_id=by.person_id
    )
    if taken:
        record(
            by=by,
            action="dispatch.take_escalation",
            subject=need,
            region_code=need.region_id,
            now=now,
        )
