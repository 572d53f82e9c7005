"""Giving saved time away: to a relative who takes it, or to the pool (rule 70)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.audit.rules import mask_name
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.ledger import actions as ledger
from linbang.foundation.ledger.actions import (
    HoldOrder,
    ReleaseOrder,
    SettlementOrder,
    TransferOrder,
)
from linbang.foundation.messaging.actions import NoticeOrder, notify_many
from linbang.foundation.messaging.choices import NoticeKind
from linbang.foundation.people.models import Person
from linbang.outcomes.time_bank import queries, rules
from linbang.outcomes.time_bank.actions.movements import MovementOrder, note_movements
from linbang.outcomes.time_bank.actions.payments import (
    issue_book,
    issue_to,
    personal_book,
    pool_book,
)
from linbang.outcomes.time_bank.choices import GiftOutcome, Purpose
from linbang.outcomes.time_bank.errors import GiftClosed, GiftNotAllowed, ProxyReasonMissing
from linbang.outcomes.time_bank.models import Donation, Gift, GiftAnswer


@transaction.atomic
def offer_gift(
    *,
    giver_id: int,
    receiver_id: int,
    minutes: int,
    key: UUID,
    note: str = "",
    reason: str = "",
    by: Actor,
    now: datetime,
) -> Gift:
    """Offer saved time to another person; it is held until she answers, a week at most.

    The same key returns the first. It cannot be taken back: only she can decline. Raises
    NotAllowed, ProxyReasonMissing, GiftNotAllowed, UnitsAreNotMoney, TooManyGifts, ReceiverFull,
    and the refusals of the books.
    """
    giver, receiver = _open_person(giver_id), _open_person(receiver_id)
    by_id = require_actor_for(giver, by=by, reason=reason)
    first = Gift.objects.filter(cell=giver.cell, public_id=key, giver=giver).first()
    if first is not None:
        return first
    scheme = queries.scheme_of(giver.region_id, at=now)
    relation = queries.relation_to(giver, receiver.pk)
    if giver.pk == receiver.pk or not rules.gift_kind(
        scheme, relation=relation, age=queries.age_of(receiver, now)
    ):
        raise GiftNotAllowed(field="receiver")
    own, theirs = personal_book(giver, now=now), personal_book(receiver, now=now)
    locked = queries.lock_accounts({own.pk, theirs.pk})
    rules.require_gift(note=note, offered_today=queries.gifts_offered_on(giver, now))
    _require_room(receiver, locked[theirs.pk].balance, minutes, now=now)
    hold_id = ledger.place_hold(
        order=HoldOrder(
            cell=giver.cell,
            key=f"gift:{key}",
            account_id=own.pk,
            amount=minutes,
            purpose=Purpose.GIFT,
        ),
        now=now,
    )
    gift = Gift.objects.create(
        cell=giver.cell,
        public_id=key,
        giver=giver,
        receiver=receiver,
        minutes=minutes,
        note=note.strip(),
        hold_id=hold_id,
        by_id=by_id,
        reason=reason.strip() if by_id != giver.pk else "",
        offered_at=now,
        expires_at=now + rules.GIFT_OPEN,
    )
    _record(gift, "offer_gift", by=by.on_behalf_of(giver.pk), now=now)
    _tell("gift_offered", gift, receiver.pk, giver, now=now)
    return gift


@transaction.atomic
def answer_gift(
    *, gift_id: int, accept: bool, reason: str = "", by: Actor, now: datetime
) -> GiftAnswer:
    """Take a gift, for good, or decline it; then the giver has it back.

    The receiver answers, or the station for her with a reason; never the giver. The same answer
    again returns the first. Raises NotAllowed, ProxyReasonMissing, GiftClosed, ReceiverFull.
    """
    gift = queries.lock_gift(gift_id)
    if by.person_id == gift.giver_id:
        raise NotAllowed
    by_id = require_actor_for(gift.receiver, by=by, reason=reason)
    outcome = GiftOutcome.ACCEPTED if accept else GiftOutcome.DECLINED
    given: GiftAnswer | None = getattr(gift, "answer", None)
    if given is not None:
        if given.outcome != outcome:
            raise GiftClosed
        return given
    if now >= gift.expires_at:
        raise GiftClosed
    if not accept:
        return _return(gift, outcome, by=by, by_id=by_id, now=now, reason=reason)
    return _take(gift, by=by, by_id=by_id, now=now, reason=reason)


@transaction.atomic
def expire_gifts(*, now: datetime) -> int:
    """Return the gifts nobody answered in time to their givers; return how many."""
    gifts = queries.lock_gifts_expired(now)
    for gift in gifts:
        _return(gift, GiftOutcome.EXPIRED, by=Actor.system(gift.cell), by_id=None, now=now)
    return len(gifts)


def return_gifts_of(*, person: Person, now: datetime) -> None:
    """Return every open gift from or to a person who is gone, in the caller's transaction."""
    for gift in queries.lock_open_gifts_of(person):
        _return(gift, GiftOutcome.EXPIRED, by=Actor.system(gift.cell), by_id=None, now=now)


