"""Invented weeks for the open benchmark: a city's volunteers and all its requests at once."""

from typing import NamedTuple

import numpy as np

from matching.codes import SKILLS
from matching.inputs import ANY_SEX, FEMALE, MALE, Busy, Int64Array, UInt32Array, Volunteers
from matching.instances import (
    CITY,
    COMMUNITY,
    DISTRICT,
    Buildings,
    Float64Array,
    build_city,
    draw_masks,
    zipf,
)
from matching.requests import IdLists, Requests
from matching.slots import slot_bit

# Source of sizes, shapes and shares: handbook matching.md §2.
SIZES = {"community": (COMMUNITY, 300), "district": (DISTRICT, 5_000), "city": (CITY, 100_000)}
NORMAL, SCARCE = 0.22, 0.08
_PEOPLE_A_COMMUNITY = 642
_DAY = 24 * 60
_DAYS = 7
# Worker, retiree, student, flexible: how many of those who offer time, and the parts of a weekday
# and of a weekend day that they may offer; of these each one offers a part in two.
_KINDS = (
    (0.45, (False, False, True), (True, True, True)),
    (0.30, (True, True, False), (True, False, False)),
    (0.15, (False, True, True), (True, True, True)),
    (0.10, (True, True, True), (True, True, True)),
)
_OFFERS_A_PART = 0.3
_DAY_CAPS = ((1, 2, 3), (0.6, 0.3, 0.1))
_WEEK_CAPS = ((1, 2, 3, 5), (0.4, 0.3, 0.2, 0.1))
_ADULT, _SPEAKS_DIALECT, _DIALECTS = 0.94, 0.30, 4
_TWO_SKILLS, _TWO_HELPERS, _WANTS_A_WOMAN, _WANTS_DIALECT, _ADULT_ONLY = 0.15, 0.15, 0.1, 0.06, 0.05
_RECURRING, _AVOIDS_ONE, _RADIUS_M = 0.30, 0.03, 5_000
_PRIORITIES = ((1, 2, 3, 4), (0.70, 0.20, 0.08, 0.02))
_NO_WINDOWS = np.zeros(0, np.int32)


class Week(NamedTuple):
    """One instance of the benchmark."""

    volunteers: Volunteers
    requests: Requests


def invent_week(size: str, *, seed: int, offering: float = NORMAL) -> Week:
    """Invent a week of a community, district or city; ``offering`` is the share of volunteers who
    give any time. The same seed gives the same week; a city takes some seconds.
    """
    people, wanted = SIZES[size]
    return invent_week_of(people, wanted, seed=seed, offering=offering)


