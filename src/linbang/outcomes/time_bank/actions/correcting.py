"""Following a record that was corrected or voided: credit what was missing, take back the rest.

A reversal is always possible: what was spent meanwhile is owed, and paid from later earnings.
"""

from datetime import datetime

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.ledger import actions as ledger
from linbang.foundation.ledger.actions import TransferOrder
from linbang.foundation.ledger.models import Account
from linbang.foundation.messaging.actions import notify
from linbang.foundation.messaging.choices import NoticeKind
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
from linbang.outcomes.time_bank.actions.earning import gain_of
from linbang.outcomes.time_bank.actions.movements import note_movements
from linbang.outcomes.time_bank.choices import Purpose
from linbang.outcomes.time_bank.models import Adjustment, Shortfall
from linbang.outcomes.time_bank.queries import Earning
from linbang.outcomes.time_bank.rules import Scheme, Split


@transaction.atomic
def correct_credit(*, record_id: int, correction_id: int, difference: int, now: datetime) -> None:
    """Bank a correction of a verified record, once: credit what was missing, within the limits of
    that day; or take back what was not due, from the pool first if it went there.
    """
    record, key = _locked(record_id), rules.correction_key(correction_id)
    if not difference or queries.adjustment_under(key, cell=record.cell) is not None:
        return
    scheme, books = _books(record, now=now)
    if difference > 0:
        split = _split(record, books, scheme, difference)
        adjustment = _give(record, books, split, key, Purpose.CORRECTED, now=now)
    else:
        _, pooled = queries.banked_of(record_id, cell=record.cell)
        adjustment = _take_back(record, books, -difference, pooled, key, Purpose.CORRECTED, now=now)
    _trail("correct_credit", record, adjustment, now=now)


@transaction.atomic
def void_credit(*, record_id: int, now: datetime) -> None:
    """Take back all that a voided record brought; nothing if it was voided before, or brought
    nothing. It may be restored and voided again.
    """
    record = _locked(record_id)
    voids = queries.voids_of(record_id, cell=record.cell)
    minutes, pooled = queries.banked_of(record_id, cell=record.cell)
    if len(voids) % 2 or not minutes:
        return
    _, books = _books(record, now=now)
    key = rules.void_key(record_id, len(voids))
    adjustment = _take_back(record, books, minutes, pooled, key, Purpose.VOIDED, now=now)
    _trail("void_credit", record, adjustment, now=now)


@transaction.atomic
def restore_credit(*, record_id: int, now: datetime) -> None:
    """Give again what the void took back, to person and pool as it was, whatever the limits say
    today; nothing unless it is voided. What the void left owed is paid with it.
    """
    record = _locked(record_id)
    voids = queries.voids_of(record_id, cell=record.cell)
    if not len(voids) % 2:
        return
    _, books = _books(record, now=now)
    split = Split(-voids[-1].kept, -voids[-1].pooled, None)
    key = rules.restore_key(record_id, len(voids))
    adjustment = _give(record, books, split, key, Purpose.RESTORED, now=now)
    _trail("restore_credit", record, adjustment, now=now)


def _locked(record_id: int) -> Earning:
    """Return a record, its person locked as every change of a saver's day locks it."""
    record = queries.earning_of(record_id)
    service_records.lock_people([record.person_id])
    return record


def _books(record: Earning, *, now: datetime) -> tuple[Scheme, Books]:
    schemes = queries.schemes_of([record.home], at=now)
    return schemes[record.home], books_of([record], schemes, now=now)[0]


def _split(record: Earning, books: Books, scheme: Scheme, minutes: int) -> Split:
    gain = gain_of(record, minutes)
    day_kept = queries.day_kept_of([record]).get((gain.person_id, gain.day), 0)
    return rules.split_gain(gain, scheme=scheme, day_kept=day_kept, balance=books.owner.balance)


def _trail(act: str, record: Earning, adjustment: Adjustment, *, now: datetime) -> None:
    audit.record(
        by=Actor.system(record.cell),
        action=f"time_bank.{act}",
        subject_type="service_records.servicerecord",
        subject_id=str(record.record_id),
        cell=record.cell,
        region_code=record.region_code,
        about_id=record.person_id,
        detail={
            "minutes": adjustment.minutes,
            "pooled": adjustment.pooled,
            "key": adjustment.key,
        },
        now=now,
    )


