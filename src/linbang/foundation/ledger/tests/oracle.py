"""A ledger in plain Python, one order at a time: what the SQL functions must agree with."""

from dataclasses import dataclass, field, replace

from linbang.foundation.ledger.choices import Outcome
from linbang.foundation.ledger.rules import (
    HoldOrder,
    ReleaseOrder,
    ReversalOrder,
    SettlementOrder,
    TransferOrder,
)


@dataclass
class Book:
    is_issue: bool = False
    balance: int = 0
    held: int = 0
    is_frozen: bool = False
    history: list[int] = field(default_factory=list)

    def can_pay(self, amount: int, freed: int = 0) -> bool:
        return self.is_issue or self.balance - self.held + freed >= amount

    def move(self, amount: int) -> None:
        self.balance += amount
        self.history.append(self.balance)


@dataclass
class Oracle:
    """Books by account id, transfers and holds by key."""

    books: dict[int, Book]
    transfers: dict[str, TransferOrder] = field(default_factory=dict)
    extras: dict[str, tuple[str, object]] = field(default_factory=dict)
    reversed_keys: set[str] = field(default_factory=set)
    holds: dict[str, HoldOrder] = field(default_factory=dict)
    ended: dict[str, str] = field(default_factory=dict)

    def post(  # noqa: C901, PLR0911 - the refusals in their order, read from the top
        self, order: TransferOrder, extra: tuple[str, object] = ("", None)
    ) -> Outcome:
        if order.key in self.transfers:
            same = self.transfers[order.key] == order and self.extras[order.key] == extra
            return Outcome.REPLAYED if same else Outcome.KEY_REUSED
        if order.amount <= 0:
            return Outcome.BAD_AMOUNT
        if order.debit_id == order.credit_id:
            return Outcome.SAME_ACCOUNT
        if order.debit_id not in self.books or order.credit_id not in self.books:
            return Outcome.UNKNOWN_ACCOUNT
        kind, subject = extra
        if kind == "reverse" and subject in self.reversed_keys:
            return Outcome.ALREADY_REVERSED
        if kind == "settle" and subject in self.ended:
            return Outcome.HOLD_ENDED
        if self.books[order.debit_id].is_frozen:
            return Outcome.FROZEN
        freed = self.holds[str(subject)].amount if kind == "settle" else 0
        if kind == "settle" and order.amount > freed:
            return Outcome.ABOVE_HOLD
        if not self.books[order.debit_id].can_pay(order.amount, freed):
            return Outcome.INSUFFICIENT
        self.transfers[order.key], self.extras[order.key] = order, extra
        self.books[order.debit_id].held -= freed
        self.books[order.debit_id].move(-order.amount)
        self.books[order.credit_id].move(order.amount)
        if kind == "reverse":
            self.reversed_keys.add(str(subject))
        if kind == "settle":
            self.ended[str(subject)] = order.key
        return Outcome.POSTED

    def reverse(self, order: ReversalOrder, original_key: str) -> Outcome:
        original = self.transfers[original_key]
        mirror = replace(
            original,
            key=order.key,
            debit_id=original.credit_id,
            credit_id=original.debit_id,
            purpose=order.purpose,
            source=order.source,
        )
        return self.post(mirror, ("reverse", original_key))

    def hold(self, order: HoldOrder) -> Outcome:
        if order.key in self.holds:
            return Outcome.REPLAYED if self.holds[order.key] == order else Outcome.KEY_REUSED
        if order.amount <= 0:
            return Outcome.BAD_AMOUNT
        if order.account_id not in self.books:
            return Outcome.UNKNOWN_ACCOUNT
        book = self.books[order.account_id]
        if book.is_frozen:
            return Outcome.FROZEN
        if not book.can_pay(order.amount):
            return Outcome.INSUFFICIENT
        self.holds[order.key] = order
        book.held += order.amount
        return Outcome.PLACED

    def settle(self, order: SettlementOrder, hold_key: str) -> Outcome:
        payment = TransferOrder(
            cell=order.cell,
            key=order.key,
            debit_id=self.holds[hold_key].account_id,
            credit_id=order.credit_id,
            amount=order.amount,
            purpose=order.purpose,
            source=order.source,
        )
        return self.post(payment, ("settle", hold_key))

    def release(self, order: ReleaseOrder, hold_key: str) -> Outcome:
        if hold_key in self.ended:
            return Outcome.HOLD_ENDED if self.ended[hold_key] else Outcome.REPLAYED
        self.ended[hold_key] = ""
        hold = self.holds[hold_key]
        self.books[hold.account_id].held -= hold.amount
        return Outcome.RELEASED
