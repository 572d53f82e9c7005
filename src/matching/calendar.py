"""The promised windows of many people, found by time: who is busy between two minutes."""

from dataclasses import dataclass, field
from typing import Self

import numpy as np
import numpy.typing as npt

from matching.inputs import Busy, Int32Array, Int64Array


@dataclass(frozen=True, slots=True, eq=False)
class _Windows:
    """Windows of about one length by their start, so that few must be looked at."""

    longest: int
    start: Int32Array
    end: Int32Array
    owner: Int32Array

    @classmethod
    def of(cls, start: Int32Array, end: Int32Array, owner: Int32Array) -> Self:
        order = np.argsort(start, kind="stable")
        return cls(int((end - start).max(initial=0)), start[order], end[order], owner[order])

    def touching(self, starts: int, ends: int) -> Int32Array:
        # In the array's own kind: another would turn the whole array into it first.
        first = np.searchsorted(self.start, np.int32(starts - self.longest), "right")
        last = np.searchsorted(self.start, np.int32(ends), "left")
        return self.owner[first:last][self.end[first:last] > starts]

    def without(self, owners: Int64Array) -> "_Windows":
        stays = ~np.isin(self.owner, owners)
        return _Windows(self.longest, self.start[stays], self.end[stays], self.owner[stays])


@dataclass(slots=True, eq=False)
class Calendar:
    """Hold windows in groups of doubling length: minutes, half-open; owners are plain numbers."""

    groups: dict[int, _Windows] = field(default_factory=dict)

    def busy(self, starts: int, ends: int) -> Int32Array:
        """Give the owner of each window that overlaps this one; who has two comes twice."""
        found = [group.touching(starts, ends) for group in self.groups.values()]
        return np.concatenate([np.zeros(0, np.int32), *found])

    def add(self, busy: Busy, owners: Int64Array) -> None:
        """Take in the windows of ``busy``, whose rows belong to these owners."""
        owner = np.repeat(owners, np.diff(busy.ptr)).astype(np.int32)
        length = _lengths(busy)
        for one in np.unique(length).tolist():
            new = length == one
            parts: list[tuple[npt.NDArray[np.int32], ...]] = [
                (busy.start[new], busy.end[new], owner[new])
            ]
            if old := self.groups.get(one):
                parts.append((old.start, old.end, old.owner))
            self.groups[one] = _Windows.of(*map(np.concatenate, zip(*parts, strict=True)))

    def forget(self, owners: Int64Array) -> None:
        """Drop all windows of these owners."""
        self.groups = {one: group.without(owners) for one, group in self.groups.items()}


def _lengths(busy: Busy) -> Int64Array:
    """Give each window the number of its group: one for more than 32 and up to 64 minutes."""
    minutes = busy.end.astype(np.int64) - busy.start
    return np.asarray(np.ceil(np.log2(minutes)), np.int64)
