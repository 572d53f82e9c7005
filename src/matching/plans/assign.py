"""Make a plan: candidates, greedy, prices, mending, proof; any stage may be the last."""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from time import perf_counter

import numpy as np

from matching.inputs import Int64Array, Volunteers
from matching.plans.answers import Candidates, Plan, Stage
from matching.plans.candidates import candidates, costs_of
from matching.plans.greedy import greedy
from matching.plans.problem import SCALE, Board, Posed, blank, pairs_on, pose
from matching.plans.weights import PLAN_WEIGHTS, PlanWeights
from matching.requests import Requests

NO_PAIRS: Int64Array = np.zeros((0, 2), np.int64)


def assign(
    volunteers: Volunteers,
    requests: Requests,
    *,
    found: Candidates | None = None,
    fixed: Int64Array = NO_PAIRS,
    weights: PlanWeights = PLAN_WEIGHTS,
    last: Stage = Stage.PROVEN,  # noqa: ARG001 - the later stages follow
    tell: Callable[[Stage], None] | None = None,
) -> Plan:
    """Plan who goes to which request; the same input gives the same plan.

    found: candidates, if they are known · fixed: i8[n, 2], rows (request, volunteer) that stay as
    they are · last: where to stop; every stage leaves a plan that may be published · tell: called
    as each stage is done. Raises ValueError. Source: handbook matching.md §7, ADR 0026.
    """
    watch = _Watch()
    if found is None:
        found = candidates(volunteers, requests, weights=weights)
        watch.lap("candidates")
    posed = pose(volunteers, requests, found, fixed, weights)
    board = blank(posed.problem)
    greedy(posed.problem, board)
    watch.lap("greedy")
    if tell:
        tell(Stage.GREEDY)
    return _plan(_Asked(volunteers, requests, found, fixed, weights), posed, board, watch)


@dataclass(frozen=True, slots=True)
class _Asked:
    volunteers: Volunteers
    requests: Requests
    found: Candidates
    fixed: Int64Array
    weights: PlanWeights


@dataclass(slots=True)
class _Watch:
    begun: float = field(default_factory=perf_counter)
    seconds: dict[str, float] = field(default_factory=dict)

    def lap(self, stage: str) -> None:
        now = perf_counter()
        self.seconds[stage], self.begun = now - self.begun, now


def _plan(asked: _Asked, posed: Posed, board: Board, watch: _Watch) -> Plan:
    problem = posed.problem
    request, person = pairs_on(board)
    chosen = np.stack([request, posed.people[person]], axis=1)
    pairs = np.concatenate([asked.fixed, chosen])
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    pairs = pairs[order]
    cost = costs_of(asked.volunteers, asked.requests, pairs, weights=asked.weights)
    rank, regret = _standing(asked.found, pairs, cost)
    helpers = asked.requests.helpers.astype(np.int64)
    missing = helpers - np.bincount(pairs[:, 0], minlength=len(helpers))
    short = np.flatnonzero(missing > 0)
    empty = problem.wanted - board.filled + posed.lost
    objective = int(cost.sum()) + int((empty * problem.empty.astype(np.int64)).sum()) // SCALE
    return Plan(
        weights_version=asked.weights.version,
        stage=Stage.GREEDY,
        request=pairs[:, 0].astype(np.int32),
        volunteer=pairs[:, 1].astype(np.int32),
        cost=cost.astype(np.int32),
        rank=rank,
        regret=regret,
        fixed=order < len(asked.fixed),
        price=np.zeros(len(helpers), np.int32),
        open_request=short.astype(np.int32),
        missing=missing[short].astype(np.uint8),
        hopeless=(missing - empty)[short].astype(np.uint8),
        objective=objective,
        bound=0,
        whole_bound=0,
        seconds=watch.seconds,
        input_hash=_input_hash(asked),
        plan_hash=_hash(asked.requests.ids[pairs[:, 0]], asked.volunteers.ids[pairs[:, 1]]),
    )


def _standing(
    found: Candidates, pairs: Int64Array, cost: Int64Array
) -> tuple["np.ndarray", "np.ndarray"]:
    """Give each pair's place among the candidates, 0 = none, and its cost above the cheapest."""
    size = int(found.volunteer.max(initial=0)) + 1
    owner = np.repeat(np.arange(len(found)), np.diff(found.ptr))
    keys = owner * size + found.volunteer
    order = np.argsort(keys)
    wanted = pairs[:, 0] * size + np.minimum(pairs[:, 1], size - 1)
    at = np.minimum(np.searchsorted(keys, wanted, sorter=order), max(len(keys) - 1, 0))
    rank = np.zeros(len(pairs), np.int16)
    regret = np.zeros(len(pairs), np.int32)
    if len(keys):
        place = order[at]
        is_candidate = (keys[place] == wanted) & (pairs[:, 1] < size)
        rank[is_candidate] = (place - found.ptr[pairs[:, 0]] + 1)[is_candidate]
        cheapest = found.cost[np.minimum(found.ptr[pairs[:, 0]], len(keys) - 1)]
        has_any = found.ptr[pairs[:, 0]] < found.ptr[pairs[:, 0] + 1]
        regret[has_any] = (cost - cheapest)[has_any]
    return rank, np.maximum(regret, 0)


def _input_hash(asked: _Asked) -> str:
    found = asked.found
    return _hash(
        *(np.sort(one) for one in (asked.volunteers.ids, asked.requests.ids)),
        *(found.ptr, found.volunteer, found.cost, asked.fixed),
        np.array([asked.weights.version]),
    )


def _hash(*columns: "np.ndarray") -> str:
    digest = blake2b(digest_size=16)
    for column in columns:
        digest.update(np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()
