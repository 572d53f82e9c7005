"""Prove how many workers are needed at least: tasks that exclude each other, and prices."""

from math import ceil

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array

from matching.inputs import Int32Array, Int64Array
from matching.smptsp.instances import Workload

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]


def most_at_once(workload: Workload) -> int:
    """Count the tasks that run at the fullest moment; nobody does two of them."""
    return max((len(running) for running in workload.moments()), default=0)


def most_apart(workload: Workload, *, starts: int = 8) -> int:
    """Count a great set of tasks no two of which one worker could do: as many are needed.

    The fullest moment is such a set; others grow from the tasks that fit with the fewest, for
    tasks far apart in time may have no worker in common either.
    """
    known = _never_together(workload)
    degree = known.sum(axis=1)
    best = most_at_once(workload)
    for first in np.argsort(-degree, kind="stable")[:starts].tolist():
        open_to, size = known[first].copy(), 1
        shared = known[:, open_to].sum(axis=1)
        while open_to.any():
            task = int(np.where(open_to, shared, -1).argmax())
            gone = open_to & ~known[task]
            shared = shared - known[:, gone].sum(axis=1)
            open_to &= known[task]
            size += 1
        best = max(best, size)
    return best


def _never_together(workload: Workload) -> BoolArray:
    """Tell which two tasks no worker could do both of: b1[T, T]."""
    who = workload.qualified.astype(np.float32)
    apart: BoolArray = (workload.starts[:, None] < workload.ends) & (
        workload.starts < workload.ends[:, None]
    )
    apart |= (who.T @ who) == 0
    np.fill_diagonal(apart, val=False)
    return apart


def least_by_prices(workload: Workload) -> int:
    """Bound the workers from below by a linear programme's prices of each worker's moments.

    A worker's prices come to 1 at most, and a task is worth no more than the least that any who
    may do it asks for its moments: whatever the solver says, their sum is a bound.
    """
    model = _Model(workload)
    solved = linprog(
        model.cost,
        A_ub=model.at_most,
        b_ub=np.zeros(model.at_most.shape[0]),
        A_eq=model.each_once,
        b_eq=np.ones(len(workload.starts)),
        bounds=(0, 1),
        method="highs-ds",
    )
    if solved.status:
        raise ValueError("no way: all workers together cannot do these tasks")
    prices: FloatArray = np.maximum(-solved.ineqlin.marginals, 0.0)
    asked = np.zeros(len(workload.qualified))
    np.add.at(asked, model.owner, prices)
    prices /= np.maximum(asked, 1.0)[model.owner]
    told = model.at_most[:, : len(model.task)].T @ prices
    worth = np.full(len(workload.starts), np.inf)
    np.minimum.at(worth, model.task, told)
    return ceil(float(worth.sum()) - 1e-6)


def solve_exactly(workload: Workload, *, nodes: int) -> Int32Array | None:
    """Give who does each task with as few workers as can be; None when it takes too many nodes."""
    model = _Model(workload)
    rows = LinearConstraint(model.at_most, ub=np.zeros(model.at_most.shape[0]))
    once = LinearConstraint(model.each_once, lb=1, ub=1)
    solved = milp(
        model.cost,
        integrality=np.ones(len(model.cost)),
        bounds=Bounds(0, 1),
        constraints=[rows, once],
        options={"node_limit": nodes, "mip_rel_gap": 0.0},
    )
    if solved.x is None or solved.status:
        return None
    chosen = solved.x[: len(model.task)] > 0.5
    worker_of = np.full(len(workload.starts), -1, np.int32)
    worker_of[model.task[chosen]] = model.worker[chosen]
    return worker_of


class _Model:
    """Columns: who does which task, then who works at all; rows: one task at each moment."""

    def __init__(self, workload: Workload) -> None:
        workers, tasks = workload.qualified.shape
        worker, task = np.nonzero(workload.qualified)
        self.worker: Int64Array = worker.astype(np.int64)
        self.task: Int64Array = task.astype(np.int64)
        pairs = len(task)
        number = np.full((workers, tasks), -1, np.int64)
        number[worker, task] = np.arange(pairs)
        rows: list[int] = []
        columns: list[int] = []
        owner: list[int] = []
        moments = workload.moments()
        for one in range(workers):
            # What this worker may do at each moment, each greatest such set once.
            sets = [number[one, running][number[one, running] >= 0].tolist() for running in moments]
            for listed in _greatest([one_set for one_set in sets if one_set]):
                rows += [len(owner)] * (len(listed) + 1)
                columns += [*listed, pairs + one]
                owner.append(one)
        signs = np.where(np.array(columns) < pairs, 1.0, -1.0)
        shape = (len(owner), pairs + workers)
        self.owner: Int64Array = np.array(owner, np.int64)
        self.at_most = csr_array((signs, (rows, columns)), shape=shape)
        self.each_once = csr_array(
            (np.ones(pairs), (task, np.arange(pairs))), shape=(tasks, pairs + workers)
        )
        self.cost: FloatArray = np.concatenate([np.zeros(pairs), np.ones(workers)])


def _greatest(sets: list[list[int]]) -> list[list[int]]:
    """Leave out what is part of its neighbour; moments follow each other."""
    found: list[list[int]] = []
    for one in sets:
        if found and set(one) <= set(found[-1]):
            continue
        while found and set(found[-1]) <= set(one):
            found.pop()
        found.append(one)
    return found
