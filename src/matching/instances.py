"""Invented cities for benchmarks: the same seed gives the same city."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matching.codes import CATEGORIES, SKILLS, SLOTS
from matching.inputs import (
    ANY_SEX,
    FEMALE,
    MALE,
    BoolArray,
    Busy,
    Int64Array,
    Request,
    UInt32Array,
    Volunteers,
)
from matching.slots import slots_between

Float64Array = npt.NDArray[np.float64]

# Source of shapes and shares: handbook matching.md §2.
COMMUNITY, DISTRICT, CITY = 1_283, 50_000, 1_000_000
_VOLUNTEERS_PER_COMMUNITY = 642
_COMMUNITIES_PER_STREET, _STREETS_PER_DISTRICT = 10, 8
_GRIDS, _BUILDINGS = 6, 10
_CITY_RADIUS_M, _STREET_M, _COMMUNITY_M, _GRID_M, _BUILDING_M = 12_000, 2_200, 700, 220, 70
_FIRST_COUNTY = 110_101

_DAY_MINUTES = 24 * 60
_WEEKDAY_EVENINGS = sum(1 << (day * 3 + 2) for day in range(5))
_WEEKDAY_MORNINGS = sum(1 << (day * 3) for day in range(5))
_WEEKDAY_AFTERNOONS = _WEEKDAY_MORNINGS << 1
_WEEKEND = sum(1 << slot for slot in range(15, 21))
_ALWAYS = (1 << len(SLOTS)) - 1
# Worker, retiree, student, flexible; then those who offer no time at present.
_TIMES = (
    _WEEKDAY_EVENINGS | _WEEKEND,
    _WEEKDAY_MORNINGS | _WEEKDAY_AFTERNOONS,
    _WEEKDAY_AFTERNOONS | _WEEKEND,
    _ALWAYS,
    0,
)
_OFFERING = 0.22
_TIME_SHARES = (*(_OFFERING * share for share in (0.45, 0.30, 0.15, 0.10)), 1 - _OFFERING)


def zipf(size: int, exponent: float) -> Float64Array:
    """Give shares that fall with the rank by a power."""
    weight = np.power(np.arange(1.0, size + 1), -exponent)
    return np.asarray(weight / weight.sum())


_CATEGORY_SHARES = zipf(len(CATEGORIES), 1.2)
_DEMANDED_SKILL_SHARES = zipf(len(SKILLS), 0.55)
_ACTIVE, _PAUSED, _ADULT, _RATED = 0.92, 0.03, 0.94, 0.70
_TWO_SKILLS, _TWO_HELPERS, _WANTS_A_WOMAN, _KNOWS_A_HELPER, _AVOIDS_ONE = (
    0.15,
    0.15,
    0.10,
    0.30,
    0.03,
)


class Buildings(NamedTuple):
    """Hold the buildings of a city: place numbers, metres, and each one's share of the people."""

    place: Int64Array
    x: Float64Array
    y: Float64Array
    share: Float64Array


