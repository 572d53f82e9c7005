"""Fit all tasks to a given number of workers, or leave some over: loops over integers.

A task without a worker pushes out those that overlap with the least weight; weights grow with
every failure, so that what is hard to place is pushed out no more (Nagata, Bräysy 2009). When
it gets nowhere, the worker whose tasks weigh least changes with one who stands by.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matching.compiled import loop
from matching.inputs import Int32Array, Int64Array

BoolArray = npt.NDArray[np.bool_]


class Work(NamedTuple):
    """What is asked: who may do what (b1[W, T]), and which tasks overlap, row after row."""

    qualified: BoolArray
    ptr: Int64Array
    overlapping: Int32Array


class Desk(NamedTuple):
    """Who does what at this moment.

    active: b1[W] · worker_of: i4[T], -1 for none · weight: i8[T], how hard each is to place ·
    clash: i8[T, W], what a task would push out, weighed · tabu: i8[T, W], until which step a task
    stays away.
    """

    active: BoolArray
    worker_of: Int32Array
    weight: Int64Array
    clash: Int64Array
    tabu: Int64Array


def lay_out(work: Work, active: BoolArray, worker_of: Int32Array) -> Desk:
    """Begin with some tasks given to active workers; both arrays will be changed."""
    workers, tasks = work.qualified.shape
    clash = np.zeros((tasks, workers), np.int64)
    for task in np.flatnonzero(worker_of >= 0).tolist():
        near = work.overlapping[work.ptr[task] : work.ptr[task + 1]]
        clash[near, worker_of[task]] += 1
    weight = np.ones(tasks, np.int64)
    return Desk(active, worker_of, weight, clash, np.zeros_like(clash))


@loop
def fit(work: Work, desk: Desk, steps: int, patience: int, seed: int) -> int:
    """Assign what has no worker to active workers, in place; return how many stay without.

    patience: steps without a new best before a worker is changed.
    """
    waiting = np.flatnonzero(desk.worker_of < 0)
    best, idle, state = len(waiting), 0, seed
    for step in range(1, steps + 1):
        if not len(waiting):
            return 0
        task, worker, state = _pick(work, desk, waiting, step, state)
        if task >= 0:
            state = _place(work, desk, task, worker, step, state)
            waiting = np.flatnonzero(desk.worker_of < 0)
        idle += 1
        if len(waiting) < best:
            best, idle = len(waiting), 0
        if idle >= patience:
            state = _draw(state)
            _change(work, desk, state >> 8)
            waiting = np.flatnonzero(desk.worker_of < 0)
            best, idle = len(waiting), 0
    return len(waiting)


@loop
def _draw(state: int) -> int:
    """Give the next of a fixed row of numbers that look like chance."""
    return (state * 1103515245 + 12345) % 2147483648


@loop
def _pick(
    work: Work, desk: Desk, waiting: Int64Array, step: int, state: int
) -> tuple[int, int, int]:
    """Choose what waits and who takes it, pushing out the least; ties by lot. -1 for nobody."""
    least, ties, task, by = 1 << 60, 0, -1, -1
    for one in waiting:
        for worker in range(len(desk.active)):
            if not (desk.active[worker] and work.qualified[worker, one]):
                continue
            cost = desk.clash[one, worker]
            if cost > least or (cost > 0 and desk.tabu[one, worker] > step):
                continue
            ties = ties + 1 if cost == least else 1
            least = cost
            state = _draw(state)
            if (state >> 8) % ties == 0:
                task, by = one, worker
    return task, by, state


@loop
def _place(work: Work, desk: Desk, task: int, worker: int, step: int, state: int) -> int:
    """Give a task to a worker; what she has at that time waits, and stays away from her a while."""
    if desk.clash[task, worker] > 0:
        desk.weight[task] += 1
    for at in range(work.ptr[task], work.ptr[task + 1]):
        other = work.overlapping[at]
        if desk.worker_of[other] == worker:
            _take(work, desk, other)
            state = _draw(state)
            desk.tabu[other, worker] = step + 4 + (state >> 8) % 8
    desk.worker_of[task] = worker
    for at in range(work.ptr[task], work.ptr[task + 1]):
        desk.clash[work.overlapping[at], worker] += desk.weight[task]
    return state


@loop
def _take(work: Work, desk: Desk, task: int) -> None:
    """Take a task from whoever has it."""
    worker = desk.worker_of[task]
    desk.worker_of[task] = -1
    for at in range(work.ptr[task], work.ptr[task + 1]):
        desk.clash[work.overlapping[at], worker] -= desk.weight[task]


@loop
def _change(work: Work, desk: Desk, draw: int) -> None:
    """Let one come who may do most of what waits, and the one go whose tasks weigh least."""
    coming = _fittest(work, desk, draw)
    if coming < 0:
        return
    leaving = _lightest(desk, draw)
    desk.active[leaving] = False
    desk.active[coming] = True
    for task in range(len(desk.worker_of)):
        if desk.worker_of[task] == leaving:
            _take(work, desk, task)


@loop
def _lightest(desk: Desk, draw: int) -> int:
    workers = len(desk.active)
    carried = np.zeros(workers, np.int64)
    for task in range(len(desk.worker_of)):
        if desk.worker_of[task] >= 0:
            carried[desk.worker_of[task]] += desk.weight[task]
    found = -1
    for shift in range(workers):
        worker = (shift + draw) % workers
        if desk.active[worker] and (found < 0 or carried[worker] < carried[found]):
            found = worker
    return found


@loop
def _fittest(work: Work, desk: Desk, draw: int) -> int:
    workers = len(desk.active)
    found, most = -1, -1
    for shift in range(workers):
        worker = (shift + draw) % workers
        if desk.active[worker]:
            continue
        worth = 0
        for task in range(len(desk.worker_of)):
            if desk.worker_of[task] < 0 and work.qualified[worker, task]:
                worth += desk.weight[task]
        if worth > most:
            most, found = worth, worker
    return found
