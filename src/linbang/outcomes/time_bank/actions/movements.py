"""Which branch served: a row beside every transfer in or out of a saver's book."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

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
    Movement.objects.bulk_create(
        [
            Movement(
                cell=order.cell,
                transfer_id=order.transfer_id,
                person_id=order.person_id,
                minutes=order.minutes,
                purpose=order.purpose,
                branch_id=rules.branch_of(order.branch),
                home_id=order.home,
                at=now,
            )
            for order in orders
        ],
        ignore_conflicts=True,
    )
