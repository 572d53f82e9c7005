"""A leader writes to everybody of a shift, of a day, or of a whole activity."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.errors import NotFound
from linbang.operations.dispatch import queries
from linbang.operations.dispatch.actions.telling_shifts import activity_url, tell_people
from linbang.operations.dispatch.errors import MessageMissing

TEXT_LENGTH_MAX = 300


@transaction.atomic
def message_people(
    *,
    activity_id: int,
    text: str,
    by: Actor,
    now: datetime,
    shift_ids: Sequence[int] = (),
    day: date | None = None,
) -> int:
    """Put a leader's words into the inbox of everybody with a place, each person once.

    Of the shifts named, of a day, or of all that is ahead; returns how many people were told.
    Raises NotFound, MessageMissing.
    """
    activity = queries.activity_with_id(activity_id)
    if not queries.leads(by, activity):
        raise NotFound
    words = " ".join(text.split())[:TEXT_LENGTH_MAX]
    if not words:
        raise MessageMissing(field="text")
    people = queries.people_placed(activity, shift_ids=shift_ids, day=day, now=now)
    tell_people(
        people,
        "shift_message",
        {"item": activity.name, "text": words},
        url=activity_url(activity),
        key=f"activity:{activity.pk}:message:{by.person_id}:{now.timestamp():.6f}",
        now=now,
    )
    record(
        by=by,
        action="dispatch.message_people",
        subject=activity,
        region_code=activity.region_id,
        now=now,
        detail={"people": len(people), "shifts": list(shift_ids), "day": day and day.isoformat()},
    )
    return len(people)
