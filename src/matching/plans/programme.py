"""A linear programme over pairs that takes in pairs and rooms, and goes on from where it was."""

from typing import NamedTuple

import highspy
import numpy as np

from matching.inputs import Int32Array, Int64Array
from matching.plans.blocks import Block
from matching.plans.problem import SCALE
from matching.plans.rooms import FloatArray, week_rows

_OPTIONS: dict[str, bool | int | str] = {
    "output_flag": False,
    "threads": 1,
    "solver": "simplex",
    "presolve": "off",  # there is little to find, and what is found cannot go on from a basis
}
_ALMOST = 1e-6


class Solved(NamedTuple):
    """Hold an answer.

    price: i4[own], scaled · pairs: i8, those taken in so far · share: f8, of each of them · paid:
    scaled, what all places cost at these prices.
    """

    price: Int32Array
    pairs: Int64Array
    share: FloatArray
    paid: int


class Programme:
    """Minimise what pairs and empty places of a block cost, over the pairs and rooms taken in.

    Columns are the empty places of each request, then the pairs; rows are the requests, then the
    rooms. Pairs elsewhere earn what their fixed prices pay.
    """

    def __init__(self, block: Block, pairs: Int64Array) -> None:
        """Begin with these pairs and without any room: each place goes to the next cheapest."""
        problem = block.problem
        self._block = block
        self._pairs = np.zeros(0, np.int64)
        self._is_known = np.zeros(len(problem.person), np.bool_)
        # One visit breaks no room, except of those who have none on some day.
        least = problem.day_room.min(axis=1, initial=1)
        self._harmless = np.minimum(least, problem.week_room)
        wanted = problem.wanted[: block.own].astype(np.float64)
        empty = problem.empty[: block.own] / SCALE
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]  # has no types yet
        for name, value in _OPTIONS.items():
            self._solver.setOptionValue(name, value)
        nothing = np.zeros(0, np.int32), np.zeros(0)
        self._solver.addRows(block.own, wanted, wanted, 0, np.zeros(block.own, np.int32), *nothing)
        self._add(np.arange(block.own), empty, wanted)
        self.take_pairs(pairs)
        self._solver.setBasis(self._cheapest())

    def take_pairs(self, pairs: Int64Array) -> int:
        """Take in the pairs that it does not know yet, and tell how many."""
        pairs = pairs[~self._is_known[pairs]]
        self._is_known[pairs] = True
        problem, price, own = self._block.problem, self._block.price, self._block.own
        owner = self._requests(pairs)
        gain = problem.cost[pairs] - np.where(owner < own, 0, price[owner])
        self._add(owner, gain / SCALE, np.ones(len(pairs)))
        self._pairs = np.concatenate([self._pairs, pairs])
        return len(pairs)

    def keep_rooms(self, solved: Solved) -> int:
        """Take in the rooms that an answer breaks, and tell how many."""
        pairs, share = solved.pairs, solved.share
        problem = self._block.problem
        person = problem.person[pairs]
        held = np.bincount(person[share > _ALMOST], minlength=len(problem.week_room))
        which = np.flatnonzero((held > self._harmless)[person])
        requests = self._requests(pairs[which])
        rows, room = week_rows(problem, person[which], requests, len(which))
        broken = np.flatnonzero(rows @ share[which] > room + _ALMOST)
        rows, room = rows[broken], room[broken]
        self._solver.addRows(
            len(room),
            np.full(len(room), -highspy.kHighsInf),
            room,
            rows.nnz,
            rows.indptr[:-1].astype(np.int32),
            (which[rows.indices] + self._block.own).astype(np.int32),
            rows.data,
        )
        return len(room)

    def solve(self) -> Solved:
        """Solve it as far as it is known, from where it was before."""
        self._solver.run()
        own, problem = self._block.own, self._block.problem
        solution = self._solver.getSolution()
        dual = np.rint(np.asarray(solution.row_dual)[:own] * SCALE)
        # Where nothing is wanted any price would do, but only nought lets nobody earn by it.
        most = np.where(problem.wanted[:own] > 0, problem.empty[:own], 0)
        price = np.clip(dual, 0, most).astype(np.int32)
        return Solved(
            price=price,
            pairs=self._pairs,
            share=np.asarray(solution.col_value)[own:],
            paid=int((price.astype(np.int64) * problem.wanted[:own]).sum()),
        )

    def _cheapest(self) -> highspy.HighsBasis:
        """Give the best basis while there are no rooms, which else takes a step a request."""
        block, problem = self._block, self._block.problem
        request = np.concatenate([np.arange(block.own), self._requests(self._pairs)])
        cost = np.concatenate([problem.empty[: block.own], problem.cost[self._pairs]])
        most = np.ones(len(request), np.int64)
        most[: block.own] = problem.wanted[: block.own]
        order = np.lexsort((cost, request))
        owner = request[order]
        filled = np.cumsum(most[order])
        filled -= (filled - most[order])[np.searchsorted(owner, owner)]
        is_full = filled < problem.wanted[owner]
        # The first of a request's that need not be full; there always is one, its empty places.
        _, first = np.unique(owner[~is_full], return_index=True)
        last = order[~is_full][first]
        status = np.full(len(request), highspy.HighsBasisStatus.kLower, object)
        status[order[is_full]] = highspy.HighsBasisStatus.kUpper
        status[last] = highspy.HighsBasisStatus.kBasic
        # Elsewhere nothing is asked: whatever pays is taken.
        status[request >= block.own] = highspy.HighsBasisStatus.kUpper
        basis = highspy.HighsBasis()
        basis.col_status = status.tolist()
        basis.row_status = [highspy.HighsBasisStatus.kLower] * block.own
        basis.valid = True
        return basis

    def _requests(self, pairs: Int64Array) -> Int64Array:
        return np.searchsorted(self._block.problem.ptr, pairs, "right") - 1

    def _add(self, request: Int64Array, cost: FloatArray, most: FloatArray) -> None:
        """Add columns, each in its request's row if that is the block's own."""
        is_own = request < self._block.own
        begins: Int64Array = np.cumsum(is_own) - is_own
        self._solver.addCols(
            len(request),
            cost,
            np.zeros(len(request)),
            most,
            int(is_own.sum()),
            begins.astype(np.int32),
            request[is_own].astype(np.int32),
            np.ones(int(is_own.sum())),
        )
