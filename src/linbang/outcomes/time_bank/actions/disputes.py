"""Disputes over movements: frozen, answered, decided by two (rule 73)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.errors import NotAllowed, refusing
from linbang.foundation.ledger import actions as ledger
from linbang.foundation.ledger.actions import (
    HoldOrder,
    ReleaseOrder,
    ReversalOrder,
    TransferOrder,
)
from linbang.foundation.ledger.choices import AccountKind
from linbang.foundation.ledger.models import Account
from linbang.foundation.messaging.actions import NoticeOrder, notify_many
from linbang.foundation.messaging.choices import NoticeKind
from linbang.foundation.people.models import Person
from linbang.outcomes.time_bank import queries, rules
from linbang.outcomes.time_bank.actions.movements import MovementOrder, note_movements
from linbang.outcomes.time_bank.actions.payments import (
    issue_book,
    issue_to,
    personal_book,
    refund,
)
from linbang.outcomes.time_bank.choices import Purpose, RulingDecision
from linbang.outcomes.time_bank.errors import (
    DisputeIsClosed,
    DisputeIsOpen,
    DocumentMissing,
    NoRulingYet,
)
from linbang.outcomes.time_bank.models import (
    Dispute,
    DisputeReply,
    Refund,
    Ruling,
    Shortfall,
)
from linbang.outcomes.time_bank.queries import Matter


@dataclass(frozen=True, slots=True)
class _Undone:
    """How a movement was undone: the transfer that gave back, and what was missing."""

    transfer_id: int
    short_minutes: int


@transaction.atomic
def open_dispute(
    *, transfer_id: int, cell: str, person_id: int, text: str, by: Actor, now: datetime
) -> Dispute:
    """Say that a movement is not right, as one of its sides, or at the station for her.

    What the receiver still has of it is frozen; her other savings are not. Raises NotAllowed,
    NotDisputable, TooLateToDispute, DisputeIsOpen.
    """
    matter = queries.matter_of(transfer_id, cell=cell)
    person = next((one for one in matter.sides if one and one.pk == person_id), None)
    if person is None or not (
        by.person_id == person_id or by.may(Permission.TAKE_NEEDS, region=person.region_id)
    ):
        raise NotAllowed
    scheme = queries.scheme_of(person.region_id, at=now)
    rules.require_disputable(matter.purpose, matter.posted_at, scheme=scheme, now=now)
    with refusing({"dispute_once_a_transfer": DisputeIsOpen}), transaction.atomic():
        dispute = Dispute.objects.create(
            cell=matter.cell,
            transfer_id=matter.transfer_id,
            opened_by=person,
            other=next((one for one in matter.sides if one and one.pk != person_id), None),
            region_id=person.region_id,
            minutes=matter.minutes,
            text=text.strip(),
            opened_at=now,
            due_on=rules.answer_due(now, scheme=scheme),
        )
    dispute.hold_id = _freeze_units(matter, dispute, now=now)
    dispute.save(update_fields=["hold"])
    _record(dispute, "open_dispute", by=by.on_behalf_of(person_id), now=now)
    if dispute.other is not None:
        _tell("savings_disputed", dispute, dispute.other, now=now)
    return dispute


@transaction.atomic
def reply_to_dispute(*, dispute_id: int, text: str, by: Actor, now: datetime) -> DisputeReply:
    """Say something in a dispute, as one of its sides. Raises NotAllowed, DisputeIsClosed."""
    dispute = _open_dispute(dispute_id)
    if by.person_id is None or by.person_id not in (dispute.opened_by_id, dispute.other_id):
        raise NotAllowed
    reply = DisputeReply.objects.create(
        cell=dispute.cell, dispute=dispute, by_id=by.person_id, text=text.strip(), at=now
    )
    _record(dispute, "reply_to_dispute", by=by, now=now)
    return reply


@transaction.atomic
def propose_ruling(
    *, dispute_id: int, decision: RulingDecision, reason: str, by: Actor, now: datetime
) -> Ruling:
    """Propose, as a worker of the place and no side, how a dispute ends. Replaces no open one.

    Raises NotAllowed, NotForOneself, DisputeIsClosed, DisputeIsOpen when one waits already.
    """
    dispute = _open_dispute(dispute_id)
    by_id = _require_staff(dispute, by)
    with refusing({"ruling_open_once_a_dispute": DisputeIsOpen}), transaction.atomic():
        ruling = Ruling.objects.create(
            cell=dispute.cell,
            dispute=dispute,
            decision=decision,
            reason=reason.strip(),
            proposed_by_id=by_id,
            proposed_at=now,
        )
    _record(dispute, "propose_ruling", by=by, now=now, decision=decision)
    return ruling


@transaction.atomic
def answer_ruling(*, dispute_id: int, confirm: bool, by: Actor, now: datetime) -> Ruling:
    """Confirm, as a second worker, what was proposed, and let it be so; or send it back.

    Raises NotAllowed, NotForOneself, NoRulingYet, SecondStaffNeeded, DisputeIsClosed.
    """
    dispute = _open_dispute(dispute_id)
    by_id = _require_staff(dispute, by)
    ruling = queries.open_ruling(dispute)
    if ruling is None:
        raise NoRulingYet
    rules.require_second(by_id, proposed_by=ruling.proposed_by_id)
    ruling.answered_by_id, ruling.answered_at, ruling.is_confirmed = by_id, now, confirm
    if confirm:
        _close(dispute, ruling, now=now)
    ruling.save(
        update_fields=[
            "answered_by_id", "answered_at", "is_confirmed", "transfer", "short_minutes",
        ]
    )  # fmt: skip
    action = "confirm_ruling" if confirm else "send_back_ruling"
    _record(dispute, action, by=by, now=now, decision=ruling.decision)
    return ruling


@transaction.atomic
def freeze_savings(*, person: Person, reason: str, by: Actor, now: datetime) -> None:
    """Stop a whole book from paying and promising, as the station decides; it still receives.

    Raises NotAllowed, DocumentMissing without a reason.
    """
    _require_keeper(person, reason, by)
    book = personal_book(person, now=now)
    ledger.freeze_account(account_id=book.pk, cell=book.cell, now=now)
    _record_book(person, "freeze_savings", reason, by=by, now=now)


@transaction.atomic
def thaw_savings(*, person: Person, reason: str, by: Actor, now: datetime) -> None:
    """Let a frozen book pay again. Raises NotAllowed, DocumentMissing without a reason."""
    _require_keeper(person, reason, by)
    book = personal_book(person, now=now)
    ledger.thaw_account(account_id=book.pk, cell=book.cell)
    _record_book(person, "thaw_savings", reason, by=by, now=now)


def _close(dispute: Dispute, ruling: Ruling, *, now: datetime) -> None:
    if dispute.hold is not None:
        order = ReleaseOrder(cell=dispute.hold.cell, hold_id=dispute.hold.pk)
        ledger.release_hold(order=order, now=now)
    if ruling.decision == RulingDecision.REVERSE:
        undone = _undo(dispute, queries.matter_of(dispute.transfer_id, cell=dispute.cell), now=now)
        ruling.transfer_id, ruling.short_minutes = undone.transfer_id, undone.short_minutes
    dispute.closed_at = now
    dispute.save(update_fields=["closed_at"])
    for person in (dispute.opened_by, dispute.other):
        if person is not None:
            _tell("dispute_decided", dispute, person, now=now)


def _undo(dispute: Dispute, matter: Matter, *, now: datetime) -> _Undone:
    """Mirror a movement. What the receiver has spent is advanced, and owed by her book from later
    earnings: nobody falls below zero, and nobody waits for it.
    """
    if matter.payment is not None and matter.purpose == Purpose.REDEEMED:
        return _undo_payment(dispute, matter, now=now)
    receiver, giver = matter.receiver, matter.giver
    if receiver is None:
        raise AssertionError("what was not redeemed has a receiving book")
    issue = issue_book(matter.cell, now=now)
    far_issue = issue_book(receiver.cell, now=now)
    locked = queries.lock_accounts({receiver.pk, giver.pk, issue.pk, far_issue.pk})
    free = queries.free_of(locked[receiver.pk])
    there = min(free, matter.minutes)
    key, source = f"dispute:{dispute.pk}", f"dispute:{dispute.pk}"
    if there == matter.minutes and receiver.cell == giver.cell:
        transfer_id = taken_id = ledger.reverse_transfer(
            order=ReversalOrder(
                cell=matter.cell,
                key=key,
                transfer_id=matter.transfer_id,
                purpose=Purpose.REVERSED,
                source=source,
            ),
            now=now,
        )
    else:
        taken_id = None
        if there:
            taken_id = ledger.post_transfer(
                order=TransferOrder(
                    cell=receiver.cell,
                    key=f"{key}:taken",
                    debit_id=receiver.pk,
                    credit_id=far_issue.pk,
                    amount=there,
                    purpose=Purpose.REVERSED,
                    source=source,
                ),
                now=now,
            )
        transfer_id = issue_to(giver, matter.minutes, Purpose.REVERSED, source, key, now)
    short = matter.minutes - there
    if short:
        Shortfall.objects.create(
            cell=receiver.cell, account=receiver, key=key, minutes=short, noted_at=now
        )
    _note_back(matter, transfer_id, taken_id, there, now=now)
    return _Undone(transfer_id, short)


def _undo_payment(dispute: Dispute, matter: Matter, *, now: datetime) -> _Undone:
    """Give a redeemed payment back to the payer; the helper's record is a matter of its own."""
    payment = matter.payment
    if payment is None:
        raise AssertionError("a redeemed transfer has its payment")
    left = payment.minutes - queries.refunded_of(payment)
    if left != payment.minutes or payment.part.is_grant:
        if not left:
            return _Undone(payment.transfer_id, 0)
        return _Undone(refund(payment, left, now=now), 0)
    transfer_id = ledger.reverse_transfer(
        order=ReversalOrder(
            cell=matter.cell,
            key=f"dispute:{dispute.pk}",
            transfer_id=matter.transfer_id,
            purpose=Purpose.REVERSED,
            source=f"dispute:{dispute.pk}",
        ),
        now=now,
    )
    Refund.objects.create(
        cell=payment.cell, payment=payment, transfer_id=transfer_id, minutes=left, at=now
    )
    _note_back(matter, transfer_id, None, 0, now=now)
    return _Undone(transfer_id, 0)


