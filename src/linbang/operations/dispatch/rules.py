"""Who is asked, for how long, and when the station takes over (rules 59–63)."""

from datetime import datetime, timedelta

from linbang.intake.needs.choices import NeedState, Urgency
from linbang.operations.dispatch.choices import Answer, EscalationCause

OFFER_MINUTES = {Urgency.NORMAL: 30, Urgency.URGENT: 10}
# A worker who chose by hand has spoken to the volunteer; she gets longer to answer.
HAND_OFFER_MINUTES = 120
OFFERS_MAX = 3
UNANSWERED_FOR = timedelta(hours=2)
CONTACT_STAYS_OPEN = timedelta(hours=24)
CANDIDATES_KEPT = 8
# Time to get from one visit to the next.
TRAVEL = timedelta(minutes=10)
LOAD_DAYS = 30

SEEKING = frozenset(
    {NeedState.VERIFIED, NeedState.OFFERED, NeedState.ESCALATED, NeedState.ASSIGNED}
)
SOUGHT_BY_SYSTEM = SEEKING - {NeedState.ESCALATED}


def offer_expires_at(urgency: Urgency, *, now: datetime, starts_at: datetime) -> datetime:
    """Return when an offer lapses: 30 minutes, urgent 10, but not after the visit would begin
    (rule 60). At least one minute.
    """
    ends = min(now + timedelta(minutes=OFFER_MINUTES[urgency]), starts_at)
    return max(ends, now + timedelta(minutes=1))


def search_areas(region_code: str) -> tuple[str, ...]:
    """Return where to look for helpers, one after the other: the street, then the county.

    A lone community leaves a quarter of requests without anybody; it borrows from its street.
    """
    return tuple(dict.fromkeys((region_code[:9], region_code[:6])))


def station_takes_over(
    *, ended_offers: int, first_offered_at: datetime | None, now: datetime
) -> EscalationCause | None:
    """Return why a worker must find the helper now: three offers or two hours without success."""
    if ended_offers >= OFFERS_MAX:
        return EscalationCause.THREE_OFFERS
    if first_offered_at is not None and now - first_offered_at >= UNANSWERED_FOR:
        return EscalationCause.TWO_HOURS
    return None


def is_dispatchable(state: NeedState) -> bool:
    """Tell whether somebody may still be asked for a need in this state."""
    return state in SEEKING


def is_contact_open(
    *, accepted_at: datetime, ended_at: datetime | None, done_at: datetime | None, now: datetime
) -> bool:
    """Tell whether the helper sees address and phone: from acceptance to 24 h after completion,
    never after leaving (rule 62).
    """
    if ended_at is not None or now < accepted_at:
        return False
    return done_at is None or now < done_at + CONTACT_STAYS_OPEN


def is_open(answer: Answer | None, *, expires_at: datetime, now: datetime) -> bool:
    """Tell whether an offer can still be answered."""
    return answer is None and now < expires_at
