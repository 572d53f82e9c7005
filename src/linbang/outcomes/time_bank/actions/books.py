"""Opening the books of the savings, and paying what they owe."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from linbang.foundation.ledger import actions as ledger
from linbang.foundation.ledger.actions import AccountOrder, TransferOrder, Verdict
from linbang.foundation.ledger.choices import AccountKind, Outcome, Unit
from linbang.foundation.ledger.errors import REFUSALS
from linbang.foundation.ledger.models import Account
from linbang.outcomes.time_bank import queries, rules
from linbang.outcomes.time_bank.actions.movements import MovementOrder, note_movements
from linbang.outcomes.time_bank.choices import Purpose
from linbang.outcomes.time_bank.models import Shortfall, ShortfallSettlement
from linbang.outcomes.time_bank.queries import Earning
from linbang.outcomes.time_bank.rules import Scheme


@dataclass(frozen=True, slots=True)
class Books:
    """The three books a record moves between."""

    issue: Account
    owner: Account
    pool: Account


@dataclass(frozen=True, slots=True)
class Incoming:
    """An amount that a book gets for a record; what the book owes is paid from it first."""

    record: Earning
    books: Books
    account: Account
    minutes: int
    key: str


def books_of(
    records: Sequence[Earning], schemes: Mapping[str, Scheme], *, now: datetime
) -> list[Books]:
    """Return the books of each record in turn, opening what is missing; two queries."""
    orders = [
        AccountOrder(cell=record.cell, owner=owner, unit=Unit.MINUTES, kind=kind)
        for record in records
        for owner, kind in (
            (rules.issuer_of(record.cell), AccountKind.ISSUE),
            (rules.owner_of(record.person_id), AccountKind.PERSONAL),
            (_pool_of(record, schemes), AccountKind.POOL),
        )
    ]
    accounts = ledger.open_accounts(orders=orders, now=now)
    return [Books(*accounts[at : at + 3]) for at in range(0, len(accounts), 3)]


def _pool_of(record: Earning, schemes: Mapping[str, Scheme]) -> str:
    return rules.pool_of(schemes[record.home].region_code, cell=record.cell)


def accepted(verdict: Verdict) -> int:
    """Return the transfer of a verdict, or raise the refusal of the books."""
    if verdict.outcome in REFUSALS or verdict.id is None:
        raise REFUSALS[verdict.outcome]
    return verdict.id


def movement_of(
    record: Earning, transfer_id: int, *, minutes: int, purpose: Purpose
) -> MovementOrder:
    """Return what moved in the saver's book: at the record's place, for the saver's home."""
    return MovementOrder(
        cell=record.cell,
        transfer_id=transfer_id,
        person_id=record.person_id,
        minutes=minutes,
        purpose=purpose,
        branch=record.region_code,
        home=record.home,
    )


def settle_shortfalls(*, incoming: Sequence[Incoming], now: datetime) -> None:
    """Pay what books owe from what they just got, the oldest first; six queries, mostly one.

    A frozen book pays later: it is asked again when it gets something.
    """
    owed: dict[int, list[Shortfall]] = defaultdict(list)
    for shortfall in queries.lock_shortfalls({one.account.pk for one in incoming}):
        owed[shortfall.account_id].append(shortfall)
    if not owed:
        return
    parts: list[tuple[Shortfall, int, Incoming]] = []
    left = {one.pk: one.open_minutes for group in owed.values() for one in group}
    for one in incoming:
        debts = owed[one.account.pk]
        paid = rules.settlements(one.minutes, [left[debt.pk] for debt in debts])
        for debt, part in zip(debts, paid, strict=True):
            left[debt.pk] -= part
            if part:
                parts.append((debt, part, one))
    _pay(parts, now=now)


def _pay(parts: Sequence[tuple[Shortfall, int, Incoming]], *, now: datetime) -> None:
    verdicts = ledger.post_transfers(
        orders=[
            TransferOrder(
                cell=debt.cell,
                key=rules.settlement_key(debt.pk, one.key),
                debit_id=one.account.pk,
                credit_id=one.books.issue.pk,
                amount=part,
                purpose=Purpose.SETTLED,
                source=rules.record_key(debt.record_id) if debt.record_id else "",
            )
            for debt, part, one in parts
        ],
        now=now,
    )
    done = [
        (debt, part, one, verdict.id)
        for (debt, part, one), verdict in zip(parts, verdicts, strict=True)
        if verdict.outcome is Outcome.POSTED and verdict.id is not None
    ]
    for debt, part, _one, _transfer in done:
        debt.settled += part
    Shortfall.objects.bulk_update({debt.pk: debt for debt, *_ in done}.values(), ["settled"])
    ShortfallSettlement.objects.bulk_create(
        ShortfallSettlement(
            cell=debt.cell, shortfall=debt, transfer_id=transfer_id, minutes=part, at=now
        )
        for debt, part, _one, transfer_id in done
    )
    note_movements(
        orders=[
            movement_of(one.record, transfer_id, minutes=-part, purpose=Purpose.SETTLED)
            for _debt, part, one, transfer_id in done
            if one.account.kind == AccountKind.PERSONAL
        ],
        now=now,
    )
