"""The stages of a plan, one after the other."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from matching.inputs import Int32Array, Int64Array
from matching.plans.answers import Plan, Stage
from matching.plans.blocks import carve, whole
from matching.plans.calendars import bound_of
from matching.plans.greedy import greedy
from matching.plans.mending import mended
from matching.plans.prices import price_block
from matching.plans.problem import Board, Posed, blank, pose
from matching.plans.proof import prove
from matching.plans.sorting import Sorted
from matching.plans.telling import told
from matching.plans.watch import Watch
from matching.plans.weights import PlanWeights

Each = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]


def make(
    asked: Sorted,
    weights: PlanWeights,
    *,
    blocks: Int64Array | None,
    each: Each,
    last: Stage,
    watch: Watch,
) -> Plan:
    """Go through the stages up to the last one wished; see ``assign``."""
    posed = pose(asked, weights)
    prices = np.zeros(len(asked.requests), np.int32)
    making = _Making(posed, blank(posed.problem), prices, blocks, each)
    for stage, step in _STEPS.items():
        if stage <= last:
            step(making)
            making.stage = stage
            watch.done(stage)
    return told(asked, posed, making, weights, watch.seconds)


@dataclass(slots=True)
class _Making:
    """A plan in the making: what each stage leaves for the next. bound: scaled."""

    posed: Posed
    board: Board
    price: Int32Array
    blocks: Int64Array | None
    each: Each
    known: Int64Array = field(default_factory=lambda: np.zeros(0, np.int64))
    pairs: Int64Array = field(default_factory=lambda: np.zeros(0, np.int64))
    bound: int = 0
    stage: Stage = Stage.GREEDY


def _fill(making: _Making) -> None:
    greedy(making.posed.problem, making.board)


def _price(making: _Making) -> None:
    problem = making.posed.problem
    if making.blocks is None:
        cut = [whole(problem, making.price)]
    else:
        asked = np.flatnonzero(problem.wanted)
        number = making.blocks[asked]
        cut = [carve(problem, asked[number == one], making.price) for one in np.unique(number)]
    # One block is not worth sending away: it is most of what is held in memory.
    each = making.each if len(cut) > 1 else map
    known, pairs = [making.known], [making.pairs]
    for block, priced in zip(cut, each(price_block, cut), strict=True):
        making.price[block.requests[: block.own]] = priced.price
        known.append(priced.known)
        pairs.append(priced.pairs)
    making.known, making.pairs = np.concatenate(known), np.concatenate(pairs)
    making.bound = bound_of(problem, making.price)


def _mend(making: _Making) -> None:
    making.board = mended(
        making.posed.problem, making.board, making.pairs, making.price, making.bound
    )


def _prove(making: _Making) -> None:
    making.board, making.bound = prove(
        making.posed.problem, making.board, making.price, making.known, making.bound
    )


_STEPS = {
    Stage.GREEDY: _fill,
    Stage.PRICED: _price,
    Stage.MENDED: _mend,
    Stage.PROVEN: _prove,
}
