"""A roster in the making: who has taken what, and who could still take which slot."""

import numpy as np
import numpy.typing as npt

from matching.inputs import Int32Array, Int64Array
from matching.roster_calendar import RosterCalendar
from matching.roster_inputs import RosterRequest

BoolArray = npt.NDArray[np.bool_]


class Board:
    """A roster in the making; rows are people by id, columns slots by time and id.

    Columns are read far more often than rows, so that the arrays lie column by column.
    """

    def __init__(self, request: RosterRequest) -> None:
        people, slots = request.people, request.slots
        rows = np.argsort(people.ids, kind="stable")
        columns = np.lexsort((slots.ids, slots.starts))
        self.people: Int64Array = people.ids[rows]
        self.ids: Int64Array = slots.ids[columns]
        self.starts, self.ends = slots.starts[columns], slots.ends[columns]
        self.minutes = (self.ends - self.starts).astype(np.int64)
        self.minimum, self.maximum = slots.minimum[columns], slots.maximum[columns]
        self.days = slots.days[columns]
        self.day_cap = request.day_cap
        self.allowed: BoolArray = np.asfortranarray(request.allowed[np.ix_(rows, columns)])
        self.penalty: Int32Array = np.asfortranarray(request.penalty[np.ix_(rows, columns)])
        self.conflict = np.asfortranarray(self._conflicts(request, rows))
        self.able: BoolArray = self.allowed & ~self.conflict
        self.before: Int64Array = people.load[rows].astype(np.int64)
        self.load = self.before.copy()
        self.overlap: BoolArray = (self.starts[:, None] < self.ends) & (
            self.starts < self.ends[:, None]
        )
        self.same_day: BoolArray = self.days[:, None] == self.days
        self._overlapping = [np.flatnonzero(row) for row in self.overlap]
        self._that_day = [np.flatnonzero(row) for row in self.same_day]
        shape = (len(self.people), len(self.ids))
        self.taken = np.zeros(shape, np.bool_, order="F")
        # How many of her own slots each slot would clash with, and how many lie on its day.
        self.clashes = np.zeros(shape, np.int16, order="F")
        self.on_day = np.zeros(shape, np.int16, order="F")
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
        could = self.able.sum(axis=0)
        places = np.maximum(self.minimum, 1)
        order = np.lexsort((np.arange(len(self.ids)), could * 1000 // places))
        return [int(slot) for slot in order]

    def free(self, slot: int) -> BoolArray:
        """Tell who could take a slot as things stand: b1[P]."""
        open_to: BoolArray = (
            self.able[:, slot]
            & (self.clashes[:, slot] == 0)
            & (self.on_day[:, slot] < self.day_cap)
        )
        return open_to

    def can_change(self, row: int, held: int, wanted: int) -> bool:
        """Tell whether a person could take one slot if she left another."""
        return bool(
            self.able[row, wanted]
            and not self.taken[row, wanted]
            and self.clashes[row, wanted] == int(self.overlap[held, wanted])
            and self.on_day[row, wanted] - int(self.same_day[held, wanted]) < self.day_cap
        )

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
        self.clashes[row, self._overlapping[slot]] += sign
        self.on_day[row, self._that_day[slot]] += sign
        self.load[row] += sign * self.minutes[slot]
        (self.holders[slot].add if sign > 0 else self.holders[slot].discard)(row)

    def replace(self, span: slice, taken: BoolArray) -> None:
        """Let a span of slots be taken by others: b1[P, S of the span]."""
        first = span.start
        for row, column in np.argwhere(self.taken[:, span] & ~taken).tolist():
            self.give(row, first + column, -1)
        for row, column in np.argwhere(taken & ~self.taken[:, span]).tolist():
            self.give(row, first + column)

    def reached(self) -> Int32Array:
        """Count who has taken each slot: i4[S]."""
        return np.array([len(held) for held in self.holders], np.int32)

    def calendar(self) -> RosterCalendar:
        """Give what a proof may know of the question."""
        return RosterCalendar(
            able=self.able,
            starts=self.starts,
            ends=self.ends,
            days=self.days,
            day_cap=self.day_cap,
        )
