"""Prove how full and how even any roster could be, from the question alone.

Shifts fall into blocks that share no day and no hour, so that each is proven for itself. Flow
from shifts to people proves most of them; where somebody could take several shifts that overlap
in part, a linear programme is asked too, and its prices are the proof: whatever a solver says, a
bound is computed from them in plain sums. People with the same choices count as one with many.
"""

from math import floor, gcd

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from matching.inputs import BoolArray, Int32Array, Int64Array
from matching.roster_calendar import RosterCalendar

FloatArray = npt.NDArray[np.float64]

# A programme of this many pairs is solved within a second or two; above it the flow must do.
_PAIRS_MAX = 20_000


def most_filled(block: RosterCalendar, places: Int32Array, *, reached: int) -> int:
    """Prove how many places of a block no roster can exceed; reached: how many one fills.

    A block filled to the last place needs no proof: about 0.1 s for each of the others.
    """
    bound = int(places.sum())
    if reached < bound:
        bound = min(bound, _by_flow(block, places))
    if reached < bound:
        bound = min(bound, _by_prices(block, places))
    return bound


def least_most(calendar: RosterCalendar, before: Int64Array, *, reached: Int32Array) -> int:
    """Prove how many minutes the busiest has at least, when the same places are filled.

    The lightest that may take a shift take it; and all minutes are poured over all who may take
    anything, in steps of the greatest measure that every shift is a multiple of.
    """
    anything = calendar.able.any(axis=1)
    if not anything.any():
        return 0
    minutes = (calendar.ends - calendar.starts).astype(np.int64)
    able, before = calendar.able[anything], before[anything]
    least = int(before.max())
    for slot in np.flatnonzero(reached).tolist():
        nth = int(reached[slot]) - 1
        lightest = np.partition(before[able[:, slot]], nth)[nth]
        least = max(least, int(lightest + minutes[slot]))
    total, step = int((minutes * reached).sum()), gcd(*minutes[reached > 0].tolist()) or 1
    room = _room(calendar, able, minutes)
    low, high = least, least + total
    while low < high:
        level = (low + high) // 2
        poured = np.minimum((level - before) // step * step, room)
        low, high = (low, level) if int(poured.sum()) >= total else (level + 1, high)
    return low


def _room(calendar: RosterCalendar, able: BoolArray, minutes: Int64Array) -> Int64Array:
    """Give how many minutes each person could take at most, the longest shifts of each day."""
    room = np.zeros(len(able), np.int64)
    for day in np.unique(calendar.days):
        on_day = calendar.days == day
        lengths = np.where(able[:, on_day], minutes[on_day], 0)
        room += np.sort(lengths, axis=1)[:, -calendar.day_cap :].sum(axis=1)
    return room


def _kinds(able: BoolArray) -> tuple[BoolArray, Int64Array]:
    """Put people with the same choices together: their choices, and how many they are."""
    kinds, counts = np.unique(able[able.any(axis=1)], axis=0, return_counts=True)
    return kinds, counts.astype(np.int64)


def _by_flow(block: RosterCalendar, places: Int32Array) -> int:
    """Bound a block by the greatest flow from its shifts to people's days.

    Exact where nobody can take two shifts of the block, which is the usual case.
    """
    if block.ends.min() > block.starts.max():
        return _flow(block, places)
    # Nights that run into the next day tie days together; each is counted for itself here.
    days = [np.flatnonzero(block.days == day) for day in np.unique(block.days)]
    return sum(_flow(block.part(on_day), places[on_day]) for on_day in days)


def _flow(block: RosterCalendar, places: Int32Array) -> int:
    kinds, counts = _kinds(block.able)
    if not len(kinds):
        return 0
    groups, slots = kinds.shape
    caps = np.array([_most_apart(block, kind) for kind in kinds], np.int64) * counts
    group, slot = np.nonzero(kinds)
    source, sink = slots + groups, slots + groups + 1
    graph = csr_array(
        (
            np.concatenate([places, counts[group], caps]).astype(np.int32),
            (
                np.concatenate([np.full(slots, source), slot, slots + np.arange(groups)]),
                np.concatenate([np.arange(slots), slots + group, np.full(groups, sink)]),
            ),
        ),
        shape=(sink + 1, sink + 1),
    )
    return int(maximum_flow(graph, source, sink).flow_value)


def _most_apart(block: RosterCalendar, kind: BoolArray) -> int:
    """Count how many shifts of a day one person could take that do not overlap, up to the cap."""
    count, until = 0, -1
    mine = np.flatnonzero(kind)
    for slot in mine[np.argsort(block.ends[mine], kind="stable")].tolist():
        if block.starts[slot] >= until:
            count, until = count + 1, int(block.ends[slot])
    return min(count, block.day_cap)


def _by_prices(block: RosterCalendar, places: Int32Array) -> int:
    """Bound a block by the prices of a linear programme over pairs, if it is not too large."""
    kinds, counts = _kinds(block.able)
    group = np.nonzero(kinds)[0]
    if not len(group):
        return 0
    if len(group) > _PAIRS_MAX:
        return int(places.sum())
    matrix, limits = constraints(block, kinds, counts, places)
    solved = linprog(
        -np.ones(len(group)), A_ub=matrix, b_ub=limits, bounds=(0, None), method="highs-ds"
    )
    prices: FloatArray = np.maximum(-solved.ineqlin.marginals, 0.0)
    # Any prices bound the whole: what is paid, and for each pair what it would still gain.
    gains = np.maximum(1.0 - matrix.T @ prices, 0.0)
    return floor(float(limits @ prices + counts[group] @ gains) + 1e-9)


def constraints(
    block: RosterCalendar, kinds: BoolArray, counts: Int64Array, places: Int32Array
) -> tuple[csr_array, FloatArray]:
    """Write the rules as rows over pairs of a kind and a shift it may take, and their limits.

    The places of each shift come first, then one shift at a moment, then so many a day.
    """
    group, slot = np.nonzero(kinds)
    number = np.full(kinds.shape, -1, np.int64)
    number[group, slot] = np.arange(len(group))
    rows, columns = [slot.astype(np.int64)], [np.arange(len(group), dtype=np.int64)]
    limits = [places.astype(np.float64)]
    sets = [(members, 1) for members in block.cliques()]
    sets += [(np.flatnonzero(block.days == day), block.day_cap) for day in np.unique(block.days)]
    behind = len(places)
    for members, cap in sets:
        pairs = number[:, members]
        who, which = np.nonzero(pairs >= 0)
        rows.append(behind + who)
        columns.append(pairs[who, which])
        limits.append(counts.astype(np.float64) * cap)
        behind += len(kinds)
    row, column = np.concatenate(rows), np.concatenate(columns)
    matrix = csr_array((np.ones(len(row)), (row, column)), shape=(behind, len(group)))
    return matrix, np.concatenate(limits)
