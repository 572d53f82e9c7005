"""Banking verified records: within the transaction that verifies them, once each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from linbang.foundation import db
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.events import announce
from linbang.foundation.ledger import actions as ledger
from linbang.foundation.ledger.actions import TransferOrder
from linbang.foundation.messaging.actions import NoticeOrder, notify_many
from linbang.foundation.messaging.choices import NoticeKind
from linbang.foundation.people.rules import age_on
from linbang.operations.service_records import queries as service_records
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
from linbang.outcomes.time_bank.queries import Earning
from linbang.outcomes.time_bank.rules import Gain, Scheme, Split


@dataclass(frozen=True, slots=True)
class Banking:
    """One verified record on its way into the books."""

    record: Earning
    scheme: Scheme
    books: Books
    split: Split
    key: str


@transaction.atomic
def credit_records(*, record_ids: Sequence[int], now: datetime) -> list[Posting]:
    """Bank verified records of any cells, set-based, once each; return their postings.

    What is above a limit, and what minors and groups earn, goes to the pool in the same set of
    transfers (rules 66, 74). Records without minutes have no posting: a transfer of nothing says
    nothing, and the record itself tells why. Raises RecordNotVerified before anything is written.
    """
    earnings = queries.earnings_of(record_ids)
    if len(earnings) != len(set(record_ids)):
        raise RecordNotVerified
    # Two verifications of one saver's day wait for each other here, as their records did.
    service_records.lock_people({one.person_id for one in earnings})
    banked = queries.postings_of(record_ids)
    due = [one for one in earnings if one.minutes and one.record_id not in banked]
    if due:
        banked |= _bank(due, now=now)
    return [banked[one.record_id] for one in earnings if one.record_id in banked]


def gain_of(record: Earning, minutes: int) -> Gain:
    """Return what a record earns, as the rules of the savings see it."""
    day = record.day
    return Gain(
        person_id=record.person_id,
        day=day,
        minutes=minutes,
        age=age_on(record.birth_date, day),
        sex=record.sex,
        is_group=record.is_group,
    )


def _bank(due: Sequence[Earning], *, now: datetime) -> dict[int, Posting]:
    bankings = _bankings(sorted(due, key=lambda one: (one.starts_at, one.record_id)), now=now)
    orders, places = [], []
    for banking in bankings:
        for kept, order in _orders(banking):
            places.append((banking.record.record_id, kept))
            orders.append(order)
    verdicts = ledger.post_transfers(orders=orders, now=now)
    transfers = {at: accepted(one) for at, one in zip(places, verdicts, strict=True)}
    postings = [
        Posting(
            cell=one.record.cell,
            record_id=one.record.record_id,
            transfer_id=transfers.get((one.record.record_id, True)),
            pool_transfer_id=transfers.get((one.record.record_id, False)),
            minutes=one.record.minutes,
            pooled=one.split.pooled,
            cause=one.split.cause or "",
            scheme=one.scheme.code,
            scheme_version=one.scheme.version,
            posted_at=now,
        )
        for one in bankings
    ]
    db.insert_many(postings)
    note_movements(
        orders=[
            movement_of(one.record, transfers[one.record.record_id, True], minutes=one.split.kept,
                        purpose=Purpose.EARNED)
            for one in bankings
            if one.split.kept
        ],
        now=now,
    )  # fmt: skip
    settle_shortfalls(incoming=[come for one in bankings for come in _incoming(one)], now=now)
    _tell(bankings, postings, now=now)
    return {posting.record_id: posting for posting in postings}


def _bankings(due: Sequence[Earning], *, now: datetime) -> list[Banking]:
    schemes = queries.schemes_of({one.home for one in due}, at=now)
    books = books_of(due, schemes, now=now)
    splits = rules.split_gains(
        [(gain_of(one, one.minutes), schemes[one.home]) for one in due],
        day_kept=queries.day_kept_of(due),
        balances={one.person_id: its.owner.balance for one, its in zip(due, books, strict=True)},
    )
    return [
        Banking(one, schemes[one.home], its, split, rules.record_key(one.record_id))
        for one, its, split in zip(due, books, splits, strict=True)
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
        about=[one.record.person_id for one in bankings],
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
        cell=banking.record.cell,
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
