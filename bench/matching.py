"""Rank one request's candidates: from a pool kept ready, by a scan, and beside a bare mask scan."""

from collections.abc import Callable
from time import perf_counter, thread_time

import numpy as np

from bench import plans, rosters, smptsp
from matching import Pool, Request, Volunteers, rank_one
from matching.instances import CITY, COMMUNITY, DISTRICT, invent_requests, invent_volunteers

_REQUESTS = 200
_LIMIT = 20
_ROUNDS = 5


def run(report: Callable[[str, float, str], None]) -> None:
    """Report p50 and p99 of one ranking, and p50 as a ratio to the mask scan, for each size."""
    for size in (COMMUNITY, DISTRICT, CITY):
        volunteers = invent_volunteers(size, seed=1)
        requests = invent_requests(volunteers, _REQUESTS, seed=2)
        begun = perf_counter()
        pool = Pool.of(volunteers)
        report(f"pool_{size}_build", (perf_counter() - begun) * 1_000, "ms")
        warm, scanned, masks = _time_all(pool, volunteers, requests)
        _report(report, f"rank_one_warm_{size}", warm, masks)
        _report(report, f"rank_one_{size}", scanned, masks)
        report(f"mask_scan_{size}_p50", float(np.percentile(masks, 50)), "ms")
    _report_alone(report, pool, requests)
    plans.run(report)
    rosters.run(report)
    smptsp.run(report)


def _report_alone(
    report: Callable[[str, float, str], None], pool: Pool, requests: tuple[Request, ...]
) -> None:
    """Report the pool by itself, whose columns no scan drives out of the cache: the clock's time,
    and the processor's, which other load on the machine disturbs least.
    """
    spent = []
    for request in requests * _ROUNDS:
        begun, cpu = perf_counter(), thread_time()
        pool.rank_one(request, limit=_LIMIT)
        spent.append((perf_counter() - begun, thread_time() - cpu))
    for name, times in zip(("rank_one", "rank_one_cpu"), np.array(spent).T * 1_000, strict=True):
        report(f"{name}_p50_ms", float(np.percentile(times, 50)), "ms")
        report(f"{name}_p99_ms", float(np.percentile(times, 99)), "ms")


def _report(
    report: Callable[[str, float, str], None], name: str, spent: list[float], masks: list[float]
) -> None:
    report(f"{name}_p50", float(np.percentile(spent, 50)), "ms")
    report(f"{name}_p99", float(np.percentile(spent, 99)), "ms")
    ratio = np.percentile(spent, 50) / np.percentile(masks, 50)
    report(f"{name}_over_mask_scan", float(ratio), "ratio")


def _time_all(
    pool: Pool, volunteers: Volunteers, requests: tuple[Request, ...]
) -> tuple[list[float], list[float], list[float]]:
    """Time all for each request in turn, so that other load on the machine strikes each."""
    spent: tuple[list[float], list[float], list[float]] = ([], [], [])
    acts: tuple[Callable[[Request], object], ...] = (
        lambda request: pool.rank_one(request, limit=_LIMIT),
        lambda request: rank_one(volunteers, request, limit=_LIMIT),
        lambda request: _count_by_masks(volunteers, request),
    )
    for act in acts:
        act(requests[0])
    for request in requests:
        for act, times in zip(acts, spent, strict=True):
            begun = perf_counter()
            act(request)
            times.append((perf_counter() - begun) * 1_000)
    return spent


def _count_by_masks(volunteers: Volunteers, request: Request) -> int:
    """Count who passes the flags and masks: the least that any full scan must read."""
    skills, slots = np.uint32(request.skills), np.uint32(request.slots)
    fits = volunteers.active & ~volunteers.paused & volunteers.adult
    fits &= (volunteers.categories & np.uint32(request.category)) != 0
    fits &= (volunteers.skills & skills) == skills
    fits &= (volunteers.availability & slots) == slots
    return int(np.count_nonzero(fits))
