"""Make a plan: candidates, greedy, prices, mending, proof; any stage may be the last."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from matching.inputs import Int64Array, Volunteers
from matching.plans.answers import Candidates, Plan, Stage
from matching.plans.candidates import candidates
from matching.plans.sorting import sorted_by_id
from matching.plans.watch import Watch
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
    from matching.plans.stages import make  # noqa: PLC0415 - whoever never plans loads no solver

    _check(volunteers, requests, fixed)
    watch = Watch(tell)
    find = partial(candidates, weights=weights, each=share.each)
    asked = sorted_by_id(volunteers, requests, found, fixed, find)
    watch.lap("candidates")
    blocks = None if share.blocks is None else share.blocks[asked.request_rows]
    return make(asked, weights, blocks=blocks, each=share.each, last=last, watch=watch)


def _check(volunteers: Volunteers, requests: Requests, fixed: Int64Array) -> None:
    if len(fixed) != len(np.unique(fixed, axis=0)):
        raise ValueError("a fixed pair stands twice")
    if fixed.size and (
        fixed.min() < 0 or (fixed.max(axis=0) >= [len(requests), len(volunteers)]).any()
    ):
        raise ValueError("a fixed pair points to a row that is not there")
