"""Tasks at fixed times and who may do which: read from the public files, or invented.

Format: ``Type = 1``, ``Jobs = n`` and n lines ``start end``, ``Qualifications = w`` and w lines
``count: task task …`` with tasks from 0. Source: Krishnamoorthy, Ernst, Baatar, EJOR 219 (2012).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.inputs import Int32Array, Int64Array

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Workload:
    """Hold tasks to be shared among as few workers as can be.

    starts, ends: i4[T], half-open · qualified: b1[W, T], who may do which. Raises ValueError.
    """

    starts: Int32Array
    ends: Int32Array
    qualified: BoolArray

    def __post_init__(self) -> None:
        tasks = len(self.starts)
        if self.ends.shape != (tasks,) or self.qualified.shape[1:] != (tasks,):
            raise ValueError("ends: i4[T], qualified: b1[W, T]")
        if not (self.starts < self.ends).all():
            raise ValueError("a task must end after its start")
        if not self.qualified.any(axis=0).all():
            raise ValueError("a task must have somebody who may do it")

    def moments(self) -> list[Int64Array]:
        """Give the tasks that run at the same moment, each greatest such set once."""
        starts = np.unique(self.starts)
        found = []
        for start, following in zip(starts, [*starts[1:], np.iinfo(np.int32).max], strict=True):
            running = np.flatnonzero((self.starts <= start) & (start < self.ends))
            # Greatest when something in it ends before the next task starts.
            if self.ends[running].min() <= following:
                found.append(running)
        return found


def read_smptsp(text: str) -> Workload:
    """Read one public file. Raises ValueError if it is of another kind."""
    lines = [line for row in text.splitlines() if (line := row.strip()) and line[0] != "#"]
    if _number(lines[0], "Type") != 1:
        raise ValueError("only files of type 1 are known")
    tasks = _number(lines[1], "Jobs")
    windows = np.array([line.split() for line in lines[2 : 2 + tasks]], np.int32)
    workers = _number(lines[2 + tasks], "Qualifications")
    qualified = np.zeros((workers, tasks), np.bool_)
    for worker, line in enumerate(lines[3 + tasks : 3 + tasks + workers]):
        count, _, listed = line.partition(":")
        numbers = [int(one) for one in listed.split()]
        if len(numbers) != int(count):
            raise ValueError(f"worker {worker} has {len(numbers)} tasks instead of {count}")
        qualified[worker, numbers] = True
    return Workload(starts=windows[:, 0], ends=windows[:, 1], qualified=qualified)


def _number(line: str, name: str) -> int:
    word, _, value = line.partition("=")
    if word.strip() != name:
        raise ValueError(f"{name} expected instead of {line[:20]!r}")
    return int(value)


def invent_workload(*, needed: int, workers: int, skill: float, seed: int) -> Workload:
    """Invent a day of the public files' shape whose least number of workers is known: ``needed``.

    So many tracks of tasks are laid out, all busy at noon, and each is one worker's to do; skill
    is the share of tasks that anybody may do besides, as the multi-skilling level of the files.
    """
    random = np.random.default_rng(seed)
    windows: list[tuple[int, int]] = []
    tracks: list[int] = []
    for track in range(needed):
        at = int(random.integers(0, 120))
        while at < 1200:
            length = int(random.integers(30, 240))
            if at <= 720 < at + length + 60:
                length = max(length, 721 - at)  # Everybody is at work at noon.
            windows.append((at, at + length))
            tracks.append(track)
            at += length + int(random.integers(0, 60)) * (at + length > 720 or at + length < 600)
    qualified = random.random((workers, len(windows))) < skill
    qualified[tracks, np.arange(len(windows))] = True
    order = np.lexsort((random.random(len(windows)), np.array(windows)[:, 0]))
    told = np.array(windows, np.int32)[order]
    people = random.permutation(workers)
    return Workload(starts=told[:, 0], ends=told[:, 1], qualified=qualified[people][:, order])
