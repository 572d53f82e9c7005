"""Publishing, reviewing, cancelling, closing and extending activities."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotAllowed
from linbang.foundation.events import announce
from linbang.foundation.messaging.actions import NoticeOrder, notify_many
from linbang.foundation.messaging.choices import NoticeKind
from linbang.intake.activities import queries, rules
from linbang.intake.activities.actions.steps import locked_for, move_on
from linbang.intake.activities.choices import ActivityState, ShiftState
from linbang.intake.activities.errors import ActivityNotReady, EditedMeanwhile, ShiftsStillAhead
from linbang.intake.activities.events import ActivityPublished, ShiftsCancelled
from linbang.intake.activities.models import Activity, Shift

# An activity closes by itself a week after its last shift: paper sheets are typed in until then.
CLOSES_AFTER = timedelta(days=7)


@transaction.atomic
def publish_activity(*, activity_id: int, by: Actor, now: datetime) -> Activity:
    """Open a draft to sign-ups, or send it to review where its words are flagged (rule 23).

    Raises NotFound, NotAllowed, ActivityStateNotNext, and ActivityNotReady with every gate.
    """
    activity = locked_for(activity_id, by=by)
    rules.require_state(activity.state, {ActivityState.DRAFT})
    plan = _require_ready(activity, now=now)
    if flags := rules.flags_in(plan.details, plan.posts):
        move_on(
            activity, ActivityState.IN_REVIEW, action="submit_activity", by=by, now=now,
            reason="、".join(flags),
        )  # fmt: skip
        _ask_reviewers(activity, now=now)
        return activity
    _open(activity, action="publish_activity", by=by, now=now)
    return activity


@transaction.atomic
def review_activity(
    *,
    activity_id: int,
    approves: bool,
    by: Actor,
    now: datetime,
    reason: str = "",
    version: int | None = None,
) -> Activity:
    """Publish what was flagged, or send it back with a reason; never by its author (rule 23).

    Raises NotFound, NotAllowed, OwnReview, EditedMeanwhile, ActivityStateNotNext, ReasonMissing,
    ActivityNotReady.
    """
    activity = queries.lock_activity(activity_id)
    if not by.may(Permission.REVIEW_ACTIVITIES, region=activity.region_id):
        raise NotAllowed
    rules.require_state(activity.state, {ActivityState.IN_REVIEW})
    authors = queries.authors_of(activity)
    rules.require_reviewer(by.person_id, authors=authors)
    if version is not None and version != activity.version:
        raise EditedMeanwhile
    if approves:
        _require_ready(activity, now=now)
        _open(activity, action="approve_activity", by=by, now=now)
        _tell(activity, authors, "activity_approved", now=now)
        return activity
    reason = rules.require_reason(reason)
    move_on(activity, ActivityState.DRAFT, action="return_activity", by=by, now=now, reason=reason)
    _tell(activity, authors, "activity_returned", now=now, reason=reason)
    return activity


@transaction.atomic
def cancel_activity(*, activity_id: int, reason: str, by: Actor, now: datetime) -> int:
    """Cancel an activity with all its shifts ahead; return how many those are.

    Everybody is told why and freed without a mark (rule 27). Raises NotFound, NotAllowed,
    ActivityStateNotNext, ReasonMissing.
    """
    activity = locked_for(activity_id, by=by)
    reason = rules.require_reason(reason)
    ahead = list(
        Shift.objects.select_for_update(no_key=True)
        .filter(cell=activity.cell, activity=activity, state=ShiftState.PLANNED, starts_at__gt=now)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    move_on(
        activity, ActivityState.CANCELLED, action="cancel_activity", by=by, now=now, reason=reason
    )
    Shift.objects.filter(cell=activity.cell, pk__in=ahead).update(
        state=ShiftState.CANCELLED, cancelled_at=now, cancel_reason=reason
    )
    if ahead:
        announce(ShiftsCancelled(shift_ids=tuple(ahead), cell=activity.cell, at=now))
    return len(ahead)


@transaction.atomic
def close_activity(*, activity_id: int, by: Actor, now: datetime) -> Activity:
    """End an activity after its last shift.

    Raises NotFound, NotAllowed, ActivityStateNotNext, ShiftsStillAhead.
    """
    activity = locked_for(activity_id, by=by)
    count = queries.shifts_ahead(activity, now=now).count()
    if activity.state == ActivityState.PUBLISHED and count:
        raise ShiftsStillAhead(count=count)
    move_on(activity, ActivityState.CLOSED, action="close_activity", by=by, now=now)
    return activity


def close_over(*, by: Actor, now: datetime) -> int:
    """End every published activity whose last shift was a week ago; return how many.

    Each in a transaction of its own: one that somebody is changing waits for the next round.
    """
    return sum(
        _close_quietly(activity_id, by=by, now=now)
        for activity_id in queries.activities_over(now - CLOSES_AFTER)
    )


@transaction.atomic
def _close_quietly(activity_id: int, *, by: Actor, now: datetime) -> bool:
    activity = queries.lock_activity(activity_id)
    if activity.state != ActivityState.PUBLISHED or (
        queries.shifts_ahead(activity, now=now).exists()
    ):
        return False
    move_on(activity, ActivityState.CLOSED, action="close_activity", by=by, now=now)
    return True


@transaction.atomic
def extend_activity(*, activity_id: int, by: Actor, now: datetime) -> Activity:
    """Open a closed activity once more, within 30 days of its end (rule 29).

    Raises NotFound, NotAllowed, ActivityStateNotNext, ExtendedAlready, ExtensionTooLate.
    """
    activity = locked_for(activity_id, by=by)
    rules.require_state(activity.state, {ActivityState.CLOSED})
    rules.require_extendable(
        closed_at=activity.state_since, extended_at=activity.extended_at, now=now
    )
    activity.extended_at = now
    move_on(
        activity, ActivityState.PUBLISHED, action="extend_activity", by=by, now=now,
        columns=("extended_at",),
    )  # fmt: skip
    announce(ActivityPublished(activity_id=activity.pk, cell=activity.cell, at=now))
    return activity


def _require_ready(activity: Activity, *, now: datetime) -> rules.Plan:
    plan = queries.plan_of(activity)
    if gates := rules.gates_before(plan, now=now):
        raise ActivityNotReady(gates)
    return plan


def _open(activity: Activity, *, action: str, by: Actor, now: datetime) -> None:
    move_on(activity, ActivityState.PUBLISHED, action=action, by=by, now=now)
    announce(ActivityPublished(activity_id=activity.pk, cell=activity.cell, at=now))


def _ask_reviewers(activity: Activity, *, now: datetime) -> None:
    reviewers = queries.reviewers_for(activity.region_id, without=queries.authors_of(activity))
    _tell(activity, reviewers, "activity_to_review", now=now, kind=NoticeKind.TASK)


def _tell(
    activity: Activity,
    people: Iterable[int | None],
    template: str,
    *,
    now: datetime,
    kind: NoticeKind = NoticeKind.SHIFT,
    reason: str = "",
) -> None:
    orders = [
        NoticeOrder(
            person_id=person_id,
            kind=kind,
            template=template,
            params={"activity": activity.name, "reason": reason},
            url=f"/console/activities/{activity.public_id}/",
            key=f"activity:{activity.pk}:{template}:{now.timestamp():.0f}",
        )
        for person_id in people
        if person_id is not None
    ]
    notify_many(orders=orders, now=now)
