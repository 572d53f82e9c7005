"""What a finished board says, in the rows that were asked about."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from matching.inputs import Int16Array, Int32Array, Int64Array
from matching.plans.answers import Candidates, Plan, Stage
from matching.plans.calendars import bound_of
from matching.plans.candidates import costs_of
from matching.plans.problem import SCALE, Board, Posed, Problem, pairs_on
from matching.plans.sorting import Sorted
from matching.plans.weights import PlanWeights


class Made(Protocol):
    """What the stages leave behind. bound: scaled."""

    board: Board
    price: Int32Array
    bound: int
    stage: Stage


def told(
    asked: Sorted, posed: Posed, made: Made, weights: PlanWeights, seconds: Mapping[str, float]
) -> Plan:
    """Give the plan of a board, in the caller's rows."""
    problem, board, helpers = posed.problem, made.board, asked.requests.helpers.astype(np.int64)
    pairs, is_fixed = _pairs(asked, posed, board)
    rank = _ranks(asked.found, pairs)
    cost = _costs(asked, pairs, rank, weights)
    missing = helpers - np.bincount(pairs[:, 0], minlength=len(helpers))
    short = np.flatnonzero(missing > 0)
    empty = problem.wanted - board.filled + posed.lost
    # What no stage can change, the fixed pairs and the places they make empty, is in both.
    certain = int(cost[is_fixed].sum()) + _worth(problem, posed.lost)
    objective = int(cost.sum()) + _worth(problem, empty)
    bound = certain - (-made.bound // SCALE)
    rows = np.stack([asked.request_rows[pairs[:, 0]], asked.volunteer_rows[pairs[:, 1]]], axis=1)
    order = np.lexsort((rows[:, 1], rows[:, 0]))
    short = short[np.argsort(asked.request_rows[short])]
    price = np.zeros(len(helpers), np.int32)
    price[asked.request_rows] = -(-made.price // SCALE)
    return Plan(
        weights_version=weights.version,
        stage=made.stage,
        request=rows[order, 0].astype(np.int32),
        volunteer=rows[order, 1].astype(np.int32),
        cost=cost[order].astype(np.int32),
        rank=rank[order],
        regret=_regret(asked.found, pairs, cost)[order],
        fixed=is_fixed[order],
        price=price,
        open_request=asked.request_rows[short].astype(np.int32),
        missing=missing[short].astype(np.uint8),
        hopeless=(missing - empty)[short].astype(np.uint8),
        objective=objective,
        bound=min(bound, objective),
        whole_bound=min(bound, int(cost[is_fixed].sum()) + _whole_bound(asked.found, posed, made)),
        seconds=seconds,
        input_hash=_input_hash(asked, weights),
        plan_hash=_hash(asked.requests.ids[pairs[:, 0]], asked.volunteers.ids[pairs[:, 1]]),
    )


def _worth(problem: Problem, places: npt.NDArray[np.integer[Any]]) -> int:
    return int((places * problem.empty.astype(np.int64)).sum()) // SCALE


def _pairs(asked: Sorted, posed: Posed, board: Board) -> tuple[Int64Array, npt.NDArray[np.bool_]]:
    request, person = pairs_on(board)
    pairs = np.concatenate([asked.fixed, np.stack([request, posed.people[person]], axis=1)])
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    return pairs[order], order < len(asked.fixed)


def _ranks(found: Candidates, pairs: Int64Array) -> Int16Array:
    """Give each pair's place among the candidates, from 1; 0 where it is not one of them."""
    rank = np.zeros(len(pairs), np.int16)
    if not len(found.volunteer):
        return rank
    size = int(found.volunteer.max()) + 1
    keys = np.repeat(np.arange(len(found)), np.diff(found.ptr)) * size + found.volunteer
    order = np.argsort(keys)
    wanted = pairs[:, 0] * size + np.minimum(pairs[:, 1], size - 1)
    place = order[np.minimum(np.searchsorted(keys, wanted, sorter=order), len(keys) - 1)]
    is_one = (keys[place] == wanted) & (pairs[:, 1] < size)
    rank[is_one] = (place - found.ptr[pairs[:, 0]] + 1)[is_one]
    return rank


def _costs(asked: Sorted, pairs: Int64Array, rank: Int16Array, weights: PlanWeights) -> Int64Array:
    cost = np.zeros(len(pairs), np.int64)
    listed = rank > 0
    cost[listed] = asked.found.cost[asked.found.ptr[pairs[listed, 0]] + rank[listed] - 1]
    if not listed.all():
        cost[~listed] = costs_of(asked.volunteers, asked.requests, pairs[~listed], weights=weights)
    return cost


def _regret(found: Candidates, pairs: Int64Array, cost: Int64Array) -> Int32Array:
    first, last = found.ptr[pairs[:, 0]], found.ptr[pairs[:, 0] + 1]
    regret = np.zeros(len(pairs), np.int32)
    has = last > first
    regret[has] = np.maximum(cost[has] - found.cost[first[has]], 0)
    return regret


def _whole_bound(found: Candidates, posed: Posed, made: Made) -> int:
    """Give a bound that holds for all eligible pairs, those beyond the lists too.

    Whoever is not listed costs at least as much as the last who is: where no price is higher,
    nobody beyond a list could earn anything, nor do its places stay empty for certain.
    """
    is_cut = found.eligible > np.diff(found.ptr)
    if not is_cut.any():
        return _worth(posed.problem, posed.lost) - (-made.bound // SCALE)
    if not made.bound:
        return 0
    listed = found.ptr[1:] > found.ptr[:-1]
    dearest = np.zeros(len(is_cut), np.int64)
    dearest[listed] = found.cost[found.ptr[1:][listed] - 1].astype(np.int64) * SCALE
    price = np.where(is_cut, np.minimum(made.price, dearest), made.price).astype(np.int32)
    is_same = bool((price == made.price).all())
    bound = made.bound if is_same else bound_of(posed.problem, price)
    bound += int((price.astype(np.int64) * posed.lost)[is_cut].sum())
    return _worth(posed.problem, np.where(is_cut, 0, posed.lost)) - (-bound // SCALE)


def _input_hash(asked: Sorted, weights: PlanWeights) -> str:
    found = asked.found
    return _hash(
        *(asked.volunteers.ids, asked.requests.ids, asked.requests.starts, asked.requests.ends),
        *(found.ptr, found.volunteer, found.cost, asked.fixed, np.array([weights.version])),
    )


def _hash(*columns: npt.NDArray[Any]) -> str:
    digest = blake2b(digest_size=16)
    for column in columns:
        digest.update(np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()
