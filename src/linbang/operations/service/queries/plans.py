"""What a volunteer has ahead, visits and shifts on one list."""

from dataclasses import dataclass
from datetime import datetime

from linbang.foundation.access.rules import Actor
from linbang.operations.service.choices import ShiftStep
from linbang.operations.service.queries.shifts import (
    ShiftCard,
    most_pressing,
    shift_cards,
    shifts_ahead,
)
from linbang.operations.service.queries.visits import (
    VisitRow,
    under_way_or_ahead,
    visit_rows,
    visits_given_by,
)

_WAITS = (ShiftStep.REQUESTED, ShiftStep.WAITING)


@dataclass(frozen=True)
class Plan:
    """One thing to go to: a visit or a shift."""

    starts_at: datetime
    shift: ShiftCard | None = None
    visit: VisitRow | None = None


@dataclass(frozen=True)
class Plans:
    """The next shift in large, the rest in the order of their times, and what waits."""

    next_shift: ShiftCard | None
    ahead: tuple[Plan, ...]
    waiting: tuple[ShiftCard, ...]

    @property
    def is_empty(self) -> bool:
        return self.next_shift is None and not self.ahead and not self.waiting


def plans_of(actor: Actor, now: datetime) -> Plans:
    """Return what somebody has ahead: a fixed number of queries."""
    cards = shift_cards(shifts_ahead(actor, now), actor, now)
    next_shift = most_pressing(cards)
    waiting = tuple(card for card in cards if card.step in _WAITS)
    plans = [
        Plan(card.starts_at, shift=card)
        for card in cards
        if card is not next_shift and card not in waiting
    ]
    visits = visit_rows(under_way_or_ahead(visits_given_by(actor), now), now)
    plans += [Plan(visit.starts_at, visit=visit) for visit in visits]
    return Plans(next_shift, tuple(sorted(plans, key=lambda plan: plan.starts_at)), waiting)
