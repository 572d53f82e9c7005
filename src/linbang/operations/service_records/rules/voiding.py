"""Voiding proven false hours, what follows, and the appeal (rule 55), over plain values."""

from datetime import date, datetime, timedelta

from linbang.foundation.clock import local_date
from linbang.foundation.workdays import add_workdays
from linbang.operations.service_records import errors
from linbang.operations.service_records.choices import VoidState

APPEAL_WORKDAYS = 15
APPEAL_ANSWER_WORKDAYS = 10
BAR_YEARS = (1, 2, 3)


def void_state(
    *,
    voided_at: datetime | None,
    refused_at: datetime | None,
    lifted_at: datetime | None,
) -> VoidState:
    """Tell where a voiding stands."""
    if lifted_at is not None:
        return VoidState.LIFTED
    if voided_at is not None:
        return VoidState.VOIDED
    return VoidState.REFUSED if refused_at is not None else VoidState.PROPOSED


def require_two_people(by_id: int | None, *, proposed_by_id: int, gainer_id: int) -> None:
    """Refuse to decide one's own proposal, or about one's own hours.

    Raises OwnRecord, SecondPersonNeeded.
    """
    if by_id is None or by_id == gainer_id:
        raise errors.OwnRecord
    if by_id == proposed_by_id:
        raise errors.VoidNeedsSecond


def require_third_person(by_id: int | None, *, voided_by_ids: tuple[int | None, ...]) -> None:
    """Refuse an appeal's answer from either who voided. Raises AppealNeedsThird."""
    if by_id is None or by_id in voided_by_ids:
        raise errors.AppealNeedsThird


def appeal_until(voided_at: datetime) -> date:
    """Return the last day of an appeal. Raises CalendarYearMissing."""
    return add_workdays(local_date(voided_at), APPEAL_WORKDAYS)


def answer_due(made_at: datetime) -> date:
    """Return the day by which an appeal is answered. Raises CalendarYearMissing."""
    return add_workdays(local_date(made_at), APPEAL_ANSWER_WORKDAYS)


def require_appeal_time(voided_at: datetime, *, now: datetime) -> None:
    """Refuse an appeal after 15 working days. Raises AppealTooLate."""
    if local_date(now) > appeal_until(voided_at):
        raise errors.AppealTooLate


def bar_end(starts: date, years: int) -> date:
    """Return the day a bar of 1 to 3 whole years ends on (rule 55). Raises BarYearsWrong."""
    if years not in BAR_YEARS:
        raise errors.BarYearsWrong(field="years")
    try:
        return starts.replace(year=starts.year + years)
    except ValueError:  # 29 February
        return starts.replace(year=starts.year + years, day=28) + timedelta(days=1)
