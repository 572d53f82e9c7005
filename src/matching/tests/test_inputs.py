from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matching import Busy, Volunteers, Weights
from matching.factories import Volunteer, make_request, make_volunteers

PAIR = make_volunteers(Volunteer(1, busy=((10, 20),)), Volunteer(2))


def test_volunteers_count_rows() -> None:
    assert len(PAIR) == 2


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ids": np.array([1, 2], np.int32)}, "ids must be int64, 1-d"),
        ({"ids": np.array([[1, 2]], np.int64)}, "ids must be int64, 1-d"),
        ({"ids": np.array([1, 1], np.int64)}, "ids must be unique"),
        ({"x": np.zeros(3, np.float32)}, "x must have 2 rows"),
        ({"orders30": np.array([0, -1], np.int16)}, "orders30 must not be negative"),
        ({"rating": np.array([0, 501], np.int16)}, "rating must lie within 0 and 500"),
        ({"rating": np.array([-1, 0], np.int16)}, "rating must lie within 0 and 500"),
        ({"busy": make_volunteers().busy}, "busy must have one row per volunteer"),
    ],
)
def test_volunteers_refuse_wrong_arrays(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(PAIR, **changes)


@pytest.mark.parametrize(
    ("ptr", "start", "end", "message"),
    [
        ([], [], [], "ptr must begin with 0"),
        ([1, 1], [5], [6], "ptr must begin with 0"),
        ([0, 2], [5], [6], "ptr must end with the number of windows"),
        ([0, 1, 0, 1], [5], [6], "ptr must not fall"),
        ([0, 1], [5], [5], "a busy window must end after its start"),
        ([0, 1], [5], [6, 7], "start must have 2 rows"),
    ],
)
def test_busy_refuses_wrong_rows(
    ptr: list[int], start: list[int], end: list[int], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Busy(
            ptr=np.array(ptr, np.int64),
            start=np.array(start, np.int32),
            end=np.array(end, np.int32),
        )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ends": 600}, "a request must end after its start"),
        ({"helpers": 0}, "a request needs at least one helper"),
        ({"radius_m": -1}, "radius_m must lie within 0 and 99999"),
        ({"radius_m": 100_000}, "radius_m must lie within 0 and 99999"),
        ({"skills": 1 << 32}, "skills must be a mask of 32 bits"),
        ({"slots": -1}, "slots must be a mask of 32 bits"),
        ({"category": 0b11}, "category must be one bit"),
    ],
)
def test_request_refuses_wrong_values(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_request(**changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"metre": 0}, "metre must outweigh"),
        ({"first_visit": 99_999}, "first_visit must outweigh"),
        ({"rating_step": 199_999}, "rating_step must outweigh"),
        ({"order": 100_199_999}, "order must outweigh"),
        ({"tier": 6_553_500_199_999}, "tier must outweigh"),
        ({"tier": 2**52}, "the largest cost must fit a double"),
        ({"unrated": 501}, "unrated must be a rating"),
    ],
)
def test_weights_refuse_to_break_rule_59(changes: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Weights(**changes)


def test_volunteers_are_frozen() -> None:
    with pytest.raises(AttributeError):
        PAIR.ids = np.zeros(2, np.int64)  # type: ignore[misc]  # the test breaks the promise

    assert isinstance(PAIR, Volunteers)
