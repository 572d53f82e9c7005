"""Many small calls in, one set-based statement out, each caller answered: a pure library."""

from turnstile.counts import Histogram, Snapshot
from turnstile.errors import KeyBusy, LaneClosed, LaneFull, NotNow, Unsettled, VerdictsMissing
from turnstile.lane import Lane
from turnstile.limits import IN_TURNS, Limits
from turnstile.operation import HandOver, Knock, Operation, Row, Unreadable
from turnstile.turnstile import Turnstile

__all__ = [
    "IN_TURNS",
    "HandOver",
    "Histogram",
    "KeyBusy",
    "Knock",
    "Lane",
    "LaneClosed",
    "LaneFull",
    "Limits",
    "NotNow",
    "Operation",
    "Row",
    "Snapshot",
    "Turnstile",
    "Unreadable",
    "Unsettled",
    "VerdictsMissing",
]
