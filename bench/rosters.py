"""Rosters of a key period: 1,500 people over 2,000 shifts in four weeks, with their proof.

Called by the group ``matching``. Once with shifts enough for all, and once with so many places
that some must stay open: there the gap to what could be filled at most is the figure.
"""

from collections.abc import Callable
from time import perf_counter

import numpy as np
import numpy.typing as npt

from matching import Busy, Roster, RosterPeople, RosterRequest, RosterSlots, propose_roster

PEOPLE = 1_500
SHIFTS = 2_000
DAYS = 28
_DAY_MINUTES = 24 * 60
# Start and length in minutes; the last one runs into the next day.
_TIMES = np.array(
    [(420, 180), (510, 120), (600, 240), (720, 150), (840, 180), (960, 200), (1080, 150),
     (1200, 240), (1350, 240)], np.int32,
)  # fmt: skip
_OTHER_UNIT_MINUTES = 240


def run(report: Callable[[str, float, str], None]) -> None:
    """Report seconds, and how far places and the busiest are from what is proven."""
    seconds, open_more, busier, share = [], [], [], []
    for seed in (1, 2):
        plenty = invent_roster(most_wanted=4, seed=seed)
        scarce = invent_roster(most_wanted=40, seed=seed)
        for request in (plenty, scarce):
            begun = perf_counter()
            roster = propose_roster(request)
            seconds.append(perf_counter() - begun)
            open_more.append(_open_more(roster))
            if request is plenty:
                busier.append(roster.fairness.most / roster.proof.most - 1)
                share.append(roster.fairness.busiest_share / 10)
    report("roster_1500_s", max(seconds), "s")
    report("roster_gap", 100 * max(open_more), "%")
    report("roster_busiest_over_bound", 100 * max(busier), "%")
    report("roster_busiest_tenth_share", max(share), "%")


def _open_more(roster: Roster) -> float:
    """Give the places that are open though they might be filled, by all that might be."""
    return (roster.proof.filled - len(roster.pairs)) / roster.proof.filled


def invent_roster(*, most_wanted: int, seed: int) -> RosterRequest:
    """Invent a period: who is free when by half-day and weekday, who may stand where."""
    random = np.random.default_rng(seed)
    posts = -(-SHIFTS // DAYS)
    day, post = np.arange(SHIFTS) % DAYS, np.arange(SHIFTS) // DAYS
    time = post % len(_TIMES)
    starts = (day * _DAY_MINUTES + _TIMES[time, 0]).astype(np.int32)
    wanted = random.integers(1, most_wanted + 1, posts)[post].astype(np.int32)
    free = random.random((PEOPLE, 7, len(_TIMES))) < 0.15
    trained = random.random((PEOPLE, 8)) < 0.6
    kind = random.integers(0, 8, posts)
    unit, keeper = random.integers(0, 20, PEOPLE), random.integers(0, 20, posts)
    allowed: npt.NDArray[np.bool_] = free[:, day % 7, time] & trained[:, kind[post]]
    return RosterRequest(
        people=RosterPeople(
            ids=np.arange(PEOPLE, dtype=np.int64),
            load=(random.integers(0, 10, PEOPLE) * 90).astype(np.int32),
            busy=_busy(random),
        ),
        slots=RosterSlots(
            ids=np.arange(SHIFTS, dtype=np.int64),
            starts=starts,
            ends=starts + _TIMES[time, 1],
            minimum=wanted,
            maximum=wanted,
        ),
        allowed=allowed,
        penalty=np.where(unit[:, None] == keeper[post], 0, _OTHER_UNIT_MINUTES).astype(np.int32),
    )


def _busy(random: np.random.Generator) -> Busy:
    ptr = np.concatenate([[0], np.cumsum(random.integers(0, 3, PEOPLE))]).astype(np.int64)
    windows = int(ptr[-1])
    start = random.integers(0, DAYS, windows) * _DAY_MINUTES + random.integers(7, 20, windows) * 60
    return Busy(ptr=ptr, start=start.astype(np.int32), end=(start + 120).astype(np.int32))
