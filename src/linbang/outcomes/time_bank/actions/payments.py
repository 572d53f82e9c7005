"""What becomes of promises: paid for a verified record, halved on the way, refunded later.

A redeemed unit goes back to the book it was issued from, and the helper's is issued anew with her
record, within all limits of earning (ADR 0025). So what is earned has one door, in any county.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.ledger import actions as ledger
from linbang.foundation.ledger.actions import (
    AccountOrder,
    SettlementOrder,
    TransferOrder,
)
from linbang.foundation.ledger.choices import AccountKind, Unit
from linbang.foundation.ledger.models import Account
from linbang.foundation.messaging.actions import NoticeOrder, notify_many
from linbang.foundation.messaging.choices import NoticeKind
from linbang.foundation.people.models import Person
from linbang.operations.service_records.models import RecordVerification
from linbang.outcomes.time_bank import queries, rules
from linbang.outcomes.time_bank.actions.holds import (
    end_if_done,
    release,
    tell_payer,
)
from linbang.outcomes.time_bank.actions.movements import MovementOrder, note_movements
from linbang.outcomes.time_bank.choices import Purpose
from linbang.outcomes.time_bank.models import Payment, Redemption, RedemptionPart, Refund


@transaction.atomic
def settle_payments(*, record_ids: Sequence[int], now: datetime) -> None:
    """Pay for verified visits what was promised for them, once each; one query when nothing was.

    At most what the record counts for; the rest of its place's promise goes back.
    """
    for verification in queries.verifications_to_pay(record_ids):
        assignment = verification.record.visit.assignment
        redemption = queries.lock_redemption(assignment.need_id, cell=assignment.cell)
        if redemption is not None:
            _settle(redemption, verification, assignment.place, now=now)


@transaction.atomic
def settle_withdrawn(*, need_id: int, cell: str, now: datetime) -> None:
    """Give back what was promised for a withdrawn need; its share to a helper who had set out.

    Runs before anybody is stood down: afterwards nobody knows who was on the way.
    """
    redemption = queries.lock_redemption(need_id, cell=cell)
    if redemption is None:
        return
    helpers: dict[int, Person] = {}
    if rules.has_departed(redemption.need.starts_at, now):
        assigned = queries.live_assignments(redemption.need)
        helpers = {one.place: one.volunteer for one in assigned}
    by_place: dict[int, list[RedemptionPart]] = {}
    for part in queries.open_parts(redemption):
        by_place.setdefault(part.place, []).append(part)
    unpaid: list[RedemptionPart] = []
    for place, parts in by_place.items():
        paid = _pay_departure(redemption, parts, helpers.get(place), now=now)
        unpaid += [part for part in parts if part.pk not in paid]
    release(redemption, unpaid, now=now)
    if charged := sum(queries.paid_of(redemption)):
        tell_payer("departure_charged", redemption, charged, now=now)


@transaction.atomic
def refund_payments(*, record_id: int, minutes_after: int, now: datetime) -> None:
    """Give back what was paid for a record beyond what it counts for now; never charges more."""
    payments = queries.payments_of_record(record_id)
    paid = {one.pk: one.minutes - queries.refunded_of(one) for one in payments}
    due = sum(paid.values()) - minutes_after
    if due <= 0:
        return
    issue = issue_book(payments[0].cell, now=now)
    _lock_with_helper([one.part for one in payments], issue, payments[0].helper, now=now)
    for payment in payments:
        back = min(paid[payment.pk], due)
        if back > 0:
            refund(payment, back, now=now)
            due -= back


def _settle(
    redemption: Redemption, verification: RecordVerification, place: int, *, now: datetime
) -> None:
    parts = [part for part in queries.open_parts(redemption) if part.place == place]
    if not parts:
        return
    record = verification.record
    issue = issue_book(redemption.payer.cell, now=now)
    _lock_with_helper(parts, issue, record.person, now=now)
    paid = rules.paid_from([part.minutes for part in parts], verification.minutes)
    for part, minutes in zip(parts, paid, strict=True):
        if minutes:
            transfer_id = _pay(part, issue, minutes, Purpose.REDEEMED, f"record:{record.pk}", now)
            _store(
                redemption, part, transfer_id, minutes, Purpose.REDEEMED, record.person,
                now=now, record_id=record.pk,
            )  # fmt: skip
    unpaid = [part for part, minutes in zip(parts, paid, strict=True) if not minutes]
    if unpaid:
        release(redemption, unpaid, now=now)
    end_if_done(redemption, now=now)
    if total := sum(paid):
        tell_payer("payment_made", redemption, total, now=now)


def _pay_departure(
    redemption: Redemption, parts: Sequence[RedemptionPart], helper: Person | None, *, now: datetime
) -> set[int]:
    """Pay a helper's share of one place's promises; return the promises that are ended by it."""
    if helper is None:
        return set()
    percent = queries.scheme_of(redemption.payer.region_id, at=now).departure_share_percent
    share = rules.departure_share(sum(part.minutes for part in parts), percent=percent)
    if not share:
        return set()
    issue = issue_book(redemption.payer.cell, now=now)
    _lock_with_helper(parts, issue, helper, now=now)
    receiver = receiving_book(helper, share, now=now)
    ended = set()
    for part, minutes in zip(
        parts, rules.paid_from([part.minutes for part in parts], share), strict=True
    ):
        if not minutes:
            continue
        credit = receiver if receiver.cell == part.cell else issue
        source = f"need:{redemption.need_id}"
        transfer_id = _pay(part, credit, minutes, Purpose.DEPARTURE, source, now)
        arrival = transfer_id
        if credit is issue:
            arrival = issue_to(
                receiver, minutes, Purpose.DEPARTURE, source, f"arrival:{part.pk}", now
            )
        _store(redemption, part, transfer_id, minutes, Purpose.DEPARTURE, helper, now=now)
        if receiver.kind == AccountKind.PERSONAL:
            _note(redemption, receiver, helper, arrival, minutes, Purpose.DEPARTURE, now=now)
        ended.add(part.pk)
    _tell_helper(redemption, helper, share, now=now)
    return ended


def issue_book(cell: str, *, now: datetime) -> Account:
    """Return the book a cell issues from, and takes back into."""
    return ledger.open_account(
        cell=cell,
        owner=rules.issuer_of(cell),
        unit=Unit.MINUTES,
        kind=AccountKind.ISSUE,
        now=now,
    )


def personal_book(person: Person, *, now: datetime) -> Account:
    """Return a person's own book."""
    return ledger.open_account(
        cell=person.cell,
        owner=rules.owner_of(person.pk),
        unit=Unit.MINUTES,
        kind=AccountKind.PERSONAL,
        now=now,
    )


