"""Counting the people served at the desks of a consult event."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import KeyReused, NotAllowed, refusing
from linbang.operations.service import errors, queries
from linbang.operations.service.models import DeskTally


@transaction.atomic
def tally(
    *, desk: UUID, topic: str, people: int, key: str, at: datetime | None, by: Actor, now: datetime
) -> DeskTally:
    """Count people served on a topic, or take a stroke back with a minus; once a key.

    ``at`` is when it was, told by a phone that may have been offline. Raises NotFound,
    TopicUnknown, NothingToTakeBack, KeyReused.
    """
    found = queries.lock_desk(by, desk, now)
    if by.person_id is None:
        raise NotAllowed
    first = DeskTally.objects.filter(cell=found.cell, key=key).first()
    if first is not None:
        if (first.desk_id, first.topic, first.people) != (found.pk, topic, people):
            raise KeyReused
        return first
    if topic not in found.topics:
        raise errors.TopicUnknown(field="topic")
    if not people or queries.people_on(found, topic) + people < 0:
        raise errors.NothingToTakeBack(field="people")
    refusals = {
        "desk_tally_counts_somebody": errors.TooManyAtOnce,
        # The key of a stroke at another desk, counted in the same moment.
        "desk_tally_key_once": KeyReused,
    }
    with refusing(refusals), transaction.atomic():
        # A stroke is its own trail: who, when, how many, and never changed again.
        return DeskTally.objects.create(
            cell=found.cell,
            desk=found,
            topic=topic,
            people=people,
            at=min(at or now, now),
            by_id=by.person_id,
            key=key,
        )
