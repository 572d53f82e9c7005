"""Banking verified records: within the transaction that verifies them, once each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.clock import local_date
from linbang.foundation.events import announce
from linbang.foundation.ledger import actions as ledger
from linbang.foundation.ledger.actions import TransferOrder
from linbang.foundation.messaging.actions import NoticeOrder, notify_many
from linbang.foundation.messaging.choices import NoticeKind
from linbang.foundation.people.rules import age_on
from linbang.operations.service_records import queries as service_records
from linbang.operations.service_records.models import RecordVerification, ServiceRecord
from linbang.outcomes.time_bank import queries, rules
from linbang.outcomes.time_bank.actions.books import (
    Books,
    Incoming,
    accepted,
    books_of,
    movement_of,
    settle_shortfalls,
)
from linbang.outcomes.time_bank.actions.movements import note_movements
from linbang.outcomes.time_bank.choices import PoolCause, Purpose
from linbang.outcomes.time_bank.errors import RecordNotVerified
from linbang.outcomes.time_bank.events import MinutesCredited
from linbang.outcomes.time_bank.models import Posting
from linbang.outcomes.time_bank.rules import Gain, Scheme, Split


@dataclass(frozen=True, slots=True)
class Banking:
    """One verified record on its way into the books."""

    verification: RecordVerification
    scheme: Scheme
    books: Books
    split: Split

    @property
    def record(self) -> ServiceRecord:
        """The verified record, with its person."""
        record: ServiceRecord = self.verification.record
        return record

    @property
    def key(self) -> str:
        """The key under which it is banked once."""
        return rules.record_key(self.record.pk)


@transaction.atomic
def credit_records(*, record_ids: Sequence[int], now: datetime) -> list[Posting]:
    """Bank verified records of any cells, set-based, once each; return their postings.

    What is above a limit, and what minors and groups earn, goes to the pool in the same set of
    transfers (rules 66, 74). Records without minutes have no posting: a transfer of nothing says
    nothing, and the record itself tells why. Raises RecordNotVerified before anything is written.
    """
    verifications = queries.verifications_of(record_ids)
    if len(verifications) != len(set(record_ids)):
        raise RecordNotVerified
    # Two verifications of one saver's day wait for each other here, as their records did.
    service_records.lock_people({one.record.person_id for one in verifications})
    banked = queries.postings_of(record_ids)
    due = [one for one in verifications if one.minutes and one.record_id not in banked]
    if due:
        banked |= _bank(due, now=now)
    return [banked[one.record_id] for one in verifications if one.record_id in banked]


def gain_of(record: ServiceRecord, minutes: int) -> Gain:
    """Return what a record earns, as the rules of the savings see it."""
    day = local_date(record.starts_at)
    return Gain(
        person_id=record.person_id,
        day=day,
        minutes=minutes,
        age=age_on(record.person.birth_date, day),
        sex=record.person.sex,
        is_group=queries.is_group_service(record),
    )


def _bank(due: Sequence[RecordVerification], *, now: datetime) -> dict[int, Posting]:
    due = sorted(due, key=lambda one: (one.record.starts_at, one.record_id))
    bankings = _bankings(due, now=now)
    orders, places = [], []
    for banking in bankings:
        for kept, order in _orders(banking):
            places.append((banking.record.pk, kept))
            orders.append(order)
    verdicts = ledger.post_transfers(orders=orders, now=now)
    transfers = {at: accepted(one) for at, one in zip(places, verdicts, strict=True)}
    postings = Posting.objects.bulk_create(
        [
            Posting(
                cell=one.record.cell,
                record=one.record,
                transfer_id=transfers.get((one.record.pk, True)),
                pool_transfer_id=transfers.get((one.record.pk, False)),
                minutes=one.verification.minutes,
                pooled=one.split.pooled,
                cause=one.split.cause or "",
                scheme=one.scheme.code,
                scheme_version=one.scheme.version,
                posted_at=now,
            )
            for one in bankings
        ]
    )
    note_movements(
        orders=[
            movement_of(one.record, transfers[one.record.pk, True], minutes=one.split.kept,
                        purpose=Purpose.EARNED)
            for one in bankings
            if one.split.kept
        ],
        now=now,
    )  # fmt: skip
    settle_shortfalls(incoming=[come for one in bankings for come in _incoming(one)], now=now)
    _tell(bankings, postings, now=now)
    return {posting.record_id: posting for posting in postings}


def _bankings(due: Sequence[RecordVerification], *, now: datetime) -> list[Banking]:
    records = [one.record for one in due]
    schemes = queries.schemes_of({record.person.region_id for record in records}, at=now)
    books = books_of(records, schemes, now=now)
    gains = [
        (gain_of(one.record, one.minutes), schemes[one.record.person.region_id]) for one in due
    ]
    splits = rules.split_gains(
        gains,
        day_kept=queries.day_kept_of(records),
        balances={
            record.person_id: one.owner.balance for record, one in zip(records, books, strict=True)
        },
    )
    return [
        Banking(one, scheme, its, split)
        for one, (_gain, scheme), its, split in zip(due, gains, books, splits, strict=True)
    ]


def _orders(banking: Banking) -> list[tuple[bool, TransferOrder]]:
    """Return the transfers of one record: what is kept, and what goes to the pool."""
    parts = (
        (True, banking.key, banking.books.owner, banking.split.kept, Purpose.EARNED),
        (
            False,
            rules.overflow_key(banking.key),
            banking.books.pool,
            banking.split.pooled,
            Purpose.OVERFLOW,
        ),
    )
    return [
        (
            kept,
            TransferOrder(
                cell=banking.record.cell,
                key=key,
                debit_id=banking.books.issue.pk,
                credit_id=account.pk,
                amount=amount,
                purpose=purpose,
                source=banking.key,
            ),
        )
        for kept, key, account, amount, purpose in parts
        if amount
    ]


def _incoming(banking: Banking) -> list[Incoming]:
    books, split = banking.books, banking.split
    return [
        Incoming(banking.record, books, account, amount, key)
        for account, amount, key in (
            (books.owner, split.kept, banking.key),
            (books.pool, split.pooled, rules.overflow_key(banking.key)),
        )
        if amount
    ]


def _tell(bankings: Sequence[Banking], postings: Sequence[Posting], *, now: datetime) -> None:
    audit.record_many(
        by=Actor.system(bankings[0].record.cell),
        action="time_bank.credit_minutes",
        subjects=postings,
        now=now,
    )
    for posting in postings:
        announce(
            MinutesCredited(
                at=now,
                posting_id=posting.pk,
                record_id=posting.record_id,
                cell=posting.cell,
                minutes=posting.minutes,
            )
        )
    balances = {one.record.person_id: one.books.owner.balance for one in bankings}
    notices = []
    for one in bankings:
        balances[one.record.person_id] += one.split.kept
        notices.append(_notice(one, balance=balances[one.record.person_id]))
    notify_many(orders=notices, now=now)


_TEMPLATES = {
    None: "minutes_credited",
    PoolCause.DAY_LIMIT: "minutes_over_day",
    PoolCause.BALANCE_LIMIT: "minutes_over_balance",
    PoolCause.MINOR: "minutes_of_minor",
    PoolCause.GROUP: "minutes_of_group",
    PoolCause.AGE: "minutes_of_other_age",
}


def _notice(banking: Banking, *, balance: int) -> NoticeOrder:
    return NoticeOrder(
        person_id=banking.record.person_id,
        kind=NoticeKind.RECORD,
        template=_TEMPLATES[banking.split.cause],
        params={
            "minutes": banking.split.kept,
            "pooled_minutes": banking.split.pooled,
            "balance": balance,
        },
        url="/love-savings/",
        key=f"{banking.key}:credited",
    )
