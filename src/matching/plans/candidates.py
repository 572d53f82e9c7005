"""Who could go to each request: bitmaps in a window of bands, then distances and costs of pairs."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from matching import index as bitmaps
from matching.answers import Tier
from matching.index import Index, ones_in
from matching.inputs import (
    ANY_SEX,
    BoolArray,
    Int32Array,
    Int64Array,
    UInt8Array,
    Volunteers,
)
from matching.plans.answers import Candidates
from matching.plans.sorting import taken
from matching.plans.weights import PLAN_WEIGHTS, PlanWeights
from matching.requests import IdLists, Requests
from matching.sift import AREAS, UNKNOWN_METRES, clashes
from matching.weights import RATING_MAX

_TOGETHER_MAX = 64
_SQUARE_M = 700
_A_STRIP = 12_500
_PAIRS_MAX, _LIST_MIN, _LIST_MAX = 3_200_000, 32, 1_024
_COSTS = 2**15  # more than the dearest pair


def candidates(
    volunteers: Volunteers,
    requests: Requests,
    *,
    keep: int | None = None,
    weights: PlanWeights = PLAN_WEIGHTS,
    each: Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]] = map,
) -> Candidates:
    """Give for each request the ``keep`` cheapest volunteers who may be asked, ties by id; as many
    as ``list_length`` says, unless told.

    Exact: nobody who would cost less is left out. A city of a million with 100,000 requests takes
    about fifteen seconds of one core; ``each`` may share them. Source: handbook matching.md §3.
    """
    length = list_length(len(requests)) if keep is None else keep
    strips = _strips(volunteers, requests, length, weights)
    return _joined(strips, list(each(_find_strip, strips)))


def list_length(requests: int) -> int:
    """Give how many candidates each of so many requests is listed with.

    Where volunteers are scarce, a list that is cut short leaves out who the best plan would send:
    lists are as long as memory allows.
    """
    return min(max(_PAIRS_MAX // max(requests, 1), _LIST_MIN), _LIST_MAX)


def costs_of(
    volunteers: Volunteers, requests: Requests, pairs: Int64Array, *, weights: PlanWeights
) -> Int64Array:
    """Give what pairs cost, rows (request, volunteer), whether or not they may be: i8[n]."""
    finder = _Finder.of(volunteers, requests, weights, np.zeros(0, np.int64))
    return finder.priced(pairs[:, 0], pairs[:, 1]).cost


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """Pairs of some requests: request row, volunteer row, cost, metres, tier; sorted."""

    request: Int64Array
    volunteer: Int64Array
    cost: Int64Array
    metres: Int32Array
    tier: UInt8Array

    def take(self, at: npt.NDArray[np.int64] | BoolArray) -> "_Pairs":
        return _Pairs(*(getattr(self, name)[at] for name in self.__slots__))


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    rows: Int64Array
    eligible: Int64Array
    pairs: _Pairs


@dataclass(frozen=True, slots=True, eq=False)
class _Strip:
    """Some requests, and whoever could reach one of them; rows: where they stand in the whole."""

    volunteers: Volunteers
    requests: Requests
    rows: Int64Array
    people: Int64Array
    keep: int
    weights: PlanWeights


def _strips(
    volunteers: Volunteers, requests: Requests, keep: int, weights: PlanWeights
) -> list[_Strip]:
    """Cut the map into strips of not too many requests, from south to north."""
    could = volunteers.active & ~volunteers.paused
    if bool((requests.slots != 0).all()):
        could &= volunteers.availability != 0
    # A request without a known point stands at the end, and everybody is near to it.
    y = np.where(np.isnan(requests.x), np.nan, requests.y)
    order = np.argsort(y, kind="stable")
    count = max(-(-len(requests) // _A_STRIP), 1)
    strips = []
    for part in np.array_split(order, count):
        rows = np.sort(part)
        reach = float(requests.radius_m[rows].max(initial=0)) + 1
        low, high = y[rows].min(initial=np.inf), y[rows].max(initial=-np.inf)
        near = (volunteers.y >= low - reach) & (volunteers.y <= high + reach)
        # Who has no known point may be near.
        near |= np.isnan(volunteers.x) | np.isnan(volunteers.y)
        near |= np.isnan(low) | np.isnan(high)
        people = np.flatnonzero(could & near)
        strips.append(
            _Strip(taken(volunteers, people), requests.take(rows), rows, people, keep, weights)
        )
    return strips


def _find_strip(strip: _Strip) -> Candidates:
    """Give the candidates of a strip's own requests, by the rows of the whole pool."""
    everybody = np.arange(len(strip.volunteers))
    finder = _Finder.of(strip.volunteers, strip.requests, strip.weights, everybody)
    found = [finder.find(rows, strip.keep) for rows in _groups(strip.requests)]
    listed = _gathered(strip.requests, found)
    return replace(listed, volunteer=strip.people[listed.volunteer].astype(np.int32))