def _note_back(
    matter: Matter, transfer_id: int, taken_id: int | None, taken: int, *, now: datetime
) -> None:
    giver, receiver = matter.sides
    orders = []
    if giver is not None and matter.giver.kind == AccountKind.PERSONAL:
        orders.append(_movement(giver, transfer_id, matter.minutes))
    is_personal = matter.receiver is not None and matter.receiver.kind == AccountKind.PERSONAL
    if receiver is not None and taken_id is not None and taken and is_personal:
        orders.append(_movement(receiver, taken_id, -taken))
    note_movements(orders=orders, now=now)


def _movement(person: Person, transfer_id: int, minutes: int) -> MovementOrder:
    return MovementOrder(
        cell=person.cell,
        transfer_id=transfer_id,
        person_id=person.pk,
        minutes=minutes,
        purpose=Purpose.REVERSED,
        branch=rules.branch_of(person.region_id),
        home=person.region_id,
    )


def _freeze_units(matter: Matter, dispute: Dispute, *, now: datetime) -> int | None:
    book: Account | None = matter.frozen_book
    if book is None:
        return None
    free = queries.free_of(queries.lock_accounts({book.pk})[book.pk])
    amount = min(free, matter.minutes)
    if amount <= 0:
        return None
    return ledger.place_hold(
        order=HoldOrder(
            cell=book.cell,
            key=f"dispute:{dispute.pk}",
            account_id=book.pk,
            amount=amount,
            purpose="dispute",
        ),
        now=now,
    )


