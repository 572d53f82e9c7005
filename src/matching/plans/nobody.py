"""Count why nobody can go: bitmaps of the whole pool, cut by one test after the other."""

from collections.abc import Iterator
from functools import reduce

import numpy as np
import numpy.typing as npt

from matching.answers import Cause, Tier
from matching.index import ones_in
from matching.inputs import ANY_SEX, BoolArray, Int32Array, Int64Array, Volunteers
from matching.plans.answers import CAUSES, UInt64Array
from matching.plans.weights import PLAN_WEIGHTS, PlanWeights
from matching.requests import Requests
from matching.sift import AREAS, clashes

_WORD_BYTES, _WORD_BITS = 8, 64
_MASK_BITS = 32
_PLACE = {cause: at for at, cause in enumerate(CAUSES)}
_DISTRICT, _CITY = next((size, parent) for tier, size, parent in AREAS if tier is Tier.DISTRICT)


def causes_of_none(
    volunteers: Volunteers,
    requests: Requests,
    rows: npt.NDArray[np.integer],
    *,
    weights: PlanWeights = PLAN_WEIGHTS,
) -> Int32Array:
    """Count for each of these requests why everybody else cannot go: i4[n, C], by first Cause.

    Over the whole pool, as ``rank_one`` counts, with time kept free around other promises. A
    thousand requests of a city take a third of a second. Source: PIPL 24, handbook matching.md §6.
    """
    barred = (requests.exclude.take(rows), requests.blocked.take(rows))
    pool = _Pool(volunteers, np.concatenate([lists.ids for lists in barred]))
    counts = np.zeros((len(rows), len(CAUSES)), np.int32)
    for at, row in enumerate(rows.tolist()):
        alive, left = pool.everybody, len(volunteers)
        for cause, fits in _tests(pool, requests, row):
            alive = alive & fits
            now_left = int(np.bitwise_count(alive).sum(dtype=np.int64))
            counts[at, _PLACE[cause]] = left - now_left
            left = now_left
        people = _rows_in(alive)
        is_busy = _are_busy(volunteers, people, requests, row, weights.before_busy)
        counts[at, _PLACE[Cause.CONFLICT]] = np.count_nonzero(is_busy)
        are_far = _are_far(volunteers, people[~is_busy], requests, row)
        counts[at, _PLACE[Cause.TOO_FAR]] = np.count_nonzero(are_far)
    return counts


class _Pool:
    """Bitmaps of a pool in the order of its rows, each made when it is first asked for."""

    def __init__(self, volunteers: Volunteers, barred: Int64Array) -> None:
        self.everybody = _words(np.ones(len(volunteers), np.bool_))
        self._volunteers = volunteers
        rows = np.flatnonzero(np.isin(volunteers.ids, barred))
        self._row = dict(zip(volunteers.ids[rows].tolist(), rows.tolist(), strict=True))
        self._known: dict[tuple[str, int], UInt64Array] = {}

    def where(self, name: str, value: int) -> UInt64Array:
        """Give whose column has a value, or that bit of a mask."""
        if (name, value) not in self._known:
            column = getattr(self._volunteers, name)
            is_mask = column.dtype == np.uint32
            holds = (column & np.uint32(value)) != 0 if is_mask else column == value
            self._known[name, value] = _words(holds)
        return self._known[name, value]

    def bits(self, name: str, mask: int) -> list[UInt64Array]:
        """Give for each bit of a mask who has it."""
        return [self.where(name, 1 << bit) for bit in range(_MASK_BITS) if mask >> bit & 1]

    def others(self, ids: Int64Array) -> UInt64Array:
        """Give who is none of these."""
        rows = np.array([self._row[one] for one in ids.tolist() if one in self._row], np.int64)
        bits = np.full(len(self.everybody) * _WORD_BYTES, 255, np.uint8)
        np.bitwise_and.at(bits, rows >> 3, ~(1 << (rows & 7)).astype(np.uint8))
        return bits.view(np.uint64)


def _words(holds: BoolArray) -> UInt64Array:
    packed = np.packbits(holds, bitorder="little")
    return np.pad(packed, (0, -len(packed) % _WORD_BYTES)).view(np.uint64)


def _rows_in(words: UInt64Array) -> Int64Array:
    some = np.flatnonzero(words)
    inside = ones_in(words[some].view(np.uint8))
    return some[inside // _WORD_BITS] * _WORD_BITS + inside % _WORD_BITS


def _tests(pool: _Pool, requests: Requests, row: int) -> Iterator[tuple[Cause, UInt64Array]]:
    """Yield who passes each test that this request makes, in the order of Cause."""
    yield Cause.NOT_ACTIVE, pool.where("active", 1)
    yield Cause.PAUSED, pool.where("paused", 0)
    if requests.require_adult[row]:
        yield Cause.MINOR, pool.where("adult", 1)
    if requests.sex[row] != ANY_SEX:
        yield Cause.OTHER_SEX, pool.where("sex", int(requests.sex[row]))
    if requests.languages[row]:
        speakers = pool.bits("languages", int(requests.languages[row]))
        yield Cause.LANGUAGE, reduce(np.bitwise_or, speakers)
    for cause, lists in (
        (Cause.SELF_OR_FAMILY, requests.exclude),
        (Cause.BLOCKED, requests.blocked),
    ):
        ids = lists.ids[lists.ptr[row] : lists.ptr[row + 1]]
        if len(ids):
            yield cause, pool.others(ids)
    for cause, name, mask in (
        (Cause.CATEGORY, "categories", requests.category[row]),
        (Cause.SKILL, "skills", requests.skills[row]),
        (Cause.NOT_AVAILABLE, "availability", requests.slots[row]),
    ):
        if mask:
            yield cause, reduce(np.bitwise_and, pool.bits(name, int(mask)))


def _are_busy(
    volunteers: Volunteers, people: Int64Array, requests: Requests, row: int, pad: int
) -> BoolArray:
    starts = np.full(len(people), int(requests.starts[row]) - pad)
    ends = np.full(len(people), int(requests.ends[row]) + pad)
    return clashes(volunteers.busy, people, starts, ends)


def _are_far(volunteers: Volunteers, people: Int64Array, requests: Requests, row: int) -> BoolArray:
    """Tell who lives beyond the radius or, without a distance, in another district."""
    east = volunteers.x[people].astype(np.float64) - float(requests.x[row])
    north = volunteers.y[people].astype(np.float64) - float(requests.y[row])
    metres = np.rint(np.sqrt(east * east + north * north))
    place = int(requests.place[row])
    is_elsewhere = volunteers.place[people] // _DISTRICT != place // _DISTRICT
    if not place % _CITY:
        is_elsewhere[:] = True
    return np.asarray(np.where(np.isnan(metres), is_elsewhere, metres > requests.radius_m[row]))
