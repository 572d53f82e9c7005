"""From prices to a plan: the programme's pairs as far as they fit, then chains of exchanges."""

import numpy as np

from matching.compiled import loop
from matching.inputs import Int32Array, Int64Array
from matching.plans.chains import mend, prefer_first
from matching.plans.problem import (
    NOBODY,
    SCALE,
    Board,
    Problem,
    blank,
    could_take,
    give,
    requests_of,
)

# How far chains may look beyond what the prices say, by how many requests there are: the fewer,
# the more thorough.
_SLACKS = ((1_000, (0, 50, 500, 1_500)), (20_000, (0, 50, 200)), (2**62, (0, 50)))


def mended(
    problem: Problem, board: Board, pairs: Int64Array, price: Int32Array, bound: int
) -> Board:
    """Give the cheaper of the greedy board and the programme's, mended by chains."""
    rounded = blank(problem)
    order = pairs[np.lexsort((pairs, problem.cost[pairs]))]
    _take(problem, rounded, requests_of(problem)[order], order)
    slacks = next(slacks for size, slacks in _SLACKS if len(problem.wanted) <= size)
    for slack in slacks:
        if cost_of(problem, rounded) < bound + SCALE:
            break
        mend(problem, rounded, price, slack=slack * SCALE)
    prefer_first(problem, rounded)
    return min(rounded, board, key=lambda one: cost_of(problem, one))


def cost_of(problem: Problem, board: Board) -> int:
    """Give what a board costs, scaled: its pairs and its empty places."""
    pairs = int(board.paid[board.taken != NOBODY].sum(dtype=np.int64))
    empty = (problem.wanted - board.filled) * problem.empty.astype(np.int64)
    return pairs + int(empty.sum())


@loop
def _take(problem: Problem, board: Board, requests: Int64Array, pairs: Int64Array) -> None:
    for at in range(len(pairs)):
        request, person = requests[at], problem.person[pairs[at]]
        if board.filled[request] >= problem.wanted[request]:
            continue
        if could_take(problem, board, person, request, NOBODY):
            give(board, person, request, problem.cost[pairs[at]])
