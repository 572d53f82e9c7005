"""Exchanges that make a plan cheaper: one takes a visit and leaves another, which another takes.

Prices tell at least what it costs to fill what was left, so a chain that can no longer pay is
given up at once. Source: handbook matching.md §4, "Why it works".
"""

from typing import NamedTuple

import numpy as np

from matching.compiled import loop
from matching.inputs import BoolArray, Int32Array, Int64Array
from matching.plans.problem import NOBODY, Board, Problem, could_take, give, withdraw

DEPTH = 8
_SWEEPS_MAX = 60
_STEPS_MAX = 20_000


class Chain(NamedTuple):
    """Hold a chain on its way (try) and the best one found (best): who takes which hole, where it
    stands among the candidates, and where the search goes on.

    hole, person, pair: i8[DEPTH] · next: i8[DEPTH], candidacy to look at · visit: i8[DEPTH], which
    of the person's visits to leave · spent: i8[DEPTH] · length: i8[1] · dropped: i8[1], a visit
    that stays empty at the end, or NOBODY.
    """

    hole: Int64Array
    person: Int64Array
    pair: Int64Array
    next: Int64Array
    visit: Int64Array
    spent: Int64Array
    length: Int64Array
    dropped: Int64Array


def mend(problem: Problem, board: Board, price: Int32Array, *, slack: int = 0) -> int:
    """Make a board cheaper by chains until none of them helps; give how many were found.

    slack: how much worse than its price a chain may look and still be followed, scaled.
    """
    found = 0
    is_due = np.ones(len(problem.wanted), np.bool_)
    order = np.lexsort((np.arange(len(problem.wanted)), -problem.empty)).astype(np.int64)
    chains = (blank_chain(), blank_chain())
    for _ in range(_SWEEPS_MAX):
        better = _sweep(problem, board, price, order, is_due, slack, *chains)
        found += better
        if not better:
            break
    return found


def blank_chain() -> Chain:
    """Give room for one chain."""
    columns = (np.zeros(size, np.int64) for size in (*[DEPTH] * 6, 1, 1))
    return Chain(*columns)


@loop
def _sweep(
    problem: Problem,
    board: Board,
    price: Int32Array,
    order: Int64Array,
    is_due: BoolArray,
    slack: int,
    trial: Chain,
    best: Chain,
) -> int:
    """Look once at each request that is due: first its empty places, then who goes there."""
    found = 0
    for request in order:
        if not is_due[request]:
            continue
        is_due[request] = False
        while board.filled[request] < problem.wanted[request]:
            limit = int(problem.empty[request])
            if search(problem, board, price, request, limit, slack, trial, best) >= limit:
                break
            follow(problem, board, best, is_due)
            found += 1
        found += _exchange(problem, board, price, request, is_due, slack, trial, best)
    return found


@loop
def _exchange(
    problem: Problem,
    board: Board,
    price: Int32Array,
    request: int,
    is_due: BoolArray,
    slack: int,
    trial: Chain,
    best: Chain,
) -> int:
    """Let others go to a request than who goes now, where a chain makes that cheaper."""
    found = 0
    left = board.filled[request]
    for at in range(problem.ptr[request], problem.ptr[request + 1]):
        if left == 0:
            break
        person = problem.person[at]
        if not _holds(board, person, request):
            continue
        left -= 1
        cost = withdraw(board, person, request)
        if search(problem, board, price, request, cost, slack, trial, best) < cost:
            follow(problem, board, best, is_due)
            wake(problem, person, is_due)
            found += 1
        else:
            give(board, person, request, cost)
    return found


@loop
def prefer_first(problem: Problem, board: Board) -> None:
    """Of people who cost the same and have room, let the one with the lower id go."""
    for request in range(len(problem.wanted)):
        left = board.filled[request]
        for at in range(problem.ptr[request], problem.ptr[request + 1]):
            if left == 0:
                break
            if not _holds(board, problem.person[at], request):
                continue
            left -= 1
            for other in range(problem.ptr[request], at):
                if could_take(problem, board, problem.person[other], request, NOBODY):
                    withdraw(board, problem.person[at], request)
                    give(board, problem.person[other], request, problem.cost[other])
                    break


