"""Which movements may be disputed, until when, and by whom that is decided (rule 73)."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from linbang.foundation.clock import local_date
from linbang.foundation.workdays import add_workdays
from linbang.outcomes.time_bank import errors
from linbang.outcomes.time_bank.choices import DisputeState, Purpose, RulingDecision
from linbang.outcomes.time_bank.rules.schemes import Scheme

# What was earned is disputed at the record it came from.
DISPUTABLE = frozenset({Purpose.REDEEMED, Purpose.DEPARTURE, Purpose.GIFT, Purpose.DONATED})


def dispute_until(posted_at: datetime, *, scheme: Scheme) -> datetime:
    """Return until when a movement may be disputed."""
    return posted_at + timedelta(days=scheme.dispute_days)


def may_dispute(purpose: str, posted_at: datetime, *, scheme: Scheme, now: datetime) -> bool:
    """Tell whether a movement may be disputed now."""
    return purpose in DISPUTABLE and now < dispute_until(posted_at, scheme=scheme)


def require_disputable(purpose: str, posted_at: datetime, *, scheme: Scheme, now: datetime) -> None:
    """Refuse what cannot be disputed, or no more. Raises NotDisputable, TooLateToDispute."""
    if purpose not in DISPUTABLE:
        raise errors.NotDisputable
    if now >= dispute_until(posted_at, scheme=scheme):
        raise errors.TooLateToDispute(days=scheme.dispute_days)


def answer_due(opened_at: datetime, *, scheme: Scheme) -> date:
    """Return the last day for the station's decision. Raises CalendarYearMissing."""
    return add_workdays(local_date(opened_at), scheme.dispute_answer_workdays)


def require_bystander(by_id: int | None, *, concerned: Collection[int | None]) -> None:
    """Refuse whoever is a side of the matter. Raises NotForOneself."""
    if by_id is None or by_id in concerned:
        raise errors.NotForOneself


def require_second(by_id: int | None, *, proposed_by: int) -> None:
    """Refuse whoever proposed it. Raises SecondStaffNeeded."""
    if by_id == proposed_by:
        raise errors.SecondStaffNeeded


def dispute_state(*, closed_by: str | None, is_proposed: bool) -> DisputeState:
    """Tell where a dispute stands; ``closed_by`` is the decision that was confirmed."""
    if closed_by:
        is_undone = closed_by == RulingDecision.REVERSE
        return DisputeState.REVERSED if is_undone else DisputeState.STANDS
    return DisputeState.PROPOSED if is_proposed else DisputeState.OPEN
