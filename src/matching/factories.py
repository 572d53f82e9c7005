from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st

from matching.codes import place_number
from matching.inputs import ANY_SEX, FEMALE, MALE, Busy, Request, Volunteers

HOME = "110101001001001001"
NAN = float("nan")


class Volunteer(NamedTuple):
    """One row in plain words; the defaults make a neighbour who may always be asked."""

    id: int
    place: str = HOME
    x: float = 0.0
    y: float = 0.0
    skills: int = 0b1111
    categories: int = 0b11
    availability: int = (1 << 24) - 1
    active: bool = True
    paused: bool = False
    adult: bool = True
    sex: int = FEMALE
    languages: int = 0b1
    orders30: int = 0
    rating: int = 0
    day_cap: int = 2
    week_cap: int = 5
    busy: tuple[tuple[int, int], ...] = ()


def make_volunteers(*rows: Volunteer) -> Volunteers:
    windows = [window for row in rows for window in row.busy]
    return Volunteers(
        ids=np.array([row.id for row in rows], np.int64),
        place=np.array([place_number(row.place) for row in rows], np.int64),
        x=np.array([row.x for row in rows], np.float32),
        y=np.array([row.y for row in rows], np.float32),
        skills=np.array([row.skills for row in rows], np.uint32),
        categories=np.array([row.categories for row in rows], np.uint32),
        availability=np.array([row.availability for row in rows], np.uint32),
        active=np.array([row.active for row in rows], np.bool_),
        paused=np.array([row.paused for row in rows], np.bool_),
        adult=np.array([row.adult for row in rows], np.bool_),
        sex=np.array([row.sex for row in rows], np.uint8),
        languages=np.array([row.languages for row in rows], np.uint32),
        orders30=np.array([row.orders30 for row in rows], np.int16),
        rating=np.array([row.rating for row in rows], np.int16),
        day_cap=np.array([row.day_cap for row in rows], np.uint8),
        week_cap=np.array([row.week_cap for row in rows], np.uint8),
        busy=Busy(
            ptr=np.cumsum([0, *(len(row.busy) for row in rows)], dtype=np.int64),
            start=np.array([start for start, _ in windows], np.int32),
            end=np.array([end for _, end in windows], np.int32),
        ),
    )


def make_request(**changes: Any) -> Request:
    values: dict[str, Any] = {"place": place_number(HOME), "x": 0.0, "y": 0.0}
    return Request(**{**values, "starts": 600, "ends": 720, **changes})


# Few values each, so that ties, overlaps and equal areas are common.
_PLACES = st.sampled_from(
    [
        "",
        "11",
        "110101",
        "110102",
        "1101010020",
        "110101002",
        "110101001",
        "110101001001",
        "110101001002",
        "110100",
        "110100001001",
        "110101001001001",
        "110101001001002",
        "110101001001001001",
        "110101001001001002",
    ]
)
_POINTS = st.sampled_from([0.0, 0.0, 3.0, 4.0, 0.5, 2999.5, 5000.0, NAN])
_MASKS = st.sampled_from([7, 7, 7, 7, 7, 3, 1, 0])
_USUALLY = st.sampled_from([True] * 9 + [False])
_MINUTES = st.tuples(st.integers(0, 20), st.integers(1, 8)).map(
    lambda pair: (pair[0], pair[0] + pair[1])
)
_IDS = st.integers(1, 13)
_FEW_IDS = st.frozensets(_IDS, max_size=2)

_ROWS = st.builds(
    Volunteer,
    id=st.just(0),
    place=_PLACES,
    x=_POINTS,
    y=_POINTS,
    skills=_MASKS,
    categories=_MASKS,
    availability=_MASKS,
    active=_USUALLY,
    paused=_USUALLY.map(lambda usually: not usually),
    adult=_USUALLY,
    sex=st.sampled_from([FEMALE, FEMALE, MALE, ANY_SEX]),
    languages=st.sampled_from([1, 1, 3, 2, 0]),
    day_cap=st.just(2),
    week_cap=st.just(5),
    orders30=st.sampled_from([0, 0, 0, 1, 2, 3, 32767]),
    rating=st.sampled_from([0, 0, 1, 399, 400, 450, 500]),
    busy=st.sampled_from([(), (), ((0, 4),), ((9, 10), (16, 28))]),
)

# Small pools for plain failures, large ones so that several are eligible and compete. Seven and
# thirteen share no factor: ids are unique and neither rise nor fall with the rows.
volunteer_rows = (st.lists(_ROWS, max_size=2) | st.lists(_ROWS, min_size=8, max_size=12)).map(
    lambda rows: [row._replace(id=index * 7 % 13 + 1) for index, row in enumerate(rows)]
)

requests = st.builds(
    lambda window, **values: Request(starts=window[0], ends=window[1], **values),
    window=_MINUTES,
    place=_PLACES.map(place_number),
    x=_POINTS,
    y=_POINTS,
    slots=st.sampled_from([0, 1, 2, 3]),
    skills=st.sampled_from([0, 0, 1, 3]),
    languages=st.sampled_from([0, 0, 0, 1, 2, 3]),
    category=st.sampled_from([0, 0, 1, 2]),
    helpers=st.integers(1, 3),
    radius_m=st.sampled_from([5000, 5000, 3000, 5, 0]),
    sex=st.sampled_from([ANY_SEX, ANY_SEX, ANY_SEX, FEMALE]),
    require_adult=st.booleans(),
    exclude=_FEW_IDS,
    blocked=_FEW_IDS,
    previous=st.frozensets(_IDS, max_size=10),
)