@transaction.atomic
def donate(
    *,
    person_id: int,
    minutes: int,
    key: UUID,
    note: str = "",
    reason: str = "",
    by: Actor,
    now: datetime,
) -> Donation:
    """Give saved time to the pool, at once and for good. The same key returns the first.

    Raises NotAllowed, ProxyReasonMissing, UnitsAreNotMoney, and the refusals of the books.
    """
    person = _open_person(person_id)
    by_id = require_actor_for(person, by=by, reason=reason)
    first = Donation.objects.filter(cell=person.cell, public_id=key, person=person).first()
    if first is not None:
        return first
    rules.require_no_money(note)
    transfer_id = ledger.post_transfer(
        order=TransferOrder(
            cell=person.cell,
            key=f"donation:{key}",
            debit_id=personal_book(person, now=now).pk,
            credit_id=pool_book(person, now=now).pk,
            amount=minutes,
            purpose=Purpose.DONATED,
            source=f"donation:{key}",
        ),
        now=now,
    )
    donation = Donation.objects.create(
        cell=person.cell,
        public_id=key,
        person=person,
        transfer_id=transfer_id,
        minutes=minutes,
        note=note.strip(),
        by_id=by_id,
        reason=reason.strip() if by_id != person.pk else "",
        at=now,
    )
    note_movements(
        orders=[_movement(person, transfer_id, -minutes, Purpose.DONATED)],
        now=now,
    )
    audit.record(
        by=by.on_behalf_of(person.pk),
        action="time_bank.donate",
        subject=donation,
        about_id=person.pk,
        region_code=person.region_id,
        detail={"minutes": minutes},
        now=now,
    )
    return donation


def require_actor_for(person: Person, *, by: Actor, reason: str) -> int:
    """Return who acts: the person, or a worker of her station who says why (代办, rule 102).

    Raises NotAllowed, ProxyReasonMissing.
    """
    if by.person_id is None:
        raise NotAllowed
    if by.person_id != person.pk:
        if not by.may(Permission.TAKE_NEEDS, region=person.region_id):
            raise NotAllowed
        if not reason.strip():
            raise ProxyReasonMissing(field="reason")
    return by.person_id


