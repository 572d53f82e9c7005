"""What may be asked for, when, by whom, how many go, and which state may follow."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from linbang.foundation import clock, workdays
from linbang.foundation.people.choices import Language, Sex
from linbang.intake.needs.choices import (
    WISHED_LANGUAGES,
    WISHED_OR,
    WISHED_SEX,
    Emergency,
    HelpersReason,
    KnownRisk,
    NeedChannel,
    NeedState,
)
from linbang.intake.needs.errors import RiskUnknown, StateNotNext, WindowNotBookable, WishUnknown

# Our defaults (domain handbook §10 G); a station that differs changes them here, once.
DAYS_AHEAD_MAX = 30
MINUTES_MIN, MINUTES_MAX = 15, 480
NIGHT_STARTS, NIGHT_ENDS = time(21), time(7)
LEAD_MINUTES = 60
PRESET_MINUTES = 60
ADULT_AGE = 18
HELPERS_MAX = 4

_S = NeedState

# Which state may follow which. A helper who steps back sends the need back to the search.
FOLLOWING: dict[NeedState, frozenset[NeedState]] = {
    _S.OPENED: frozenset({_S.VERIFIED, _S.DECLINED, _S.WITHDRAWN, _S.LAPSED}),
    _S.VERIFIED: frozenset(
        {_S.OFFERED, _S.ESCALATED, _S.ASSIGNED, _S.DECLINED, _S.WITHDRAWN, _S.LAPSED}
    ),
    _S.OFFERED: frozenset({_S.VERIFIED, _S.ESCALATED, _S.ASSIGNED, _S.WITHDRAWN, _S.LAPSED}),
    _S.ESCALATED: frozenset({_S.OFFERED, _S.ASSIGNED, _S.DECLINED, _S.WITHDRAWN, _S.LAPSED}),
    _S.ASSIGNED: frozenset(
        {_S.VERIFIED, _S.OFFERED, _S.ESCALATED, _S.UNDER_WAY, _S.WITHDRAWN, _S.LAPSED}
    ),
    _S.UNDER_WAY: frozenset({_S.SERVED, _S.ESCALATED, _S.WITHDRAWN, _S.LAPSED}),
    _S.SERVED: frozenset({_S.FULFILLED, _S.LAPSED}),
    _S.FULFILLED: frozenset(),
    _S.DECLINED: frozenset(),
    _S.WITHDRAWN: frozenset(),
    _S.LAPSED: frozenset(),
}

FINAL = frozenset(state for state, following in FOLLOWING.items() if not following)
OPEN_STATES = tuple(state for state in NeedState if state not in FINAL)
# The road of a need that goes well, as a resident sees it.
MILESTONES = (_S.OPENED, _S.VERIFIED, _S.ASSIGNED, _S.SERVED, _S.FULFILLED)
WITHDRAWABLE = frozenset(state for state, after in FOLLOWING.items() if _S.WITHDRAWN in after)


def may_follow(before: NeedState, after: NeedState) -> bool:
    """Tell whether a need may go from one state to the other."""
    return after in FOLLOWING[before]


def milestones_ahead(state: NeedState) -> tuple[NeedState, ...]:
    """Return the milestones that a need in this state still has before it."""
    if state in FINAL:
        return ()
    ahead = {_S.OFFERED: 2, _S.ESCALATED: 2, _S.UNDER_WAY: 3}
    reached = ahead[state] if state in ahead else MILESTONES.index(state) + 1
    return MILESTONES[reached:]


def require_following(before: NeedState, after: NeedState) -> None:
    """Raise StateNotNext unless ``after`` may follow ``before``."""
    if not may_follow(before, after):
        raise StateNotNext(state=before.label)


def channel_for(
    *, asker_id: int | None, beneficiary_id: int, is_kin: bool, may_take: bool
) -> NeedChannel | None:
    """Return how a request made by this asker reaches us; None if she may not make it."""
    if asker_id is not None and asker_id == beneficiary_id:
        return NeedChannel.SELF
    if is_kin:
        return NeedChannel.RELATIVE
    return NeedChannel.PHONE if may_take else None


def is_channel_open(
    channel: NeedChannel,
    *,
    asker_id: int | None,
    requester_id: int,
    beneficiary_id: int,
    is_kin: bool,
    may_take: bool,
) -> bool:
    """Tell whether this asker may use the channel for this requester and beneficiary.

    On the telephone and on a visit a worker writes down what somebody else asks for (代办).
    """
    if channel == NeedChannel.SELF:
        return asker_id == requester_id == beneficiary_id
    if channel == NeedChannel.RELATIVE:
        return asker_id == requester_id and is_kin
    return may_take


def require_bookable(starts_at: datetime, ends_at: datetime, *, now: datetime) -> None:
    """Raise WindowNotBookable unless the window is ahead, near enough and 15 min to 8 h long."""
    minutes = clock.minutes_between(starts_at, ends_at)
    is_ahead = now <= starts_at <= now + timedelta(days=DAYS_AHEAD_MAX)
    if not (is_ahead and MINUTES_MIN <= minutes <= MINUTES_MAX):
        raise WindowNotBookable(field="starts_at", days=DAYS_AHEAD_MAX)


def is_night(starts_at: datetime, ends_at: datetime) -> bool:
    """Tell whether the half-open window touches 21:00–07:00 in China (rule 63)."""
    start, end = starts_at.astimezone(clock.CHINA), ends_at.astimezone(clock.CHINA)
    day = start.date() - timedelta(days=1)
    while day <= end.date():
        dusk = datetime.combine(day, NIGHT_STARTS, clock.CHINA)
        dawn = datetime.combine(day + timedelta(days=1), NIGHT_ENDS, clock.CHINA)
        if start < dawn and dusk < end:
            return True
        day += timedelta(days=1)
    return False


def age_on(birth_date: date, day: date) -> int:
    """Return the completed years on a day."""
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (not had_birthday)


def is_minor(birth_date: date, day: date) -> bool:
    """Tell whether somebody is under 18 on a day."""
    return age_on(birth_date, day) < ADULT_AGE


@dataclass(frozen=True)
class Helpers:
    """How many go, and why more than one; no reason means one is enough."""

    count: int
    reasons: tuple[HelpersReason, ...] = ()


def helpers_needed(
    item_helpers: int, *, is_first_visit: bool, is_minor: bool, is_night: bool
) -> Helpers:
    """Return how many helpers a visit needs.

    First visits, visits to minors and night visits need two (rule 63).
    """
    reasons = tuple(
        reason
        for reason, applies in (
            (HelpersReason.ITEM, item_helpers > 1),
            (HelpersReason.FIRST_VISIT, is_first_visit),
            (HelpersReason.MINOR, is_minor),
            (HelpersReason.NIGHT, is_night),
        )
        if applies
    )
    return Helpers(max(item_helpers, 2 if reasons else 1), reasons)


def first_answer_due(opened_at: datetime) -> datetime:
    """Return the instant by which the station has answered: within 1 working day (rule 57).

    The day of the request does not count and the last day ends at midnight. Source: Civil Code
    articles 201 and 203.
    """
    day = clock.local_date(opened_at)
    try:
        last = workdays.add_workdays(day, 1)
    except workdays.CalendarYearMissing:
        # A call for help is not turned away for want of a calendar: the next day is never later
        # than the true term.
        last = day + timedelta(days=1)
    return clock.day_window(last)[1]


def is_answer_overdue(state: NeedState, due_at: datetime | None, *, now: datetime) -> bool:
    """Tell whether the station still owes its first answer after the term."""
    return state == NeedState.OPENED and due_at is not None and due_at < now


def known_risks(values: Iterable[str]) -> tuple[KnownRisk, ...]:
    """Return the risks in the order of the list, each once. Raises RiskUnknown."""
    given = set(values)
    if given - set(KnownRisk.values):
        raise RiskUnknown(field="known_risks")
    return tuple(risk for risk in KnownRisk if risk in given)


def wished_sex(value: str) -> str:
    """Return the sex wished of every helper, empty for any. Raises WishUnknown."""
    if value not in ("", *Sex.values):
        raise WishUnknown(field="helper_sex")
    return value


def wished_languages(values: Iterable[str]) -> list[Language]:
    """Return the languages of which a helper has to know one, in the order of the list.

    Raises WishUnknown.
    """
    given = set(values)
    if given - set(Language.values):
        raise WishUnknown(field="helper_languages")
    return [language for language in Language if language in given]


def wish_words(sex: str, languages: Iterable[str]) -> tuple[str, ...]:
    """Put what is wished of a helper into words: 女性志愿者, 会粤语（白话）或壮语."""
    names = str(WISHED_OR).join(str(Language(one).label) for one in languages)
    return (
        *([str(WISHED_SEX[sex])] if sex else []),
        *([str(WISHED_LANGUAGES) % {"languages": names}] if names else []),
    )


# Words that call for 119, 110 or 120 (rule 58). Substrings, since Chinese has no word breaks.
_EMERGENCY_WORDS: dict[Emergency, tuple[str, ...]] = {
    Emergency.FIRE: (
        "着火", "起火", "失火", "火灾", "煤气泄漏", "燃气泄漏", "漏气", "爆炸", "被困", "电梯困人",
        "on fire", "gas leak", "explosion",
    ),
    Emergency.CRIME: (
        "抢劫", "抢钱", "入室", "小偷", "盗窃", "打人", "家暴", "行凶", "持刀", "绑架", "被骗了钱",
        "robbery", "burglar", "violence", "kidnap",
    ),
    Emergency.ILLNESS: (
        "晕倒", "昏迷", "昏倒", "胸痛", "胸口痛", "心梗", "脑梗", "中风", "抽搐", "大出血",
        "喘不上气", "呼吸困难", "没有呼吸", "窒息", "中毒", "触电", "溺水",
        "自杀", "轻生", "不省人事", "骨折",
        "unconscious", "chest pain", "stroke", "can't breathe", "cannot breathe", "bleeding badly",
        "suicide",
    ),
}  # fmt: skip


def emergency_in(text: str) -> Emergency | None:
    """Return the emergency a text speaks of, life before fire before crime; None if none."""
    lowered = text.lower()
    for kind in (Emergency.ILLNESS, Emergency.FIRE, Emergency.CRIME):
        if any(word in lowered for word in _EMERGENCY_WORDS[kind]):
            return kind
    return None


@dataclass(frozen=True)
class Part:
    """A third of a day as residents speak of it: when visits start, and the latest start."""

    name: str
    first_start: time
    last_start: time


PARTS = (
    Part("morning", time(9), time(11)),
    Part("afternoon", time(14, 30), time(17)),
    Part("evening", time(18, 30), time(20)),
)


@dataclass(frozen=True)
class Slot:
    """A real window behind a big button; ``starts_at`` None means too late or too long."""

    day: date
    part: str
    starts_at: datetime | None
    ends_at: datetime | None


def slots(minutes: int, *, now: datetime, days: int = 3) -> tuple[Slot, ...]:
    """Return the windows offered for today, tomorrow and the day after, by part of the day.

    A visit that would reach into the night is not offered here: it needs two helpers and a
    word with the station.
    """
    today = clock.local_date(now)
    return tuple(
        _slot(today + timedelta(days=ahead), part, minutes, now)
        for ahead in range(days)
        for part in PARTS
    )


def _slot(day: date, part: Part, minutes: int, now: datetime) -> Slot:
    start = max(
        datetime.combine(day, part.first_start, clock.CHINA),
        _next_quarter(now + timedelta(minutes=LEAD_MINUTES)),
    )
    end = start + timedelta(minutes=minutes)
    is_late = start > datetime.combine(day, part.last_start, clock.CHINA)
    if is_late or is_night(start, end):
        return Slot(day, part.name, None, None)
    return Slot(day, part.name, start, end)


def _next_quarter(instant: datetime) -> datetime:
    local = instant.astimezone(clock.CHINA)
    past = timedelta(
        minutes=local.minute % 15, seconds=local.second, microseconds=local.microsecond
    )
    return local + (timedelta(minutes=15) - past if past else timedelta(0))
