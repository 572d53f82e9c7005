"""What happened in the savings."""

from dataclasses import dataclass

from linbang.foundation.events import Event


@dataclass(frozen=True, kw_only=True)
class MinutesCredited(Event):
    """A verified record was banked."""

    posting_id: int
    record_id: int
    cell: str
    minutes: int
