"""Paying for a need with saved time: promised, reviewed, given back (rule 69)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.ledger import actions as ledger
from linbang.foundation.ledger.actions import HoldOrder, ReleaseOrder
from linbang.foundation.ledger.errors import REFUSALS, Insufficient
from linbang.foundation.messaging.actions import NoticeOrder, notify_many
from linbang.foundation.messaging.choices import NoticeKind
from linbang.foundation.people.models import Person
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.models import Need
from linbang.intake.needs.queries import lock_need
from linbang.outcomes.time_bank import queries, rules
from linbang.outcomes.time_bank.choices import Purpose
from linbang.outcomes.time_bank.errors import (
    NotEnoughSaved,
    PaymentChosen,
    ProxyReasonMissing,
    TooLateToPay,
)
from linbang.outcomes.time_bank.models import Redemption, RedemptionPart
from linbang.outcomes.time_bank.rules import Share


@transaction.atomic
def choose_payment(
    *, need_id: int, payer_id: int, by: Actor, now: datetime, reason: str = ""
) -> Redemption:
    """Promise what a need costs out of the payer's books, once a need.

    The payer is who is helped, or a registered direct relative. A worker chooses for a payer with
    a reason. Choosing the same again returns the first. Raises NotAllowed, ProxyReasonMissing,
    TooLateToPay, PaymentChosen, and the refusals of ``queries.shares_for``.
    """
    need = lock_need(need_id)
    payer = Person.objects.filter(pk=payer_id, closed_at=None).first()
    if payer is None:
        raise NotFound
    chosen_by = _require_chooser(need, payer, by=by, reason=reason)
    chosen = queries.choice_of(need)
    if chosen is not None:
        if chosen.payer_id != payer_id:
            raise PaymentChosen
        return chosen
    rules.require_payable(NeedState(need.state))
    scheme = queries.scheme_of(payer.region_id, at=now)
    shares = queries.shares_for(need, payer, scheme, range(1, need.helpers + 1), now=now)
    redemption = Redemption.objects.create(
        cell=need.cell,
        need=need,
        payer=payer,
        minutes_each=rules.cost_minutes(need.starts_at, need.ends_at, step=scheme.step_minutes),
        chosen_by_id=chosen_by,
        reason=reason.strip() if chosen_by != payer_id else "",
        chosen_at=now,
    )
    _hold(redemption, shares, now=now)
    _record(redemption, "choose_payment", by=by.on_behalf_of(payer_id), now=now)
    tell_payer("payment_held", redemption, sum(share.minutes for share in shares), now=now)
    return redemption


@transaction.atomic
def cancel_payment(*, need_id: int, by: Actor, now: datetime) -> None:
    """Take the choice to pay back; the need is served all the same.

    Not once a helper is on the way: what she is due then stays promised. Raises NotFound,
    NotAllowed, TooLateToPay.
    """
    need = lock_need(need_id)
    redemption = queries.lock_redemption(need_id, cell=need.cell)
    if redemption is None:
        raise NotFound
    if by.person_id != redemption.payer_id and not queries.may_choose_for(by, need):
        raise NotAllowed
    rules.require_payable(NeedState(need.state))
    if need.state == NeedState.ASSIGNED and rules.has_departed(need.starts_at, now):
        raise TooLateToPay
    release(redemption, queries.open_parts(redemption), now=now)
    _record(redemption, "cancel_payment", by=by.on_behalf_of(redemption.payer_id), now=now)


@transaction.atomic
def review_payment(*, need_id: int, cell: str, now: datetime) -> None:
    """Let the promises of a verified need fit the helpers the station asks for (rule 63).

    What the payer has too little for is served without units: a need never waits for them.
    """
    redemption = queries.lock_redemption(need_id, cell=cell)
    if redemption is None:
        return
    need, parts = redemption.need, queries.open_parts(redemption)
    wanted = range(1, need.helpers + 1)
    _release([part for part in parts if part.place not in wanted], now=now)
    missing = sorted(set(wanted) - {part.place for part in parts})
    payer = redemption.payer
    wallet = queries.wallet_of(payer, served_at=need.ends_at)
    grant_free = wallet.grant_free if payer.pk == need.beneficiary_id else 0
    own_free = wallet.own_free
    for place in missing:
        try:
            shares = rules.allocate(
                redemption.minutes_each, [place], grant_free=grant_free, own_free=own_free
            )
        except NotEnoughSaved:
            break
        _hold(redemption, shares, now=now)
        grant_free -= sum(share.minutes for share in shares if share.is_grant)
        own_free -= sum(share.minutes for share in shares if not share.is_grant)


@transaction.atomic
def release_unserved(*, need_id: int, cell: str, now: datetime) -> None:
    """Give everything back that was promised for a need nobody will serve."""
    redemption = queries.lock_redemption(need_id, cell=cell)
    if redemption is not None:
        release(redemption, queries.open_parts(redemption), now=now)


@transaction.atomic
def release_left_over(*, redemption: Redemption, now: datetime) -> None:
    """Give back what is still promised for places nobody came to, once a need has ended."""
    locked = queries.lock_redemption(redemption.need_id, cell=redemption.cell)
    if locked is None:
        return
    coming = queries.places_to_come(locked.need)
    parts = queries.open_parts(locked)
    release(locked, [part for part in parts if part.place not in coming], now=now)


def release(redemption: Redemption, parts: Sequence[RedemptionPart], *, now: datetime) -> None:
    """Give promises back, tell the payer, and end the choice if none is left."""
    _release(parts, now=now)
    end_if_done(redemption, now=now)
    if parts:
        given_back = sum(part.minutes for part in parts)
        tell_payer("payment_released", redemption, given_back, now=now)


def end_if_done(redemption: Redemption, *, now: datetime) -> None:
    """End a choice of which nothing is promised any more."""
    if not queries.open_parts(redemption):
        redemption.ended_at = now
        redemption.save(update_fields=["ended_at"])


def tell_payer(template: str, redemption: Redemption, minutes: int, *, now: datetime) -> None:
    """Put a line about a choice to pay into the payer's inbox."""
    item = redemption.need.item
    notify_many(
        orders=[
            NoticeOrder(
                person_id=redemption.payer_id,
                kind=NoticeKind.RECORD,
                template=template,
                params={"item": item.name, "item_en": item.name_en, "minutes": minutes},
                url=f"/needs/{redemption.need.public_id}/payment/",
                key=f"{template}:{redemption.pk}:{now.timestamp():.0f}",
            )
        ],
        now=now,
    )


