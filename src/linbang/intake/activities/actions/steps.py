"""What every action on an activity does first and last."""

from datetime import datetime
from typing import Any

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.errors import NotAllowed
from linbang.intake.activities import queries, rules
from linbang.intake.activities.choices import ActivityState
from linbang.intake.activities.models import Activity, ActivityStep


def locked_for(activity_id: int, *, by: Actor) -> Activity:
    """Return an activity the actor plans, locked. Raises NotFound, NotAllowed."""
    activity = queries.lock_activity(activity_id)
    if not queries.may_edit(by, activity):
        raise NotAllowed
    return activity


def editable_for(activity_id: int, *, by: Actor) -> Activity:
    """Return an activity that may still be planned, locked.

    Raises NotFound, NotAllowed, ActivityStateNotNext.
    """
    activity = locked_for(activity_id, by=by)
    rules.require_state(activity.state, rules.EDITABLE)
    return activity


def is_public(activity: Activity) -> bool:
    """Tell whether anybody outside may have seen the plan: then nothing is simply deleted."""
    return activity.state == ActivityState.PUBLISHED


def move_on(
    activity: Activity,
    state: ActivityState,
    *,
    action: str,
    by: Actor,
    now: datetime,
    reason: str = "",
    columns: tuple[str, ...] = (),
) -> None:
    """Store a locked activity in its next state: step and audit. Raises ActivityStateNotNext."""
    rules.require_following(activity.state, state)
    activity.state, activity.state_since = state, now
    activity.save(update_fields=["state", "state_since", *columns])
    note_step(activity, action=action, by=by, now=now, reason=reason)


def note_step(
    activity: Activity, *, action: str, by: Actor, now: datetime, reason: str = ""
) -> None:
    """Write down the state an activity is in now."""
    ActivityStep.objects.create(
        cell=activity.cell,
        activity=activity,
        state=activity.state,
        at=now,
        by_id=by.person_id,
        reason=reason,
    )
    note(activity, action=action, by=by, now=now, state=str(activity.state))


def note(activity: Activity, *, action: str, by: Actor, now: datetime, **detail: Any) -> None:
    """Leave a trail of a change to an activity."""
    record(
        by=by, action=f"activities.{action}", subject=activity, region_code=activity.region_id,
        now=now, detail=detail,
    )  # fmt: skip
