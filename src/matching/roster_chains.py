"""Chains of exchanges: they fill what greed left open, and lower what the busiest carries."""

from collections import deque
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from matching.inputs import Int32Array
from matching.roster_board import Board

BoolArray = npt.NDArray[np.bool_]
_ROUNDS_OF_EVENING = 3


def mend(board: Board, order: list[int], wanted: Int32Array) -> None:
    """Fill open places by chains of exchanges: one takes the open slot and leaves another, which
    somebody else takes over, and so on. No slot loses anybody.

    What a failed search has seen leads nowhere for the next one either.
    """
    dead = np.zeros(len(board.ids), np.bool_)
    for slot in order:
        while len(board.holders[slot]) < wanted[slot] and not dead[slot]:
            if not _augment(board, slot, dead):
                break


def _augment(board: Board, start: int, dead: BoolArray) -> bool:
    seen = dead.copy()
    seen[start] = True
    # Of each slot that would be left: for which slot, and by whom.
    left_for: dict[int, tuple[int, int]] = {}
    queue = deque([start])
    while queue:
        hole = queue.popleft()
        chain = _chain(hole, left_for)
        in_chain = {row for _, _, row in chain}
        free = board.free(hole)
        free[list(in_chain)] = False
        takers = board.best(hole, free, 1)
        if takers:
            _exchange(board, hole, takers[0], chain)
            return True
        near = (board.overlap[hole] | board.same_day[hole]) & ~seen
        for slot in np.flatnonzero(near).tolist():
            mover = _mover(board, slot, hole, in_chain)
            if mover is not None:
                seen[slot] = True
                left_for[slot] = (hole, mover)
                queue.append(slot)
    dead |= seen
    return False


def _mover(board: Board, slot: int, hole: int, in_chain: set[int]) -> int | None:
    """Give who holds a slot and could take the hole if she left it; the cheapest."""
    fitting = [
        (int(board.load[row] + board.penalty[row, hole]), row)
        for row in board.holders[slot]
        if row not in in_chain and board.can_change(row, slot, hole)
    ]
    return min(fitting)[1] if fitting else None


def _exchange(board: Board, hole: int, taker: int, chain: list[tuple[int, int, int]]) -> None:
    for slot, target, row in chain:
        board.give(row, slot, -1)
        board.give(row, target)
    board.give(taker, hole)


def _chain(hole: int, left_for: Mapping[int, tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Give the exchanges that lead from the open slot to a hole, as (left, taken, who); the one
    nearest to the open slot first.
    """
    chain = []
    while hole in left_for:
        target, row = left_for[hole]
        chain.append((hole, target, row))
        hole = target
    return chain[::-1]


def even_out(board: Board) -> None:
    """Move slots from those with many minutes to those with fewer, while it gets fairer."""
    for _ in range(_ROUNDS_OF_EVENING):
        moved = False
        for row in np.argsort(-board.load, kind="stable").tolist():
            for slot in np.flatnonzero(board.taken[row]).tolist():
                moved |= _relieve(board, row, slot)
        if not moved:
            return


def _relieve(board: Board, row: int, slot: int) -> bool:
    lighter = board.load + board.minutes[slot] < board.load[row]
    as_fitting = board.penalty[:, slot] <= board.penalty[row, slot]
    takers = board.best(slot, board.free(slot) & lighter & as_fitting, 1)
    if takers:
        board.give(row, slot, -1)
        board.give(takers[0], slot)
    return bool(takers)


def lower_peak(board: Board, least: int) -> None:
    """Relieve the busiest by chains, while somebody carries more than the proven least.

    Each on a chain takes a slot and gives another on, until one has room for it or the busiest
    takes a shorter one back; nobody comes to carry as much as the busiest did, and nobody stands
    where she fits less.
    """
    able = board.able.any(axis=1)
    while True:
        most = int(board.load[able].max(initial=0))
        if most <= least:
            return
        # Whoever led nowhere leads nowhere for the next of the busiest.
        seen = board.load == most
        for row in np.flatnonzero(able & seen).tolist():
            if not _hand_on(board, row, most, seen):
                return


def _hand_on(board: Board, start: int, most: int, seen: BoolArray) -> bool:
    # Of each person: from whom she would take which slot, and what the busiest would give.
    taken_from: dict[int, tuple[int, int]] = {}
    given: dict[int, int] = {}
    queue = deque([start])
    while queue:
        row = queue.popleft()
        got = taken_from[row][1] if row in taken_from else None
        for slot in np.flatnonzero(board.taken[row]).tolist():
            if got is not None and not _may_pass(board, row, got, slot, most):
                continue
            as_fitting = board.penalty[:, slot] <= board.penalty[row, slot]
            fitting = board.able[:, slot] & ~board.taken[:, slot] & as_fitting
            if (
                got is not None
                and fitting[start]
                and _may_pass(board, start, slot, given[row], most)
            ):
                _pass_on(board, start, (row, slot), taken_from)
                return True
            fitting &= ~seen
            room = board.load + board.minutes[slot] < most
            takers = board.best(slot, fitting & room & board.free(slot), 1)
            if takers:
                _pass_on(board, takers[0], (row, slot), taken_from)
                return True
            for other in np.flatnonzero(fitting).tolist():
                seen[other] = True
                taken_from[other] = (row, slot)
                given[other] = slot if got is None else given[row]
                queue.append(other)
    return False


def _may_pass(board: Board, row: int, got: int, slot: int, most: int) -> bool:
    """Tell whether a person could take what she gets if she gives a slot of hers on."""
    after = board.load[row] + board.minutes[got] - board.minutes[slot]
    return bool(after < most) and board.can_change(row, slot, got)


def _pass_on(
    board: Board,
    taker: int,
    last: tuple[int, int],
    taken_from: Mapping[int, tuple[int, int]],
) -> None:
    """Let each on the chain give her slot to the next, the last one first."""
    row, slot = last
    while True:
        board.give(row, slot, -1)
        board.give(taker, slot)
        if row not in taken_from:
            return
        taker = row
        row, slot = taken_from[row]