def invent_volunteers(count: int, *, seed: int) -> Volunteers:
    """Invent a city with this many volunteers; a million take about two seconds."""
    random = np.random.default_rng(seed)
    buildings = build_city(max(1, count // _VOLUNTEERS_PER_COMMUNITY), random)
    home = random.choice(len(buildings.place), count, p=buildings.share)
    offered = random.choice(len(_TIMES), count, p=_TIME_SHARES)
    is_rated = random.random(count) < _RATED
    stars = np.clip(random.normal(460, 30, count), 300, 500)
    return Volunteers(
        ids=random.permutation(count).astype(np.int64) + 1,
        place=buildings.place[home],
        x=buildings.x[home].astype(np.float32),
        y=buildings.y[home].astype(np.float32),
        skills=draw_masks(zipf(len(SKILLS), 0.9), 1, 4, count, random),
        categories=draw_masks(_CATEGORY_SHARES, 3, 8, count, random),
        availability=np.array(_TIMES, np.uint32)[offered],
        active=random.random(count) < _ACTIVE,
        paused=random.random(count) < _PAUSED,
        adult=random.random(count) < _ADULT,
        sex=random.choice(np.array([MALE, FEMALE], np.uint8), count),
        languages=np.ones(count, np.uint32),
        orders30=np.minimum(random.geometric(0.5, count) - 1, 20).astype(np.int16),
        rating=np.where(is_rated, stars, 0).astype(np.int16),
        day_cap=np.full(count, 2, np.uint8),
        week_cap=np.full(count, 4, np.uint8),
        busy=draw_commitments(np.array(_TIMES)[offered] > 0, random),
    )


def invent_requests(volunteers: Volunteers, count: int, *, seed: int) -> tuple[Request, ...]:
    """Invent requests from the homes of the pool, each by somebody who is left out of it."""
    random = np.random.default_rng(seed)
    return tuple(_request(volunteers, random) for _ in range(count))


def build_city(communities: int, random: np.random.Generator) -> Buildings:
    """Scatter buildings around grids around communities around streets, Gaussian each time."""
    community = np.arange(communities)
    street = community // _COMMUNITIES_PER_STREET
    district = street // _STREETS_PER_DISTRICT
    centre = random.uniform(-_CITY_RADIUS_M, _CITY_RADIUS_M, (district[-1] + 1, 2))
    streets = centre[np.arange(street[-1] + 1) // _STREETS_PER_DISTRICT]
    streets = streets + random.normal(0, _STREET_M, streets.shape)
    communities_at = streets[street] + random.normal(0, _COMMUNITY_M, (communities, 2))
    grids_at = communities_at[:, None] + random.normal(0, _GRID_M, (communities, _GRIDS, 2))
    shape = (communities, _GRIDS, _BUILDINGS)
    at = grids_at[:, :, None] + random.normal(0, _BUILDING_M, (*shape, 2))
    parts = (
        (_FIRST_COUNTY + district) * 10**12
        + (street % _STREETS_PER_DISTRICT + 1) * 10**9
        + (community % _COMMUNITIES_PER_STREET + 1) * 10**6
    )
    grids = (np.arange(_GRIDS) + 1) * 10**3
    place = parts[:, None, None] + grids[:, None] + np.arange(1, _BUILDINGS + 1)
    share = np.broadcast_to(random.lognormal(0, 0.6, communities)[:, None, None], shape).ravel()
    flat = at.reshape(-1, 2)
    return Buildings(place.ravel(), flat[:, 0], flat[:, 1], share / share.sum())


def draw_masks(
    shares: Float64Array, fewest: int, most: int, count: int, random: np.random.Generator
) -> UInt32Array:
    """Draw some bits for each row (fewer where one is drawn twice), as often as their shares."""
    wanted = random.integers(fewest, most + 1, count)
    masks = np.zeros(count, np.uint32)
    for turn in range(most):
        bit = random.choice(len(shares), count, p=shares).astype(np.uint32)
        masks |= np.where(turn < wanted, np.uint32(1) << bit, np.uint32(0))
    return masks


def draw_commitments(offers_time: BoolArray, random: np.random.Generator) -> Busy:
    """Draw about one visit of one to three hours this week for each who offers time."""
    visits = np.where(offers_time, random.poisson(1.0, len(offers_time)), 0)
    start = random.integers(16, 40, visits.sum()) * 30
    start += random.integers(7, size=visits.sum()) * _DAY_MINUTES
    return Busy(
        ptr=np.concatenate([[0], np.cumsum(visits)]).astype(np.int64),
        start=start.astype(np.int32),
        end=(start + random.integers(2, 7, visits.sum()) * 30).astype(np.int32),
    )


def _request(volunteers: Volunteers, random: np.random.Generator) -> Request:
    home = int(random.integers(len(volunteers)))
    place = int(volunteers.place[home])
    grid = place - place % 10**3
    near = volunteers.ids[(volunteers.place >= grid) & (volunteers.place < grid + 10**3)]
    skills = random.choice(
        len(SKILLS), 2 if random.random() < _TWO_SKILLS else 1, False, _DEMANDED_SKILL_SHARES
    )
    starts = int(random.integers(7) * _DAY_MINUTES + random.integers(16, 36) * 30)
    ends = starts + 60 * int(random.integers(1, 4))
    return Request(
        place=place,
        x=float(volunteers.x[home]),
        y=float(volunteers.y[home]),
        starts=starts,
        ends=ends,
        slots=_slots(starts, ends),
        skills=sum(1 << int(skill) for skill in skills),
        category=1 << int(random.choice(len(CATEGORIES), p=_CATEGORY_SHARES)),
        helpers=2 if random.random() < _TWO_HELPERS else 1,
        sex=FEMALE if random.random() < _WANTS_A_WOMAN else ANY_SEX,
        exclude=frozenset({int(volunteers.ids[home])}),
        blocked=_some(near, _AVOIDS_ONE, random),
        previous=_some(near, _KNOWS_A_HELPER, random),
    )


def _slots(starts: int, ends: int) -> int:
    """Give the slots of a window in minutes since Monday midnight."""
    monday = datetime(2026, 1, 5, tzinfo=UTC)
    return slots_between(monday + timedelta(minutes=starts), monday + timedelta(minutes=ends))


def _some(ids: Int64Array, probability: float, random: np.random.Generator) -> frozenset[int]:
    return frozenset({int(random.choice(ids))} if random.random() < probability else ())
