"""Make a plan: candidates, greedy, prices, mending, proof; any stage may be the last."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np

from matching.inputs import Int32Array, Int64Array, Volunteers
from matching.plans.answers import Candidates, Plan, Stage
from matching.plans.blocks import carve
from matching.plans.calendars import bound_of
from matching.plans.candidates import candidates
from matching.plans.greedy import greedy
from matching.plans.mending import mended
from matching.plans.prices import price_block
from matching.plans.problem import Board, Posed, blank, pose
from matching.plans.proof import prove
from matching.plans.sorting import sorted_by_id
from matching.plans.telling import told
from matching.plans.weights import PLAN_WEIGHTS, PlanWeights
from matching.requests import Requests

Each = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]

NO_PAIRS: Int64Array = np.zeros((0, 2), np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Sharing:
    """Say how work is cut and done.

    blocks: i8[R], a number for each request; blocks are priced apart, on many machines if need be,
    and what collides between them is mended after. None prices all at once, for the better bound ·
    each: runs a function over jobs, in order: the ``map`` of a pool shares them.
    """

    blocks: Int64Array | None = None
    each: Each = map


ALONE = Sharing()


def assign(
    volunteers: Volunteers,
    requests: Requests,
    *,
    found: Candidates | None = None,
    fixed: Int64Array = NO_PAIRS,
    weights: PlanWeights = PLAN_WEIGHTS,
    last: Stage = Stage.PROVEN,
    share: Sharing = ALONE,
    tell: Callable[[Stage], None] | None = None,
) -> Plan:
    """Plan who goes to which request; the same input gives the same plan, in any order of rows.

    found: candidates, if they are known · fixed: i8[n, 2], rows (request, volunteer) that stay as
    they are · last: where to stop; every stage leaves a plan that may be published · share: how
    the work is cut and who does it · tell: called as each stage is done. Raises ValueError for
    fixed pairs that point nowhere or stand twice.
    Source: handbook matching.md §7, ADR 0026.
    """
    _check(volunteers, requests, fixed)
    watch = _Watch(tell)
    find = partial(candidates, weights=weights, each=share.each)
    asked = sorted_by_id(volunteers, requests, found, fixed, find)
    watch.lap("candidates")
    posed = pose(asked, weights)
    blocks = None if share.blocks is None else share.blocks[asked.request_rows]
    making = _Making(posed, blank(posed.problem), _no_prices(requests), blocks, share.each)
    for stage, step in _STEPS.items():
        if stage <= last:
            step(making)
            making.stage = stage
            watch.done(stage)
    return told(asked, posed, making, weights, watch.seconds)


def _no_prices(requests: Requests) -> Int32Array:
    return np.zeros(len(requests), np.int32)


@dataclass(slots=True)
class _Making:
    """A plan in the making: what each stage leaves for the next. bound: scaled."""

    posed: Posed
    board: Board
    price: Int32Array
    blocks: Int64Array | None
    each: Each
    pairs: Int64Array = field(default_factory=lambda: np.zeros(0, np.int64))
    bound: int = 0
    stage: Stage = Stage.GREEDY


def _fill(making: _Making) -> None:
    greedy(making.posed.problem, making.board)


def _price(making: _Making) -> None:
    problem = making.posed.problem
    asked = np.flatnonzero(problem.wanted)
    if not len(asked):
        return
    number = np.zeros(len(asked), np.int64) if making.blocks is None else making.blocks[asked]
    cut = [carve(problem, asked[number == one], making.price) for one in np.unique(number)]
    # One block is not worth sending away: it is most of what is held in memory.
    each = making.each if len(cut) > 1 else map
    pairs = []
    for block, priced in zip(cut, each(price_block, cut), strict=True):
        making.price[block.requests[: block.own]] = priced.price
        pairs.append(priced.pairs)
    making.pairs = np.concatenate(pairs)
    making.bound = bound_of(problem, making.price)


def _mend(making: _Making) -> None:
    making.board = mended(
        making.posed.problem, making.board, making.pairs, making.price, making.bound
    )


def _prove(making: _Making) -> None:
    making.board, making.bound = prove(
        making.posed.problem, making.board, making.price, making.bound
    )


_STEPS = {
    Stage.GREEDY: _fill,
    Stage.PRICED: _price,
    Stage.MENDED: _mend,
    Stage.PROVEN: _prove,
}


@dataclass(slots=True)
class _Watch:
    tell: Callable[[Stage], None] | None
    begun: float = field(default_factory=perf_counter)
    seconds: dict[str, float] = field(default_factory=dict)

    def lap(self, what: str) -> None:
        now = perf_counter()
        self.seconds[what], self.begun = now - self.begun, now

    def done(self, stage: Stage) -> None:
        self.lap(stage.name.lower())
        if self.tell:
            self.tell(stage)


def _check(volunteers: Volunteers, requests: Requests, fixed: Int64Array) -> None:
    if len(fixed) != len(np.unique(fixed, axis=0)):
        raise ValueError("a fixed pair stands twice")
    if fixed.size and (
        fixed.min() < 0 or (fixed.max(axis=0) >= [len(requests), len(volunteers)]).any()
    ):
        raise ValueError("a fixed pair points to a row that is not there")