def _joined(strips: Sequence[_Strip], parts: Sequence[Candidates]) -> Candidates:
    """Put the requests of all strips back in their order."""
    order = np.argsort(np.concatenate([strip.rows for strip in strips]))
    count = np.concatenate([np.diff(part.ptr) for part in parts])
    begins = np.cumsum(count) - count
    ptr = np.concatenate([[0], np.cumsum(count[order])]).astype(np.int64)
    at = np.arange(ptr[-1]) + np.repeat(begins[order] - ptr[:-1], count[order])
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts])[at]
        for name in ("volunteer", "cost", "metres", "tier")
    }
    eligible = np.concatenate([part.eligible for part in parts])[order]
    return Candidates(ptr=ptr, eligible=eligible, **columns)


@dataclass(frozen=True, slots=True, eq=False)
class _Finder:
    volunteers: Volunteers
    requests: Requests
    weights: PlanWeights
    index: Index
    by_id: Int64Array  # the place of each row when sorted by id
    standing: Int64Array  # what a volunteer costs wherever she goes
    barred: Int64Array  # keys of pairs that must not be
    previous: Int64Array  # keys of pairs that know each other
    areas: dict[Tier, tuple[Int32Array, Int32Array]]

    @classmethod
    def of(
        cls,
        volunteers: Volunteers,
        requests: Requests,
        weights: PlanWeights,
        indexed: Int64Array,
    ) -> "_Finder":
        by_id = np.empty(len(volunteers), np.int64)
        by_id[np.argsort(volunteers.ids)] = np.arange(len(volunteers))
        return cls(
            volunteers=volunteers,
            requests=requests,
            weights=weights,
            index=Index.of(volunteers, indexed),
            by_id=by_id,
            standing=_standing(volunteers, weights),
            barred=np.union1d(
                _keys(requests.exclude, volunteers, by_id),
                _keys(requests.blocked, volunteers, by_id),
            ),
            previous=_keys(requests.previous, volunteers, by_id),
            areas=_areas(volunteers, requests),
        )

    def find(self, rows: Int64Array, keep: int) -> _Found:
        """Find the candidates of requests that lie near each other."""
        pairs = self._near(*self._fitting(rows))
        eligible = np.bincount(np.searchsorted(rows, pairs.request), minlength=len(rows))
        return _Found(rows, eligible, self._cheapest(pairs, keep))

    def _fitting(self, rows: Int64Array) -> tuple[Int64Array, Int64Array]:
        """Give (request, volunteer) wherever all bitmaps hold in the window of these requests."""
        pieces = self._pieces(rows)
        bits, there = self.index.bits_in(pieces), self.index.rows_in(pieces)
        fits = np.empty((len(rows), bits.shape[1]), np.uint8)
        for at, row in enumerate(rows.tolist()):
            fits[at] = self._fit(row, bits)
        found = ones_in(fits.ravel())
        line = found // max(len(there), 1)
        request, volunteer = rows[line], there[found - line * len(there)]
        is_real = volunteer >= 0
        return request[is_real], volunteer[is_real]

    def _pieces(self, rows: Int64Array) -> list[slice]:
        x = self.requests.x[rows].astype(np.float64)
        y = self.requests.y[rows].astype(np.float64)
        radius = float(self.requests.radius_m[rows].max())
        if np.isnan(x).any() or np.isnan(y).any():
            return [slice(0, self.index.bits.shape[1])]
        middle = (float(x.min() + x.max()) / 2, float(y.min() + y.max()) / 2)
        around = float(np.hypot(x - middle[0], y - middle[1]).max())
        return self.index.within(*middle, radius + around + 1)

    def _fit(self, row: int, bits: UInt8Array) -> UInt8Array:
        asked = self.requests
        needed = [
            bitmaps.ACTIVE,
            *bitmaps.category_bits(int(asked.category[row])),
            *bitmaps.skill_bits(int(asked.skills[row])),
            *bitmaps.slot_bits(int(asked.slots[row])),
            *([bitmaps.ADULT] if asked.require_adult[row] else []),
            *(bitmaps.sex_bits(int(asked.sex[row])) if asked.sex[row] != ANY_SEX else []),
        ]
        fits = bitmaps.all_of(bits, needed)
        if asked.languages[row]:
            fits = fits & bitmaps.any_of(bits, bitmaps.language_bits(int(asked.languages[row])))
        return fits

    def _near(self, request: Int64Array, volunteer: Int64Array) -> _Pairs:
        """Keep the pairs within reach that nothing bars."""
        pairs = self.priced(request, volunteer)
        is_near = pairs.metres <= self.requests.radius_m[request]
        is_near &= (pairs.metres != UNKNOWN_METRES) | (pairs.tier != Tier.OTHER)
        is_near &= ~_is_in(self._key(request, volunteer), self.barred)
        is_near &= ~self._clashing(request, volunteer)
        return pairs.take(is_near)

    def priced(self, request: Int64Array, volunteer: Int64Array) -> _Pairs:
        """Give what pairs cost, whether or not they may be."""
        weights = self.weights
        metres, tier = self._metres(request, volunteer), self._tiers(request, volunteer)
        way = np.where(metres == UNKNOWN_METRES, weights.metres_max, metres)
        cost = np.array(weights.tier)[tier] + self.standing[volunteer]
        cost += np.minimum(way, weights.metres_max) // np.int32(weights.metre_divisor)
        cost += weights.first_visit
        cost[_is_in(self._key(request, volunteer), self.previous)] -= weights.first_visit
        return _Pairs(request, volunteer, cost, metres, tier)

    def _metres(self, request: Int64Array, volunteer: Int64Array) -> Int32Array:
        east = self.volunteers.x[volunteer].astype(np.float64) - self.requests.x[request]
        north = self.volunteers.y[volunteer].astype(np.float64) - self.requests.y[request]
        metres = np.rint(np.sqrt(east * east + north * north))
        metres[np.isnan(metres)] = UNKNOWN_METRES
        return metres.astype(np.int32)

    def _tiers(self, request: Int64Array, volunteer: Int64Array) -> UInt8Array:
        tier = np.full(len(request), Tier.OTHER, np.uint8)
        for level in (Tier.DISTRICT, Tier.STREET, Tier.COMMUNITY, Tier.GRID, Tier.BUILDING):
            home, wanted = self.areas[level]
            tier[home[volunteer] == wanted[request]] = level
        return tier

    def _clashing(self, request: Int64Array, volunteer: Int64Array) -> BoolArray:
        """Tell the pairs whose volunteer is promised elsewhere at that time."""
        pad = self.weights.before_busy
        starts = self.requests.starts[request] - np.int32(pad)
        ends = self.requests.ends[request] + np.int32(pad)
        return clashes(self.volunteers.busy, volunteer, starts, ends)

    def _key(self, request: Int64Array, volunteer: Int64Array) -> Int64Array:
        return request * len(self.volunteers) + volunteer

    def _cheapest(self, pairs: _Pairs, keep: int) -> _Pairs:
        """Sort by request, cost and id, and keep the first of each request."""
        size = np.int64(len(self.volunteers))
        key = (pairs.request * _COSTS + pairs.cost) * size + self.by_id[pairs.volunteer]
        order = np.argsort(key)
        request = pairs.request[order]
        new = np.concatenate([[True], request[1:] != request[:-1]])[: len(request)]
        first = np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))
        return pairs.take(order[np.arange(len(order)) - first < keep])


