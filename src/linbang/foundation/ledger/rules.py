"""The words of the books as plain values: orders go in, verdicts come out."""

from dataclasses import dataclass

from linbang.foundation.ledger.choices import AccountKind, Outcome, Unit

# A guard against slips of the keyboard, far above any book: two million years in minutes.
AMOUNT_MAX = 10**12


@dataclass(frozen=True, kw_only=True, slots=True)
class TransferOrder:
    """Move ``amount`` from the debited to the credited account, once per (cell, key)."""

    cell: str
    key: str
    debit_id: int
    credit_id: int
    amount: int
    purpose: str
    source: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReversalOrder:
    """Mirror a transfer's entries, once per transfer."""

    cell: str
    key: str
    transfer_id: int
    purpose: str
    source: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class HoldOrder:
    """Promise ``amount`` of an account, once per (cell, key)."""

    cell: str
    key: str
    account_id: int
    amount: int
    purpose: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SettlementOrder:
    """Pay ``amount`` of a hold to an account and release the rest, once per hold."""

    cell: str
    key: str
    hold_id: int
    credit_id: int
    amount: int
    purpose: str
    source: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseOrder:
    """Give a whole hold back to its account."""

    cell: str
    hold_id: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one order; ``id`` is its transfer, or its hold, once there is one."""

    outcome: Outcome
    id: int | None = None

    @property
    def is_done(self) -> bool:
        return self.outcome.is_done


@dataclass(frozen=True, slots=True)
class BookFault:
    """One thing that is wrong in the books: which rule, of which row, and how."""

    rule: str
    cell: str
    subject_id: int
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountOrder:
    """Open a book for an owner, a label such as ``person:42``; once per owner, unit and kind."""

    cell: str
    owner: str
    unit: Unit
    kind: AccountKind
