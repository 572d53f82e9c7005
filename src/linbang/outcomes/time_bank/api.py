from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from linbang.foundation import clock
from linbang.foundation.access.rules import Actor
from linbang.intake.needs import queries as needs
from linbang.outcomes.time_bank import actions, queries
from linbang.outcomes.time_bank.errors import GiftNotAllowed
from linbang.outcomes.time_bank.schemas import (
    CardPaymentIn,
    GiftIn,
    GiftOut,
    RedemptionIn,
    RedemptionOut,
    SavingsDisputeIn,
    SavingsDisputeOut,
    SavingsReceiptOut,
    StatementOut,
    TimeDonationIn,
    TimeDonationOut,
)

router = Router(tags=["love savings"])


@router.get("/love-savings", response=StatementOut, operation_id="get_own_statement")
def get_own_statement(
    request: HttpRequest,
    before: int | None = Query(None, ge=1),
    limit: int = Query(30, ge=1, le=100),
) -> StatementOut:
    """Show one's own savings; older movements follow with ``before``."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    own = get_object_or_404(queries.people_visible_to(actor), pk=actor.person_id)
    return _out(queries.statement_of(own, before=before, limit=limit))


@router.get(
    "/people/{uuid:person_id}/love-savings", response=StatementOut, operation_id="get_statement"
)
def get_statement(
    request: HttpRequest,
    person_id: UUID,
    before: int | None = Query(None, ge=1),
    limit: int = Query(30, ge=1, le=100),
) -> StatementOut:
    """Show somebody's savings; the look is logged."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    person = get_object_or_404(queries.people_visible_to(actor), public_id=person_id)
    actions.note_look(person=person, by=actor, now=clock.now())
    return _out(queries.statement_of(person, before=before, limit=limit))


def _out(statement: queries.Statement) -> StatementOut:
    scheme = queries.scheme_of(statement.person.region_id, at=clock.now())
    return StatementOut.of(statement, scheme=str(scheme.name), unit=str(scheme.unit))


@router.post(
    "/needs/{uuid:need_id}/redemption", response={201: RedemptionOut}, operation_id="pay_for_need"
)
def pay_for_need(request: HttpRequest, need_id: UUID, told: RedemptionIn) -> Status:
    """Choose to pay for a need with saved time; it is served in any case."""
    actor = _actor(request)
    need = get_object_or_404(needs.needs_with_item(actor), public_id=need_id)
    payer, _ = queries.payer_for(actor, need)
    chosen = actions.choose_payment(
        need_id=need.pk, payer_id=payer.pk, reason=told.reason, by=actor, now=clock.now()
    )
    out = RedemptionOut(
        id=chosen.public_id,
        need_id=need_id,
        minutes_each=chosen.minutes_each,
        chosen_at=chosen.chosen_at,
        ended_at=chosen.ended_at,
    )
    return Status(201, out)


@router.delete(
    "/needs/{uuid:need_id}/redemption",
    response={204: None},
    operation_id="take_back_payment_for_need",
)
def take_back_payment_for_need(request: HttpRequest, need_id: UUID) -> Status:
    """Take the choice to pay back, until a helper is on the way."""
    need = get_object_or_404(needs.needs_visible_to(_actor(request)), public_id=need_id)
    actions.cancel_payment(need_id=need.pk, by=_actor(request), now=clock.now())
    return Status(204, None)


@router.get("/love-savings/gifts", response=list[GiftOut], operation_id="list_gifts")
def list_gifts(request: HttpRequest) -> list[GiftOut]:
    """List the newest fifty gifts from and to oneself."""
    me = _own(request)
    rows = queries.gift_rows(queries.gifts_of(me)[:50], viewer_id=me.pk, now=clock.now())
    return [GiftOut.of(row) for row in rows]


