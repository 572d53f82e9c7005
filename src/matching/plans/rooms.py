"""What keeps each person's visits apart and within her rooms, as rows over pairs."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matching.inputs import BoolArray, Int32Array, Int64Array
from matching.plans.problem import Problem

FloatArray = npt.NDArray[np.float64]

_LATE = np.iinfo(np.int64).max


class _Rows(NamedTuple):
    row: Int64Array
    member: Int64Array
    height: int


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
