"""Volunteers as bitmaps in bands of place: one bit a volunteer and property."""

from dataclasses import dataclass
from functools import reduce
from typing import Self

import numpy as np
import numpy.typing as npt

from matching.codes import CATEGORIES, LANGUAGES, SKILLS, SLOTS
from matching.inputs import FEMALE, MALE, BoolArray, Int64Array, UInt8Array, Volunteers

BAND_M = 700
_ROUND_M = 45_000_000.0  # further than any two homes are apart
_MASK_BITS = 32


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """Hold the chosen rows of a pool, sorted by band (south to north) and x, and their bitmaps.

    rows: i8[N], rows of the pool; those without a known point stand last · bands: i8[B+1], where
    each band begins in rows; known: how many have a point · bits: u1[P, N/8], a bitmap for each
    property, its first row in the lowest bit · south: y of the first band's lower edge · key: band
    and x as one rising number, of those with a point.
    """

    rows: Int64Array
    key: npt.NDArray[np.float64]
    bands: Int64Array
    known: int
    south: float
    bits: UInt8Array

    @classmethod
    def of(cls, volunteers: Volunteers, rows: Int64Array) -> Self:
        """Index these rows of a pool; a million take about a second."""
        x, y = volunteers.x[rows].astype(np.float64), volunteers.y[rows].astype(np.float64)
        is_known = ~(np.isnan(x) | np.isnan(y))
        south = float(y[is_known].min()) if is_known.any() else 0.0
        band = np.full(len(rows), np.iinfo(np.int64).max)
        band[is_known] = ((y[is_known] - south) // BAND_M).astype(np.int64)
        order = np.lexsort((volunteers.ids[rows], x, band))
        rows, band, known = rows[order], band[order], int(is_known.sum())
        count = int(band[known - 1]) + 1 if known else 0
        return cls(
            rows=rows,
            key=_key(band[:known], x[order][:known]),
            bands=np.searchsorted(band[:known], np.arange(count + 1)),
            known=known,
            south=south,
            bits=bitmaps(volunteers, rows),
        )

    def within(self, x: float, y: float, reach: float) -> list[slice]:
        """Give the bytes of the bitmaps that hold everybody within reach of a point, and some
        more; those without a point come last, all of them.
        """
        pieces = self.bands_within(x, y, reach)
        return joined([*pieces, slice(self.known // 8, self.bits.shape[1])])

    def bands_within(self, x: float, y: float, reach: float) -> list[slice]:
        """Give the bytes of everybody with a point within reach, band by band."""
        first = max(int((y - reach - self.south) // BAND_M), 0)
        last = min(int((y + reach - self.south) // BAND_M), len(self.bands) - 2)
        band = np.arange(first, last + 1)
        below = self.south + band * BAND_M
        off = np.maximum(np.maximum(below - y, y - below - BAND_M), 0.0)
        half = np.sqrt(np.maximum(reach * reach - off * off, 0.0))
        begins = np.searchsorted(self.key, _key(band, x - half), "left") // 8
        ends = -(-np.searchsorted(self.key, _key(band, x + half), "right") // 8)
        return [slice(*ends_of) for ends_of in zip(begins.tolist(), ends.tolist(), strict=True)]

    def rows_in(self, pieces: list[slice]) -> Int64Array:
        """Give the pool's rows behind pieces of the bitmaps, -1 where the last byte is not full."""
        if not pieces:
            return np.zeros(0, np.int64)
        found = [self.rows[piece.start * 8 : piece.stop * 8] for piece in pieces]
        short = -sum(len(one) for one in found) % 8
        return np.concatenate([*found, np.full(short, -1)])

    def bits_in(self, pieces: list[slice]) -> UInt8Array:
        """Give the bitmaps of these pieces, side by side: u1[P, bytes]."""
        empty = self.bits[:, :0]
        return np.concatenate([empty, *(self.bits[:, piece] for piece in pieces)], axis=1)


def _key(band: Int64Array, x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(band * _ROUND_M + np.clip(x, -_ROUND_M / 3, _ROUND_M / 3))


def joined(pieces: list[slice]) -> list[slice]:
    """Join pieces that touch or share a byte; the pieces come in order."""
    whole: list[slice] = []
    for piece in pieces:
        if piece.stop <= piece.start:
            continue
        if whole and piece.start <= whole[-1].stop:
            whole[-1] = slice(whole[-1].start, max(whole[-1].stop, piece.stop))
        else:
            whole.append(piece)
    return whole


def ones_in(bits: UInt8Array) -> Int64Array:
    """Give where a bitmap holds; most bytes of a sparse one are skipped."""
    some = np.flatnonzero(bits != 0)
    inside = np.flatnonzero(np.unpackbits(bits[some], bitorder="little"))
    found: Int64Array = some[inside >> 3] * 8 + (inside & 7)
    return found


# Where each property's bitmap stands.
ACTIVE, AWAKE, ADULT, MAN, WOMAN = range(5)
_LANGUAGES_AT = 5
_CATEGORIES_AT = _LANGUAGES_AT + len(LANGUAGES)
_SKILLS_AT = _CATEGORIES_AT + len(CATEGORIES)
_SLOTS_AT = _SKILLS_AT + len(SKILLS)
NOBODY = _SLOTS_AT + len(SLOTS)  # holds for no one: asked for codes that no list has
COUNT = NOBODY + 1


def sex_bits(sex: int) -> list[int]:
    """Give the bitmaps of which one must hold for a wished sex."""
    return [{MALE: MAN, FEMALE: WOMAN}[sex]]


def language_bits(mask: int) -> list[int]:
    """Give the bitmaps of which one must hold."""
    return _ones(mask, _LANGUAGES_AT, LANGUAGES)


def category_bits(mask: int) -> list[int]:
    """Give the bitmaps that must all hold."""
    return _ones(mask, _CATEGORIES_AT, CATEGORIES)


def skill_bits(mask: int) -> list[int]:
    """Give the bitmaps that must all hold."""
    return _ones(mask, _SKILLS_AT, SKILLS)


def slot_bits(mask: int) -> list[int]:
    """Give the bitmaps that must all hold."""
    return _ones(mask, _SLOTS_AT, SLOTS)


def all_of(bits: UInt8Array, which: list[int]) -> UInt8Array:
    """Give where all of these properties hold; at least one must be asked for."""
    return reduce(np.bitwise_and, (bits[one] for one in which))


def any_of(bits: UInt8Array, which: list[int]) -> UInt8Array:
    """Give where one of these properties holds."""
    return reduce(np.bitwise_or, (bits[one] for one in which))


def _ones(mask: int, offset: int, table: tuple[str, ...]) -> list[int]:
    asked = (bit for bit in range(_MASK_BITS) if mask >> bit & 1)
    return [offset + bit if bit < len(table) else NOBODY for bit in asked]


def bitmaps(volunteers: Volunteers, rows: Int64Array) -> UInt8Array:
    """Give the bitmaps of these rows, in this order: u1[COUNT, N/8]."""
    bits = np.zeros((COUNT, -(-len(rows) // 8)), np.uint8)
    flags: dict[int, BoolArray] = {
        ACTIVE: volunteers.active[rows],
        AWAKE: ~volunteers.paused[rows],
        ADULT: volunteers.adult[rows],
        MAN: volunteers.sex[rows] == MALE,
        WOMAN: volunteers.sex[rows] == FEMALE,
    }
    for at, flag in flags.items():
        bits[at] = np.packbits(flag, bitorder="little")
    for column, offset, table in (
        (volunteers.languages, _LANGUAGES_AT, LANGUAGES),
        (volunteers.categories, _CATEGORIES_AT, CATEGORIES),
        (volunteers.skills, _SKILLS_AT, SKILLS),
        (volunteers.availability, _SLOTS_AT, SLOTS),
    ):
        chosen = column[rows]
        for bit in range(len(table)):
            has = (chosen >> np.uint32(bit) & np.uint32(1)).astype(np.bool_)
            bits[offset + bit] = np.packbits(has, bitorder="little")
    return bits