def _release(parts: Sequence[RedemptionPart], *, now: datetime) -> None:
    verdicts = ledger.release_holds(
        orders=[ReleaseOrder(cell=part.cell, hold_id=part.hold_id) for part in parts], now=now
    )
    for verdict in verdicts:
        if verdict.outcome in REFUSALS:
            raise REFUSALS[verdict.outcome]


def _hold(redemption: Redemption, shares: Sequence[Share], *, now: datetime) -> None:
    """Promise shares out of the payer's books; what was spent meanwhile is refused."""
    payer = redemption.payer
    wallet = queries.wallet_of(payer, served_at=redemption.need.ends_at)
    before = queries.parts_count(redemption)
    books = [wallet.grant if share.is_grant else wallet.own for share in shares]
    orders = [
        HoldOrder(
            cell=payer.cell,
            key=f"redemption:{redemption.pk}:{before + number}",
            account_id=book.pk,
            amount=share.minutes,
            purpose=Purpose.REDEEMED,
        )
        for number, (share, book) in enumerate(zip(shares, books, strict=True))
        if book is not None
    ]
    verdicts = ledger.place_holds(orders=orders, now=now)
    refusals = [REFUSALS[one.outcome] for one in verdicts if one.outcome in REFUSALS]
    if refusals:
        raise NotEnoughSaved if refusals[0] is Insufficient else refusals[0]
    RedemptionPart.objects.bulk_create(
        RedemptionPart(
            cell=payer.cell,
            redemption=redemption,
            place=share.place,
            account_id=order.account_id,
            hold_id=verdict.id or 0,
            minutes=share.minutes,
            is_grant=share.is_grant,
            held_at=now,
        )
        for share, order, verdict in zip(shares, orders, verdicts, strict=True)
    )


def _require_chooser(need: Need, payer: Person, *, by: Actor, reason: str) -> int:
    """Return who chooses. Raises NotAllowed, ProxyReasonMissing."""
    if by.person_id is None:
        raise NotAllowed
    if by.person_id != payer.pk:
        if not queries.may_choose_for(by, need):
            raise NotAllowed
        if not reason.strip():
            raise ProxyReasonMissing(field="reason")
    return by.person_id


def _record(redemption: Redemption, action: str, *, by: Actor, now: datetime) -> None:
    audit.record(
        by=by,
        action=f"time_bank.{action}",
        subject=redemption,
        about_id=redemption.payer_id,
        region_code=redemption.need.region_id,
        detail={"minutes_each": redemption.minutes_each},
        now=now,
    )
