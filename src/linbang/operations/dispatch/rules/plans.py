"""Plans of visits: which places and days, how pressing a need is, how long an offer stands."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from linbang.foundation.clock import CHINA, day_window, local_date
from linbang.intake.needs.choices import NeedState, Risk, Urgency
from linbang.operations.dispatch.choices import (
    BLOCKED_WORDS,
    HELPS,
    Answer,
    PlanCause,
    PlanHelp,
    PlannedState,
    PlanStage,
    Unfit,
)
from linbang.operations.dispatch.rules.offers import (
    TRAVEL,
    offer_expires_at,
)
from linbang.operations.dispatch.rules.sign_ups import Window

# A plan looks a week ahead: people's weeks are alike, and a farther promise is easily broken.
PLAN_DAYS_MAX = 7
# City, district, street, community: what a plan may be made for.
PLAN_AREAS = (4, 6, 9, 12)
# Nobody's plan takes so long: who has not heard of it by then looks at a worker that died.
PLAN_LONGEST = timedelta(minutes=30)
# The evening before, at eight, whoever did not answer is no longer waited for.
ANSWERS_END_BEFORE = timedelta(hours=4)
# Nobody is waited for longer: the next one needs time to answer too.
ANSWER_LONGEST = timedelta(hours=24)
# At two in the morning each district is planned, at half past nine its volunteers are asked: the
# station has had an hour to look, and nobody is woken.
NIGHT_PLANS_AT = time(2)
NIGHT_ASKS_AT = time(9, 30)
# Should the nightly round fail, nobody waits for it longer than this.
NIGHT_MAY_BE_LATE = timedelta(hours=1)
# While a plan awaits the station, nobody is asked past it; not for longer than this, and not when
# the visit is nearer than this.
PLAN_HOLDS = timedelta(hours=12)
# What was never published is of no use after a month; who was asked and why is kept as long as
# anybody may still ask.
UNPUBLISHED_KEPT = timedelta(days=30)
PUBLISHED_KEPT = timedelta(days=365)
# What a need must be for a plan to give it helpers.
PLANNABLE = frozenset({NeedState.VERIFIED, NeedState.OFFERED, NeedState.ESCALATED})
# How far each stage brings the bar; the rest is writing the plan down.
PROGRESS: Mapping[PlanStage, int] = {
    PlanStage.WAITING: 5,
    PlanStage.GREEDY: 40,
    PlanStage.PRICED: 65,
    PlanStage.MENDED: 80,
    PlanStage.PROVEN: 95,
}
_PRESSING = {Urgency.NORMAL: 1, Urgency.URGENT: 3}
_RISKY = {Risk.LOW: 0, Risk.MEDIUM: 0, Risk.HIGH: 1}


def plan_priority(urgency: Urgency, risk: Risk) -> int:
    """Return how much an empty place weighs, 1 to 4: urgent help first, then what is risky to go
    without. Sealed risks of a home stay shut: a plan needs no look at them.
    """
    return _PRESSING[urgency] + _RISKY[risk]


def plan_days(
    now: datetime, *, starts_on: date | None = None, ends_on: date | None = None
) -> tuple[date, date]:
    """Return the days a plan is made for: unless told otherwise, tomorrow and the six after it."""
    first = starts_on or local_date(now) + timedelta(days=1)
    return first, ends_on or first + timedelta(days=PLAN_DAYS_MAX - 1)


def is_plannable_area(region_code: str) -> bool:
    """Tell whether a plan may be made for this place: a community, street, district or city."""
    return len(region_code) in PLAN_AREAS


def are_plannable_days(starts_on: date, ends_on: date, *, today: date) -> bool:
    """Tell whether a plan may be made for these days: from today on, a week at most."""
    return today <= starts_on <= ends_on < starts_on + timedelta(days=PLAN_DAYS_MAX)


def lending_area(region_code: str) -> str:
    """Return where a plan looks for volunteers: a community borrows from its street, a street from
    its county, a district from the city around it.
    """
    return region_code[: {12: 9, 9: 6}.get(len(region_code), 4)]


def planned_offer_expires_at(urgency: Urgency, *, now: datetime, starts_at: datetime) -> datetime:
    """Return until when a planned visit may be answered: eight in the evening of the day before,
    but a day at most, and never less than any offer (rule 60).
    """
    midnight, _ = day_window(local_date(starts_at))
    evening = midnight - ANSWERS_END_BEFORE
    usual = offer_expires_at(urgency, now=now, starts_at=starts_at)
    return max(usual, min(evening, now + ANSWER_LONGEST))


def waiting_for_night(now: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """Return which needs are left to a nightly round, as (verified from, visit from).

    A round plans what was verified before two in the morning, for the days after; from then on
    whoever was verified later waits for the next one, and no longer than that.
    """
    midnight, _ = day_window(local_date(now))
    windows = []
    for days in (0, 1):
        round_day = local_date(midnight + timedelta(days=days))
        until = datetime.combine(round_day, NIGHT_ASKS_AT, CHINA) + NIGHT_MAY_BE_LATE
        since = datetime.combine(round_day, NIGHT_PLANS_AT, CHINA) - timedelta(days=1)
        if since <= now < until:
            windows.append((since, day_window(round_day + timedelta(days=1))[0]))
    return tuple(windows)


def kept_apart(visits: Sequence[tuple[int, Window]], *, a_day: int, a_week: int) -> frozenset[int]:
    """Return the keys of visits of one person that must go, for they meet others of hers, or are
    more than she takes a day or a week: the cheaper stays, then the one with the lower key.

    ``visits``: cost and window, its key the visit's.
    """
    kept: list[Window] = []
    lost = set()
    for _cost, window in sorted(visits, key=lambda one: (one[0], one[1].key)):
        day = local_date(window.starts_at)
        padded = Window(window.key, window.starts_at - TRAVEL, window.ends_at + TRAVEL)
        that_day = sum(local_date(other.starts_at) == day for other in kept)
        is_full = that_day >= a_day or len(kept) >= a_week
        if is_full or any(padded.overlaps(other) for other in kept):
            lost.add(window.key)
        else:
            kept.append(window)
    return frozenset(lost)


def standing_of(
    state: PlannedState, answer: Answer | None, *, is_open: bool, has_left: bool
) -> PlannedState:
    """Return where a planned visit stands, the answer to its offer included."""
    if state != PlannedState.OFFERED and (answer is None or state != PlannedState.REPLACED):
        return state
    if answer == Answer.ACCEPTED and not has_left:
        return PlannedState.ACCEPTED
    if answer in (Answer.ACCEPTED, Answer.REFUSED):
        return PlannedState.DECLINED
    if answer == Answer.WITHDRAWN:
        return PlannedState.DROPPED
    return PlannedState.OFFERED if is_open else PlannedState.LAPSED


def blocker_words(item: str) -> str:
    """Say why the first choice does not go: the visit that needs her more."""
    return str(BLOCKED_WORDS) % {"item": item}


def gap_words(
    causes: Mapping[str, Mapping[str, int]],
) -> tuple[tuple[tuple[Unfit, int], ...], tuple[tuple[PlanCause, int], ...]]:
    """Return why nobody goes, counted: the whole pool by what rules them out, the most frequent
    first, and the candidates by what keeps them, in the order it was looked at.
    """
    nobody = [(Unfit(code), count) for code, count in causes.get("nobody", {}).items() if count]
    order = list(Unfit)
    busy = causes.get("busy", {})
    return (
        tuple(sorted(nobody, key=lambda pair: (-pair[1], order.index(pair[0])))),
        tuple((cause, busy[cause]) for cause in PlanCause if busy.get(cause)),
    )


def what_helps(causes: Mapping[str, Mapping[str, int]], *, is_by_hand: bool = False) -> PlanHelp:
    """Return what would fill an open place most easily: who could go is asked before who is only
    busy, and those before anybody new.
    """
    if is_by_hand:
        return PlanHelp.BY_HAND
    if any(causes.get("busy", {}).values()):
        return PlanHelp.ASK_AROUND
    counts = causes.get("nobody", {})
    near = (cause for cause in HELPS if counts.get(cause))
    return HELPS[next(near, Unfit.SKILL)]
