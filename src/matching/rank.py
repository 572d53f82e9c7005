"""Rank the volunteers for one request: one pass of array operations, no index, no solver."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.answers import Candidate, Ranking, Reason, ReasonCode, Tier
from matching.codes import SKILLS, SLOTS, codes_of
from matching.inputs import Int64Array, Request, Volunteers
from matching.sift import UNKNOWN_METRES, Eligible, is_one_of, sift
from matching.weights import METRES_MAX, RATING_MAX, WEIGHTS, Weights

_TIER_REASONS = {
    Tier.BUILDING: (Reason(ReasonCode.SAME_BUILDING),),
    Tier.GRID: (Reason(ReasonCode.SAME_GRID),),
    Tier.COMMUNITY: (Reason(ReasonCode.SAME_COMMUNITY),),
    Tier.STREET: (Reason(ReasonCode.SAME_STREET),),
}
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
    cost = _costs(volunteers, eligible, request, weights)
    best = _cheapest(cost, volunteers.ids[eligible.rows], limit)
    chosen = (*(column[best] for column in eligible), cost[best])
    return Ranking(
        weights_version=weights.version,
        considered=len(volunteers),
        eligible=len(cost),
        missing=max(0, request.helpers - len(cost)),
        rejected=rejected,
        candidates=_candidates(volunteers, chosen, request, weights),
    )


def _costs(
    volunteers: Volunteers, eligible: Eligible, request: Request, weights: Weights
) -> Int64Array:
    """Sum the weights, so that smaller is exactly better by rule 59."""
    rows, tier, metres = eligible
    rating = volunteers.rating[rows].astype(np.int64)
    rating[rating == 0] = weights.unrated
    first_visit = ~is_one_of(volunteers.ids[rows], request.previous)
    cost = tier.astype(np.int64) * weights.tier
    cost += volunteers.orders30[rows].astype(np.int64) * weights.order
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
    volunteers: Volunteers,
    chosen: Sequence[npt.NDArray[np.integer[Any]]],
    request: Request,
    weights: Weights,
) -> tuple[Candidate, ...]:
    """Describe the best as plain values; chosen: rows, tiers, metres, costs, each of length L."""
    fitting = _fitting(request)
    candidates = []
    columns = (column.tolist() for column in chosen)
    for rank, (row, tier, metres, cost) in enumerate(zip(*columns, strict=True), start=1):
        person, rating = int(volunteers.ids[row]), int(volunteers.rating[row])
        orders30 = int(volunteers.orders30[row])
        candidates.append(
            Candidate(
                id=person,
                rank=rank,
                cost=cost,
                tier=Tier(tier),
                metres=None if metres == UNKNOWN_METRES else metres,
                orders30=orders30,
                rating=rating,
                reasons=(
                    *_TIER_REASONS.get(Tier(tier), ()),
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
        yield Reason(ReasonCode.FEW_ORDERS, orders30)
    if rating >= weights.good_rating:
        yield Reason(ReasonCode.RATING, rating)
