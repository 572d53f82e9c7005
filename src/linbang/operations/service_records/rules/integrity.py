"""What makes hours doubtful (rule 45), over frozen facts; a doubt is for a person to decide."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from linbang.operations.service_records import errors
from linbang.operations.service_records.choices import FlagKind, FlagOutcome, RecordKind

# How far back the nightly round looks for evidence that came late.
LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True)
class FlagLimits:
    """Where a doubt begins. A site may set others (``LINBANG_FLAG_LIMITS``).

    ``entered_people_min``: a share of the hours of one or two people says nothing; there the
    second person of rule 39 is enough.
    """

    credited_within_minutes: int = 60
    entered_percent: int = 30
    entered_people_min: int = 5
    device_people: int = 3
    travel_metres: int = 2_000
    travel_km_per_hour: int = 60
    identical_people: int = 10
    identical_days: int = 5
    never_miss_shifts: int = 10
    never_miss_attendances: int = 50


DEFAULT_LIMITS = FlagLimits()


@dataclass(frozen=True)
class Leg:
    """The way from one proved segment to the next of the same person."""

    metres: int
    minutes: int


@dataclass(frozen=True, kw_only=True)
class RecordFacts:
    """What is known about one record and what surrounds it; nobody's name.

    ``activity_…`` sum the credited minutes of its activity; ``device_people`` share a device with
    this person there; ``identical_people`` were entered by the same hand with the same times;
    ``identical_days`` are days of this person with these times, by the same hand. ``leader_…``
    describe half a year of the activity's leader; ``leader_off_plan`` comings and goings that
    were not on the planned minute, and absences.
    """

    record_id: int
    kind: RecordKind
    activity_age_minutes: int | None = None
    activity_minutes: int = 0
    activity_entered_minutes: int = 0
    activity_entered_people: int = 0
    device_people: int = 0
    legs: tuple[Leg, ...] = ()
    identical_people: int = 0
    identical_days: int = 0
    leader_shifts: int = 0
    leader_attendances: int = 0
    leader_off_plan: int = 0
    has_contact: bool = True

    @property
    def is_entered(self) -> bool:
        """Somebody's word instead of a machine's proof."""
        return self.kind == RecordKind.ENTERED


@dataclass(frozen=True)
class Finding:
    """One doubt, with the figures that raised it and the limit they passed."""

    kind: FlagKind
    facts: Mapping[str, int]


def credited_at_once(facts: RecordFacts, limits: FlagLimits) -> Finding | None:
    """Find an activity that was created and credited within an hour (rule 45)."""
    age = facts.activity_age_minutes
    if age is None or age >= limits.credited_within_minutes:
        return None
    return Finding(
        FlagKind.CREDITED_AT_ONCE, {"minutes": age, "limit": limits.credited_within_minutes}
    )


def entered_by_hand(facts: RecordFacts, limits: FlagLimits) -> Finding | None:
    """Find entered hours of an activity of which over 30 % were entered (rule 45)."""
    entered, total = facts.activity_entered_minutes, facts.activity_minutes
    is_much = entered * 100 > limits.entered_percent * total
    if not (facts.is_entered and is_much):
        return None
    if facts.activity_entered_people < limits.entered_people_min:
        return None
    found = {
        # Rounded up: 30.1 % is over 30 %, and must not read as 30 %.
        "percent": -(-entered * 100 // total),
        "limit": limits.entered_percent,
        "people": facts.activity_entered_people,
    }
    return Finding(FlagKind.ENTERED_BY_HAND, found)


def one_device_for_many(facts: RecordFacts, limits: FlagLimits) -> Finding | None:
    """Find a device that signed in three or more people (rule 45)."""
    if facts.is_entered or facts.device_people < limits.device_people:
        return None
    return Finding(
        FlagKind.ONE_DEVICE, {"people": facts.device_people, "limit": limits.device_people}
    )


def too_far_apart(facts: RecordFacts, limits: FlagLimits) -> Finding | None:
    """Find two proved segments too far apart for the time between them (rule 45)."""
    impossible = [leg for leg in facts.legs if _is_too_fast(leg, limits)]
    if facts.is_entered or not impossible:
        return None
    worst = max(impossible, key=lambda leg: leg.metres / max(leg.minutes, 1))
    told = {"metres": worst.metres, "minutes": worst.minutes, "limit": limits.travel_km_per_hour}
    return Finding(FlagKind.TOO_FAR_APART, told)


def _is_too_fast(leg: Leg, limits: FlagLimits) -> bool:
    # metres ÷ minutes × 60 ÷ 1000 km/h, without a division.
    return (
        leg.metres > limits.travel_metres
        and leg.metres * 60 > limits.travel_km_per_hour * 1000 * leg.minutes
    )


def identical_times(facts: RecordFacts, limits: FlagLimits) -> Finding | None:
    """Find ten or more people entered with identical times by one person (rule 45)."""
    if not facts.is_entered or facts.identical_people < limits.identical_people:
        return None
    return Finding(
        FlagKind.IDENTICAL_TIMES,
        {"people": facts.identical_people, "limit": limits.identical_people},
    )


def identical_days(facts: RecordFacts, limits: FlagLimits) -> Finding | None:
    """Find one person entered with the same times on day after day."""
    if not facts.is_entered or facts.identical_days < limits.identical_days:
        return None
    return Finding(
        FlagKind.IDENTICAL_DAYS, {"days": facts.identical_days, "limit": limits.identical_days}
    )


def never_misses(facts: RecordFacts, limits: FlagLimits) -> Finding | None:
    """Find a leader whose people are all there to the planned minute, always."""
    is_much = (
        facts.leader_shifts >= limits.never_miss_shifts
        and facts.leader_attendances >= limits.never_miss_attendances
    )
    if not is_much or facts.leader_off_plan:
        return None
    told = {"shifts": facts.leader_shifts, "attendances": facts.leader_attendances}
    return Finding(FlagKind.NEVER_MISSES, told)


def without_contact(facts: RecordFacts, limits: FlagLimits) -> Finding | None:  # noqa: ARG001 - one shape for all
    """Find hours entered for somebody who never had to do with the team: the mark of bought hours.

    Source: domain handbook §5.3 (CCTV 2025-07).
    """
    if not facts.is_entered or facts.has_contact:
        return None
    return Finding(FlagKind.WITHOUT_CONTACT, {})


_CHECKS: tuple[Callable[[RecordFacts, FlagLimits], Finding | None], ...] = (
    credited_at_once,
    entered_by_hand,
    one_device_for_many,
    too_far_apart,
    identical_times,
    identical_days,
    never_misses,
    without_contact,
)


def findings_of(facts: RecordFacts, limits: FlagLimits = DEFAULT_LIMITS) -> tuple[Finding, ...]:
    """List every doubt about a record; empty means there is none."""
    found = (check(facts, limits) for check in _CHECKS)
    return tuple(finding for finding in found if finding is not None)


def holds_back(outcomes: Iterable[FlagOutcome | None]) -> bool:
    """Tell whether a record may not count: a doubt is undecided, or was found to be right."""
    return any(outcome != FlagOutcome.CLEARED for outcome in outcomes)


def require_clear_hands(
    by_id: int | None, *, gainer_id: int, leader_id: int | None, entered_by_ids: Iterable[int]
) -> None:
    """Refuse to decide a doubt about one's own gain, entry or activity.

    Raises OwnRecord, SecondPersonNeeded.
    """
    if by_id is None or by_id == gainer_id:
        raise errors.OwnRecord
    if by_id == leader_id or by_id in set(entered_by_ids):
        raise errors.SecondPersonNeeded
