"""Share tasks among as few workers as can be, with a proof of how few that could be."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.inputs import Int32Array, Int64Array
from matching.smptsp.bounds import least_by_prices, most_apart, most_at_once, solve_exactly
from matching.smptsp.instances import Workload
from matching.smptsp.search import Work, fit, lay_out

BoolArray = npt.NDArray[np.bool_]

# A programme of so few pairs is solved in a second or two. Where tasks far apart in time exclude
# each other, its solution is nearly whole, and larger ones end as soon; elsewhere the fullest
# moment proves as much and no programme ends.
_PAIRS_MAX = 2_000
_PRICED_PAIRS_MAX = 20_000
_EXACT_PAIRS_MAX = 12_000


@dataclass(frozen=True, slots=True, eq=False)
class Staffing:
    """Who does each task, how many work, and how few could at least."""

    worker_of: Int32Array
    used: int
    bound: int

    @property
    def is_proven(self) -> bool:
        """Whether nobody can do with fewer workers."""
        return self.used == self.bound


def staff(
    workload: Workload, *, steps: int = 400_000, tries: int = 8, seed: int = 1, nodes: int = 50
) -> Staffing:
    """Share all tasks among few workers. Raises ValueError when no sharing is found at all.

    steps: of each try to do with one worker fewer · nodes: of the exact search, last of all.
    Limits are never seconds: the same input has the same answer.
    """
    bound = most_apart(workload)
    priced_max = exact_max = _PAIRS_MAX
    if bound > most_at_once(workload):
        priced_max, exact_max = _PRICED_PAIRS_MAX, _EXACT_PAIRS_MAX
    pairs = int(workload.qualified.sum())
    search = _Search(workload, steps=steps, seed=seed)
    search.run(bound, tries=1)
    if search.used > bound and pairs <= priced_max:
        bound = max(bound, least_by_prices(workload))
    search.run(bound, tries=tries)
    best = search.best
    if search.used > bound and pairs <= exact_max:
        exact = solve_exactly(workload, nodes=nodes)
        if exact is not None:
            best, bound = exact, _used(exact)
    if best is None:
        raise ValueError("no way was found to share these tasks")
    return Staffing(best, _used(best), bound)


def faults(workload: Workload, worker_of: Int32Array) -> list[str]:
    """List every rule a sharing breaks, told by plain Python."""
    found = []
    until: dict[int, int] = {}
    for task in np.argsort(workload.starts, kind="stable").tolist():
        worker = int(worker_of[task])
        if worker < 0 or not workload.qualified[worker, task]:
            found.append(f"task {task} has nobody who may do it")
            continue
        if workload.starts[task] < until.get(worker, -1):
            found.append(f"worker {worker} is at two tasks at once")
        until[worker] = max(until.get(worker, -1), int(workload.ends[task]))
    return found


def _used(worker_of: Int32Array) -> int:
    return len(np.unique(worker_of))


class _Search:
    """Fit the tasks to all workers, then to fewer and fewer."""

    def __init__(self, workload: Workload, *, steps: int, seed: int) -> None:
        self.work = Work(workload.qualified, *_overlaps(workload))
        self.steps, self.seed = steps, seed
        workers, tasks = workload.qualified.shape
        self.patience = max(1_000, 8 * tasks)
        self.best: Int32Array | None = None
        self.used = workers + 1
        self.failed = 0

    def run(self, bound: int, *, tries: int) -> None:
        """Go on until the bound is reached or so many tries in all have failed."""
        while self.used > bound and self.failed < tries:
            desk = lay_out(self.work, *self._start())
            if fit(self.work, desk, self.steps, self.patience, self.seed + self.failed):
                self.failed += 1
            else:
                self.best, self.used = desk.worker_of, _used(desk.worker_of)

    def _start(self) -> tuple[BoolArray, Int32Array]:
        """Give the best sharing without one of its workers: whoever has least to do goes first."""
        workers, tasks = self.work.qualified.shape
        if self.best is None:
            return np.ones(workers, np.bool_), np.full(tasks, -1, np.int32)
        worker_of = self.best.copy()
        carried = np.bincount(worker_of, minlength=workers)
        at_work = np.flatnonzero(carried)
        order = at_work[np.argsort(carried[at_work], kind="stable")]
        leaving = order[self.failed % len(order)]
        active = carried > 0
        active[leaving] = False
        worker_of[worker_of == leaving] = -1
        return active, worker_of


def _overlaps(workload: Workload) -> tuple[Int64Array, Int32Array]:
    """Give the tasks each overlaps with, row after row."""
    starts, ends = workload.starts, workload.ends
    overlap = (starts[:, None] < ends) & (starts < ends[:, None])
    np.fill_diagonal(overlap, val=False)
    row, column = np.nonzero(overlap)
    ptr = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(starts)))])
    return ptr.astype(np.int64), column.astype(np.int32)
