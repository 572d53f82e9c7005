"""The outside test: fixed tasks shared among as few workers as can be (SMPTSP).

Called by the group ``matching``. Invented days have a known answer and are solved everywhere;
the public files are read from the folder that SMPTSP_FOLDER names, if it names one.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

from matching.smptsp import Workload, invent_workload, read_smptsp, staff

# Needed, workers, skill in per cent: the range of the public files.
INVENTED = (
    (20, 25, 33), (40, 60, 20), (60, 77, 20), (80, 110, 66), (100, 150, 33), (120, 160, 33),
    (150, 240, 20), (180, 220, 66),
)  # fmt: skip


def run(report: Callable[[str, float, str], None]) -> None:
    """Report how many invented days, and how many public files, are solved and proven."""
    _report(report, "smptsp_invented", _invented())
    folder = os.environ.get("SMPTSP_FOLDER")
    if folder:
        files = sorted(Path(folder).glob("**/*.dat"))
        _report(report, "smptsp", (read_smptsp(file.read_text()) for file in files))


def _invented() -> Iterator[Workload]:
    for needed, workers, skill in INVENTED:
        for seed in (1, 2):
            yield invent_workload(needed=needed, workers=workers, skill=skill / 100, seed=seed)


def _report(
    report: Callable[[str, float, str], None], name: str, workloads: Iterator[Workload]
) -> None:
    staff(invent_workload(needed=2, workers=3, skill=0.5, seed=1), steps=10)  # Compiles the loops.
    begun, solved, count = perf_counter(), 0, 0
    for workload in workloads:
        count += 1
        solved += staff(workload).is_proven
    report(f"{name}_solved", solved, "instances")
    report(f"{name}_instances", count, "instances")
    report(f"{name}_s", perf_counter() - begun, "s")
