"""Plans of invented weeks beside their own certificates; called by the group ``matching``.

A city runs in a process of its own, with two more to find candidates, so that its memory can be
read off. Each figure is the worst of seeds 1 and 2.
"""

import resource
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from time import perf_counter
from typing import NamedTuple

from matching.plans import Plan, Sharing, Stage, assign, candidates, explain
from matching.weeks import NORMAL, SCARCE, invent_week

_SEEDS = (1, 2)
_WORKERS = 2


class Figures(NamedTuple):
    """What one week gave. gap, whole_gap in per cent · excess: of greed's, above the bound."""

    gap: float
    whole_gap: float
    seconds: float
    excess: float
    megabytes: float
    explain_ms: float


def run(report: Callable[[str, float, str], None]) -> None:
    """Report gap, seconds and memory by size, the excess over greed's, and the scarce week."""
    _plan("community", 1, NORMAL)  # what is compiled once is not counted
    for name, size, offering in (
        ("community", "community", NORMAL),
        ("district", "district", NORMAL),
        ("scarce", "district", SCARCE),
        ("city", "city", NORMAL),
    ):
        told = [(_apart if size == "city" else _plan)(size, seed, offering) for seed in _SEEDS]
        report(f"match_{name}_gap_pct", max(one.gap for one in told), "%")
        report(f"match_{name}_whole_gap_pct", max(one.whole_gap for one in told), "%")
        report(f"match_{name}_s", max(one.seconds for one in told), "s")
        report(f"match_{name}_excess_vs_greedy", max(one.excess for one in told), "ratio")
        if size == "city":
            report("match_city_mb", max(one.megabytes for one in told), "MB")
            report("match_city_explain_ms", max(one.explain_ms for one in told), "ms")


def _apart(size: str, seed: int, offering: float) -> Figures:
    """Plan in a process of its own, so that nothing else is in its memory."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        return alone.submit(_plan, size, seed, offering).result()


def _plan(size: str, seed: int, offering: float) -> Figures:
    volunteers, requests = invent_week(size, seed=seed, offering=offering)
    begun = perf_counter()
    if size == "city":
        with ProcessPoolExecutor(_WORKERS, mp_context=get_context("spawn")) as pool:
            found = candidates(volunteers, requests, each=pool.map)
    else:
        found = candidates(volunteers, requests)
    plan = assign(volunteers, requests, found=found, share=Sharing(each=map))
    seconds = perf_counter() - begun
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
    greed = assign(volunteers, requests, found=found, last=Stage.GREEDY)
    begun = perf_counter()
    explain(volunteers, requests, found, plan)
    return Figures(
        gap=plan.gap * 100,
        whole_gap=plan.whole_gap * 100,
        seconds=seconds,
        excess=_excess(plan, greed),
        megabytes=megabytes,
        explain_ms=(perf_counter() - begun) * 1_000,
    )


def _excess(plan: Plan, greed: Plan) -> float:
    return (plan.objective - plan.bound) / (greed.objective - plan.bound)