@loop
def _holds(board: Board, person: int, request: int) -> bool:
    return _is_in(board.taken[person], board.held[person], request)


@loop
def search(  # noqa: C901 - one loop with a stack of its own, so that it compiles
    problem: Problem,
    board: Board,
    price: Int32Array,
    start: int,
    limit: int,
    slack: int,
    trial: Chain,
    best: Chain,
) -> int:
    """Find the cheapest way to fill one place, below a limit; give its cost, or the limit.

    The last hole of a chain may stay empty, if that is cheaper still.
    """
    best.length[0] = 0
    level = 0
    trial.hole[0], trial.spent[0] = start, 0
    trial.next[0], trial.visit[0] = problem.ptr[start], 0
    for _ in range(_STEPS_MAX):
        hole, at = trial.hole[level], trial.next[level]
        over = at >= problem.ptr[hole + 1] or trial.spent[level] + problem.cost[at] >= limit + slack
        if over:
            if level == 0:
                break
            level -= 1
            continue
        person = problem.person[at]
        spent = trial.spent[level] + problem.cost[at]
        if _is_in(trial.person, level, person):
            trial.next[level], trial.visit[level] = at + 1, 0
            continue
        trial.person[level], trial.pair[level] = person, at
        if trial.visit[level] == 0 and could_take(problem, board, person, hole, NOBODY):
            if spent < limit:
                limit = spent
                _keep(trial, best, level + 1, NOBODY)
            trial.next[level], trial.visit[level] = at + 1, 0
            continue
        # Which of her visits could she leave for this one? The search goes on from the next.
        left = trial.visit[level]
        if left >= board.held[person]:
            trial.next[level], trial.visit[level] = at + 1, 0
            continue
        trial.visit[level] = left + 1
        leaving = board.taken[person, left]
        after = spent - board.paid[person, left]
        if after + price[leaving] >= limit + slack or level + 1 >= len(trial.hole):
            continue
        if _is_in(trial.hole, level + 1, leaving):
            continue
        if not could_take(problem, board, person, hole, leaving):
            continue
        if after + problem.empty[leaving] < limit:
            limit = after + problem.empty[leaving]
            _keep(trial, best, level + 1, leaving)
        level += 1
        trial.hole[level], trial.spent[level] = leaving, after
        trial.next[level], trial.visit[level] = problem.ptr[leaving], 0
    return limit


@loop
def _is_in(column: Int32Array | Int64Array, count: int, value: int) -> bool:
    return bool((column[:count] == value).any())


@loop
def _keep(trial: Chain, best: Chain, length: int, dropped: int) -> None:
    for level in range(length):
        best.hole[level] = trial.hole[level]
        best.person[level] = trial.person[level]
        best.pair[level] = trial.pair[level]
    best.length[0], best.dropped[0] = length, dropped


@loop
def follow(problem: Problem, board: Board, chain: Chain, is_due: BoolArray) -> None:
    """Make the exchanges of a chain, and have all whom they could help looked at again."""
    length = chain.length[0]
    for level in range(length):
        person = chain.person[level]
        leaving = chain.hole[level + 1] if level + 1 < length else chain.dropped[0]
        if leaving != NOBODY:
            withdraw(board, person, leaving)
        give(board, person, chain.hole[level], problem.cost[chain.pair[level]])
        wake(problem, person, is_due)


@loop
def wake(problem: Problem, person: int, is_due: BoolArray) -> None:
    """Have every request looked at again that a person could go to."""
    for at in range(problem.theirs[person], problem.theirs[person + 1]):
        is_due[problem.request[at]] = True
