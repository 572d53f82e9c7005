from datetime import datetime
from decimal import Decimal
from uuid import UUID

from ninja import Schema

from linbang.outcomes.time_bank.queries import Statement


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
