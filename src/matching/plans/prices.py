"""Prices of requests: the duals of a linear programme over one block of requests at a time."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import linprog

from matching.inputs import BoolArray, Int32Array, Int64Array
from matching.plans.blocks import Block
from matching.plans.calendars import best_weeks
from matching.plans.problem import SCALE, Problem, requests_of

FloatArray = npt.NDArray[np.float64]

_CHEAPEST = 5
_ROUNDS_MAX = 12
_HALF = 0.5
# Of all that is paid: where another round would no longer pay. Small blocks are solved to the end.
_SMALL_BLOCK = 20_000
_CLOSE, _CLOSE_ENOUGH = 3e-7, 2e-5
_LATE = np.iinfo(np.int64).max


class _Rows(NamedTuple):
    row: Int64Array
    member: Int64Array
    height: int


class Priced(NamedTuple):
    """Hold the answer of one block.

    price: i4[n], scaled, by the block's own requests · pairs: i8[m], candidacies of the whole
    problem that the programme gives at least half of a place.
    """

    price: Int32Array
    pairs: Int64Array


class _Solved(NamedTuple):
    """Hold one programme's answer: prices, shares of the columns, and what its people earn."""

    price: Int32Array
    share: FloatArray
    cost: float
    paid: int

    @property
    def earned(self) -> float:
        """What the people earn at these prices, as far as the programme knows."""
        return self.paid - self.cost


_NOTHING = _Solved(np.zeros(0, np.int32), np.zeros(0), 0.0, 0)


def price_block(block: Block) -> Priced:
    """Price the requests of a block, while all other prices stay as they are.

    The programme begins with each request's cheapest candidates and takes in the weeks by which
    people would earn more at its prices, until nobody would: its answer is that of all pairs.
    """
    problem = block.problem
    request = requests_of(problem)
    is_own = request < block.own
    rank = np.arange(len(request)) - problem.ptr[request]
    columns = np.flatnonzero(~is_own | (rank < _CHEAPEST))
    price = block.price.copy()
    best = -np.inf, _NOTHING, columns
    close = _CLOSE if block.own <= _SMALL_BLOCK else _CLOSE_ENOUGH
    for _ in range(_ROUNDS_MAX):
        solved = _solve(block, request, columns)
        price[: block.own] = solved.price
        weeks = best_weeks(problem, price)
        missed = int(weeks.profit.sum()) - solved.earned
        proven = solved.cost - missed
        before = best[0]
        if proven > before:
            best = proven, solved, columns
        added = np.setdiff1d(np.flatnonzero(weeks.chosen), columns)
        is_done = missed <= solved.paid * close or proven < before + solved.paid * _CLOSE_ENOUGH
        if is_done or not len(added):
            break
        columns = np.union1d(columns, added)
    _, solved, columns = best
    own = is_own[columns]
    share = solved.share[own]
    return Priced(
        price=solved.price,
        pairs=block.pairs[columns[own][share >= _HALF]],
    )


def _solve(block: Block, request: Int64Array, columns: Int64Array) -> _Solved:
    """Solve one programme: pairs of the block, pairs elsewhere at their prices, empty places."""
    problem, places = block.problem, block.own
    owner = request[columns]
    is_own = owner < places
    width = len(columns) + places
    gain = problem.cost[columns].astype(np.float64)
    gain[~is_own] -= block.price[owner[~is_own]]
    wanted = problem.wanted[:places].astype(np.float64)
    filling = sparse.csr_matrix(
        (
            np.ones(int(is_own.sum()) + places),
            (
                np.concatenate([owner[is_own], np.arange(places)]),
                np.concatenate([np.flatnonzero(is_own), np.arange(len(columns), width)]),
            ),
        ),
        shape=(places, width),
    )
    rooms, room = week_rows(problem, problem.person[columns], owner, width)
    answer = linprog(
        np.concatenate([gain, problem.empty[:places]]) / SCALE,
        A_ub=rooms,
        b_ub=room,
        A_eq=filling,
        b_eq=wanted,
        bounds=np.stack([np.zeros(width), np.concatenate([np.ones(len(columns)), wanted])], axis=1),
        method="highs-ds",
        options={"presolve": False},  # there is little to find, and looking takes a third longer
    )
    dual = np.rint(answer.eqlin.marginals * SCALE).astype(np.int64)
    price = np.clip(dual, 0, problem.empty[:places])
    paid = int((price * problem.wanted[:places]).sum())
    return _Solved(price.astype(np.int32), answer.x[: len(columns)], answer.fun * SCALE, paid)


