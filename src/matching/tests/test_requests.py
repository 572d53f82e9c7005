from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matching.factories import make_request
from matching.requests import IdLists, Requests

FIRST = make_request(skills=0b11, helpers=2, previous=frozenset({9, 4}))
SECOND = make_request(starts=900, ends=960, blocked=frozenset({5}))
BOTH = Requests.of([FIRST, SECOND], ids=[7, 8], priorities=[1, 4])


def test_each_row_is_the_request_it_was_made_of() -> None:
    assert [BOTH.one(0), BOTH.one(1)] == [FIRST, SECOND]


def test_way_there_widens_the_window_asked_for() -> None:
    widened = BOTH.one(1, travel=10)

    assert widened == replace(SECOND, starts=890, ends=970)


def test_taken_rows_come_in_the_order_asked() -> None:
    taken = BOTH.take(np.array([1, 0]))

    assert taken.ids.tolist() == [8, 7]
    assert [taken.one(0), taken.one(1)] == [SECOND, FIRST]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ids": np.array([7, 7], np.int64)}, "ids must be unique"),
        ({"helpers": np.array([1, 5], np.uint8)}, "helpers must be 1 to 4"),
        ({"priority": np.array([0, 1], np.uint8)}, "priority must be 1 to 4"),
        ({"starts": np.array([-1, 900], np.int32)}, "starts must not be negative"),
        ({"ends": np.array([600, 960], np.int32)}, "a request must end after its start"),
        ({"radius_m": np.array([-1, 0], np.int32)}, "radius_m must not be negative"),
        ({"skills": np.array([1], np.uint32)}, "skills must have 2 rows"),
        ({"x": np.zeros(2)}, "x: float32, 1-d"),
        ({"previous": IdLists.of([{1}])}, "previous must have one row a request"),
    ],
)
def test_impossible_requests_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(BOTH, **changes)


@pytest.mark.parametrize(
    ("ptr", "message"),
    [
        ([0, 1, 2], "ptr must end with the number of ids"),
        ([1, 1, 3], "ptr must begin with 0"),
        ([0, 4, 3], "ptr must not fall"),
    ],
)
def test_broken_lists_of_ids_are_refused(ptr: list[int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        IdLists(ptr=np.array(ptr, np.int64), ids=np.array([1, 2, 3], np.int64))