def _take(gift: Gift, *, by: Actor, by_id: int, now: datetime, reason: str) -> GiftAnswer:
    giver, receiver = gift.giver, gift.receiver
    theirs = personal_book(receiver, now=now)
    issue = issue_book(gift.cell, now=now)
    locked = queries.lock_accounts({gift.hold.account_id, theirs.pk, issue.pk})
    _require_room(receiver, locked[theirs.pk].balance, gift.minutes, now=now)
    is_near = theirs.cell == gift.cell
    transfer_id = ledger.settle_hold(
        order=SettlementOrder(
            cell=gift.cell,
            key=f"gift:{gift.public_id}",
            hold_id=gift.hold_id,
            credit_id=(theirs if is_near else issue).pk,
            amount=gift.minutes,
            purpose=Purpose.GIFT,
            source=f"gift:{gift.public_id}",
        ),
        now=now,
    )
    arrival = None
    if not is_near:
        # Books balance cell by cell: retired here, issued there (通存通兑).
        source, key = f"gift:{gift.public_id}", f"gift:{gift.public_id}:in"
        arrival = issue_to(theirs, gift.minutes, Purpose.GIFT, source, key, now)
    note_movements(
        orders=[
            _movement(giver, transfer_id, -gift.minutes, Purpose.GIFT),
            _movement(receiver, arrival or transfer_id, gift.minutes, Purpose.GIFT),
        ],
        now=now,
    )
    answer = _answer(
        gift, GiftOutcome.ACCEPTED, by_id=by_id, reason=reason, now=now,
        transfer_id=transfer_id, arrival_id=arrival,
    )  # fmt: skip
    _record(gift, "accept_gift", by=by.on_behalf_of(receiver.pk), now=now)
    _tell("gift_accepted", gift, giver.pk, receiver, now=now)
    return answer


def _return(
    gift: Gift,
    outcome: GiftOutcome,
    *,
    by: Actor,
    by_id: int | None,
    now: datetime,
    reason: str = "",
) -> GiftAnswer:
    ledger.release_hold(order=ReleaseOrder(cell=gift.cell, hold_id=gift.hold_id), now=now)
    answer = _answer(gift, outcome, by_id=by_id, reason=reason, now=now)
    _record(gift, "return_gift", by=by, now=now)
    _tell("gift_returned", gift, gift.giver_id, gift.receiver, now=now)
    return answer


def _answer(
    gift: Gift,
    outcome: GiftOutcome,
    *,
    by_id: int | None,
    reason: str,
    now: datetime,
    transfer_id: int | None = None,
    arrival_id: int | None = None,
) -> GiftAnswer:
    return GiftAnswer.objects.create(
        cell=gift.cell,
        gift=gift,
        outcome=outcome,
        by_id=by_id,
        reason=reason.strip(),
        transfer_id=transfer_id,
        arrival_id=arrival_id,
        at=now,
    )


def _open_person(person_id: int) -> Person:
    person = Person.objects.filter(pk=person_id, closed_at=None).first()
    if person is None:
        raise NotFound
    return person


def _require_room(receiver: Person, balance: int, minutes: int, *, now: datetime) -> None:
    scheme = queries.scheme_of(receiver.region_id, at=now)
    rules.require_room(balance, minutes, most=scheme.balance_minutes_max)


def _movement(person: Person, transfer_id: int, minutes: int, purpose: Purpose) -> MovementOrder:
    return MovementOrder(
        cell=person.cell,
        transfer_id=transfer_id,
        person_id=person.pk,
        minutes=minutes,
        purpose=purpose,
        branch=rules.branch_of(person.region_id),
        home=person.region_id,
    )


def _record(gift: Gift, action: str, *, by: Actor, now: datetime) -> None:
    audit.record(
        by=by,
        action=f"time_bank.{action}",
        subject=gift,
        about_id=gift.giver_id,
        region_code=gift.giver.region_id,
        detail={"minutes": gift.minutes, "receiver": gift.receiver_id},
        now=now,
    )


def _tell(template: str, gift: Gift, person_id: int, other: Person, *, now: datetime) -> None:
    orders: Sequence[NoticeOrder] = [
        NoticeOrder(
            person_id=person_id,
            kind=NoticeKind.RECORD,
            template=template,
            params={"name": mask_name(other.name), "minutes": gift.minutes},
            url=f"/love-savings/gifts/{gift.public_id}/",
            key=f"{template}:{gift.pk}",
        )
    ]
    notify_many(orders=orders, now=now)
