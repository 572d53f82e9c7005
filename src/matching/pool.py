"""Volunteers kept ready: one request is answered without looking at each of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from matching import index as bitmaps
from matching.answers import Cause, Ranking, Tier
from matching.calendar import Calendar
from matching.index import Index, joined, ones_in
from matching.inputs import (
    ANY_SEX,
    FloatArray,
    Int16Array,
    Int64Array,
    Request,
    UInt8Array,
    Volunteers,
)
from matching.rank import rank_eligible
from matching.sift import UNKNOWN_METRES, Eligible, metres_to, tiers_to
from matching.weights import WEIGHTS, Weights

UInt64Array = npt.NDArray[np.uint64]

_WORD, _OCTETS = 64, 8
_CARD = np.dtype(
    [
        *(("ids", np.int64), ("place", np.int64), ("x", np.float32), ("y", np.float32)),
        *(("orders30", np.int16), ("rating", np.int16), ("spare", np.int32)),
    ]
)
_BITS = np.left_shift(1, np.arange(8)).astype(np.uint8)
_DROPPED, _NOWHERE = -1, -1


class _Cards(NamedTuple):
    """Cards of a few, taken apart."""

    ids: Int64Array
    place: Int64Array
    x: FloatArray
    y: FloatArray
    orders30: Int16Array
    rating: Int16Array

    @classmethod
    def of(cls, cards: npt.NDArray[np.void]) -> Self:
        return cls(*(cards[name] for name in cls._fields))


class Fitting(NamedTuple):
    """Hold who passes all that one asks of a person alone: not yet time and way.

    ids: i8[F], rising · rejected: how many each cause blocked first, every cause, zeros too.
    """

    ids: Int64Array
    rejected: dict[Cause, int]


@dataclass(slots=True, eq=False, kw_only=True)
class Pool:
    """Keep volunteers as bitmaps, columns by place on the map, and a calendar of their windows.

    Answers as ``rank_one`` does, of a million people in a third of its time.
    ``put`` and ``drop`` change a few people at once. Changing and asking must not overlap: with
    several threads the caller keeps them apart.

    A position never changes hands: who moves house gets a new one after all others, where everybody
    is looked at for each request. After many moves a new pool is faster.
    """

    cards: npt.NDArray[np.void]  # by position: what is read of each who passes, side by side
    words: UInt64Array  # u8[COUNT, room / 64], bit by bit as in Index.bits
    used: int  # positions given so far
    size: int  # people
    index: Index
    calendar: Calendar
    by_id: Int64Array  # positions that the pool began with, by rising id
    moved: dict[int, int]  # id to position, of all who came or left since
    willing: list[tuple[Cause, UInt64Array, int]]  # active, awake, adult: who is left, how many

    @classmethod
    def of(cls, volunteers: Volunteers) -> Self:
        """Build a pool; a million volunteers take about a second."""
        count = len(volunteers)
        index = Index.of(volunteers, np.arange(count))
        room = _room(count)
        words = np.zeros((bitmaps.COUNT, room // _WORD), np.uint64)
        words.view(np.uint8)[:, : index.bits.shape[1]] = index.bits
        cards = _no_cards(room)
        for name in _Cards._fields:
            cards[name][:count] = getattr(volunteers, name)[index.rows]
        place_of = np.empty(count, np.int64)
        place_of[index.rows] = np.arange(count)
        calendar = Calendar()
        calendar.add(volunteers.busy, place_of)
        return cls(
            cards=cards,
            words=words,
            used=count,
            size=count,
            index=replace(index, bits=np.zeros((bitmaps.COUNT, 0), np.uint8)),
            calendar=calendar,
            by_id=np.argsort(volunteers.ids[index.rows]),
            moved={},
            willing=[],
        )

    def __len__(self) -> int:
        return self.size

    def rank_one(self, request: Request, *, limit: int, weights: Weights = WEIGHTS) -> Ranking:
        """Give what ``matching.rank_one`` gives for the same people. Raises ValueError."""
        if limit < 1:
            raise ValueError("limit must be at least 1")
        alive, rejected = self._passing(request)
        rejected[Cause.CONFLICT] = self._clear_busy(alive, request)
        left = self.size - sum(rejected.values())
        around = _Cards.of(self.cards[_ones_of(_octets(alive), self._pieces(request))])
        eligible = _within_reach(around, request)
        rejected[Cause.TOO_FAR] = left - len(eligible.rows)
        return rank_eligible(
            around, eligible, rejected, request, considered=self.size, limit=limit, weights=weights
        )

    def fitting(self, request: Request, *, places: tuple[int, int] | None = None) -> Fitting:
        """Give who fits but for time and way: for callers who know better who is busy now.

        ``places``: only of these homes, half-open.
        """
        alive, rejected = self._passing(request, places)
        return Fitting(np.sort(self.cards["ids"][ones_in(_octets(alive))]), rejected)

    def put(self, changed: Volunteers) -> None:
        """Take in people, new or known by their id, as they are now."""
        rows = [self._settle(changed, row) for row in range(len(changed))]
        positions = np.array(rows, np.int64)
        bits = np.unpackbits(
            bitmaps.bitmaps(changed, np.arange(len(changed))),
            axis=1,
            count=len(changed),
            bitorder="little",
        )
        octets = self.words.view(np.uint8)
        for row, position in enumerate(rows):
            mask = np.uint8(1 << (position & 7))
            octets[:, position >> 3] &= ~mask
            octets[:, position >> 3] |= bits[:, row] * mask
        for name in _Cards._fields:
            self.cards[name][positions] = getattr(changed, name)
        self.calendar.forget(positions)
        self.calendar.add(changed.busy, positions)
        self.willing.clear()

    def drop(self, ids: Iterable[int]) -> None:
        """Forget people; ids that the pool does not have are passed over."""
        gone = [(one, at) for one in dict.fromkeys(ids) if (at := self._position(one)) is not None]
        self._clear([at for _, at in gone])
        self.moved.update((one, _DROPPED) for one, _ in gone)
        self.size -= len(gone)

    def _settle(self, changed: Volunteers, row: int) -> int:
        """Give the position of a changed person: her old one, unless she is new or moved."""
        one = int(changed.ids[row])
        position = self._position(one)
        if position is not None and self._is_home(position, changed.x[row], changed.y[row]):
            return position
        if position is None:
            self.size += 1
        else:
            self._clear([position])
        if self.used == len(self.cards):
            self._grow()
        self.moved[one] = self.used
        self.used += 1
        return self.used - 1

    def _is_home(self, position: int, x: np.float32, y: np.float32) -> bool:
        card = self.cards[position]
        return np.array_equal([card["x"], card["y"]], [x, y], equal_nan=True)

    def _position(self, one: int) -> int | None:
        if (moved := self.moved.get(one)) is not None:
            return None if moved == _DROPPED else moved
        began = self.cards["ids"][: len(self.by_id)]
        at = int(np.searchsorted(began, one, sorter=self.by_id))
        if at < len(began) and began[self.by_id[at]] == one:
            return int(self.by_id[at])
        return None

    def _clear(self, positions: list[int]) -> None:
        octets = self.words.view(np.uint8)
        for position in positions:
            octets[:, position >> 3] &= ~np.uint8(1 << (position & 7))
            self.cards["place"][position] = _NOWHERE
        self.calendar.forget(np.array(positions, np.int64))
        self.willing.clear()

    def _grow(self) -> None:
        room = self.used + _room(self.used)
        self.cards = np.concatenate([self.cards, _no_cards(room - len(self.cards))])
        words = np.zeros((bitmaps.COUNT, room // _WORD), np.uint64)
        words[:, : self.words.shape[1]] = self.words
        self.words = words

    def _passing(
        self, request: Request, places: tuple[int, int] | None = None
    ) -> tuple[UInt64Array, dict[Cause, int]]:
        """Give who passes all tests of one person alone, and count the others by first cause."""
        rejected = dict.fromkeys(Cause, 0)
        left, willing = self._willing(places)
        for cause, alive, now_left in willing[: 3 if request.require_adult else 2]:
            rejected[cause], left = left - now_left, now_left
            passing = alive
        passing = passing.copy()
        for cause, holds in self._wishes(request):
            passing &= holds
            rejected[cause] = left - _count(passing)
            left -= rejected[cause]
        for cause, ids in (
            (Cause.SELF_OR_FAMILY, request.exclude),
            (Cause.BLOCKED, request.blocked),
        ):
            rejected[cause] = self._clear_few(passing, ids)
            left -= rejected[cause]
        for cause, which in _needed(request):
            passing &= self._all_of(which)
            rejected[cause] = left - _count(passing)
            left -= rejected[cause]
        return passing, rejected

    def _willing(
        self, places: tuple[int, int] | None
    ) -> tuple[int, list[tuple[Cause, UInt64Array, int]]]:
        """Give how many people there are, and who is left after each test that nearly every
        request makes; of everybody this is counted once.
        """
        if places is not None:
            homes = self.cards["place"]
            here = np.packbits((homes >= places[0]) & (homes < places[1]), bitorder="little")
            return _count(here.view(np.uint64)), self._willing_among(here.view(np.uint64))
        if not self.willing:
            self.willing = self._willing_among(None)
        return self.size, self.willing

    def _willing_among(self, left: UInt64Array | None) -> list[tuple[Cause, UInt64Array, int]]:
        willing = []
        for cause, bit in (
            (Cause.NOT_ACTIVE, bitmaps.ACTIVE),
            (Cause.PAUSED, bitmaps.AWAKE),
            (Cause.MINOR, bitmaps.ADULT),
        ):
            left = self.words[bit] if left is None else left & self.words[bit]
            willing.append((cause, left, _count(left)))
        return willing

    def _wishes(self, request: Request) -> Iterator[tuple[Cause, UInt64Array]]:
        if request.sex != ANY_SEX:
            yield Cause.OTHER_SEX, self._all_of(bitmaps.sex_bits(request.sex))
        if request.languages:
            which = bitmaps.language_bits(request.languages)
            spoken = (self.words[one] for one in which)
            yield Cause.LANGUAGE, reduce(np.bitwise_or, spoken, np.zeros_like(self.words[0]))

    def _all_of(self, which: list[int]) -> UInt64Array:
        return reduce(np.bitwise_and, (self.words[one] for one in which))

    def _clear_few(self, alive: UInt64Array, ids: Iterable[int]) -> int:
        places = [at for one in ids if (at := self._position(one)) is not None]
        return _clear_at(_octets(alive), np.array(places, np.int64))

    def _clear_busy(self, alive: UInt64Array, request: Request) -> int:
        busy = self.calendar.busy(request.starts, request.ends)
        return _clear_at(_octets(alive), busy)

    def _pieces(self, request: Request) -> list[slice]:
        everybody = slice(0, self.words.shape[1] * _OCTETS)
        if np.isnan(request.x) or np.isnan(request.y):
            return [everybody]
        # Metres are rounded: whoever is half a metre further still counts as within reach.
        bands = self.index.bands_within(request.x, request.y, request.radius_m + 1)
        return joined([*bands, slice(self.index.known // 8, everybody.stop)])


def _within_reach(around: _Cards, request: Request) -> Eligible:
    """Keep who is within reach; without a distance the area decides."""
    tier = tiers_to(around.place, request.place)
    metres = metres_to(around.x, around.y, request)
    near = np.where(metres == UNKNOWN_METRES, tier != Tier.OTHER, metres <= request.radius_m)
    rows = np.flatnonzero(near)
    return Eligible(rows, tier[rows], metres[rows])


def _needed(request: Request) -> Iterator[tuple[Cause, list[int]]]:
    if request.category:
        yield Cause.CATEGORY, bitmaps.category_bits(request.category)
    if request.skills:
        yield Cause.SKILL, bitmaps.skill_bits(request.skills)
    if request.slots:
        yield Cause.NOT_AVAILABLE, bitmaps.slot_bits(request.slots)


def _octets(words: UInt64Array) -> UInt8Array:
    return words.view(np.uint8)


def _count(words: UInt64Array) -> int:
    return int(np.bitwise_count(words).sum())


def _clear_at(octets: UInt8Array, positions: npt.NDArray[np.integer]) -> int:
    """Clear these bits, some named twice; give how many were set."""
    bit = _BITS[positions & 7]
    hit = np.flatnonzero(octets[positions >> 3] & bit)
    cleared = np.unique(positions[hit])
    np.bitwise_and.at(octets, cleared >> 3, ~_BITS[cleared & 7])
    return len(cleared)


def _ones_of(octets: UInt8Array, pieces: list[slice]) -> Int64Array:
    """Give the positions of the bits that are set within these pieces, rising."""
    if not pieces:
        return np.zeros(0, np.int64)
    lengths = [piece.stop - piece.start for piece in pieces]
    ones = ones_in(np.concatenate([octets[piece] for piece in pieces]))
    begins = np.cumsum([0, *lengths[:-1]]) * 8
    offset = np.array([piece.start for piece in pieces]) * 8 - begins
    found: Int64Array = ones + offset[np.searchsorted(begins, ones, "right") - 1]
    return found


def _no_cards(count: int) -> npt.NDArray[np.void]:
    cards = np.zeros(count, _CARD)
    cards["place"] = _NOWHERE
    return cards


def _room(count: int) -> int:
    """Leave some room for who comes later: a sixteenth, full words."""
    return -(-(count + max(count // 16, _WORD)) // _WORD) * _WORD
