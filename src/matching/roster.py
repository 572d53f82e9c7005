"""Propose a fair roster: the scarcest minimum first, then whoever has served least.

Greedy choices, mended by chains of exchanges while a minimum is open, then evened out by moving
slots from those with much to those with little. Costs are whole minutes and ties go to the lower
id, so the same question has one answer, whatever the order of its rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matching.roster_board import Board
from matching.roster_chains import even_out, lower_peak, mend
from matching.roster_inputs import RosterCause, RosterRequest


@dataclass(frozen=True, slots=True)
class RosterGap:
    """A slot short of its minimum, and why nobody else could take it, counted."""

    slot: int
    missing: int
    causes: Mapping[RosterCause, int]


@dataclass(frozen=True, slots=True)
class Fairness:
    """How evenly the minutes lie.

    ``busiest_share``: what part of the new minutes the busiest tenth carries, in per mille ·
    ``least``, ``most``: minutes, those served lately included, of whoever could take anything ·
    ``people``: how many got a slot.
    """

    busiest_share: int
    least: int
    most: int
    people: int


@dataclass(frozen=True, slots=True)
class RosterProof:
    """What no roster can do better.

    ``open_places``: so many of the wanted places stay open in every roster · ``filled``: none
    that leaves so few open fills more places, those above the minimum included · ``most``: the
    busiest has at least so many minutes in every roster that fills the same places.
    """

    open_places: int
    filled: int
    most: int


@dataclass(frozen=True, slots=True)
class Roster:
    """Pairs of (slot id, person id) in order, what is open still, how fair it is, and the proof
    of how much better any other roster could be.
    """

    pairs: tuple[tuple[int, int], ...]
    gaps: tuple[RosterGap, ...]
    fairness: Fairness
    proof: RosterProof

    @property
    def missing(self) -> int:
        """How many places stay open that are wanted at least."""
        return sum(gap.missing for gap in self.gaps)

    @property
    def is_proven(self) -> bool:
        """Whether no roster leaves fewer of the wanted places open, or fills more places."""
        return self.missing == self.proof.open_places and len(self.pairs) == self.proof.filled


def propose_roster(request: RosterRequest) -> Roster:
    """Give each slot its minimum of people, and its maximum if wished, as fairly as may be.

    Some seconds for 1,500 people and 2,000 slots. Source: handbook, mission P3 and P4.
    """
    # Whoever proposes no roster loads no solver.
    from matching.roster_exact import close  # noqa: PLC0415 - see above
    from matching.roster_proof import least_most  # noqa: PLC0415 - see above

    board = Board(request)
    scarce = board.by_scarcity()
    for wanted in (board.minimum, board.maximum)[: 1 + request.fill]:
        for slot in scarce:
            board.fill(slot, int(wanted[slot]))
        mend(board, scarce, wanted)
    open_places, filled = close(board, board.maximum if request.fill else board.minimum)
    even_out(board)
    most = least_most(board.calendar(), board.before, reached=board.reached())
    lower_peak(board, most)
    return _roster(board, RosterProof(open_places, filled, most))


def _roster(board: Board, proof: RosterProof) -> Roster:
    """Put the board into plain values, slots by time, people by id."""
    pairs = [
        (int(board.ids[slot]), int(board.people[row]))
        for slot, held in enumerate(board.holders)
        for row in sorted(held)
    ]
    gaps = [
        RosterGap(int(board.ids[slot]), int(missing), _causes(board, slot))
        for slot, held in enumerate(board.holders)
        if (missing := board.minimum[slot] - len(held)) > 0
    ]
    return Roster(tuple(pairs), tuple(gaps), _fairness(board), proof)


def _causes(board: Board, slot: int) -> dict[RosterCause, int]:
    """Count by the first cause why the others cannot take a slot."""
    left = ~board.taken[:, slot]
    counts = {}
    for cause, holds in (
        (RosterCause.BARRED, ~board.allowed[:, slot]),
        (RosterCause.CONFLICT, board.conflict[:, slot]),
        (RosterCause.ROSTERED, board.clashes[:, slot] > 0),
        (RosterCause.DAY_FULL, board.on_day[:, slot] >= board.day_cap),
    ):
        counts[cause] = int((left & holds).sum())
        left = left & ~holds
    return counts


def _fairness(board: Board) -> Fairness:
    new = board.load - board.before
    able = board.able.any(axis=1)
    loads = board.load[able]
    total = int(new.sum())
    tenth = -(-len(loads) // 10)
    busiest = int(np.sort(new[able])[::-1][:tenth].sum())
    return Fairness(
        busiest_share=1000 * busiest // total if total else 0,
        least=int(loads.min()) if len(loads) else 0,
        most=int(loads.max()) if len(loads) else 0,
        people=int((new > 0).sum()),
    )
