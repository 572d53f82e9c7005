"""Units and minutes of the savings, over plain values."""

from decimal import Decimal

from linbang.outcomes.time_bank.choices import Purpose

MINUTES_PER_UNIT = 60
_HALF_UNIT = MINUTES_PER_UNIT // 2
_HALF = Decimal("0.5")


def units_of(minutes: int) -> Decimal:
    """Return minutes as units: one an hour, in halves, rounded towards zero (rule 66).

    Books keep minutes; units are how a balance is spoken of, so nothing is lost by rounding.
    """
    halves = abs(minutes) // _HALF_UNIT
    return (-halves if minutes < 0 else halves) * _HALF


def record_key(record_id: int) -> str:
    """Return the key under which a record is banked once."""
    return f"record:{record_id}"


def correction_key(correction_id: int) -> str:
    """Return the key under which a correction is banked once."""
    return f"correction:{correction_id}"


def record_of(source: str) -> int | None:
    """Return the record a transfer's source names, if it names one."""
    kind, _, number = source.partition(":")
    return int(number) if kind == "record" and number.isdigit() else None


def owner_of(person_id: int) -> str:
    """Return the label under which the ledger keeps a person's books."""
    return f"person:{person_id}"


def issuer_of(cell: str) -> str:
    """Return the label of the book a cell issues from."""
    return f"cell:{cell}"


def purpose_of(word: str) -> Purpose | None:
    """Return the purpose a transfer was posted for, if it is one of ours."""
    return Purpose(word) if word in Purpose.values else None
