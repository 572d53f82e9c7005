"""Rank one request's candidates in memory, beside a bare mask scan of the same columns."""

from collections.abc import Callable
from time import perf_counter

import numpy as np

from bench import rosters, smptsp
from matching import Request, Volunteers, rank_one
from matching.instances import CITY, COMMUNITY, DISTRICT, invent_requests, invent_volunteers

_REQUESTS = 200
_LIMIT = 20


def run(report: Callable[[str, float, str], None]) -> None:
    """Report p50 and p99 of rank_one, and p50 as a ratio to the scan, for each size of pool."""
    for size in (COMMUNITY, DISTRICT, CITY):
        volunteers = invent_volunteers(size, seed=1)
        requests = invent_requests(volunteers, _REQUESTS, seed=2)
        ranking, scan = _time_both(volunteers, requests)
        report(f"rank_one_{size}_p50", float(np.percentile(ranking, 50)), "ms")
        report(f"rank_one_{size}_p99", float(np.percentile(ranking, 99)), "ms")
        report(f"mask_scan_{size}_p50", float(np.percentile(scan, 50)), "ms")
        report(
            f"rank_one_{size}_over_mask_scan",
            float(np.percentile(ranking, 50) / np.percentile(scan, 50)),
            "ratio",
        )
    rosters.run(report)
    smptsp.run(report)


def _time_both(
    volunteers: Volunteers, requests: tuple[Request, ...]
) -> tuple[list[float], list[float]]:
    """Time both for each request in turn, so that other load on the machine strikes both."""
    ranking, scan = [], []
    rank_one(volunteers, requests[0], limit=_LIMIT)
    for request in requests:
        begun = perf_counter()
        rank_one(volunteers, request, limit=_LIMIT)
        ranked = perf_counter()
        _count_by_masks(volunteers, request)
        ranking.append((ranked - begun) * 1_000)
        scan.append((perf_counter() - ranked) * 1_000)
    return ranking, scan


def _count_by_masks(volunteers: Volunteers, request: Request) -> int:
    """Count who passes the flags and masks: the least that any full scan must read."""
    skills, slots = np.uint32(request.skills), np.uint32(request.slots)
    fits = volunteers.active & ~volunteers.paused & volunteers.adult
    fits &= (volunteers.categories & np.uint32(request.category)) != 0
    fits &= (volunteers.skills & skills) == skills
    fits &= (volunteers.availability & slots) == slots
    return int(np.count_nonzero(fits))
