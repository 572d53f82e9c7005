"""What is asked of a roster: people and slots as arrays, and who may take what at which cost."""

from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from matching.inputs import Busy, Int32Array, Int64Array

Int8Array = npt.NDArray[np.int8]

_DAY_MINUTES = 24 * 60


class RosterCause(Enum):
    """Why somebody cannot take a slot, in the order in which the reasons are asked."""

    BARRED = "barred"  # by the caller's own mask: not cleared, not free at that hour
    CONFLICT = "conflict"  # promised elsewhere before the roster was begun
    ROSTERED = "rostered"  # takes an overlapping slot of this very roster
    DAY_FULL = "day_full"  # has as many slots that day as one may have


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RosterPeople:
    """Hold everybody who could be rostered, one row a person, in any order.

    ids: i8[P], unique · load: i4[P], minutes served lately, so that those with little come first ·
    busy: the windows promised already, row after row. Raises ValueError.
    """

    ids: Int64Array
    load: Int32Array
    busy: Busy

    def __post_init__(self) -> None:
        _require(self.ids.dtype == np.int64 and self.ids.ndim == 1, "ids must be int64, 1-d")
        _require(self.load.dtype == np.int32 and self.load.shape == self.ids.shape, "load: i4[P]")
        _require(bool((self.load >= 0).all()), "load must not be negative")
        _require(len(np.unique(self.ids)) == len(self.ids), "ids must be unique")
        _require(len(self.busy.ptr) == len(self.ids) + 1, "busy must have one row a person")

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RosterSlots:
    """Hold the slots to fill, one row a slot, in any order.

    ids: i8[S], unique · starts, ends: i4[S], whole minutes from the epoch of ``busy``, half-open,
    within two days of each other · minimum, maximum: i4[S], how many people are still wanted at
    least and at most. Raises ValueError.
    """

    ids: Int64Array
    starts: Int32Array
    ends: Int32Array
    minimum: Int32Array
    maximum: Int32Array

    def __post_init__(self) -> None:
        _require(self.ids.dtype == np.int64 and self.ids.ndim == 1, "ids must be int64, 1-d")
        for name in ("starts", "ends", "minimum", "maximum"):
            column = getattr(self, name)
            _require(column.dtype == np.int32 and column.shape == self.ids.shape, f"{name}: i4[S]")
        _require(len(np.unique(self.ids)) == len(self.ids), "ids must be unique")
        _require(bool((self.starts < self.ends).all()), "a slot must end after its start")
        _require(bool((self.minimum >= 0).all()), "minimum must not be negative")
        _require(bool((self.minimum <= self.maximum).all()), "maximum must cover the minimum")

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def days(self) -> Int32Array:
        """Give the day of each slot, counted by its start from the epoch."""
        return np.floor_divide(self.starts, np.int32(_DAY_MINUTES))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RosterRequest:
    """Ask for a roster.

    allowed: b1[P, S], whom nothing of the caller's own bars · penalty: i4[P, S], minutes that
    speak against a pair, such as another team's slot; 0 for none · day_cap: slots a person and
    day · fill: whether to go on from the minimum to the maximum. Raises ValueError.
    """

    people: RosterPeople
    slots: RosterSlots
    allowed: npt.NDArray[np.bool_]
    penalty: Int32Array
    day_cap: int = 1
    fill: bool = False

    def __post_init__(self) -> None:
        shape = (len(self.people), len(self.slots))
        _require(
            self.allowed.dtype == np.bool_ and self.allowed.shape == shape, "allowed: b1[P, S]"
        )
        _require(
            self.penalty.dtype == np.int32 and self.penalty.shape == shape, "penalty: i4[P, S]"
        )
        _require(bool((self.penalty >= 0).all()), "penalty must not be negative")
        _require(self.day_cap >= 1, "day_cap must be at least 1")


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise ValueError(message)
