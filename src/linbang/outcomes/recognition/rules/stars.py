"""When a star may be asked for, granted and kept, over plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from linbang.foundation.errors import Refused
from linbang.outcomes.recognition import errors
from linbang.outcomes.recognition.choices import ApplicationState, Hindrance
from linbang.outcomes.recognition.rules.levels import LevelTable

# The public notice lasts five working days (Guangdong; rule 54).
NOTICE_WORKDAYS = 5
# An average of three points and more, where there is one (rule 54); tenths, as it is shown.
RATING_MIN_TENTHS = 30


@dataclass(frozen=True)
class Standing:
    """Where somebody stands: what counts for a star, and what forbids one.

    ``star``: the present one, 0 for none. ``proved`` and ``entered`` are verified minutes, counted
    together and shown apart. ``member_since`` is None for whoever is no volunteer.
    """

    star: int
    proved: int
    entered: int
    rating_tenths: int | None
    member_since: date | None
    barred_until: date | None = None
    has_open: bool = False

    @property
    def minutes(self) -> int:
        """Both kinds of minutes together."""
        return self.proved + self.entered


def reasons_against(
    star: int, *, table: LevelTable, standing: Standing, today: date
) -> tuple[Hindrance, ...]:
    """List every reason why a star can't be asked for; empty means it can (rules 54 and 55)."""
    since, rating, until = standing.member_since, standing.rating_tenths, standing.barred_until
    found = {
        Hindrance.NOT_VOLUNTEER: since is None,
        Hindrance.NOT_HIGHER: star <= standing.star,
        Hindrance.NOT_REACHED: star > table.star_for(standing.minutes),
        Hindrance.TOO_NEW: since is not None and today < table.open_from(since),
        Hindrance.RATED_TOO_LOW: rating is not None and rating < RATING_MIN_TENTHS,
        Hindrance.BARRED: until is not None and today <= until,
        Hindrance.ALREADY_OPEN: standing.has_open,
    }
    return tuple(one for one, holds in found.items() if holds)


_REFUSALS: Mapping[Hindrance, type[Refused]] = {
    Hindrance.NOT_VOLUNTEER: errors.NotAVolunteer,
    Hindrance.NOT_HIGHER: errors.StarNotHigher,
    Hindrance.NOT_REACHED: errors.StarNotReached,
    Hindrance.TOO_NEW: errors.StarTooEarly,
    Hindrance.RATED_TOO_LOW: errors.RatedTooLow,
    Hindrance.BARRED: errors.StarBarred,
    Hindrance.ALREADY_OPEN: errors.AlreadyApplied,
}


def require_may_have(star: int, *, table: LevelTable, standing: Standing, today: date) -> None:
    """Refuse a star that can't be asked for, by its first reason.

    Raises NotAVolunteer, StarNotHigher, StarNotReached, StarTooEarly, RatedTooLow, StarBarred,
    AlreadyApplied.
    """
    for reason in reasons_against(star, table=table, standing=standing, today=today):
        raise _REFUSALS[reason](months=table.months_first)


def without_open(standing: Standing) -> Standing:
    """Return the standing for whoever looks at the open application itself."""
    return replace(standing, has_open=False)


def star_to_ask_for(*, table: LevelTable, standing: Standing) -> int | None:
    """Return the highest star that is reached and not held; None if there is none."""
    reached = table.star_for(standing.minutes)
    return reached if reached > standing.star else None


def star_after_review(star: int, *, table: LevelTable, minutes: int) -> int:
    """Return the star that is left when the minutes changed; it never rises by itself."""
    return min(star, table.star_for(minutes))


def is_notice_over(notice_until: date | None, *, today: date) -> bool:
    """Tell whether the last day of a public notice is past; one that never began is not."""
    return notice_until is not None and today > notice_until


def application_state(
    *, is_approved: bool, outcome: str, has_open_objection: bool
) -> ApplicationState:
    """Tell where an application stands."""
    if outcome:
        return ApplicationState(outcome)
    if not is_approved:
        return ApplicationState.WAITING
    return ApplicationState.OBJECTED if has_open_objection else ApplicationState.ON_NOTICE


def require_other_hands(
    by_id: int | None, *, person_id: int, others: tuple[int | None, ...]
) -> None:
    """Refuse who is concerned, or had a hand in it before. Raises OwnStar."""
    if by_id is None or by_id == person_id or by_id in others:
        raise errors.OwnStar