def _open_dispute(dispute_id: int) -> Dispute:
    dispute = queries.lock_dispute(dispute_id)
    if dispute.closed_at is not None:
        raise DisputeIsClosed
    return dispute


def _require_staff(dispute: Dispute, by: Actor) -> int:
    if by.person_id is None or not by.may(Permission.VERIFY_RECORDS, region=dispute.region_id):
        raise NotAllowed
    rules.require_bystander(by.person_id, concerned=(dispute.opened_by_id, dispute.other_id))
    return by.person_id


def _require_keeper(person: Person, reason: str, by: Actor) -> None:
    if not by.may(Permission.VERIFY_RECORDS, region=person.region_id):
        raise NotAllowed
    rules.require_bystander(by.person_id, concerned=(person.pk,))
    if not reason.strip():
        raise DocumentMissing(field="reason")


def _record(dispute: Dispute, action: str, *, by: Actor, now: datetime, decision: str = "") -> None:
    audit.record(
        by=by,
        action=f"time_bank.{action}",
        subject=dispute,
        about_id=dispute.opened_by_id,
        region_code=dispute.region_id,
        detail={"minutes": dispute.minutes, **({"decision": decision} if decision else {})},
        now=now,
    )


def _record_book(person: Person, action: str, reason: str, *, by: Actor, now: datetime) -> None:
    audit.record(
        by=by,
        action=f"time_bank.{action}",
        subject=person,
        region_code=person.region_id,
        detail={"reason": reason.strip()},
        now=now,
    )


def _tell(template: str, dispute: Dispute, person: Person, *, now: datetime) -> None:
    notify_many(
        orders=[
            NoticeOrder(
                person_id=person.pk,
                kind=NoticeKind.RECORD,
                template=template,
                params={"minutes": dispute.minutes},
                url=f"/love-savings/disputes/{dispute.public_id}/",
                key=f"{template}:{dispute.pk}",
            )
        ],
        now=now,
    )
