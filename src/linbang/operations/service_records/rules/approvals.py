"""Who lets a record count, and where it stands."""

from collections.abc import Iterable
from dataclasses import dataclass

from linbang.foundation.access.choices import Permission, Role
from linbang.foundation.access.rules import PERMISSIONS, Actor
from linbang.operations.service_records import errors
from linbang.operations.service_records.choices import (
    Approval,
    RecordKind,
    RecordState,
    Verdict,
    Wait,
)
from linbang.operations.service_records.rules.policies import DEFAULT_POLICY, CreditPolicy


@dataclass(frozen=True)
class Doubt:
    """What about a record's source asks for a person, whatever its minutes.

    ``by_location``: location alone proved it (rule 31); ``back_entered``: no machine and no roll
    was there (rule 42); ``is_late``: it was entered after the ten working days (rule 42).
    """

    by_location: bool = False
    back_entered: bool = False
    is_late: bool = False


NO_DOUBT = Doubt()


def approval_needed(
    *,
    kind: RecordKind,
    verdict: Verdict,
    day_minutes: int,
    policy: CreditPolicy = DEFAULT_POLICY,
    doubt: Doubt = NO_DOUBT,
) -> Approval:
    """Tell who must let a record count; ``day_minutes`` is the person's day with this record.

    Raises DayIsFull above 24 hours. Source: rules 31, 37, 39, 42 and 64.
    """
    if day_minutes > policy.day_minutes_max:
        raise errors.DayIsFull
    if day_minutes > policy.day_minutes_by_station or doubt.is_late:
        return Approval.OFFICER
    is_plain = kind == RecordKind.PROVED and verdict == Verdict.CONFIRMED
    is_plain = is_plain and not (doubt.by_location and policy.reviews_location)
    if is_plain and day_minutes <= policy.day_minutes_at_once:
        return Approval.POLICY
    return Approval.STATION


def reasons_to_wait(
    *,
    kind: RecordKind,
    verdict: Verdict | None,
    day_minutes: int,
    policy: CreditPolicy = DEFAULT_POLICY,
    doubt: Doubt = NO_DOUBT,
    is_held: bool = False,
    is_barred: bool = False,
) -> tuple[Wait, ...]:
    """List every reason why a record does not count by itself; empty means it does."""
    entered = Wait.LATE if doubt.is_late else Wait.ENTERED
    if doubt.back_entered and not doubt.is_late:
        entered = Wait.BACK_ENTERED
    is_very_long = day_minutes > policy.day_minutes_by_station
    reasons = {
        Wait.UNCONFIRMED: verdict is None,
        Wait.DISPUTED: verdict == Verdict.DISPUTED,
        entered: kind == RecordKind.ENTERED,
        Wait.LOCATION: doubt.by_location and policy.reviews_location,
        Wait.OVER_12_HOURS: is_very_long,
        Wait.OVER_8_HOURS: day_minutes > policy.day_minutes_at_once and not is_very_long,
        Wait.FLAGGED: is_held,
        Wait.BARRED: is_barred,
    }
    return tuple(wait for wait, applies in reasons.items() if applies)


def may_approve_above(actor: Actor, *, region: str) -> bool:
    """Tell whether the actor stands above the station that ran the service (rule 37).

    A role other than station worker, or a grant for a whole street or more.
    """
    return any(
        Permission.VERIFY_RECORDS in PERMISSIONS[grant.role]
        and grant.region
        and region.startswith(grant.region)
        and (grant.role != Role.STATION_WORKER or len(grant.region) <= 9)
        for grant in actor.grants
    )


def require_other_hands(
    by_id: int | None, *, gainer_id: int, entered_by_ids: Iterable[int] = ()
) -> None:
    """Refuse who gains from a record, or entered it (rule 39).

    Raises OwnRecord, SecondPersonNeeded.
    """
    if by_id == gainer_id:
        raise errors.OwnRecord
    if by_id in set(entered_by_ids):
        raise errors.SecondPersonNeeded


def require_minutes(minutes: int, *, most: int) -> None:
    """Refuse minutes below nothing or above ``most``. Raises MinutesOutOfRange."""
    if not 0 <= minutes <= most:
        raise errors.MinutesOutOfRange(field="minutes", most=most)


def record_state(
    *, verdict: Verdict | None, is_verified: bool, is_voided: bool = False
) -> RecordState:
    """Tell where a record stands."""
    if is_voided:
        return RecordState.VOIDED
    if is_verified:
        return RecordState.VERIFIED
    if verdict is None:
        return RecordState.UNCONFIRMED
    return RecordState.DISPUTED if verdict == Verdict.DISPUTED else RecordState.UNVERIFIED