def pool_book(person: Person, *, now: datetime) -> Account:
    """Return the pool of a person's scheme in her county."""
    scheme = queries.scheme_of(person.region_id, at=now)
    return ledger.open_account(
        cell=person.cell,
        owner=rules.pool_of(scheme.region_code, cell=person.cell),
        unit=Unit.MINUTES,
        kind=AccountKind.POOL,
        now=now,
    )


def receiving_book(person: Person, minutes: int, *, now: datetime) -> Account:
    """Return where a person's gain goes: her own book, or the pool for minors and above the limit
    (rules 66, 74).
    """
    scheme = queries.scheme_of(person.region_id, at=now)
    own = personal_book(person, now=now)
    is_minor = queries.age_of(person, now) < rules.ADULT_AGE
    if is_minor or own.balance + minutes > scheme.balance_minutes_max:
        return pool_book(person, now=now)
    return own


def _lock_with_helper(
    parts: Sequence[RedemptionPart], issue: Account, helper: Person, *, now: datetime
) -> None:
    """Lock at once every book that this and the helper's earning touch: no two calls deadlock."""
    scheme = queries.scheme_of(helper.region_id, at=now)
    orders = [
        AccountOrder(cell=helper.cell, owner=owner, unit=Unit.MINUTES, kind=kind)
        for owner, kind in (
            (rules.owner_of(helper.pk), AccountKind.PERSONAL),
            (rules.pool_of(scheme.region_code, cell=helper.cell), AccountKind.POOL),
            (rules.issuer_of(helper.cell), AccountKind.ISSUE),
        )
    ]
    books = ledger.open_accounts(orders=orders, now=now)
    queries.lock_accounts(
        {issue.pk, *(part.account_id for part in parts), *(book.pk for book in books)}
    )


