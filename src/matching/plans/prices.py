"""Prices of requests: the duals of a linear programme over one block of requests at a time."""

from typing import NamedTuple

import numpy as np

from matching.inputs import Int32Array, Int64Array
from matching.plans.blocks import Block
from matching.plans.calendars import best_weeks
from matching.plans.programme import Programme
from matching.plans.rooms import ranges

_CHEAPEST = 4
_ROUNDS_MAX = 60
_HALF = 0.5
# Of its requests: where what a round still learns no longer pays for the next. Smaller blocks are
# solved to the end.
_LARGE_BLOCK = 20_000
_FEW = 1 / 1_000


class Priced(NamedTuple):
    """Hold the answer of one block.

    price: i4[n], scaled, by the block's own requests · known, pairs: i8, candidacies of the whole
    problem: those that the programme took in, and those it gives at least half of a place.
    """

    price: Int32Array
    known: Int64Array
    pairs: Int64Array


def price_block(block: Block) -> Priced:
    """Price the requests of a block, while all other prices stay as they are.

    The programme begins with each request's cheapest candidates and without the rooms of people.
    It takes in the weeks by which people would earn more at its prices, and the rooms that its
    answer breaks, until there are none: then its answer is that of all pairs and all rooms.
    """
    problem = block.problem
    programme = Programme(block, _first_pairs(block))
    few = int(block.own * _FEW) if block.own > _LARGE_BLOCK else 0
    price = block.price.copy()
    best, bound = price[: block.own], -np.inf
    for _ in range(_ROUNDS_MAX):
        solved = programme.solve()
        price[: block.own] = solved.price
        weeks = best_weeks(problem, price)
        proven = solved.paid - int(weeks.profit.sum())
        if proven > bound:
            best, bound = solved.price, proven
        broken = programme.keep_rooms(solved)
        missed = programme.take_pairs(np.flatnonzero(weeks.chosen))
        if broken + missed <= few:
            break
    is_own = solved.pairs < problem.ptr[block.own]
    pairs = block.pairs[solved.pairs[is_own]]
    return Priced(price=best, known=pairs, pairs=pairs[solved.share[is_own] >= _HALF])


def _first_pairs(block: Block) -> Int64Array:
    """Give the cheapest pairs of the block's own requests, and all of those elsewhere."""
    ptr = block.problem.ptr
    first = ptr[: block.own]
    _, cheapest = ranges(first, np.minimum(first + _CHEAPEST, ptr[1 : block.own + 1]))
    return np.concatenate([cheapest, np.arange(ptr[block.own], ptr[-1])])
