"""Banking verified records: within the transaction that verifies them, once each."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.events import announce
from linbang.foundation.ledger import actions as ledger
from linbang.foundation.ledger.actions import AccountOrder, TransferOrder, Verdict
from linbang.foundation.ledger.choices import AccountKind, Outcome, Unit
from linbang.foundation.ledger.errors import REFUSALS, Insufficient
from linbang.foundation.ledger.models import Account
from linbang.foundation.messaging.actions import NoticeOrder, notify_many
from linbang.foundation.messaging.choices import NoticeKind
from linbang.operations.service_records.models import RecordVerification, ServiceRecord
from linbang.outcomes.time_bank import queries, rules
from linbang.outcomes.time_bank.choices import Purpose
from linbang.outcomes.time_bank.errors import AlreadySpent, RecordNotVerified
from linbang.outcomes.time_bank.events import MinutesCredited
from linbang.outcomes.time_bank.models import Posting


@transaction.atomic
def credit_records(*, record_ids: Sequence[int], now: datetime) -> list[Posting]:
    """Bank verified records of any cells, set-based, once each; return their postings.

    Records without minutes have none: a transfer of nothing says nothing, and the record itself
    tells why. Raises RecordNotVerified before anything is written.
    """
    verifications = queries.verifications_of(record_ids)
    if len(verifications) != len(set(record_ids)):
        raise RecordNotVerified
    banked = queries.postings_of(record_ids)
    due = [one for one in verifications if one.minutes and one.record_id not in banked]
    if due:
        banked |= _bank(due, now=now)
    return [banked[one.record_id] for one in verifications if one.record_id in banked]


@transaction.atomic
def correct_credit(*, record_id: int, correction_id: int, difference: int, now: datetime) -> None:
    """Bank a correction of a verified record: credit what was missing, take back what was not due.

    Once per correction. Raises AlreadySpent when the minutes to be taken back are gone.
    """
    if not difference:
        return
    record = ServiceRecord.objects.get(pk=record_id)
    issuer, owner = _books([record], now=now)
    payer, receiver = (issuer, owner) if difference > 0 else (owner, issuer)
    order = TransferOrder(
        cell=record.cell,
        key=rules.correction_key(correction_id),
        debit_id=payer.pk,
        credit_id=receiver.pk,
        amount=abs(difference),
        purpose=Purpose.CORRECTED,
        source=rules.record_key(record_id),
    )
    try:
        ledger.post_transfer(order=order, now=now)
    except Insufficient as refusal:
        raise AlreadySpent from refusal
    audit.record(
        by=Actor.system(record.cell),
        action="time_bank.correct_credit",
        subject=record,
        detail={"minutes": difference, "correction": correction_id},
        now=now,
    )


def _bank(due: Sequence[RecordVerification], *, now: datetime) -> dict[int, Posting]:
    books = _books([one.record for one in due], now=now)
    orders = [
        TransferOrder(
            cell=one.cell,
            key=rules.record_key(one.record_id),
            debit_id=issuer.pk,
            credit_id=owner.pk,
            amount=one.minutes,
            purpose=Purpose.EARNED,
            source=rules.record_key(one.record_id),
        )
        for one, issuer, owner in zip(due, books[::2], books[1::2], strict=True)
    ]
    verdicts = ledger.post_transfers(orders=orders, now=now)
    transfers = [_transfer_of(verdict) for verdict in verdicts]
    # The account rows are locked now: whoever banked a record meanwhile has committed its posting.
    Posting.objects.bulk_create(
        [
            Posting(
                cell=one.cell,
                record_id=one.record_id,
                transfer_id=transfer_id,
                minutes=one.minutes,
                posted_at=now,
            )
            for one, transfer_id in zip(due, transfers, strict=True)
        ],
        ignore_conflicts=True,
    )
    postings = queries.postings_of([one.record_id for one in due])
    fresh = [
        one for one, verdict in zip(due, verdicts, strict=True) if verdict.outcome is Outcome.POSTED
    ]
    _tell(fresh, postings, now=now)
    return postings


def _transfer_of(verdict: Verdict) -> int:
    if verdict.outcome in REFUSALS or verdict.id is None:
        raise REFUSALS[verdict.outcome]
    return verdict.id


def _books(records: Sequence[ServiceRecord], *, now: datetime) -> list[Account]:
    """Return issuer and owner of each record in turn, opening what is missing."""
    return ledger.open_accounts(
        orders=[
            AccountOrder(cell=record.cell, owner=owner, unit=Unit.MINUTES, kind=kind)
            for record in records
            for owner, kind in (
                (rules.issuer_of(record.cell), AccountKind.ISSUE),
                (rules.owner_of(record.person_id), AccountKind.PERSONAL),
            )
        ],
        now=now,
    )


def _tell(
    fresh: Sequence[RecordVerification], postings: dict[int, Posting], *, now: datetime
) -> None:
    balances = queries.balances_after([postings[one.record_id].transfer_id for one in fresh])
    for one in fresh:
        posting = postings[one.record_id]
        audit.record(
            by=Actor.system(one.cell),
            action="time_bank.credit_minutes",
            subject=posting,
            about_id=one.record.person_id,
            region_code=one.record.region_id,
            detail={"record": one.record_id, "minutes": one.minutes},
            now=now,
        )
        announce(
            MinutesCredited(
                at=now,
                posting_id=posting.pk,
                record_id=one.record_id,
                cell=one.cell,
                minutes=one.minutes,
            )
        )
    notify_many(
        orders=[
            NoticeOrder(
                person_id=one.record.person_id,
                kind=NoticeKind.RECORD,
                template="minutes_credited",
                params={
                    "minutes": one.minutes,
                    "balance": balances[postings[one.record_id].transfer_id or 0],
                },
                url="/love-savings/",
                key=rules.record_key(one.record_id) + ":credited",
            )
            for one in fresh
        ],
        now=now,
    )
