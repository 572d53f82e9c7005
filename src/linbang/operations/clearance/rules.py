"""How long credentials hold, why an agreement is asked for, and what a pasted list says."""

import calendar
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from linbang.foundation.people.rules import is_volunteer_number
from linbang.operations.clearance.choices import AgreementCause, TrainingResult
from linbang.operations.clearance.errors import (
    CredentialDatesWrong,
    LearningTimeWrong,
    ResultKnown,
    SessionBegun,
    SessionNotBegun,
    SessionPlacesWrong,
    SessionWindowWrong,
    SuspensionDaysWrong,
    WhyMissing,
)

# Each number is practice, not law; a site may want its own.
RENEWAL_WINDOW = timedelta(days=90)
REMIND_DAYS = (30, 7)
SUSPENDED_DAYS = 30
SUSPENDED_DAYS_MAX = 365
LONG_DAYS = 30
LEARNING_MINUTES_MAX = 80 * 60
SESSION_PLACES_MAX = 1000


def last_day(valid_from: date, months: int | None) -> date | None:
    """Return the last day a qualification holds that lasts so many months; None for good.

    A month too short for the day ends it with its own last day.
    """
    if months is None:
        return None
    years, month = divmod(valid_from.month - 1 + months, 12)
    year, month = valid_from.year + years, month + 1
    days = calendar.monthrange(year, month)[1]
    if valid_from.day > days:
        return date(year, month, days)
    return date(year, month, valid_from.day) - timedelta(days=1)


def renewal_start(passed_on: date, *, held_until: date | None) -> date:
    """Return from when a renewal holds: after the old end, when that is no more than 90 days off.

    Who renews earlier starts anew on the day, or a year would be had for two afternoons.
    """
    if held_until is not None and passed_on <= held_until <= passed_on + RENEWAL_WINDOW:
        return held_until + timedelta(days=1)
    return passed_on


def reminder_due(days_left: int, *, reminded: int | None) -> int | None:
    """Return the reminder that is due so many days before an end: 30 or 7; None for none."""
    due = [days for days in REMIND_DAYS if days_left <= days]
    if days_left < 0 or not due or (reminded is not None and reminded <= min(due)):
        return None
    return min(due)


def agreement_causes(
    *,
    hazards: Sequence[str],
    days: int,
    is_outside_city: bool,
    is_asked_for: bool,
    is_foreigner: bool = False,
) -> tuple[AgreementCause, ...]:
    """Return why an agreement is asked for, in the order of the rule (rule 21; BJ 18)."""
    holds = {
        AgreementCause.HIGH_RISK: bool(hazards),
        AgreementCause.LONG: days >= LONG_DAYS,
        AgreementCause.LARGE_EVENT: "large_event" in hazards,
        AgreementCause.OUTSIDE_CITY: is_outside_city,
        AgreementCause.FOREIGNER: is_foreigner,
        AgreementCause.ASKED_FOR: is_asked_for,
    }
    return tuple(cause for cause in AgreementCause if holds[cause])


def text_of(title: str, items: Iterable[tuple[str, str]]) -> str:
    """Write a notice or agreement as one text: the title, then each item with its number."""
    numbered = (f"{n}. {heading}\n{body}" for n, (heading, body) in enumerate(items, 1))
    return "\n\n".join([title, *numbered])


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text, by which what was accepted is known again."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class TrainingDetails:
    """What is recorded of a training (Order 67, art. 8); codes of the national lists."""

    name: str
    content: str
    kind: str
    mode: str
    learning_minutes: int
    qualification: str = ""


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A certificate, licence or vetting as it lies on the worker's desk."""

    qualification: str
    valid_from: date
    valid_until: date | None = None
    number: str = ""
    issued_by: str = ""


@dataclass(frozen=True)
class ListLine:
    """One line of a pasted list of volunteer numbers; ``flaw``: why it cannot be read."""

    position: int
    text: str
    number: str = ""
    flaw: str = ""


def lines_of(text: str) -> list[ListLine]:
    """Read a pasted list: one volunteer number a line, empty lines left out (rule 46)."""
    lines: list[ListLine] = []
    seen: set[str] = set()
    for position, raw in enumerate(text.splitlines(), 1):
        written = raw.strip()
        number = written.upper()
        if not written:
            continue
        if not is_volunteer_number(number):
            lines.append(ListLine(position, written, flaw="malformed"))
        elif number in seen:
            lines.append(ListLine(position, written, flaw="repeated"))
        else:
            seen.add(number)
            lines.append(ListLine(position, written, number=number))
    return lines


def require_learning_time(minutes: int) -> None:
    """Raise LearningTimeWrong unless a training takes a minute to 80 hours."""
    if not 0 < minutes <= LEARNING_MINUTES_MAX:
        raise LearningTimeWrong(field="learning_minutes")


def require_sitting(starts_at: datetime, ends_at: datetime, places: int, *, now: datetime) -> None:
    """Raise SessionWindowWrong or SessionPlacesWrong unless people can still come to it."""
    if not now < starts_at < ends_at:
        raise SessionWindowWrong(field="starts_at")
    if not 0 < places <= SESSION_PLACES_MAX:
        raise SessionPlacesWrong(field="places", most=SESSION_PLACES_MAX)


def require_not_begun(starts_at: datetime, *, now: datetime) -> None:
    """Raise SessionBegun from the start on."""
    if now >= starts_at:
        raise SessionBegun


def require_result_due(starts_at: datetime, *, now: datetime) -> None:
    """Raise SessionNotBegun until the sitting begins."""
    if now < starts_at:
        raise SessionNotBegun


def require_result_open(known: str, wanted: TrainingResult, *, reason: str) -> None:
    """Raise ResultKnown where another result stands and no reason is given to correct it."""
    if known and known != wanted and not reason.strip():
        raise ResultKnown(field="reason", result=TrainingResult(known).label)


def require_dates(valid_from: date, valid_until: date | None, *, today: date) -> None:
    """Raise CredentialDatesWrong for a start to come, or an end before it."""
    if valid_from > today:
        raise CredentialDatesWrong(field="valid_from")
    if valid_until is not None and valid_until < valid_from:
        raise CredentialDatesWrong(field="valid_until")


def require_days(days: int) -> None:
    """Raise SuspensionDaysWrong unless a pause lasts a day to a year."""
    if not 0 < days <= SUSPENDED_DAYS_MAX:
        raise SuspensionDaysWrong(field="days", most=SUSPENDED_DAYS_MAX)


def told(reason: str, *, field: str = "reason") -> str:
    """Return a reason as it is stored. Raises WhyMissing for none."""
    written = reason.strip()
    if not written:
        raise WhyMissing(field=field)
    return written[:200]
