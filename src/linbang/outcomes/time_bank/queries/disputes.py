"""Disputes: what a transfer was, who its sides are, and what waits on the desk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import mask_name
from linbang.foundation.clock import local_date
from linbang.foundation.errors import NotFound
from linbang.foundation.ledger.choices import AccountKind, Unit
from linbang.foundation.ledger.models import Account, Entry, Transfer
from linbang.foundation.people.models import Person
from linbang.foundation.places.queries import within_any
from linbang.outcomes.time_bank import rules
from linbang.outcomes.time_bank.choices import DisputeState, Purpose, RulingDecision
from linbang.outcomes.time_bank.models import (
    Dispute,
    DisputeReply,
    Donation,
    Gift,
    Payment,
    Ruling,
)


@dataclass(frozen=True, slots=True)
class Matter:
    """A movement as a dispute sees it: ``sides`` are who paid and who got it, None for the pool."""

    cell: str
    transfer_id: int
    purpose: str
    minutes: int
    posted_at: datetime
    sides: tuple[Person, Person | None]
    giver: Account
    receiver: Account | None
    frozen_book: Account | None
    payment: Payment | None = None


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """A dispute as lists and its page show it; names masked."""

    public_id: UUID
    purpose: str
    opened_by: str
    other: str
    minutes: int
    frozen: int
    text: str
    opened_at: datetime
    due_on: date
    is_overdue: bool
    state: DisputeState
    proposed: str
    reason: str
    short_minutes: int
    replies: tuple[tuple[str, str, datetime], ...]
    proposed_by_id: int | None
    is_payment: bool


def matter_of(transfer_id: int, *, cell: str) -> Matter:
    """Return what a transfer was about, with its sides and books. Raises NotFound."""
    transfer = Transfer.objects.filter(cell=cell, pk=transfer_id).first()
    if transfer is None:
        raise NotFound
    maker = (
        {
            Purpose.GIFT: _gift,
            Purpose.DONATED: _donation,
            Purpose.REDEEMED: _payment,
            Purpose.DEPARTURE: _payment,
        }.get(Purpose(transfer.purpose))
        if transfer.purpose in Purpose.values
        else None
    )
    if maker is None:
        raise NotFound
    return maker(transfer)


def _gift(transfer: Transfer) -> Matter:
    gift = (
        Gift.objects.filter(
            Q(answer__cell=transfer.cell, answer__transfer=transfer) | Q(answer__arrival=transfer)
        )
        .select_related("giver", "receiver", "answer__transfer", "hold__account")
        .first()
    )
    if gift is None or gift.answer.transfer_id is None:
        raise NotFound
    receiver = _personal(gift.receiver)
    return Matter(
        cell=gift.cell,
        transfer_id=gift.answer.transfer_id,
        purpose=Purpose.GIFT,
        minutes=gift.minutes,
        posted_at=gift.answer.at,
        sides=(gift.giver, gift.receiver),
        giver=gift.hold.account,
        receiver=receiver,
        frozen_book=receiver,
    )


def _donation(transfer: Transfer) -> Matter:
    donation = Donation.objects.select_related("person").get(cell=transfer.cell, transfer=transfer)
    giver, pool = _legs(transfer)
    return Matter(
        cell=transfer.cell,
        transfer_id=transfer.pk,
        purpose=Purpose.DONATED,
        minutes=donation.minutes,
        posted_at=transfer.posted_at,
        sides=(donation.person, None),
        giver=giver,
        receiver=pool,
        frozen_book=pool,
    )


def _payment(transfer: Transfer) -> Matter:
    payment = (
        Payment.objects.filter(cell=transfer.cell, transfer=transfer)
        .select_related(
            "part__account", "part__redemption__payer", "part__redemption__need__item", "helper"
        )
        .first()
    )
    if payment is None:
        raise NotFound
    giver, credited = _legs(transfer)
    book = _personal(payment.helper)
    is_redeemed = payment.purpose == Purpose.REDEEMED
    receiver = None if is_redeemed else book if credited.kind == AccountKind.ISSUE else credited
    return Matter(
        cell=transfer.cell,
        transfer_id=transfer.pk,
        purpose=payment.purpose,
        minutes=payment.minutes,
        posted_at=transfer.posted_at,
        sides=(payment.part.redemption.payer, payment.helper),
        giver=giver,
        receiver=receiver,
        frozen_book=book if is_redeemed else receiver,
        payment=payment,
    )


def _legs(transfer: Transfer) -> tuple[Account, Account]:
    entries = Entry.objects.filter(cell=transfer.cell, transfer=transfer).select_related("account")
    by_sign = {entry.amount > 0: entry.account for entry in entries}
    return by_sign[False], by_sign[True]


def _personal(person: Person) -> Account | None:
    return Account.objects.filter(
        cell=person.cell,
        owner=rules.owner_of(person.pk),
        unit=Unit.MINUTES,
        kind=AccountKind.PERSONAL,
    ).first()


def free_of(account: Account) -> int:
    """Return what a book could pay, frozen or not."""
    return account.balance - account.held


def disputes_visible_to(actor: Actor) -> QuerySet[Dispute]:
    """Return the disputes the actor is a side of, or decides on at a station."""
    own = Q(opened_by_id=actor.person_id) | Q(other_id=actor.person_id)
    handled = within_any("region_id", actor.regions_for(Permission.VERIFY_RECORDS))
    return _disputes().filter(own | handled if actor.is_signed_in else Q(pk__in=[]))


def disputes_on_desk(actor: Actor) -> QuerySet[Dispute]:
    """Return the open disputes of the actor's places, the one due first first."""
    return (
        _disputes()
        .filter(
            within_any("region_id", actor.regions_for(Permission.VERIFY_RECORDS)), closed_at=None
        )
        .order_by("due_on", "id")
    )


