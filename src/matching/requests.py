"""What a plan is asked: many requests as arrays, row by row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from matching.inputs import (
    BoolArray,
    FloatArray,
    Int32Array,
    Int64Array,
    Request,
    UInt8Array,
    UInt32Array,
)

HELPERS_MAX = 4
PRIORITIES = (1, 2, 3, 4)

_DTYPES: dict[str, type[np.generic]] = {
    "ids": np.int64,
    "place": np.int64,
    "x": np.float32,
    "y": np.float32,
    "starts": np.int32,
    "ends": np.int32,
    "slots": np.uint32,
    "skills": np.uint32,
    "category": np.uint32,
    "languages": np.uint32,
    "helpers": np.uint8,
    "priority": np.uint8,
    "radius_m": np.int32,
    "sex": np.uint8,
    "require_adult": np.bool_,
}
_LISTS = ("exclude", "blocked", "previous")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IdLists:
    """Hold a few ids for each row, row after row.

    ptr: i8[R+1], the ids of row r are ids[ptr[r]:ptr[r+1]] · ids: i8[N]. Raises ValueError.
    """

    ptr: Int64Array
    ids: Int64Array

    def __post_init__(self) -> None:
        for name in ("ptr", "ids"):
            column = getattr(self, name)
            _require(column.dtype == np.int64 and column.ndim == 1, f"{name} must be int64, 1-d")
        _require(len(self.ptr) > 0 and self.ptr[0] == 0, "ptr must begin with 0")
        _require(self.ptr[-1] == len(self.ids), "ptr must end with the number of ids")
        _require(bool((self.ptr[1:] >= self.ptr[:-1]).all()), "ptr must not fall")

    @classmethod
    def of(cls, rows: Iterable[Iterable[int]]) -> Self:
        """Gather plain sets; each row's ids in rising order."""
        lists = [sorted(row) for row in rows]
        return cls(
            ptr=np.cumsum([0, *(len(row) for row in lists)], dtype=np.int64),
            ids=np.array([one for row in lists for one in row], np.int64),
        )

    def row(self, row: int) -> frozenset[int]:
        """Give one row's ids."""
        return frozenset(self.ids[self.ptr[row] : self.ptr[row + 1]].tolist())

    def take(self, rows: npt.NDArray[np.integer]) -> "IdLists":
        """Keep these rows, in this order."""
        count = self.ptr[rows + 1] - self.ptr[rows]
        ptr = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
        at = np.arange(ptr[-1]) + np.repeat(self.ptr[rows] - ptr[:-1], count)
        return IdLists(ptr=ptr, ids=self.ids[at])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Requests:
    """Hold the visits of one plan, a week at most, one row a request, in any order.

    ids: i8[R], unique · place, x, y, slots, skills, category, languages, sex, require_adult as in
    Request · starts, ends: i4[R], the visit itself, in minutes from a midnight; the way there is
    added by the plan · helpers: u1[R], 1 to 4 · priority: u1[R], 1 to 4, each step doubles what an
    empty place costs · radius_m: i4[R] · exclude, blocked, previous: ids for each row.
    Raises ValueError.
    """

    ids: Int64Array
    place: Int64Array
    x: FloatArray
    y: FloatArray
    starts: Int32Array
    ends: Int32Array
    slots: UInt32Array
    skills: UInt32Array
    category: UInt32Array
    languages: UInt32Array
    helpers: UInt8Array
    priority: UInt8Array
    radius_m: Int32Array
    sex: UInt8Array
    require_adult: BoolArray
    exclude: IdLists
    blocked: IdLists
    previous: IdLists

    def __post_init__(self) -> None:
        for name, dtype in _DTYPES.items():
            column = getattr(self, name)
            _require(column.dtype == dtype and column.ndim == 1, f"{name}: {dtype.__name__}, 1-d")
            _require(len(column) == len(self.ids), f"{name} must have {len(self.ids)} rows")
        for name in _LISTS:
            lists = getattr(self, name)
            _require(len(lists.ptr) == len(self.ids) + 1, f"{name} must have one row a request")
        _require(len(np.unique(self.ids)) == len(self.ids), "ids must be unique")
        _require(bool((self.starts < self.ends).all()), "a request must end after its start")
        _require(bool((self.starts >= 0).all()), "starts must not be negative")
        _require(_within(self.helpers, 1, HELPERS_MAX), f"helpers must be 1 to {HELPERS_MAX}")
        _require(_within(self.priority, PRIORITIES[0], PRIORITIES[-1]), "priority must be 1 to 4")
        _require(bool((self.radius_m >= 0).all()), "radius_m must not be negative")

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(
        cls, requests: Sequence[Request], *, ids: Sequence[int], priorities: Sequence[int]
    ) -> Self:
        """Gather single requests; their windows are taken as the visits themselves."""
        columns: dict[str, Any] = {
            name: np.array([getattr(one, name) for one in requests], dtype)
            for name, dtype in _DTYPES.items()
            if name not in ("ids", "priority")
        }
        lists: dict[str, Any] = {
            name: IdLists.of(getattr(one, name) for one in requests) for name in _LISTS
        }
        return cls(
            ids=np.array(ids, np.int64), priority=np.array(priorities, np.uint8), **columns, **lists
        )

    def one(self, row: int, *, travel: int = 0) -> Request:
        """Give one request as ``rank_one`` asks it, its window widened by the way there."""
        return Request(
            place=int(self.place[row]),
            x=float(self.x[row]),
            y=float(self.y[row]),
            starts=int(self.starts[row]) - travel,
            ends=int(self.ends[row]) + travel,
            slots=int(self.slots[row]),
            skills=int(self.skills[row]),
            category=int(self.category[row]),
            languages=int(self.languages[row]),
            helpers=int(self.helpers[row]),
            radius_m=int(self.radius_m[row]),
            sex=int(self.sex[row]),
            require_adult=bool(self.require_adult[row]),
            exclude=self.exclude.row(row),
            blocked=self.blocked.row(row),
            previous=self.previous.row(row),
        )

    def take(self, rows: npt.NDArray[np.integer]) -> "Requests":
        """Keep these rows, in this order."""
        columns: dict[str, Any] = {name: getattr(self, name)[rows] for name in _DTYPES}
        lists: dict[str, Any] = {name: getattr(self, name).take(rows) for name in _LISTS}
        return Requests(**columns, **lists)


def _within(column: UInt8Array, low: int, high: int) -> bool:
    return bool(((column >= low) & (column <= high)).all())


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise ValueError(message)