def _areas(volunteers: Volunteers, requests: Requests) -> dict[Tier, tuple[Int32Array, Int32Array]]:
    """Give the areas of each level as numbers, of homes and of requests; -1 = not known."""
    places = np.concatenate([volunteers.place, requests.place])
    order = np.argsort(places, kind="stable")
    numbered = {}
    for tier, size, parent in AREAS:
        area = places[order] // size
        number = np.empty(len(places), np.int32)
        number[order] = np.cumsum(np.concatenate([[0], area[1:] != area[:-1]])[: len(area)])
        home, wanted = number[: len(volunteers)], number[len(volunteers) :]
        wanted[requests.place % parent == 0] = -1
        numbered[tier] = (home, wanted)
    return numbered


def _keys(lists: IdLists, volunteers: Volunteers, by_id: Int64Array) -> Int64Array:
    """Turn lists of ids into sorted keys of pairs, leaving out ids that the pool does not have."""
    if not len(volunteers):
        return np.zeros(0, np.int64)
    sorter = np.argsort(by_id)
    owner = np.repeat(np.arange(len(lists.ptr) - 1), np.diff(lists.ptr))
    at = np.searchsorted(volunteers.ids, lists.ids, sorter=sorter)
    row = sorter[np.minimum(at, len(volunteers) - 1)]
    is_there = volunteers.ids[row] == lists.ids
    return np.unique(owner[is_there] * len(volunteers) + row[is_there])


