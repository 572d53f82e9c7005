"""Who may be paired, in which words a proposal explains itself, and when a visit is overdue."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from linbang.foundation.people.choices import Skill
from linbang.foundation.people.rules import needs_guardian
from linbang.operations.dispatch.choices import (
    FULL,
    FULL_LABEL,
    OWN_OR_PAIRED,
    PairingWhy,
    Rhythm,
    Unfit,
)

# What one volunteer carries at most; a weekly visit to three neighbours fills a free week.
PAIRINGS_MAX = 3
PROPOSED_AT_ONCE_MAX = 200
HELPERS_MAX = 4
# Rule 63: nobody visits a minor alone.
HELPERS_OF_A_MINOR = 2

# What a pairing adds to a month: it weighs like orders do.
VISITS_A_MONTH: Mapping[Rhythm, int] = {
    Rhythm.WEEKLY: 4,
    Rhythm.FORTNIGHTLY: 2,
    Rhythm.MONTHLY: 1,
}
# Twice the rhythm without a visit is long.
OVERDUE_AFTER: Mapping[Rhythm, timedelta] = {
    Rhythm.WEEKLY: timedelta(days=14),
    Rhythm.FORTNIGHTLY: timedelta(days=28),
    Rhythm.MONTHLY: timedelta(days=62),
}

# What a worker may not overrule when she names a helper herself.
BARRED = frozenset(
    {Unfit.NOT_ACTIVE, Unfit.PAUSED, Unfit.MINOR, Unfit.SELF_OR_FAMILY, Unfit.BLOCKED}
)


@dataclass(frozen=True)
class Wishes:
    """What is wished of the helpers of everybody in one proposal; empty is anybody."""

    helpers: int = 1
    sex: str = ""
    skill: str = ""
    radius_m: int = 3_000


def is_overdue(
    rhythm: Rhythm, *, agreed_at: datetime, visited_at: datetime | None, now: datetime
) -> bool:
    """Tell whether nobody came for twice the rhythm, counted from when it was agreed."""
    return now - max(visited_at or agreed_at, agreed_at) > OVERDUE_AFTER[rhythm]


def room(carried: int) -> int:
    """Return how many pairings a volunteer may still take on."""
    return max(PAIRINGS_MAX - carried, 0)


def helpers_wanted(wanted: int, *, birth_date: date, today: date) -> int:
    """Return how many helpers a person gets: a minor two at least (rule 63)."""
    least = HELPERS_OF_A_MINOR if needs_guardian(birth_date, today=today) else 1
    return min(max(wanted, least), HELPERS_MAX)


def why_words(reasons: Iterable[Sequence[object]]) -> tuple[str, ...]:
    """Put stored reasons, each a code and a value, into words of the active language."""
    return tuple(_words(PairingWhy(str(code)), value) for code, value in reasons)


def _words(code: PairingWhy, value: object) -> str:
    if code is PairingWhy.HAS_SKILL:
        return str(code.label) % {"skill": Skill(str(value)).label}
    return str(code.label)


def why_nobody(causes: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Return why nobody else takes a place, counted, the most frequent cause first."""
    named = [(cause_word(code), count) for code, count in causes.items() if count]
    return tuple(sorted(named, key=lambda pair: -pair[1]))


def cause_word(code: str) -> str:
    """Name one cause against a pairing; who asked whom before is no cause here."""
    labels = {FULL: FULL_LABEL, Unfit.SELF_OR_FAMILY: OWN_OR_PAIRED}
    return str(labels[code] if code in labels else Unfit(code).label)
