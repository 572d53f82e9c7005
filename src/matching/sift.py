"""Find who may be asked at all: every test of one request over all volunteers at once."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from matching.answers import Cause, Tier
from matching.inputs import (
    ANY_SEX,
    BoolArray,
    Busy,
    FloatArray,
    Int32Array,
    Int64Array,
    Request,
    UInt8Array,
    Volunteers,
)

UNKNOWN_METRES = -1

# An area is one prefix of the 18-digit place number: (tier, size of the area, size of its parent).
# A request that is not known down to an area (zeros from there on) shares it with nobody.
AREAS: tuple[tuple[Tier, int, int], ...] = (
    # Some cities have streets but no districts, so a district may be "00" in a known place.
    (Tier.DISTRICT, 10**12, 10**14),
    (Tier.STREET, 10**9, 10**12),
    (Tier.COMMUNITY, 10**6, 10**9),
    (Tier.GRID, 10**3, 10**6),
    (Tier.BUILDING, 1, 10**3),
)


class Eligible(NamedTuple):
    """Hold the volunteers who may be asked.

    rows: i8[E] into the pool · tier: u1[E] · metres: i8[E], UNKNOWN_METRES where unknown.
    """

    rows: Int64Array
    tier: UInt8Array
    metres: Int64Array


def sift(volunteers: Volunteers, request: Request) -> tuple[Eligible, dict[Cause, int]]:
    """Give the eligible volunteers and, for the others, how many each cause blocked first."""
    rows, rejected = _rows_passing(volunteers, request)
    clash = clashes(volunteers.busy, rows, request.starts, request.ends)
    rejected[Cause.CONFLICT] = int(np.count_nonzero(clash))
    rows = rows[~clash]
    tier = tiers_to(volunteers.place[rows], request.place)
    metres = metres_to(volunteers.x[rows], volunteers.y[rows], request)
    # Without a distance the area decides: a home outside the district is too far.
    far = np.where(metres == UNKNOWN_METRES, tier == Tier.OTHER, metres > request.radius_m)
    rejected[Cause.TOO_FAR] = int(np.count_nonzero(far))
    return Eligible(rows[~far], tier[~far], metres[~far]), rejected


def _rows_passing(volunteers: Volunteers, request: Request) -> tuple[Int64Array, dict[Cause, int]]:
    """Give the rows that pass every test of one column, and the first blocking cause of the rest.

    Whole columns beat gathered rows, as most rows pass most tests.
    """
    rejected = dict.fromkeys(Cause, 0)
    alive = np.ones(len(volunteers), np.bool_)
    left = len(volunteers)
    for cause, fits in _tests(volunteers, request):
        alive &= fits
        now_left = int(np.count_nonzero(alive))
        rejected[cause] = left - now_left
        left = now_left
    return np.flatnonzero(alive), rejected


def _tests(volunteers: Volunteers, request: Request) -> Iterator[tuple[Cause, BoolArray]]:
    """Yield which rows pass each test that this request makes, in the order of Cause."""
    yield Cause.NOT_ACTIVE, volunteers.active
    yield Cause.PAUSED, ~volunteers.paused
    if request.require_adult:
        yield Cause.MINOR, volunteers.adult
    if request.sex != ANY_SEX:
        yield Cause.OTHER_SEX, volunteers.sex == request.sex
    if request.languages:
        yield Cause.LANGUAGE, (volunteers.languages & np.uint32(request.languages)) != 0
    if request.exclude:
        yield Cause.SELF_OR_FAMILY, ~is_one_of(volunteers.ids, request.exclude)
    if request.blocked:
        yield Cause.BLOCKED, ~is_one_of(volunteers.ids, request.blocked)
    for cause, column, needed in (
        (Cause.CATEGORY, volunteers.categories, request.category),
        (Cause.SKILL, volunteers.skills, request.skills),
        (Cause.NOT_AVAILABLE, volunteers.availability, request.slots),
    ):
        if needed:
            mask = np.uint32(needed)
            yield cause, (column & mask) == mask


def is_one_of(ids: Int64Array, few: frozenset[int]) -> BoolArray:
    """Say for each id whether it is one of a few."""
    # "sort" only wins for long lists; for a few ids numpy compares one by one, in linear time.
    return np.isin(ids, np.array(sorted(few), np.int64), kind="sort")


def clashes(
    busy: Busy, rows: Int64Array, starts: Int32Array | int, ends: Int32Array | int
) -> BoolArray:
    """Tell for each row whether one of its promised windows overlaps starts:ends, one window for
    all or one for each.
    """
    if not len(busy.start):
        return np.zeros(len(rows), np.bool_)
    first = busy.ptr[rows]
    count = busy.ptr[rows + 1] - first
    ends_at = np.cumsum(count)
    owner = np.repeat(np.arange(len(rows)), count)
    window = np.arange(len(owner)) + np.repeat(first - (ends_at - count), count)
    starts, ends = np.broadcast_to(starts, len(rows)), np.broadcast_to(ends, len(rows))
    hit = (busy.start[window] < ends[owner]) & (busy.end[window] > starts[owner])
    clash = np.zeros(len(rows), np.bool_)
    clash[owner[hit]] = True
    return clash


def tiers_to(places: Int64Array, wanted: int) -> UInt8Array:
    """Give the smallest area each place shares with the wanted one, as Tier numbers."""
    tiers = np.full(len(places), Tier.OTHER, np.uint8)
    for tier, size, parent in AREAS:
        if wanted % parent:
            begin = wanted - wanted % size
            tiers[(places >= begin) & (places < begin + size)] = tier
    return tiers


def metres_to(x: FloatArray, y: FloatArray, request: Request) -> Int64Array:
    """Measure straight distances in whole metres; UNKNOWN_METRES where a point is unknown."""
    east = x.astype(np.float64) - request.x
    north = y.astype(np.float64) - request.y
    # hypot would guard against overflow that metres on a local plane cannot reach, at 5x the time.
    metres = np.rint(np.sqrt(east * east + north * north))
    return np.where(np.isnan(metres), UNKNOWN_METRES, metres).astype(np.int64)