def _is_in(keys: Int64Array, sorted_keys: Int64Array) -> BoolArray:
    if not len(sorted_keys):
        return np.zeros(len(keys), np.bool_)
    at = np.minimum(np.searchsorted(sorted_keys, keys), len(sorted_keys) - 1)
    return np.asarray(sorted_keys[at] == keys)


def _standing(volunteers: Volunteers, weights: PlanWeights) -> Int64Array:
    load = np.array(weights.load)[np.minimum(volunteers.orders30, len(weights.load) - 1)]
    rating = np.where(volunteers.rating == 0, weights.unrated, volunteers.rating)
    return np.asarray(load + (RATING_MAX - rating) // weights.rating_divisor, np.int64)


def _groups(requests: Requests) -> Iterator[Int64Array]:
    """Yield requests that lie in one square of the map, the rows of each rising."""
    x, y = requests.x.astype(np.float64), requests.y.astype(np.float64)
    is_known = ~(np.isnan(x) | np.isnan(y))
    column = np.where(is_known, np.nan_to_num(x) // _SQUARE_M, np.inf)
    line = np.where(is_known, np.nan_to_num(y) // _SQUARE_M, np.inf)
    order = np.lexsort((np.arange(len(requests)), column, line))
    new = np.zeros(max(len(order) - 1, 0), np.bool_)
    for part in (column[order], line[order]):
        new |= part[1:] != part[:-1]
    for square in np.split(order, np.flatnonzero(new) + 1):
        for begin in range(0, len(square), _TOGETHER_MAX):
            yield np.sort(square[begin : begin + _TOGETHER_MAX])


def _gathered(requests: Requests, found: Sequence[_Found]) -> Candidates:
    eligible = np.zeros(len(requests), np.int32)
    for part in found:
        eligible[part.rows] = part.eligible
    pairs = _Pairs(
        *(
            np.concatenate([np.zeros(0, np.int64), *(getattr(part.pairs, name) for part in found)])
            for name in _Pairs.__slots__
        )
    )
    order = np.argsort(pairs.request, kind="stable")
    count = np.bincount(pairs.request, minlength=len(requests))
    return Candidates(
        ptr=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        volunteer=pairs.volunteer[order].astype(np.int32),
        cost=pairs.cost[order].astype(np.int32),
        metres=pairs.metres[order].astype(np.int32),
        tier=pairs.tier[order].astype(np.uint8),
        eligible=eligible,
    )