def invent_week_of(people: int, wanted: int, *, seed: int, offering: float = NORMAL) -> Week:
    """Invent a week of any size."""
    random = np.random.default_rng(seed)
    buildings = build_city(max(1, people // _PEOPLE_A_COMMUNITY), random)
    volunteers = _volunteers(buildings, people, offering, random)
    return Week(volunteers, _requests(buildings, volunteers, wanted, random))


def _volunteers(
    buildings: Buildings, count: int, offering: float, random: np.random.Generator
) -> Volunteers:
    home = random.choice(len(buildings.place), count, p=buildings.share)
    availability = np.zeros(count, np.uint32)
    offers = random.random(count) < offering
    availability[offers] = _availability(int(offers.sum()), random)
    return Volunteers(
        ids=random.permutation(count).astype(np.int64) + 1,
        place=buildings.place[home],
        x=buildings.x[home].astype(np.float32),
        y=buildings.y[home].astype(np.float32),
        skills=draw_masks(zipf(len(SKILLS), 0.9), 1, 4, count, random),
        categories=np.full(count, np.uint32(2**32 - 1)),
        availability=availability,
        active=np.ones(count, np.bool_),
        paused=np.zeros(count, np.bool_),
        adult=random.random(count) < _ADULT,
        sex=random.choice(np.array([MALE, FEMALE], np.uint8), count),
        languages=_languages(count, random),
        orders30=np.minimum(random.geometric(0.5, count) - 1, 20).astype(np.int16),
        rating=np.clip(random.normal(460, 30, count), 300, 500).astype(np.int16),
        day_cap=random.choice(_DAY_CAPS[0], count, p=_DAY_CAPS[1]).astype(np.uint8),
        week_cap=random.choice(_WEEK_CAPS[0], count, p=_WEEK_CAPS[1]).astype(np.uint8),
        busy=Busy(
            ptr=np.zeros(count + 1, np.int64),
            start=np.zeros(0, np.int32),
            end=np.zeros(0, np.int32),
        ),
    )


def _availability(count: int, random: np.random.Generator) -> UInt32Array:
    """Draw the parts of the week that each one offers, at least one."""
    kind = random.choice(len(_KINDS), count, p=[share for share, *_ in _KINDS])
    masks = np.zeros(count, np.uint32)
    last = np.zeros(count, np.uint32)
    for day in range(_DAYS):
        for part in range(3):
            may = np.array([(weekday, weekend)[day > 4][part] for _, weekday, weekend in _KINDS])
            bit = np.uint32(slot_bit(day, part))
            draws = random.random(count) < _OFFERS_A_PART
            masks |= np.where(may[kind] & draws, bit, np.uint32(0))
            last = np.where(may[kind], bit, last)
    return np.where(masks == 0, last, masks)


def _languages(count: int, random: np.random.Generator) -> UInt32Array:
    """Everybody speaks the common tongue, some a dialect too."""
    dialect = np.uint32(1) << random.integers(1, 1 + _DIALECTS, count).astype(np.uint32)
    speaks = random.random(count) < _SPEAKS_DIALECT
    return np.where(speaks, dialect | np.uint32(1), np.uint32(1)).astype(np.uint32)


def _requests(
    buildings: Buildings, volunteers: Volunteers, count: int, random: np.random.Generator
) -> Requests:
    at = random.choice(len(buildings.place), count, p=_demand(buildings, random))
    starts = random.integers(_DAYS, size=count) * _DAY + random.integers(16, 37, count) * 30
    minutes = random.choice([60, 90, 120, 180], count, p=[0.4, 0.2, 0.3, 0.1])
    ends = starts + minutes
    place = buildings.place[at]
    near = _near(volunteers, place, random)
    recurring = (random.random(count) < _RECURRING) & (near > 0)
    avoiding = (random.random(count) < _AVOIDS_ONE) & (near > 0) & ~recurring
    wants_dialect = random.random(count) < _WANTS_DIALECT
    dialect = np.uint32(1) << random.integers(1, 1 + _DIALECTS, count).astype(np.uint32)
    return Requests(
        ids=random.permutation(count).astype(np.int64) + 1,
        place=place,
        x=buildings.x[at].astype(np.float32),
        y=buildings.y[at].astype(np.float32),
        starts=starts.astype(np.int32),
        ends=ends.astype(np.int32),
        slots=_slots(starts, ends),
        skills=_needed_skills(count, random),
        category=np.zeros(count, np.uint32),
        languages=np.where(wants_dialect, dialect, np.uint32(0)),
        helpers=(1 + (random.random(count) < _TWO_HELPERS)).astype(np.uint8),
        priority=random.choice(_PRIORITIES[0], count, p=_PRIORITIES[1]).astype(np.uint8),
        radius_m=np.full(count, _RADIUS_M, np.int32),
        sex=np.where(random.random(count) < _WANTS_A_WOMAN, FEMALE, ANY_SEX).astype(np.uint8),
        require_adult=random.random(count) < _ADULT_ONLY,
        exclude=_one_each(near, np.zeros(count, np.bool_)),
        blocked=_one_each(near, avoiding),
        previous=_one_each(near, recurring),
    )


def _demand(buildings: Buildings, random: np.random.Generator) -> Float64Array:
    """Where few volunteers live there is need too: demand grows by a weaker power of supply."""
    community = np.unique(buildings.place // 10**6, return_inverse=True)[1]
    weight = np.bincount(community, buildings.share) ** 0.4
    weight *= random.lognormal(0, 0.5, len(weight))
    share = weight[community] / np.bincount(community)[community]
    return np.asarray(share / share.sum())


def _near(volunteers: Volunteers, place: Int64Array, random: np.random.Generator) -> Int64Array:
    """Give the id of somebody who offers time in the grid of each place, 0 where nobody does."""
    offers = np.flatnonzero(volunteers.availability)
    order = offers[np.argsort(volunteers.place[offers], kind="stable")]
    homes = volunteers.place[order]
    grid = place - place % 10**3
    first, last = np.searchsorted(homes, grid), np.searchsorted(homes, grid + 10**3)
    pick = first + (random.random(len(place)) * (last - first)).astype(np.int64)
    found: Int64Array = np.zeros(len(place), np.int64)
    there = last > first
    found[there] = volunteers.ids[order[pick[there]]]
    return found


def _slots(starts: Int64Array, ends: Int64Array) -> UInt32Array:
    """Give the parts of the day that each visit touches."""
    masks = np.zeros(len(starts), np.uint32)
    day = starts // _DAY
    for part, (begins, until) in enumerate(((0, 12 * 60), (12 * 60, 18 * 60), (18 * 60, _DAY))):
        touches = (starts % _DAY < until) & (starts % _DAY + (ends - starts) > begins)
        masks |= np.where(touches, 1 << (day * 3 + part), 0).astype(np.uint32)
    return masks


def _needed_skills(count: int, random: np.random.Generator) -> UInt32Array:
    shares = zipf(len(SKILLS), 0.55)
    first, second = (random.choice(len(SKILLS), count, p=shares) for _ in range(2))
    two = random.random(count) < _TWO_SKILLS
    bits = (1 << first) | np.where(two, 1 << second, 0)
    return bits.astype(np.uint32)


def _one_each(ids: Int64Array, has: np.ndarray) -> IdLists:
    return IdLists(
        ptr=np.concatenate([[0], np.cumsum(has)]).astype(np.int64), ids=ids[has].astype(np.int64)
    )
