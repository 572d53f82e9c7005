"""The last stage: search what is left between plan and bound, until nothing better can exist."""

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from matching.inputs import Int32Array, Int64Array
from matching.plans.chains import prefer_first
from matching.plans.mending import cost_of
from matching.plans.problem import SCALE, Board, Problem, blank, give, meet, requests_of
from matching.plans.rooms import ranges, week_rows

# A district's requests, and as many pairs as are searched through in some seconds.
_REQUESTS_MAX, _PAIRS_MAX = 20_000, 40_000
_NODES_MAX = 200
_ALMOST = 1e-3  # of a unit of cost: what the search may err in its bound
_DAY_MINUTES = 24 * 60


def prove(
    problem: Problem, board: Board, price: Int32Array, known: Int64Array, bound: int
) -> tuple[Board, int]:
    """Give the best board and bound that a search of limited size finds, both scaled.

    A pair whose cost exceeds its price by more than the whole gap is in no better plan; among the
    few that are left a branch and bound looks for one. If they are too many, it looks among those
    that the programme came to know, which proves nothing, but finds a better plan.
    """
    gap = cost_of(problem, board) - bound
    if gap < SCALE or len(problem.wanted) > _REQUESTS_MAX:
        return board, bound
    request = requests_of(problem)
    open_pairs = np.flatnonzero(problem.cost < price[request] + gap)
    is_proof = len(open_pairs) <= _PAIRS_MAX
    if not is_proof and len(known) > _PAIRS_MAX:
        return board, bound
    found, proven = _search(problem, request, open_pairs if is_proof else known)
    if found is not None:
        board = min(board, found, key=lambda one: cost_of(problem, one))
    if is_proof:
        # Whatever leaves the open pairs costs more than the plan that was there before.
        bound = max(bound, min(proven, cost_of(problem, board)))
    return board, bound


def _search(
    problem: Problem, request: Int64Array, open_pairs: Int64Array
) -> tuple[Board | None, int]:
    """Give the best board of some pairs, and a bound of all such boards, scaled."""
    width = len(open_pairs) + len(problem.wanted)
    person, owner = problem.person[open_pairs], request[open_pairs]
    rooms, room = week_rows(problem, person, owner, width)
    ways = _ways(problem, person, owner, width)
    filling = sparse.csr_matrix(
        (
            np.ones(width),
            (np.concatenate([owner, np.arange(len(problem.wanted))]), np.arange(width)),
        ),
        shape=(len(problem.wanted), width),
    )
    wanted = problem.wanted.astype(np.float64)
    answer = milp(
        np.concatenate([problem.cost[open_pairs], problem.empty]) / SCALE,
        integrality=np.ones(width),
        bounds=Bounds(0, np.concatenate([np.ones(len(open_pairs)), wanted])),
        constraints=[
            LinearConstraint(filling, wanted, wanted),
            LinearConstraint(rooms, -np.inf, room),
            LinearConstraint(ways, -np.inf, 1),
        ],
        options={"node_limit": _NODES_MAX, "mip_rel_gap": 0},
    )
    found, proven = None, 0
    if answer.x is not None:
        found = _board(problem, open_pairs[answer.x[: len(open_pairs)] > 1 / 2], request)
        prefer_first(problem, found)
    if answer.mip_dual_bound is not None:
        proven = int(np.ceil(answer.mip_dual_bound - _ALMOST)) * SCALE
    return found, proven


def _ways(
    problem: Problem, person: Int32Array, request: Int64Array, width: int
) -> sparse.csr_matrix:
    """Give a row for each two visits of a person that only the way between them keeps apart."""
    order = np.lexsort((problem.starts[request], person))
    owner, visit = person[order], request[order]
    begins = np.searchsorted(owner, owner)
    later, earlier = ranges(begins, np.arange(len(order)))
    one, other = visit[earlier], visit[later]
    apart = problem.starts[other] - problem.ends[one] - problem.settle
    close = np.flatnonzero((apart >= 0) & (apart < _DAY_MINUTES))
    pairs = zip(one[close].tolist(), other[close].tolist(), strict=True)
    bad = close[np.array([meet(problem, *pair) for pair in pairs], np.bool_)]
    rows = np.arange(len(bad))
    at = np.concatenate([order[earlier[bad]], order[later[bad]]])
    return sparse.csr_matrix(
        (np.ones(2 * len(rows)), (np.concatenate([rows, rows]), at)), shape=(len(rows), width)
    )


def _board(problem: Problem, pairs: Int64Array, request: Int64Array) -> Board:
    board = blank(problem)
    for at in pairs.tolist():
        give(board, int(problem.person[at]), int(request[at]), int(problem.cost[at]))
    return board
