"""Rank the volunteers for one request: one pass of array operations, no index, no solver."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from matching.answers import Candidate, Cause, Ranking, Reason, ReasonCode, Tier
from matching.codes import SKILLS, SLOTS, codes_of
from matching.inputs import Int16Array, Int64Array, Request, Volunteers
from matching.sift import UNKNOWN_METRES, Eligible, is_one_of, sift
from matching.weights import METRES_MAX, RATING_MAX, WEIGHTS, Weights

_TIER_REASONS = {
    Tier.BUILDING: (Reason(ReasonCode.SAME_BUILDING),),
    Tier.GRID: (Reason(ReasonCode.SAME_GRID),),
    Tier.COMMUNITY: (Reason(ReasonCode.SAME_COMMUNITY),),
    Tier.STREET: (Reason(ReasonCode.SAME_STREET),),
}
_TIERS = tuple(Tier)  # a look-up costs a tenth of Tier(…)
_SERVED_BEFORE = (Reason(ReasonCode.SERVED_BEFORE),)


def rank_one(
    volunteers: Volunteers, request: Request, *, limit: int, weights: Weights = WEIGHTS
) -> Ranking:
    """Give the best candidates for one request, best first, and count why others are left out.

    Ties are broken by id, so the answer does not depend on the order of rows. Time grows with the
    number of volunteers; reasons are built for the first `limit` only. Raises ValueError for a
    limit below 1. Source: domain.md rule 59, ADR 0007.
    """
    if limit < 1:
        raise ValueError("limit must be at least 1")
    eligible, rejected = sift(volunteers, request)
    return rank_eligible(
        volunteers,
        eligible,
        rejected,
        request,
        considered=len(volunteers),
        limit=limit,
        weights=weights,
    )


class People(Protocol):
    """What is asked of those who may be asked, row by row: see Volunteers."""

    @property
    def ids(self) -> Int64Array: ...
    @property
    def orders30(self) -> Int16Array: ...
    @property
    def rating(self) -> Int16Array: ...


def rank_eligible(
    people: People,
    eligible: Eligible,
    rejected: dict[Cause, int],
    request: Request,
    *,
    considered: int,
    limit: int,
    weights: Weights,
) -> Ranking:
    """Put those who may be asked in order, and describe the best."""
    cost = _costs(people, eligible, request, weights)
    best = _cheapest(cost, people.ids[eligible.rows], limit)
    chosen = (*(column[best] for column in eligible), cost[best])
    return Ranking(
        weights_version=weights.version,
        considered=considered,
        eligible=len(cost),
        missing=max(0, request.helpers - len(cost)),
        rejected=rejected,
        candidates=_candidates(people, chosen, request, weights),
    )


def _costs(people: People, eligible: Eligible, request: Request, weights: Weights) -> Int64Array:
    """Sum the weights, so that smaller is exactly better by rule 59."""
    rows, tier, metres = eligible
    rating = people.rating[rows].astype(np.int64)
    rating[rating == 0] = weights.unrated
    first_visit = ~is_one_of(people.ids[rows], request.previous)
    cost = tier.astype(np.int64) * weights.tier
    cost += people.orders30[rows].astype(np.int64) * weights.order
    cost += (RATING_MAX - rating) * weights.rating_step
    cost += first_visit.astype(np.int64) * weights.first_visit
    cost += np.where(metres == UNKNOWN_METRES, METRES_MAX, metres) * weights.metre
    return cost


def _cheapest(cost: Int64Array, ids: Int64Array, limit: int) -> Int64Array:
    """Give the positions of the `limit` smallest (cost, id), in order, sorting only those near."""
    near = np.arange(len(cost))
    if len(cost) > limit:
        # All that tie with the last place stay in, so that their ids can decide.
        near = np.flatnonzero(cost <= np.partition(cost, limit - 1)[limit - 1])
    return near[np.lexsort((ids[near], cost[near]))][:limit]


def _candidates(
    people: People,
    chosen: Sequence[npt.NDArray[np.integer[Any]]],
    request: Request,
    weights: Weights,
) -> tuple[Candidate, ...]:
    """Describe the best as plain values; chosen: rows, tiers, metres, costs, each of length L."""
    fitting = _fitting(request)
    candidates = []
    columns = (column.tolist() for column in chosen)
    for rank, (row, step, metres, cost) in enumerate(zip(*columns, strict=True), start=1):
        person, rating = int(people.ids[row]), int(people.rating[row])
        orders30, tier = int(people.orders30[row]), _TIERS[step]
        candidates.append(
            Candidate(
                id=person,
                rank=rank,
                cost=cost,
                tier=tier,
                metres=None if metres == UNKNOWN_METRES else metres,
                orders30=orders30,
                rating=rating,
                reasons=(
                    *_TIER_REASONS.get(tier, ()),
                    *fitting,
                    *_standing(orders30, rating, weights),
                    *(_SERVED_BEFORE if person in request.previous else ()),
                ),
            )
        )
    return tuple(candidates)


def _fitting(request: Request) -> tuple[Reason, ...]:
    """List the skills and slots asked for: every candidate has them all."""
    return (
        *(Reason(ReasonCode.HAS_SKILL, code) for code in codes_of(request.skills, SKILLS)),
        *(Reason(ReasonCode.FREE_THEN, code) for code in codes_of(request.slots, SLOTS)),
    )


def _standing(orders30: int, rating: int, weights: Weights) -> Iterator[Reason]:
    """Yield what a volunteer's own figures say in favour."""
    if orders30 <= weights.few_orders:
        yield _reason(ReasonCode.FEW_ORDERS, orders30)
    if rating >= weights.good_rating:
        yield _reason(ReasonCode.RATING, rating)


@lru_cache(maxsize=1_024)
def _reason(code: ReasonCode, value: int) -> Reason:
    return Reason(code, value)
