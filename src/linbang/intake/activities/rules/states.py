"""Which state of an activity may follow which, and who decides."""

from collections.abc import Collection
from datetime import datetime, timedelta

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.intake.activities.choices import ActivityState
from linbang.intake.activities.errors import (
    ActivityStateNotNext,
    ExtendedAlready,
    ExtensionTooLate,
    OrganiserOutOfReach,
    OwnReview,
    ReasonMissing,
)

_S = ActivityState
FOLLOWING: dict[ActivityState, frozenset[ActivityState]] = {
    _S.DRAFT: frozenset({_S.IN_REVIEW, _S.PUBLISHED, _S.CANCELLED}),
    _S.IN_REVIEW: frozenset({_S.DRAFT, _S.PUBLISHED, _S.CANCELLED}),
    _S.PUBLISHED: frozenset({_S.CANCELLED, _S.CLOSED}),
    _S.CLOSED: frozenset({_S.PUBLISHED}),
    _S.CANCELLED: frozenset(),
}
# What may still be planned; what is over is history.
EDITABLE = frozenset({_S.DRAFT, _S.IN_REVIEW, _S.PUBLISHED})
EXTENSION = timedelta(days=30)
REASON_MAX = 200


def require_following(before: ActivityState | str, after: ActivityState) -> None:
    """Refuse a state that may not follow. Raises ActivityStateNotNext."""
    state = ActivityState(before)
    if after not in FOLLOWING[state]:
        raise ActivityStateNotNext(state=state.label)


def require_state(state: ActivityState | str, allowed: Collection[ActivityState]) -> None:
    """Refuse what only some states allow. Raises ActivityStateNotNext."""
    if ActivityState(state) not in allowed:
        raise ActivityStateNotNext(state=ActivityState(state).label)


def require_reason(text: str) -> str:
    """Return the reason without outer blanks, 200 characters at most. Raises ReasonMissing."""
    reason = " ".join(text.split())[:REASON_MAX]
    if not reason:
        raise ReasonMissing(field="reason")
    return reason


def require_reviewer(person_id: int | None, *, authors: Collection[int | None]) -> None:
    """Refuse a review by who made or submitted the activity (rule 23). Raises OwnReview."""
    if person_id is not None and person_id in authors:
        raise OwnReview


def require_extendable(*, closed_at: datetime, extended_at: datetime | None, now: datetime) -> None:
    """Refuse a second extension, or one 30 days after the end (rule 29).

    Raises ExtendedAlready, ExtensionTooLate.
    """
    if extended_at is not None:
        raise ExtendedAlready
    if now - closed_at > EXTENSION:
        raise ExtensionTooLate


def may_plan(actor: Actor, *, region: str, path: str) -> bool:
    """Tell whether the actor plans what an organisation does in a region.

    Staff by the region; a team's leader by the organisation, wherever it was placed.
    """
    return actor.may(Permission.EDIT_ACTIVITIES, region=region) or any(
        path.startswith(own) for own in actor.organisations_for(Permission.EDIT_ACTIVITIES)
    )


def require_within_reach(actor: Actor, *, region: str, path: str, home: str) -> None:
    """Refuse to plan for somebody else, or where one does not work.

    Staff plan in their regions for organisations at home there; a team's leader where the team is
    at home (VSR 42). ``home`` is the organisation's region. Raises OrganiserOutOfReach.
    """
    by_region = actor.may(Permission.EDIT_ACTIVITIES, region=region) and actor.may(
        Permission.EDIT_ACTIVITIES, region=home
    )
    leads = any(path.startswith(own) for own in actor.organisations_for(Permission.EDIT_ACTIVITIES))
    if not (by_region or (leads and region.startswith(home))):
        raise OrganiserOutOfReach(field="organiser")
