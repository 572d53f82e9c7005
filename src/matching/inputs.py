"""What is asked: the volunteers as arrays, one request as plain values."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.weights import METRES_MAX, RATING_MAX

BoolArray = npt.NDArray[np.bool_]
Int16Array = npt.NDArray[np.int16]
Int32Array = npt.NDArray[np.int32]
Int64Array = npt.NDArray[np.int64]
UInt8Array = npt.NDArray[np.uint8]
UInt32Array = npt.NDArray[np.uint32]
FloatArray = npt.NDArray[np.float32]

ANY_SEX = 0
MALE = 1
FEMALE = 2

_MASK_MAX = 2**32 - 1
_VOLUNTEER_DTYPES: dict[str, type[np.generic]] = {
    "ids": np.int64,
    "place": np.int64,
    "x": np.float32,
    "y": np.float32,
    "skills": np.uint32,
    "categories": np.uint32,
    "availability": np.uint32,
    "active": np.bool_,
    "paused": np.bool_,
    "adult": np.bool_,
    "sex": np.uint8,
    "languages": np.uint32,
    "orders30": np.int16,
    "rating": np.int16,
    "day_cap": np.uint8,
    "week_cap": np.uint8,
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Busy:
    """Hold the committed windows of all volunteers, row after row.

    ptr: i8[V+1], the windows of row v are ptr[v]:ptr[v+1]; start, end: i4[B], whole minutes from
    any epoch shared with the request, half-open. Raises ValueError on any other shape.
    """

    ptr: Int64Array
    start: Int32Array
    end: Int32Array

    def __post_init__(self) -> None:
        _require_array("ptr", self.ptr, np.int64)
        _require_array("start", self.start, np.int32, len(self.end))
        _require_array("end", self.end, np.int32)
        _require(len(self.ptr) > 0 and self.ptr[0] == 0, "ptr must begin with 0")
        _require(self.ptr[-1] == len(self.start), "ptr must end with the number of windows")
        _require(bool((self.ptr[1:] >= self.ptr[:-1]).all()), "ptr must not fall")
        _require(bool((self.start < self.end).all()), "a busy window must end after its start")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Volunteers:
    """Hold everybody who could be asked, one row per volunteer, in any order.

    ids: i8[V], unique · place: i8[V], codes.place_number of the home · x, y: f4[V], metres on one
    local plane, NaN = unknown · skills, categories, availability: u4[V], masks over codes.SKILLS,
    CATEGORIES, SLOTS · active, paused, adult: b1[V] · sex: u1[V], ANY_SEX = not stated ·
    languages: u4[V], mask over codes.LANGUAGES · orders30: i2[V] · rating: i2[V], hundredths of a
    point, 0 = not yet rated · day_cap, week_cap: u1[V], visits a plan may give a day and in all;
    a single ranking does not ask. Raises ValueError.
    """

    ids: Int64Array
    place: Int64Array
    x: FloatArray
    y: FloatArray
    skills: UInt32Array
    categories: UInt32Array
    availability: UInt32Array
    active: BoolArray
    paused: BoolArray
    adult: BoolArray
    sex: UInt8Array
    languages: UInt32Array
    orders30: Int16Array
    rating: Int16Array
    day_cap: UInt8Array
    week_cap: UInt8Array
    busy: Busy

    def __post_init__(self) -> None:
        for name, dtype in _VOLUNTEER_DTYPES.items():
            _require_array(name, getattr(self, name), dtype, len(self.ids))
        _require(len(self.busy.ptr) == len(self.ids) + 1, "busy must have one row per volunteer")
        _require(len(np.unique(self.ids)) == len(self.ids), "ids must be unique")
        _require(bool((self.orders30 >= 0).all()), "orders30 must not be negative")
        in_scale = (self.rating >= 0) & (self.rating <= RATING_MAX)
        _require(bool(in_scale.all()), f"rating must lie within 0 and {RATING_MAX}")

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Ask for helpers at one place in one window.

    place, x, y as for volunteers · skills: mask, all needed · category: mask of one bit, 0 = any ·
    slots: mask, all needed · languages: mask, one shared suffices, 0 = any · starts, ends: minutes,
    half-open, padded by the caller for travel · exclude: the beneficiary, the requester and their
    family · blocked: pairs that must not meet · previous: who has helped this person before.
    Raises ValueError.
    """

    place: int
    x: float
    y: float
    starts: int
    ends: int
    slots: int = 0
    skills: int = 0
    category: int = 0
    helpers: int = 1
    radius_m: int = 5_000
    sex: int = ANY_SEX
    languages: int = 0
    require_adult: bool = True
    exclude: frozenset[int] = frozenset()
    blocked: frozenset[int] = frozenset()
    previous: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        _require(self.starts < self.ends, "a request must end after its start")
        _require(self.helpers >= 1, "a request needs at least one helper")
        _require(0 <= self.radius_m <= METRES_MAX, f"radius_m must lie within 0 and {METRES_MAX}")
        for name in ("slots", "skills", "category", "languages"):
            _require(0 <= getattr(self, name) <= _MASK_MAX, f"{name} must be a mask of 32 bits")
        _require(self.category.bit_count() <= 1, "category must be one bit")


def _require_array(
    name: str, array: npt.NDArray[np.generic], dtype: type[np.generic], length: int | None = None
) -> None:
    _require(array.dtype == dtype and array.ndim == 1, f"{name} must be {dtype.__name__}, 1-d")
    _require(length is None or len(array) == length, f"{name} must have {length} rows")


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise ValueError(message)
