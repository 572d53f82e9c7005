"""What is answered: candidates with reasons, and counted causes for everybody else."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Tier(IntEnum):
    """Say how close two homes are by area, nearest first. Source: domain.md rule 59."""

    BUILDING = 0
    GRID = 1
    COMMUNITY = 2
    STREET = 3
    DISTRICT = 4
    OTHER = 5


class Cause(StrEnum):
    """Name why a volunteer was left out; the first that applies, in this order, is counted."""

    NOT_ACTIVE = "not_active"
    PAUSED = "paused"
    MINOR = "minor"
    OTHER_SEX = "other_sex"
    LANGUAGE = "language"
    SELF_OR_FAMILY = "self_or_family"
    BLOCKED = "blocked"
    CATEGORY = "category"
    SKILL = "skill"
    NOT_AVAILABLE = "not_available"
    CONFLICT = "conflict"
    TOO_FAR = "too_far"


class ReasonCode(StrEnum):
    """Name what speaks for a candidate, in the order shown; stored, so meanings never change."""

    SAME_BUILDING = "same_building"
    SAME_GRID = "same_grid"
    SAME_COMMUNITY = "same_community"
    SAME_STREET = "same_street"
    HAS_SKILL = "has_skill"
    FREE_THEN = "free_then"
    FEW_ORDERS = "few_orders"
    RATING = "rating"
    SERVED_BEFORE = "served_before"


@dataclass(frozen=True, slots=True)
class Reason:
    """State one reason.

    value: a skill code (has_skill), a slot code (free_then), orders in 30 days (few_orders),
    hundredths of a point (rating), else None.
    """

    code: ReasonCode
    value: int | str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Describe one proposed volunteer; metres is None when a home point is unknown."""

    id: int
    rank: int  # from 1
    cost: int
    tier: Tier
    metres: int | None
    orders30: int
    rating: int  # hundredths of a point, 0 = not yet rated
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Answer one request: the best candidates, and why the others were left out.

    rejected has every cause, zeros too; considered = eligible + the sum of rejected;
    missing = helpers wanted beyond the eligible.
    """

    weights_version: int
    considered: int
    eligible: int
    missing: int
    rejected: dict[Cause, int]
    candidates: tuple[Candidate, ...]
