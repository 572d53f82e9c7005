"""Rows in the order of their ids, so that a plan does not depend on how they came."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from matching.inputs import Busy, Int64Array, Volunteers
from matching.plans.answers import Candidates
from matching.requests import Requests


@dataclass(frozen=True, slots=True, eq=False)
class Sorted:
    """Hold what was asked, by rising ids. request_rows, volunteer_rows: whence each row came."""

    volunteers: Volunteers
    requests: Requests
    found: Candidates
    fixed: Int64Array
    request_rows: Int64Array
    volunteer_rows: Int64Array


def sorted_by_id(
    volunteers: Volunteers,
    requests: Requests,
    found: Candidates | None,
    fixed: Int64Array,
    find: Callable[[Volunteers, Requests], Candidates],
) -> Sorted:
    """Put everything in the order of ids, and find the candidates if they are not known."""
    people, visits = np.argsort(volunteers.ids), np.argsort(requests.ids)
    person, visit = _places(people), _places(visits)
    pairs = np.stack([visit[fixed[:, 0]], person[fixed[:, 1]]], axis=1)
    pool = volunteers if _is_sorted(people) else taken(volunteers, people)
    asked = requests if _is_sorted(visits) else requests.take(visits)
    return Sorted(
        volunteers=pool,
        requests=asked,
        found=find(pool, asked) if found is None else _listed(found, visits, people),
        fixed=pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))],
        request_rows=visits,
        volunteer_rows=people,
    )


def _places(order: Int64Array) -> Int64Array:
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return place


def _is_sorted(order: Int64Array) -> bool:
    return bool((order == np.arange(len(order))).all())


def taken(volunteers: Volunteers, rows: Int64Array) -> Volunteers:
    """Keep these volunteers, in this order."""
    columns: dict[str, Any] = {
        one.name: getattr(volunteers, one.name)[rows]
        for one in fields(volunteers)
        if one.name != "busy"
    }
    busy = volunteers.busy
    count = busy.ptr[rows + 1] - busy.ptr[rows]
    ptr = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    at = np.arange(ptr[-1]) + np.repeat(busy.ptr[rows] - ptr[:-1], count)
    return Volunteers(busy=Busy(ptr=ptr, start=busy.start[at], end=busy.end[at]), **columns)


def _listed(found: Candidates, visits: Int64Array, people: Int64Array) -> Candidates:
    if _is_sorted(visits) and _is_sorted(people):
        return found
    person = _places(people)
    count = found.ptr[visits + 1] - found.ptr[visits]
    ptr = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    at = np.arange(ptr[-1]) + np.repeat(found.ptr[visits] - ptr[:-1], count)
    return Candidates(
        ptr=ptr,
        volunteer=person[found.volunteer[at]].astype(np.int32),
        cost=found.cost[at],
        metres=found.metres[at],
        tier=found.tier[at],
        eligible=found.eligible[visits],
    )
