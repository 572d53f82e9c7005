"""Propose a fair roster: the scarcest minimum first, then whoever has served least.

Greedy choices, mended by chains of exchanges while a minimum is open, then evened out by moving
slots from those with much to those with little. Costs are whole minutes and ties go to the lower
id, so the same question has one answer, whatever the order of its rows.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.inputs import Int32Array, Int64Array
from matching.roster_inputs import RosterCause, RosterRequest

BoolArray = npt.NDArray[np.bool_]
_ROUNDS_OF_EVENING = 3


@dataclass(frozen=True, slots=True)
class RosterGap:
    """A slot short of its minimum, and why nobody else could take it, counted."""

    slot: int
    missing: int
    causes: Mapping[RosterCause, int]


@dataclass(frozen=True, slots=True)
class Fairness:
    """How evenly the minutes lie.

    ``busiest_share``: what part of the new minutes the busiest tenth carries, in per mille ·
    ``least``, ``most``: minutes, those served lately included, of whoever could take anything ·
    ``people``: how many got a slot.
    """

    busiest_share: int
    least: int
    most: int
    people: int


@dataclass(frozen=True, slots=True)
class Roster:
    """Pairs of (slot id, person id) in order, what is open still, and how fair it is."""

    pairs: tuple[tuple[int, int], ...]
    gaps: tuple[RosterGap, ...]
    fairness: Fairness


def propose_roster(request: RosterRequest) -> Roster:
    """Give each slot its minimum of people, and its maximum if wished, as fairly as may be.

    Some seconds for 1,500 people and 2,000 slots. Source: handbook, mission P3 and P4.
    """
    board = _Board(request)
    scarce = board.by_scarcity()
    for slot in scarce:
        board.fill(slot, int(board.minimum[slot]))
    board.mend(scarce)
    if request.fill:
        for slot in scarce:
            board.fill(slot, int(board.maximum[slot]))
    board.even_out()
    return board.roster()


class _Board:
    """A roster in the making; rows are people by id, columns slots by time and id."""

    def __init__(self, request: RosterRequest) -> None:
        people, slots = request.people, request.slots
        rows = np.argsort(people.ids, kind="stable")
        columns = np.lexsort((slots.ids, slots.starts))
        self.people: Int64Array = people.ids[rows]
        self.ids: Int64Array = slots.ids[columns]
        self.starts, self.ends = slots.starts[columns], slots.ends[columns]
        self.minutes = (self.ends - self.starts).astype(np.int64)
        self.minimum, self.maximum = slots.minimum[columns], slots.maximum[columns]
        days = slots.days[columns]
        self.day_cap = request.day_cap
        self.allowed: BoolArray = request.allowed[np.ix_(rows, columns)]
        self.penalty: Int32Array = request.penalty[np.ix_(rows, columns)]
        self.conflict = self._conflicts(request, rows)
        self.before: Int64Array = people.load[rows].astype(np.int64)
        self.load = self.before.copy()
        self.overlap: BoolArray = (self.starts[:, None] < self.ends) & (
            self.starts < self.ends[:, None]
        )
        self.same_day: BoolArray = days[:, None] == days
        shape = (len(self.people), len(self.ids))
        self.taken = np.zeros(shape, np.bool_)
        # How many of her own slots each slot would clash with, and how many lie on its day.
        self.clashes = np.zeros(shape, np.int32)
        self.on_day = np.zeros(shape, np.int32)
        self.holders: list[set[int]] = [set() for _ in range(len(self.ids))]

    def _conflicts(self, request: RosterRequest, rows: Int64Array) -> BoolArray:
        """Tell which slots each person is promised elsewhere for: b1[P, S]."""
        busy = request.people.busy
        conflict = np.zeros((len(rows), len(self.ids)), np.bool_)
        for row, original in enumerate(rows.tolist()):
            for window in range(int(busy.ptr[original]), int(busy.ptr[original + 1])):
                begins, ends = busy.start[window], busy.end[window]
                conflict[row] |= (self.starts < ends) & (begins < self.ends)
        return conflict

    def by_scarcity(self) -> list[int]:
        """Give the slots by how many could take them a place, the scarcest first, then by time."""
        could = (self.allowed & ~self.conflict).sum(axis=0)
        places = np.maximum(self.minimum, 1)
        order = np.lexsort((np.arange(len(self.ids)), could * 1000 // places))
        return [int(slot) for slot in order]

    def free(self, slot: int) -> BoolArray:
        """Tell who could take a slot as things stand: b1[P]."""
        open_to: BoolArray = (
            self.allowed[:, slot]
            & ~self.conflict[:, slot]
            & ~self.taken[:, slot]
            & (self.clashes[:, slot] == 0)
            & (self.on_day[:, slot] < self.day_cap)
        )
        return open_to

    def best(self, slot: int, among: BoolArray, count: int) -> list[int]:
        """Give the rows with the least minutes and penalty for a slot; ties by id."""
        rows = np.flatnonzero(among)
        cost = self.load[rows] + self.penalty[rows, slot]
        return [int(row) for row in rows[np.argsort(cost, kind="stable")[:count]]]

    def fill(self, slot: int, wanted: int) -> None:
        """Give a slot people until it has as many as wanted or nobody is free."""
        missing = wanted - len(self.holders[slot])
        if missing > 0:
            for row in self.best(slot, self.free(slot), missing):
                self.give(row, slot)

    def give(self, row: int, slot: int, sign: int = 1) -> None:
        """Let a person take a slot, or with sign -1 give it back."""
        self.taken[row, slot] = sign > 0
        self.clashes[row, self.overlap[slot]] += sign
        self.on_day[row, self.same_day[slot]] += sign
        self.load[row] += sign * self.minutes[slot]
        (self.holders[slot].add if sign > 0 else self.holders[slot].discard)(row)

    def mend(self, order: list[int]) -> None:
        """Fill open minimums by chains of exchanges: one takes the open slot and leaves another,
        which somebody else takes over, and so on.

        What a failed search has seen leads nowhere for the next one either.
        """
        dead = np.zeros(len(self.ids), np.bool_)
        for slot in order:
            while len(self.holders[slot]) < self.minimum[slot] and not dead[slot]:
                if not self._augment(slot, dead):
                    break

    def _augment(self, start: int, dead: BoolArray) -> bool:
        seen = dead.copy()
        seen[start] = True
        # Of each slot that would be left: for which slot, and by whom.
        left_for: dict[int, tuple[int, int]] = {}
        queue = deque([start])
        while queue:
            hole = queue.popleft()
            chain = _chain(hole, left_for)
            free = self.free(hole)
            free[[row for _, _, row in chain]] = False
            takers = self.best(hole, free, 1)
            if takers:
                self._exchange(hole, takers[0], chain)
                return True
            in_chain = {row for _, _, row in chain}
            near = (self.overlap[hole] | self.same_day[hole]) & ~seen
            for slot in np.flatnonzero(near).tolist():
                mover = self._mover(slot, hole, in_chain)
                if mover is not None:
                    seen[slot] = True
                    left_for[slot] = (hole, mover)
                    queue.append(slot)
        dead |= seen
        return False

    def _mover(self, slot: int, hole: int, in_chain: set[int]) -> int | None:
        """Give who holds a slot and could take the hole if she left it; the cheapest."""
        fitting = [
            (int(self.load[row] + self.penalty[row, hole]), row)
            for row in self.holders[slot]
            if row not in in_chain
            and self.allowed[row, hole]
            and not self.conflict[row, hole]
            and not self.taken[row, hole]
            and self.clashes[row, hole] == int(self.overlap[slot, hole])
            and self.on_day[row, hole] - int(self.same_day[slot, hole]) < self.day_cap
        ]
        return min(fitting)[1] if fitting else None

    def _exchange(self, hole: int, taker: int, chain: list[tuple[int, int, int]]) -> None:
        for slot, target, row in chain:
            self.give(row, slot, -1)
            self.give(row, target)
        self.give(taker, hole)

    def even_out(self) -> None:
        """Move slots from those with many minutes to those with fewer, while it gets fairer."""
        for _ in range(_ROUNDS_OF_EVENING):
            moved = False
            for row in np.argsort(-self.load, kind="stable").tolist():
                for slot in np.flatnonzero(self.taken[row]).tolist():
                    moved |= self._relieve(row, slot)
            if not moved:
                return

    def _relieve(self, row: int, slot: int) -> bool:
        lighter = self.load + self.minutes[slot] < self.load[row]
        as_fitting = self.penalty[:, slot] <= self.penalty[row, slot]
        takers = self.best(slot, self.free(slot) & lighter & as_fitting, 1)
        if takers:
            self.give(row, slot, -1)
            self.give(takers[0], slot)
        return bool(takers)

    def roster(self) -> Roster:
        """Put the board into plain values, slots by time, people by id."""
        pairs = [
            (int(self.ids[slot]), int(self.people[row]))
            for slot in range(len(self.ids))
            for row in sorted(self.holders[slot])
        ]
        gaps = [
            RosterGap(int(self.ids[slot]), int(missing), self._causes(slot))
            for slot in range(len(self.ids))
            if (missing := self.minimum[slot] - len(self.holders[slot])) > 0
        ]
        return Roster(tuple(pairs), tuple(gaps), self._fairness())

    def _causes(self, slot: int) -> dict[RosterCause, int]:
        """Count by the first cause why the others cannot take a slot."""
        left = ~self.taken[:, slot]
        counts = {}
        for cause, holds in (
            (RosterCause.BARRED, ~self.allowed[:, slot]),
            (RosterCause.CONFLICT, self.conflict[:, slot]),
            (RosterCause.ROSTERED, self.clashes[:, slot] > 0),
            (RosterCause.DAY_FULL, self.on_day[:, slot] >= self.day_cap),
        ):
            counts[cause] = int((left & holds).sum())
            left = left & ~holds
        return counts

    def _fairness(self) -> Fairness:
        new = self.load - self.before
        able = (self.allowed & ~self.conflict).any(axis=1)
        loads = self.load[able]
        total = int(new.sum())
        tenth = -(-len(new[able]) // 10)
        busiest = int(np.sort(new[able])[::-1][:tenth].sum())
        return Fairness(
            busiest_share=1000 * busiest // total if total else 0,
            least=int(loads.min()) if len(loads) else 0,
            most=int(loads.max()) if len(loads) else 0,
            people=int((new > 0).sum()),
        )


def _chain(hole: int, left_for: Mapping[int, tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Give the exchanges that lead from the open slot to a hole, as (left, taken, who); the one
    nearest to the open slot first.
    """
    chain = []
    while hole in left_for:
        target, row = left_for[hole]
        chain.append((hole, target, row))
        hole = target
    return chain[::-1]
