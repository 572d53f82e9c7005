"""Check a ranking with plain Python that shares no step with the array code."""

from dataclasses import fields
from math import isnan, sqrt

from matching.answers import Candidate, Cause, Ranking, Reason, ReasonCode, Tier
from matching.codes import PLACE_DIGITS, SKILLS, SLOTS
from matching.inputs import ANY_SEX, Request, Volunteers
from matching.weights import METRES_MAX, RATING_MAX, WEIGHTS, Weights

# How many leading digits two place numbers share in each tier (handbook: 6-9-12-15-18).
_DIGITS = (
    (Tier.BUILDING, 18, ReasonCode.SAME_BUILDING),
    (Tier.GRID, 15, ReasonCode.SAME_GRID),
    (Tier.COMMUNITY, 12, ReasonCode.SAME_COMMUNITY),
    (Tier.STREET, 9, ReasonCode.SAME_STREET),
    (Tier.DISTRICT, 6, None),
)


def verify(
    volunteers: Volunteers,
    request: Request,
    ranking: Ranking,
    *,
    limit: int,
    weights: Weights = WEIGHTS,
) -> tuple[str, ...]:
    """List every difference between a ranking and the one plain Python finds; empty means right.

    Slow by design (about 5 µs per volunteer): for tests, audits and appeals.
    """
    expected = rank_plainly(volunteers, request, limit=limit, weights=weights)
    return tuple(
        f"{field.name}: {getattr(ranking, field.name)} instead of {getattr(expected, field.name)}"
        for field in fields(Ranking)
        if getattr(ranking, field.name) != getattr(expected, field.name)
    )


def rank_plainly(
    volunteers: Volunteers, request: Request, *, limit: int, weights: Weights = WEIGHTS
) -> Ranking:
    """Rank one volunteer at a time and sort by the words of rule 59, not by cost."""
    rejected = dict.fromkeys(Cause, 0)
    eligible = []
    for row in range(len(volunteers)):
        cause = first_cause(volunteers, row, request)
        if cause is None:
            eligible.append(row)
        else:
            rejected[cause] += 1
    eligible.sort(key=lambda row: rule_59(volunteers, row, request, weights))
    return Ranking(
        weights_version=weights.version,
        considered=len(volunteers),
        eligible=len(eligible),
        missing=max(request.helpers - len(eligible), 0),
        rejected=rejected,
        candidates=tuple(
            _candidate(volunteers, row, rank, request, weights)
            for rank, row in enumerate(eligible[:limit], start=1)
        ),
    )


def first_cause(volunteers: Volunteers, row: int, request: Request) -> Cause | None:
    """Give the first cause that keeps a volunteer out, None when nothing does."""
    person = int(volunteers.ids[row])
    categories, skills, slots = (
        int(column[row])
        for column in (volunteers.categories, volunteers.skills, volunteers.availability)
    )
    causes = {
        Cause.NOT_ACTIVE: not volunteers.active[row],
        Cause.PAUSED: volunteers.paused[row],
        Cause.MINOR: request.require_adult and not volunteers.adult[row],
        Cause.OTHER_SEX: request.sex not in (ANY_SEX, int(volunteers.sex[row])),
        Cause.LANGUAGE: request.languages
        and not (request.languages & int(volunteers.languages[row])),
        Cause.SELF_OR_FAMILY: person in request.exclude,
        Cause.BLOCKED: person in request.blocked,
        Cause.CATEGORY: request.category & ~categories,
        Cause.SKILL: request.skills & ~skills,
        Cause.NOT_AVAILABLE: request.slots & ~slots,
        Cause.CONFLICT: _has_conflict(volunteers, row, request),
        Cause.TOO_FAR: _is_too_far(volunteers, row, request),
    }
    return next((cause for cause in Cause if causes[cause]), None)


def rule_59(
    volunteers: Volunteers, row: int, request: Request, weights: Weights
) -> tuple[int, ...]:
    """Give the sort key in the words of rule 59; continuity, distance and id only break ties."""
    metres = _metres(volunteers, row, request)
    return (
        _tier(volunteers, row, request),
        int(volunteers.orders30[row]),
        -(int(volunteers.rating[row]) or weights.unrated),
        int(volunteers.ids[row]) not in request.previous,
        METRES_MAX if metres is None else metres,
        int(volunteers.ids[row]),
    )


def _candidate(
    volunteers: Volunteers, row: int, rank: int, request: Request, weights: Weights
) -> Candidate:
    tier, orders, falling_rating, is_new, metres, _ = rule_59(volunteers, row, request, weights)
    return Candidate(
        id=int(volunteers.ids[row]),
        rank=rank,
        cost=tier * weights.tier
        + orders * weights.order
        + (RATING_MAX + falling_rating) * weights.rating_step
        + is_new * weights.first_visit
        + metres * weights.metre,
        tier=Tier(tier),
        metres=_metres(volunteers, row, request),
        orders30=orders,
        rating=int(volunteers.rating[row]),
        reasons=_reasons(volunteers, row, request, weights),
    )


def _reasons(
    volunteers: Volunteers, row: int, request: Request, weights: Weights
) -> tuple[Reason, ...]:
    orders, rating = int(volunteers.orders30[row]), int(volunteers.rating[row])
    tier = _tier(volunteers, row, request)
    every = (
        *((code is not None and tier == this, code, None) for this, _, code in _DIGITS),
        *(
            (request.skills >> bit & 1, ReasonCode.HAS_SKILL, code)
            for bit, code in enumerate(SKILLS)
        ),
        *((request.slots >> bit & 1, ReasonCode.FREE_THEN, code) for bit, code in enumerate(SLOTS)),
        (orders <= weights.few_orders, ReasonCode.FEW_ORDERS, orders),
        (rating >= weights.good_rating, ReasonCode.RATING, rating),
        (int(volunteers.ids[row]) in request.previous, ReasonCode.SERVED_BEFORE, None),
    )
    return tuple(Reason(code, value) for holds, code, value in every if holds and code)


def _tier(volunteers: Volunteers, row: int, request: Request) -> Tier:
    home = f"{int(volunteers.place[row]):0{PLACE_DIGITS}d}"
    wanted = f"{request.place:0{PLACE_DIGITS}d}"
    for tier, digits, _ in _DIGITS:
        parent = 4 if tier is Tier.DISTRICT else digits - 3
        is_known = wanted[parent:].strip("0") != ""
        if is_known and home[:digits] == wanted[:digits]:
            return tier
    return Tier.OTHER


def _metres(volunteers: Volunteers, row: int, request: Request) -> int | None:
    east = float(volunteers.x[row]) - request.x
    north = float(volunteers.y[row]) - request.y
    distance = sqrt(east * east + north * north)
    return None if isnan(distance) else round(distance)


def _is_too_far(volunteers: Volunteers, row: int, request: Request) -> bool:
    metres = _metres(volunteers, row, request)
    if metres is None:
        return _tier(volunteers, row, request) is Tier.OTHER
    return metres > request.radius_m


def _has_conflict(volunteers: Volunteers, row: int, request: Request) -> bool:
    busy = volunteers.busy
    return any(
        int(busy.start[window]) < request.ends and request.starts < int(busy.end[window])
        for window in range(int(busy.ptr[row]), int(busy.ptr[row + 1]))
    )