def week_rows(
    problem: Problem, person: Int32Array, request: Int64Array, width: int
) -> tuple[sparse.csr_matrix, FloatArray]:
    """Give the rows that keep each person's visits apart and within her rooms, for these pairs.

    Where visits overlap, each largest set that shares a moment gives one row (the ways between
    are left to the exact weeks: without them the bound stays true); then a row a day and a week
    that could be overfull. A row that nothing could break is left out.
    """
    order = np.lexsort((problem.starts[request], problem.day[request], person))
    person, request = person[order], request[order]
    starts = problem.starts[request].astype(np.int64)
    ends = problem.ends[request].astype(np.int64) + problem.settle
    day = problem.day[request]
    days = person.astype(np.int64) * problem.day_room.shape[1] + day
    number = np.arange(len(order))
    is_new = _changes(days)
    first = np.maximum.accumulate(np.where(is_new, number, 0))
    row, member = ranges(first, number + 1)
    there = ends[member] > starts[row]
    row, member = row[there], member[there]
    earliest = np.full(len(order), _LATE)
    np.minimum.at(earliest, row, ends[member])
    # The next visit of the day begins before any of these ends: its row says it all.
    covered = np.zeros(len(order), np.bool_)
    covered[:-1] = ~is_new[1:] & (starts[1:] < earliest[:-1])
    is_row = (np.bincount(row, minlength=len(order)) > 1) & ~covered
    overlaps = _rows(is_row, row, member)
    a_day = _full(is_new, problem.day_room[person, day])
    a_week = _full(_changes(person), problem.week_room[person])
    room = np.concatenate([np.ones(overlaps.height), a_day[1], a_week[1]])
    at, who = [], []
    height = 0
    for rows, members, count in (overlaps, a_day[0], a_week[0]):
        at.append(rows + height)
        who.append(order[members])
        height += count
    rows, columns = np.concatenate(at), np.concatenate(who)
    matrix = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(height, width))
    return matrix, room


def _changes(keys: npt.NDArray[np.integer[Any]]) -> BoolArray:
    """Tell where a sorted column begins a new value."""
    is_new = np.ones(len(keys), np.bool_)
    is_new[1:] = keys[1:] != keys[:-1]
    return is_new


def ranges(first: Int64Array, last: Int64Array) -> tuple[Int64Array, Int64Array]:
    """Give all numbers of each half-open range, with the range they are of."""
    count = last - first
    owner = np.repeat(np.arange(len(count)), count)
    begun = np.cumsum(count) - count
    return owner, np.arange(len(owner)) - begun[owner] + first[owner]


def _rows(is_row: BoolArray, row: Int64Array, member: Int64Array) -> _Rows:
    """Keep some rows and number them without gaps."""
    number = np.cumsum(is_row) - 1
    kept = is_row[row]
    return _Rows(number[row[kept]], member[kept], int(is_row.sum()))


def _full(is_new: BoolArray, room: Int32Array) -> tuple[_Rows, FloatArray]:
    """Give a row for each group of visits that has more than its room."""
    group = np.cumsum(is_new) - 1
    most = room[is_new]
    is_row = np.bincount(group, minlength=len(most)) > most
    return _rows(is_row, group, np.arange(len(group))), most[is_row].astype(np.float64)