@router.post("/love-savings/gifts", response={201: GiftOut}, operation_id="offer_gift")
def offer_gift(request: HttpRequest, told: GiftIn) -> Status:
    """Offer saved time to a registered relative; it is held until she answers."""
    me, now = _own(request), clock.now()
    receiver = next(
        (
            kin.person
            for kin in queries.receivers_for(me, now=now)
            if kin.person.public_id == told.receiver_id
        ),
        None,
    )
    if receiver is None:
        raise GiftNotAllowed(field="receiver_id")
    gift = actions.offer_gift(
        giver_id=me.pk,
        receiver_id=receiver.pk,
        minutes=told.minutes,
        key=told.key,
        note=told.note,
        by=_actor(request),
        now=now,
    )
    return Status(201, GiftOut.of(queries.gift_row(gift, viewer_id=me.pk, now=now)))


@router.post(
    "/love-savings/gifts/{uuid:gift_id}/acceptance", response=GiftOut, operation_id="accept_gift"
)
def accept_gift(request: HttpRequest, gift_id: UUID) -> GiftOut:
    """Take a gift, for good."""
    return _answered(request, gift_id, accept=True)


@router.post(
    "/love-savings/gifts/{uuid:gift_id}/refusal", response=GiftOut, operation_id="decline_gift"
)
def decline_gift(request: HttpRequest, gift_id: UUID) -> GiftOut:
    """Decline a gift; the giver has it back."""
    return _answered(request, gift_id, accept=False)


@router.post("/love-savings/donations", response={201: TimeDonationOut}, operation_id="donate_time")
def donate_time(request: HttpRequest, told: TimeDonationIn) -> Status:
    """Give saved time to the pool, at once and for good."""
    donation = actions.donate(
        person_id=_own(request).pk,
        minutes=told.minutes,
        key=told.key,
        note=told.note,
        by=_actor(request),
        now=clock.now(),
    )
    out = TimeDonationOut(id=donation.public_id, minutes=donation.minutes, at=donation.at)
    return Status(201, out)


@router.post(
    "/visits/{uuid:visit_id}/card-payment", response={204: None}, operation_id="pay_by_card"
)
def pay_by_card(request: HttpRequest, visit_id: UUID, told: CardPaymentIn) -> Status:
    """Confirm one's own visit of today by the red card of whom it was for."""
    actions.pay_by_card(visit_id=visit_id, card=told.card, by=_actor(request), now=clock.now())
    return Status(204, None)


@router.get(
    "/love-savings/movements/{version}",
    response=SavingsReceiptOut,
    operation_id="get_savings_receipt",
)
def get_savings_receipt(request: HttpRequest, version: int) -> SavingsReceiptOut:
    """Show the receipt of one of one's own movements."""
    return SavingsReceiptOut.of(queries.receipt_of(_own(request), version, now=clock.now()))


@router.post(
    "/love-savings/movements/{version}/dispute",
    response={201: SavingsDisputeOut},
    operation_id="dispute_movement",
)
def dispute_movement(request: HttpRequest, version: int, told: SavingsDisputeIn) -> Status:
    """Say that a movement is not right; what is there of it is frozen until two have decided."""
    me, now = _own(request), clock.now()
    receipt = queries.receipt_of(me, version, now=now)
    dispute = actions.open_dispute(
        transfer_id=receipt.transfer_id,
        cell=receipt.cell,
        person_id=me.pk,
        text=told.text,
        by=_actor(request),
        now=now,
    )
    out = SavingsDisputeOut(id=dispute.public_id, due_on=dispute.due_on, minutes=dispute.minutes)
    return Status(201, out)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    return actor


def _own(request: HttpRequest) -> queries.Person:
    actor = _actor(request)
    return get_object_or_404(queries.people_visible_to(actor), cell=actor.cell, pk=actor.person_id)


def _answered(request: HttpRequest, gift_id: UUID, *, accept: bool) -> GiftOut:
    actor, now = _actor(request), clock.now()
    gift = get_object_or_404(queries.gifts_visible_to(actor), public_id=gift_id)
    actions.answer_gift(gift_id=gift.pk, accept=accept, by=actor, now=now)
    found = queries.gifts_visible_to(actor).get(pk=gift.pk)
    return GiftOut.of(queries.gift_row(found, viewer_id=actor.person_id or 0, now=now))
