"""Measure how evenly the visits of a plan lie, on helpers and between communities."""

import numpy as np

from matching.inputs import Int64Array, Volunteers
from matching.plans.answers import Candidates, Fairness, Plan
from matching.requests import Requests

_COMMUNITY = 10**6
_PER_MILLE = 1_000
_SHARE_UNITS = 10**6
_TENTH = 10


def fairness(volunteers: Volunteers, requests: Requests, found: Candidates, plan: Plan) -> Fairness:
    """Give both measures; who could go is who is a candidate anywhere, or goes.

    The busiest tenth is rounded up to whole people. Source: handbook matching.md §9.10 and §10.
    """
    could = np.zeros(len(volunteers), np.bool_)
    could[found.volunteer] = True
    could[plan.volunteer] = True
    people = int(np.count_nonzero(could))
    visits = np.sort(np.bincount(plan.volunteer, minlength=len(volunteers)))[::-1]
    busiest = int(visits[: -(-people // _TENTH)].sum())
    return Fairness(
        busiest_share=_part(busiest, len(plan.volunteer)),
        gini=_gini(_filled_shares(requests, plan)),
        people=people,
    )


def _filled_shares(requests: Requests, plan: Plan) -> Int64Array:
    """Give for each community which part of its places is filled, in millionths."""
    communities, community = np.unique(requests.place // _COMMUNITY, return_inverse=True)
    wanted, filled = np.zeros((2, len(communities)), np.int64)
    np.add.at(wanted, community, requests.helpers)
    np.add.at(filled, community[plan.request], 1)
    shares: Int64Array = np.minimum(filled * _SHARE_UNITS // wanted, _SHARE_UNITS)
    return shares


def _gini(shares: Int64Array) -> int:
    """Give the mean difference of two shares over twice their mean, per mille, rounded down."""
    count = len(shares)
    weights = 2 * np.arange(1, count + 1) - count - 1
    return _part(int((weights * np.sort(shares)).sum()), count * int(shares.sum()))


def _part(some: int, of_all: int) -> int:
    return some * _PER_MILLE // of_all if of_all else 0