def _pay(
    part: RedemptionPart,
    credit: Account,
    minutes: int,
    purpose: Purpose,
    source: str,
    now: datetime,
) -> int:
    return ledger.settle_hold(
        order=SettlementOrder(
            cell=part.cell,
            key=f"payment:{part.pk}",
            hold_id=part.hold_id,
            credit_id=credit.pk,
            amount=minutes,
            purpose=purpose,
            source=source,
        ),
        now=now,
    )


def issue_to(
    receiver: Account, minutes: int, purpose: Purpose, source: str, key: str, now: datetime
) -> int:
    """Issue units to a book, in its own cell; return the transfer."""
    return ledger.post_transfer(
        order=TransferOrder(
            cell=receiver.cell,
            key=key,
            debit_id=issue_book(receiver.cell, now=now).pk,
            credit_id=receiver.pk,
            amount=minutes,
            purpose=purpose,
            source=source,
        ),
        now=now,
    )


def _store(
    redemption: Redemption,
    part: RedemptionPart,
    transfer_id: int,
    minutes: int,
    purpose: Purpose,
    helper: Person,
    *,
    now: datetime,
    record_id: int | None = None,
) -> None:
    payment = Payment.objects.create(
        cell=part.cell,
        part=part,
        transfer_id=transfer_id,
        record_id=record_id,
        helper=helper,
        purpose=purpose,
        minutes=minutes,
        branch_id=rules.branch_of(redemption.need.region_id),
        paid_at=now,
    )
    if not part.is_grant:
        _note(redemption, part.account, redemption.payer, transfer_id, -minutes, purpose, now=now)
    audit.record(
        by=Actor.system(part.cell),
        action="time_bank.pay",
        subject=payment,
        about_id=redemption.payer_id,
        region_code=redemption.need.region_id,
        detail={"minutes": minutes, "purpose": purpose},
        now=now,
    )


def _note(
    redemption: Redemption,
    account: Account,
    person: Person,
    transfer_id: int,
    minutes: int,
    purpose: Purpose,
    *,
    now: datetime,
) -> None:
    note_movements(
        orders=[
            MovementOrder(
                cell=account.cell,
                transfer_id=transfer_id,
                person_id=person.pk,
                minutes=minutes,
                purpose=purpose,
                branch=rules.branch_of(redemption.need.region_id),
                home=person.region_id,
            )
        ],
        now=now,
    )


def refund(payment: Payment, minutes: int, *, now: datetime) -> int:
    """Issue something of a payment anew to whom it came from; return the transfer."""
    part, redemption = payment.part, payment.part.redemption
    # What the pool had granted goes back to it: a grant may be over by now.
    receiver = pool_book(redemption.payer, now=now) if part.is_grant else part.account
    number = queries.refunded_of(payment)
    transfer_id = issue_to(
        receiver,
        minutes,
        Purpose.REFUNDED,
        f"payment:{payment.pk}",
        f"refund:{payment.pk}:{number}",
        now,
    )
    Refund.objects.create(
        cell=payment.cell, payment=payment, transfer_id=transfer_id, minutes=minutes, at=now
    )
    if not part.is_grant:
        _note(
            redemption, receiver, redemption.payer, transfer_id, minutes, Purpose.REFUNDED, now=now
        )
    audit.record(
        by=Actor.system(payment.cell),
        action="time_bank.refund",
        subject=payment,
        about_id=redemption.payer_id,
        region_code=redemption.need.region_id,
        detail={"minutes": minutes},
        now=now,
    )
    tell_payer("payment_refunded", redemption, minutes, now=now)
    return transfer_id


def _tell_helper(redemption: Redemption, helper: Person, minutes: int, *, now: datetime) -> None:
    item = redemption.need.item
    notify_many(
        orders=[
            NoticeOrder(
                person_id=helper.pk,
                kind=NoticeKind.RECORD,
                template="departure_paid",
                params={"item": item.name, "item_en": item.name_en, "minutes": minutes},
                url="/love-savings/",
                key=f"departure:{redemption.pk}:{helper.pk}",
            )
        ],
        now=now,
    )
