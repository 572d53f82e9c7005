"""How a shift stands to one reader, and what comes first in a list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linbang.intake.activities.choices import ActivityState, ShiftState, SignUpMode
from linbang.operations.clearance.choices import Cause
from linbang.operations.dispatch.choices import CHANCES_OPEN, Chance, SignUpState, SortBy

# Read and accepted while signing up: no reason to keep the button away.
SETTLED_WHILE_SIGNING_UP = frozenset({Cause.RISK_NOT_ACCEPTED, Cause.AGREEMENT_MISSING})
_FAR = 10_000_000


@dataclass(frozen=True, slots=True)
class OpenShift:
    """One shift as one reader may see it; what is hers is empty for strangers."""

    public_id: UUID
    id: int
    activity_id: int
    activity_public_id: UUID
    activity_state: str
    name: str
    kind: str
    categories: Sequence[str]
    place_name: str
    region_id: str
    audience: str
    mode: str
    has_waiting_list: bool
    sign_up_opens_at: datetime | None
    sign_up_closes_at: datetime | None
    is_high_risk: bool
    organiser: str
    post_id: int
    post_name: str
    skills: Sequence[str]
    point_name: str | None
    longitude: float | None
    latitude: float | None
    starts_at: datetime
    ends_at: datetime
    state: str
    cancel_reason: str
    places: int
    taken: int
    waiting: int
    fits_skills: bool | None
    fits_categories: bool | None
    metres: int | None
    sign_up_id: UUID | None
    my_state: str | None
    held_until: datetime | None
    position: int | None
    is_busy: bool
    causes: Sequence[str]

    @property
    def left(self) -> int:
        """How many places are free for who comes now: none while somebody waits."""
        return 0 if self.waiting else max(self.places - self.taken, 0)


def chance_of(shift: OpenShift, *, now: datetime) -> Chance:
    """Tell what the reader may do with a shift; the order is that of ``dispatch_sign_up_v1``."""
    looks = (
        (Chance.CANCELLED, is_cancelled(shift)),
        (Chance.MINE, shift.my_state is not None),
        (Chance.OVER, now >= closes_at(shift) or shift.activity_state == ActivityState.CLOSED),
        (Chance.NOT_YET, shift.sign_up_opens_at is not None and now < shift.sign_up_opens_at),
        (Chance.FULL, not shift.left and not shift.has_waiting_list and not _is_by_approval(shift)),
        (Chance.BARRED, bool(causes_in_the_way(shift.causes))),
        (Chance.BUSY, shift.is_busy),
        (Chance.ASK, _is_by_approval(shift)),
        (Chance.WAIT, not shift.left),
    )
    return next((chance for chance, holds in looks if holds), Chance.TAKE)


def is_cancelled(shift: OpenShift) -> bool:
    """Tell whether a shift does not take place."""
    return ShiftState.CANCELLED in (shift.state, shift.activity_state)


def closes_at(shift: OpenShift) -> datetime:
    """Return until when one may sign up by oneself: the activity's own time, or the start."""
    if shift.sign_up_closes_at is None:
        return shift.starts_at
    return min(shift.sign_up_closes_at, shift.starts_at)


def causes_in_the_way(causes: Iterable[str]) -> tuple[str, ...]:
    """Return the causes that cannot be settled in the course of signing up."""
    return tuple(cause for cause in causes if cause not in SETTLED_WHILE_SIGNING_UP)


def sort_key(shift: OpenShift, chance: Chance, by: SortBy) -> tuple[object, ...]:
    """Return what a list of shifts is sorted by; ties are broken by time and id."""
    last = (shift.starts_at, shift.id)
    metres = _FAR if shift.metres is None else shift.metres
    if by == SortBy.DISTANCE:
        return (metres, *last)
    if by == SortBy.TIME:
        return last
    return (
        chance not in CHANCES_OPEN and shift.my_state != SignUpState.HELD,
        not shift.fits_skills,
        not shift.fits_categories,
        metres // 1000,
        *last,
    )


def _is_by_approval(shift: OpenShift) -> bool:
    return shift.mode == SignUpMode.APPROVAL
