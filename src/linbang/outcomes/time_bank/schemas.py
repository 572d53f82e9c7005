from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from ninja import Field, Schema

from linbang.outcomes.time_bank.choices import GiftOutcome
from linbang.outcomes.time_bank.queries import GiftRow, Receipt, Statement


class MovementOut(Schema):
    at: datetime
    purpose: str
    service: str
    served_at: datetime | None
    record_id: UUID | None
    minutes: int
    balance_after: int


class StatementOut(Schema):
    """Savings in whole minutes; ``units`` is how the balance is spoken of."""

    scheme: str
    unit: str
    balance: int
    held: int
    units: Decimal
    is_frozen: bool
    movements: list[MovementOut]
    older_before: int | None

    @classmethod
    def of(cls, statement: Statement, *, scheme: str, unit: str) -> "StatementOut":
        return cls(
            scheme=scheme,
            unit=unit,
            balance=statement.balance,
            held=statement.held,
            units=statement.units,
            is_frozen=statement.is_frozen,
            movements=[MovementOut.from_orm(line) for line in statement.lines],
            older_before=statement.older_before,
        )


class RedemptionIn(Schema):
    """``reason`` says why a worker chooses for the resident (代办)."""

    reason: str = Field("", max_length=200)


class RedemptionOut(Schema):
    """What was promised for a need; ``minutes_each`` for every helper."""

    id: UUID
    need_id: UUID
    minutes_each: int
    chosen_at: datetime
    ended_at: datetime | None


class GiftIn(Schema):
    """Minutes for a registered relative; ``key`` makes sending it twice harmless."""

    key: UUID
    receiver_id: UUID
    minutes: int = Field(ge=1, le=90_000)
    note: str = Field("", max_length=100)


class GiftOut(Schema):
    """A gift as one of its sides sees it."""

    id: UUID
    is_mine: bool
    other: str
    minutes: int
    note: str
    offered_at: datetime
    expires_at: datetime
    outcome: GiftOutcome | None
    is_open: bool

    @classmethod
    def of(cls, row: GiftRow) -> "GiftOut":
        return cls(
            id=row.public_id,
            is_mine=row.is_mine,
            other=row.other,
            minutes=row.minutes,
            note=row.note,
            offered_at=row.offered_at,
            expires_at=row.expires_at,
            outcome=row.outcome,
            is_open=row.is_open,
        )


class TimeDonationIn(Schema):
    """Minutes for the pool; ``key`` makes sending it twice harmless."""

    key: UUID
    minutes: int = Field(ge=1, le=90_000)
    note: str = Field("", max_length=100)


class TimeDonationOut(Schema):
    id: UUID
    minutes: int
    at: datetime


class CardPaymentIn(Schema):
    """The red card's address, or the number on it."""

    card: str = Field(max_length=200)


class SavingsReceiptOut(Schema):
    """One movement of one's own book."""

    number: str
    purpose: str
    service: str
    other: str
    branch: str
    minutes: int
    balance_after: int
    at: datetime
    check_words: str
    may_dispute: bool

    @classmethod
    def of(cls, receipt: Receipt) -> "SavingsReceiptOut":
        return cls(
            number=receipt.number,
            purpose=receipt.line.purpose,
            service=receipt.line.service,
            other=receipt.other,
            branch=receipt.branch,
            minutes=receipt.line.minutes,
            balance_after=receipt.line.balance_after,
            at=receipt.line.at,
            check_words=receipt.check_words,
            may_dispute=receipt.may_dispute,
        )


class SavingsDisputeIn(Schema):
    text: str = Field(min_length=1, max_length=200)


class SavingsDisputeOut(Schema):
    id: UUID
    due_on: date
    minutes: int
