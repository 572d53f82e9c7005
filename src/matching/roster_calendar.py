"""Who could take which shift, and how the shifts lie to each other."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from matching.inputs import BoolArray, Int32Array, Int64Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RosterCalendar:
    """Who could take which shift, the shifts in order of their starts.

    able: b1[P, S] · starts, ends, days: i4[S], minutes and day numbers · day_cap: shifts a
    person and day.
    """

    able: BoolArray
    starts: Int32Array
    ends: Int32Array
    days: Int32Array
    day_cap: int

    def part(self, columns: slice | Int64Array) -> "RosterCalendar":
        """Give the same for some of the shifts."""
        return RosterCalendar(
            able=self.able[:, columns],
            starts=self.starts[columns],
            ends=self.ends[columns],
            days=self.days[columns],
            day_cap=self.day_cap,
        )

    def blocks(self) -> list[slice]:
        """Give the shifts in parts that share no day and no hour, in order of time."""
        if not len(self.starts):
            return []
        reach = np.maximum.accumulate(self.ends)
        apart = (self.starts[1:] >= reach[:-1]) & (self.days[1:] != self.days[:-1])
        cuts = [0, *(np.flatnonzero(apart) + 1).tolist(), len(self.starts)]
        return [slice(*pair) for pair in pairwise(cuts)]

    def cliques(self) -> list[Int64Array]:
        """Give the shifts that run at the same moment, each greatest such set once."""
        found: list[Int64Array] = []
        for start in np.unique(self.starts):
            running = np.flatnonzero((self.starts <= start) & (start < self.ends))
            if found and set(found[-1].tolist()) <= set(running.tolist()):
                found.pop()
            found.append(running)
        return found
