"""Desks of consult events: who may count at which, and what was counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotFound
from linbang.intake.activities.choices import ActivityState
from linbang.intake.activities.models import Activity, Desk, Shift
from linbang.operations.dispatch import queries as dispatch
from linbang.operations.dispatch.choices import SignUpState
from linbang.operations.service.models import DeskTally

# Strokes that waited in a telephone without network still come in that day.
DESK_STAYS_OPEN = timedelta(hours=12)


@dataclass(frozen=True)
class TopicCount:
    """How many people were served on one topic of a desk."""

    topic: str
    people: int


@dataclass(frozen=True)
class DeskCount:
    """A desk with its topics in their order, and the sum."""

    desk: Desk
    topics: tuple[TopicCount, ...]

    @property
    def people(self) -> int:
        return sum(topic.people for topic in self.topics)


def desks_of(actor: Actor, now: datetime) -> QuerySet[Desk]:
    """Return the desks at which the actor may count: of posts she holds about now, or leads."""
    staffed = Shift.objects.filter(
        post__desk__isnull=False,
        starts_at__lte=now + timedelta(hours=1),
        ends_at__gt=now - DESK_STAYS_OPEN,
        sign_ups__person_id=actor.person_id or 0,
        sign_ups__state=SignUpState.CONFIRMED,
    ).values("post__desk")
    desks = Desk.objects.all()
    if not actor.is_system:
        desks = desks.filter(Q(pk__in=staffed) | dispatch.led_by(actor, "activity"))
    return (
        desks.exclude(activity__state__in=[ActivityState.DRAFT, ActivityState.IN_REVIEW])
        .select_related("activity__organiser")
        .order_by("activity_id", "number")
    )


def lock_desk(actor: Actor, desk: UUID, now: datetime) -> Desk:
    """Return a desk at which the actor counts, locked so that sums hold. Raises NotFound."""
    found = desks_of(actor, now).filter(public_id=desk).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound
    return Desk.objects.select_for_update(no_key=True).get(pk=found)


def people_on(desk: Desk, topic: str) -> int:
    """Count the people served on a topic; index ``desk_tally_by_topic``."""
    counted = DeskTally.objects.filter(cell=desk.cell, desk=desk, topic=topic)
    return counted.aggregate(total=Sum("people"))["total"] or 0


def desk_count(desk: Desk) -> DeskCount:
    """Return what was counted at a desk; one query."""
    return desk_counts([desk])[0]


def desk_counts_of(activity: Activity) -> list[DeskCount]:
    """Return what was counted at each desk of an event; two queries."""
    return desk_counts(list(activity.desks.order_by("number")))


def desk_counts(desks: Sequence[Desk]) -> list[DeskCount]:
    """Return what was counted at each of some desks; one query."""
    rows = (
        DeskTally.objects.filter(desk__in=desks)
        .values("desk_id", "topic")
        .annotate(total=Sum("people"))
        .values_list("desk_id", "topic", "total")
    )
    totals = {(desk_id, topic): total for desk_id, topic, total in rows}
    return [
        DeskCount(
            desk=desk,
            topics=tuple(
                TopicCount(topic, totals.get((desk.pk, topic), 0)) for topic in desk.topics
            ),
        )
        for desk in desks
    ]