def dispute_of_transfer(transfer_id: int, *, cell: str) -> Dispute | None:
    """Return the dispute over a transfer."""
    return Dispute.objects.filter(cell=cell, transfer_id=transfer_id).first()


def lock_dispute(dispute_id: int) -> Dispute:
    """Return a dispute, locked until the transaction ends."""
    return (
        Dispute.objects.select_for_update(of=("self",), no_key=True)
        .select_related("opened_by", "other", "hold")
        .get(pk=dispute_id)
    )


def open_ruling(dispute: Dispute) -> Ruling | None:
    """Return the proposal that waits for a second person."""
    return Ruling.objects.filter(cell=dispute.cell, dispute=dispute, answered_at=None).first()


def dispute_rows(disputes: Iterable[Dispute], *, now: datetime) -> list[DisputeRow]:
    """Return disputes as lists and pages show them; no query of its own."""
    return [_row(dispute, today=local_date(now)) for dispute in disputes]


def _row(dispute: Dispute, *, today: date) -> DisputeRow:
    rulings = list(dispute.rulings.all())
    waiting = next((one for one in rulings if one.answered_at is None), None)
    final = next((one for one in rulings if one.is_confirmed), None)
    shown = final or waiting
    names = {
        person.pk: mask_name(person.name)
        for person in (dispute.opened_by, dispute.other)
        if person is not None
    }
    purpose = rules.purpose_of(dispute.transfer.purpose)
    return DisputeRow(
        public_id=dispute.public_id,
        purpose=str(purpose.label) if purpose else dispute.transfer.purpose,
        opened_by=names[dispute.opened_by_id],
        other=names.get(dispute.other_id or 0, ""),
        minutes=dispute.minutes,
        frozen=dispute.hold.amount if dispute.hold and dispute.closed_at is None else 0,
        text=dispute.text,
        opened_at=dispute.opened_at,
        due_on=dispute.due_on,
        is_overdue=dispute.closed_at is None and today > dispute.due_on,
        state=rules.dispute_state(
            closed_by=final.decision if final else None, is_proposed=waiting is not None
        ),
        proposed=str(RulingDecision(shown.decision).label) if shown else "",
        reason=shown.reason if shown else "",
        short_minutes=final.short_minutes if final else 0,
        replies=tuple(
            (names.get(reply.by_id, ""), reply.text, reply.at) for reply in dispute.replies.all()
        ),
        proposed_by_id=waiting.proposed_by_id if waiting else None,
        is_payment=dispute.transfer.purpose == Purpose.REDEEMED,
    )


def _disputes() -> QuerySet[Dispute]:
    return Dispute.objects.select_related(
        "opened_by", "other", "hold", "transfer"
    ).prefetch_related(
        Prefetch("replies", DisputeReply.objects.order_by("id")),
        Prefetch("rulings", Ruling.objects.order_by("id")),
    )