def _give(
    record: Earning, books: Books, split: Split, key: str, purpose: Purpose, *, now: datetime
) -> Adjustment:
    pool_key = rules.overflow_key(key)
    kept = _move(record, books.issue, books.owner, split.kept, key, purpose, now=now)
    pooled = _move(
        record, books.issue, books.pool, split.pooled, pool_key, Purpose.OVERFLOW, now=now
    )
    adjustment = Adjustment.objects.create(
        cell=record.cell,
        record_id=record.record_id,
        key=key,
        minutes=split.kept + split.pooled,
        pooled=split.pooled,
        cause=split.cause or "",
        transfer_id=kept,
        pool_transfer_id=pooled,
        made_at=now,
    )
    _note(record, kept, split.kept, purpose, now=now)
    settle_shortfalls(
        incoming=[
            Incoming(record, books, account, amount, its_key)
            for account, amount, its_key in (
                (books.owner, split.kept, key),
                (books.pool, split.pooled, pool_key),
            )
            if amount
        ],
        now=now,
    )
    return adjustment


def _take_back(
    record: Earning,
    books: Books,
    minutes: int,
    pooled: int,
    key: str,
    purpose: Purpose,
    *,
    now: datetime,
) -> Adjustment:
    locked = queries.lock_books([books.issue, books.owner, books.pool])
    taken = rules.take_back(
        minutes,
        pooled=pooled,
        pool_free=_free(locked[books.pool.pk]),
        person_free=_free(locked[books.owner.pk]),
    )
    pool_key = rules.overflow_key(key)
    from_person = _move(record, books.owner, books.issue, taken.from_person, key, purpose, now=now)
    from_pool = _move(record, books.pool, books.issue, taken.from_pool, pool_key, purpose, now=now)
    adjustment = Adjustment.objects.create(
        cell=record.cell,
        record_id=record.record_id,
        key=key,
        minutes=-minutes,
        pooled=-taken.pooled,
        transfer_id=from_person,
        pool_transfer_id=from_pool,
        made_at=now,
    )
    _note(record, from_person, -taken.from_person, purpose, now=now)
    Shortfall.objects.bulk_create(
        Shortfall(
            cell=record.cell,
            record_id=record.record_id,
            account=account,
            key=its_key,
            minutes=owed,
            noted_at=now,
        )
        for account, its_key, owed in (
            (books.owner, key, taken.person_owes),
            (books.pool, pool_key, taken.pool_owes),
        )
        if owed
    )
    _tell(record, taken.from_person, taken.person_owes, key, now=now)
    return adjustment


def _free(account: Account) -> int:
    return 0 if account.frozen_at else account.balance - account.held


def _move(
    record: Earning,
    payer: Account,
    receiver: Account,
    amount: int,
    key: str,
    purpose: Purpose,
    *,
    now: datetime,
) -> int | None:
    if not amount:
        return None
    order = TransferOrder(
        cell=record.cell,
        key=key,
        debit_id=payer.pk,
        credit_id=receiver.pk,
        amount=amount,
        purpose=purpose,
        source=rules.record_key(record.record_id),
    )
    return accepted(ledger.post_transfers(orders=[order], now=now)[0])


def _note(
    record: Earning, transfer_id: int | None, minutes: int, purpose: Purpose, *, now: datetime
) -> None:
    if transfer_id is not None:
        note_movements(
            orders=[movement_of(record, transfer_id, minutes=minutes, purpose=purpose)], now=now
        )


def _tell(record: Earning, taken: int, owed: int, key: str, *, now: datetime) -> None:
    """Tell the saver what was taken back, and that the rest comes from later earnings."""
    if not taken + owed:
        return
    notify(
        person_id=record.person_id,
        kind=NoticeKind.RECORD,
        template="minutes_owed" if owed else "minutes_taken_back",
        params={"minutes": taken, "owed_minutes": owed},
        url="/love-savings/",
        key=f"{key}:taken",
        now=now,
    )
