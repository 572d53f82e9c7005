"""Prove how full a roster could be; where chains and proof have not met, solve small blocks."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack, vstack

from matching.inputs import BoolArray, Int32Array
from matching.roster_board import Board
from matching.roster_calendar import RosterCalendar
from matching.roster_proof import constraints, most_filled

# So many pairs take a second at most; the limit of nodes keeps the answer the same everywhere.
_PAIRS_MAX = 3_000
_NODES_MAX = 200


@dataclass(frozen=True, slots=True, eq=False)
class ExactBlock:
    """The best that can be done with a block: taken b1[P, S], wanted places filled, and all."""

    taken: BoolArray
    needed: int
    filled: int


def close(board: Board, wanted: Int32Array) -> tuple[int, int]:
    """Prove block by block how much no roster exceeds; where chains fell short, solve it."""
    calendar, reached = board.calendar(), board.reached()
    needed = filled = 0
    for span in calendar.blocks():
        block, minimum, maximum = calendar.part(span), board.minimum[span], wanted[span]
        done = int(np.minimum(reached[span], minimum).sum())
        needed_max = most_filled(block, minimum, reached=done)
        filled_max = most_filled(block, maximum, reached=int(reached[span].sum()))
        if done < needed_max or reached[span].sum() < filled_max:
            exact = solve_block(block, minimum, maximum)
            if exact is not None:
                board.replace(span, exact.taken)
                needed_max, filled_max = exact.needed, exact.filled
        needed, filled = needed + needed_max, filled + filled_max
    return int(board.minimum.sum()) - needed, filled


def solve_block(
    block: RosterCalendar, minimum: Int32Array, maximum: Int32Array
) -> ExactBlock | None:
    """Fill as many wanted places as can be, then as many as can be; None if it is too large."""
    people, slots = block.able.shape
    who, slot = np.nonzero(block.able)
    if len(who) > _PAIRS_MAX:
        return None
    rules, limits = constraints(block, block.able, np.ones(people, np.int64), maximum)
    # For each shift the wanted places it fills: no more than are taken of it.
    taken_of = csr_array((np.ones(len(who)), (slot, np.arange(len(who)))), shape=(slots, len(who)))
    counted = hstack([-taken_of, csr_array(np.eye(slots))])
    matrix = vstack([hstack([rules, csr_array((rules.shape[0], slots))]), counted])
    worth = float(maximum.sum() + 1)
    solved = milp(
        -np.concatenate([np.ones(len(who)), np.full(slots, worth)]),
        integrality=np.ones(len(who) + slots),
        bounds=Bounds(0, np.concatenate([np.ones(len(who)), minimum])),
        constraints=LinearConstraint(matrix, ub=np.concatenate([limits, np.zeros(slots)])),
        options={"node_limit": _NODES_MAX, "mip_rel_gap": 0.0},
    )
    if solved.status:
        return None
    taken = np.zeros(block.able.shape, np.bool_)
    taken[who, slot] = solved.x[: len(who)] > 0.5
    needed = int(np.minimum(taken.sum(axis=0), minimum).sum())
    return ExactBlock(taken, needed, int(taken.sum()))
