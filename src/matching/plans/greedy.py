"""The first plan, always there: the dearest gap first, the cheapest who has room."""

import numpy as np

from matching.compiled import loop
from matching.inputs import Int64Array
from matching.plans.problem import NOBODY, Board, Problem, could_take, give


def greedy(problem: Problem, board: Board) -> None:
    """Fill what is empty on a board. Requests come by priority, then by how few could go."""
    choice = np.diff(problem.ptr)
    fill(problem, board, np.lexsort((choice, -problem.empty)).astype(np.int64))


@loop
def fill(problem: Problem, board: Board, order: Int64Array) -> None:
    """Give each request in turn the cheapest candidates with room."""
    for request in order:
        for at in range(problem.ptr[request], problem.ptr[request + 1]):
            if board.filled[request] >= problem.wanted[request]:
                break
            person = problem.person[at]
            if could_take(problem, board, person, request, NOBODY):
                give(board, person, request, problem.cost[at])
