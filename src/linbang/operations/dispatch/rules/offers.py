"""Who is asked, for how long, when the station takes over, and why in words (rules 59–63)."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from linbang.foundation.people.choices import DayPart, Skill
from linbang.intake.needs.choices import NeedState, Urgency
from linbang.operations.dispatch.choices import (
    SLOT_WORDS,
    WEEKDAYS,
    Answer,
    EscalationCause,
    ReasonCode,
    Unfit,
)

OFFER_MINUTES = {Urgency.NORMAL: 30, Urgency.URGENT: 10}
# A worker who chose by hand has spoken to the volunteer; she gets longer to answer.
HAND_OFFER_MINUTES = 120
OFFERS_MAX = 3
UNANSWERED_FOR = timedelta(hours=2)
# With less time than this to the visit, asking one after the other no longer works.
ASKING_ENDS_BEFORE = timedelta(minutes=10)
# Keeps the minutely look for lapsed offers off the whole past; an older one cannot be answered
# anyway, and its need has ended.
EXPIRY_LOOKS_BACK = timedelta(days=7)
CONTACT_STAYS_OPEN = timedelta(hours=24)
CANDIDATES_KEPT = 8
# Time to get from one visit to the next.
TRAVEL = timedelta(minutes=10)
LOAD_DAYS = 30

SEEKING = frozenset(
    {NeedState.VERIFIED, NeedState.OFFERED, NeedState.ESCALATED, NeedState.ASSIGNED}
)
SOUGHT_BY_SYSTEM = SEEKING - {NeedState.ESCALATED}
LEAVABLE = frozenset({NeedState.OFFERED, NeedState.ESCALATED, NeedState.ASSIGNED})


def offer_expires_at(urgency: Urgency, *, now: datetime, starts_at: datetime) -> datetime:
    """Return when an offer lapses: 30 minutes, urgent 10, but not after the visit would begin
    (rule 60). At least one minute.
    """
    return _not_after(now + timedelta(minutes=OFFER_MINUTES[urgency]), starts_at, now=now)


def hand_offer_expires_at(*, now: datetime, ends_at: datetime) -> datetime:
    """Return when an offer made by hand lapses: two hours, but not after the visit would end."""
    return _not_after(now + timedelta(minutes=HAND_OFFER_MINUTES), ends_at, now=now)


def _not_after(wanted: datetime, last: datetime, *, now: datetime) -> datetime:
    return max(min(wanted, last), now + timedelta(minutes=1))


def search_areas(region_code: str) -> tuple[str, ...]:
    """Return where to look for helpers, one after the other: the street, then the county.

    A lone community leaves a quarter of requests without anybody; it borrows from its street.
    """
    return tuple(dict.fromkeys((region_code[:9], region_code[:6])))


def asked_since(
    *, offered_at: datetime, expires_at: datetime, answered_at: datetime | None
) -> datetime:
    """Return from when the two hours of rule 60 count for an offer: its beginning; or its end,
    for a planned visit that may be answered for longer than that.
    """
    if expires_at - offered_at <= UNANSWERED_FOR:
        return offered_at
    return min(answered_at or expires_at, expires_at)


def station_takes_over(
    *,
    ended_offers: int,
    first_offered_at: datetime | None,
    starts_at: datetime,
    now: datetime,
) -> EscalationCause | None:
    """Return why a worker must find the helper now: three offers or two hours without success
    (rule 60), or too little time left to ask one after the other.
    """
    if ended_offers >= OFFERS_MAX:
        return EscalationCause.THREE_OFFERS
    if first_offered_at is not None and now - first_offered_at >= UNANSWERED_FOR:
        return EscalationCause.TWO_HOURS
    if starts_at - now < ASKING_ENDS_BEFORE:
        return EscalationCause.TOO_SOON
    return None


def is_station_late(*, taken_at: datetime, asked_since: bool, now: datetime) -> bool:
    """Tell whether a need that a worker took over goes back on the list: whom she asked did not
    come, or two hours passed. No order is ever silently lost (rule 60).
    """
    return asked_since or now - taken_at >= UNANSWERED_FOR


def is_dispatchable(state: NeedState) -> bool:
    """Tell whether somebody may still be asked for a need in this state."""
    return state in SEEKING


def is_contact_open(
    *, accepted_at: datetime, ended_at: datetime | None, done_at: datetime, now: datetime
) -> bool:
    """Tell whether the helper sees address and phone: from acceptance to 24 h after completion,
    never after leaving (rule 62). ``done_at`` of a visit nobody completed is its planned end.
    """
    return ended_at is None and accepted_at <= now < done_at + CONTACT_STAYS_OPEN


def is_open(answer: Answer | None, *, expires_at: datetime, now: datetime) -> bool:
    """Tell whether an offer can still be answered."""
    return answer is None and now < expires_at


def reason_words(reasons: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Put stored reasons into words of the active language: 同一栋楼, 周二下午有空."""
    return tuple(_words(ReasonCode(reason["code"]), reason["value"]) for reason in reasons)


def _words(code: ReasonCode, value: Any) -> str:
    values: dict[ReasonCode, Any] = {
        ReasonCode.HAS_SKILL: lambda: {"skill": Skill(value).label},
        ReasonCode.FREE_THEN: lambda: {"slot": slot_words(value)},
        ReasonCode.FEW_ORDERS: lambda: {"count": value},
        ReasonCode.RATING: lambda: {"points": f"{value / 100:.1f}"},
        ReasonCode.DESPITE: lambda: {"cause": Unfit(value).label},
    }
    return str(code.label) % values[code]() if code in values else str(code.label)


def slot_words(slot: str) -> str:
    """Name one of the 24 weekly slots by its national code: 05 is 周二下午."""
    day, part = divmod(int(slot) - 1, len(DayPart))
    return str(SLOT_WORDS) % {"day": WEEKDAYS[day], "part": DayPart(part).label}


def cause_words(rejected: Mapping[str, int]) -> tuple[tuple[Unfit, int], ...]:
    """Return why the others were left out, counted, the most frequent cause first."""
    counted = [(Unfit(cause), count) for cause, count in rejected.items() if count]
    order = list(Unfit)
    return tuple(sorted(counted, key=lambda pair: (-pair[1], order.index(pair[0]))))
