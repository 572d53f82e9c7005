"""Which branch served: a row beside every transfer in or out of a saver's book."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linbang.foundation import db
from linbang.outcomes.time_bank import rules
from linbang.outcomes.time_bank.models import Movement


@dataclass(frozen=True, kw_only=True, slots=True)
class MovementOrder:
    """A saver's book moved by a transfer, at the branch of a place; ``minutes`` are below zero for
    what left.
    """

    cell: str
    transfer_id: int
    person_id: int
    minutes: int
    purpose: str
    branch: str
    home: str


def note_movements(*, orders: Sequence[MovementOrder], now: datetime) -> None:
    """Note where savers' books moved, once a transfer and saver; one statement, in the caller's
    transaction. Every transfer in or out of a personal book has one: ``check_books`` counts them.
    """
    db.insert_columns(
        Movement,
        once=True,
        cell=[order.cell for order in orders],
        transfer=[order.transfer_id for order in orders],
        person=[order.person_id for order in orders],
        minutes=[order.minutes for order in orders],
        purpose=[order.purpose for order in orders],
        branch=[rules.branch_of(order.branch) for order in orders],
        home=[order.home for order in orders],
        at=now,
    )
