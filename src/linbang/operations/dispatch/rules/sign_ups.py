"""When a place may be given back freely, how long one is held, when people are reminded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from linbang.operations.dispatch.choices import Reminder

# Rule 25: a freed place is offered to the first who waits, for half an hour.
HELD_FOR = timedelta(minutes=30)
# Rule 28: giving a place back costs nothing until a day before the start.
FREE_BEFORE = timedelta(hours=24)
# Rule 27: whoever was rostered, or whose shift was changed, has a day to say no.
SAY_NO_WITHIN = timedelta(hours=24)
# When each reminder falls due, and until when a late round of the worker still makes it up.
REMINDERS: Mapping[Reminder, tuple[timedelta, timedelta]] = {
    Reminder.DAY_BEFORE: (timedelta(hours=24), timedelta(hours=3)),
    Reminder.SOON: (timedelta(hours=2), timedelta(0)),
}
# No shift is longer (``series_lasts_15_minutes_to_a_day``).
LONGEST_SHIFT = timedelta(days=1)
# Rule 8: younger children come along with a guardian on the same shift.
ALONE_FROM_AGE = 10
# Keeps the minutely look for started shifts off the whole past.
STARTED_LOOKS_BACK = timedelta(hours=6)


@dataclass(frozen=True)
class Window:
    """A stretch of somebody's time, half-open; ``key`` says whose or which."""

    key: int
    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: "Window") -> bool:
        """Tell whether two windows share a moment; touching ones do not."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def held_until(*, now: datetime, starts_at: datetime) -> datetime:
    """Return until when a freed place is kept for who waits: 30 minutes, not after the start."""
    return min(now + HELD_FOR, starts_at)


def free_until(*, starts_at: datetime, free_until: datetime | None) -> datetime:
    """Return until when a place may be given back without a mark: 24 hours before the start, and
    for a day after the shift was changed or the person rostered (rules 27 and 28).
    """
    usual = starts_at - FREE_BEFORE
    return usual if free_until is None else max(usual, free_until)


def reminder_key(sign_up_id: int, reminder: Reminder, *, starts_at: datetime) -> str:
    """Return the key under which a reminder is given once; a moved shift is reminded of anew."""
    return f"sign-up:{sign_up_id}:{reminder}:{starts_at.timestamp():.0f}"


def clashing(
    moved: Mapping[int, Sequence[Window]], booked: Mapping[int, Sequence[Window]]
) -> frozenset[int]:
    """Return the keys of the moved windows that no longer fit, each person's given by id.

    A promise that was not moved stays; among the moved ones the earlier made one does.
    """
    lost = set()
    for person_id, windows in moved.items():
        kept = list(booked.get(person_id, ()))
        for window in sorted(windows, key=lambda one: one.key):
            if any(window.overlaps(other) for other in kept):
                lost.add(window.key)
            else:
                kept.append(window)
    return frozenset(lost)


def turns(wishes: Iterable[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Part (shift, person) pairs into rounds in which a person stands once, in their order."""
    rounds: list[list[tuple[int, int]]] = []
    seen: dict[int, int] = {}
    for shift_id, person_id in wishes:
        turn = seen.get(person_id, 0)
        seen[person_id] = turn + 1
        if turn == len(rounds):
            rounds.append([])
        rounds[turn].append((shift_id, person_id))
    return rounds
