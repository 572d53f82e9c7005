"""The secret address of a person's calendar, and how often its entries have changed."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.people import queries as people
from linbang.intake.activities.models import Activity, Shift
from linbang.operations.service import queries
from linbang.operations.service.models import CalendarFeed, CalendarRevision

_SECRET_BYTES = 32


@transaction.atomic
def open_calendar(*, by: Actor, now: datetime) -> str:
    """Open the secret address of one's own calendar, or a new one; return the secret.

    It is told this once: only its keyed hash is kept. An earlier address stops working. Raises
    NotFound for strangers.
    """
    person = people.lock_person(people.person_of(by).pk)
    _close(person.pk, cell=person.cell, now=now)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    feed = CalendarFeed.objects.create(
        cell=person.cell, person=person, digest=queries.feed_digest(secret), opened_at=now
    )
    audit.record(
        by=by, action="service.open_calendar", subject=feed, region_code=person.region_id, now=now
    )
    return secret


@transaction.atomic
def close_calendar(*, by: Actor, now: datetime) -> bool:
    """Close the secret address of one's own calendar; tell whether there was one.

    Raises NotFound for strangers.
    """
    person = people.lock_person(people.person_of(by).pk)
    if not _close(person.pk, cell=person.cell, now=now):
        return False
    audit.record(by=by, action="service.close_calendar", subject=person, now=now)
    return True


@transaction.atomic
def revise_calendar(*, shift_ids: Iterable[int], now: datetime) -> None:
    """Note that shifts have changed, so that every calendar takes their entries anew."""
    shifts = list(Shift.objects.filter(pk__in=list(shift_ids)).order_by("id"))
    CalendarRevision.objects.bulk_create(
        [CalendarRevision(cell=one.cell, shift=one, sequence=1, changed_at=now) for one in shifts],
        ignore_conflicts=True,
    )
    CalendarRevision.objects.filter(
        cell__in={one.cell for one in shifts}, shift__in=shifts, changed_at__lt=now
    ).update(sequence=F("sequence") + 1, changed_at=now)


@transaction.atomic
def revise_activity(*, activity_id: int, now: datetime) -> None:
    """Note that an activity has changed, for its shifts that lie ahead."""
    activity = Activity.objects.get(pk=activity_id)
    ahead = Shift.objects.filter(cell=activity.cell, activity=activity, ends_at__gt=now)
    revise_calendar(shift_ids=ahead.values_list("pk", flat=True), now=now)


def _close(person_id: int, *, cell: str, now: datetime) -> int:
    return CalendarFeed.objects.filter(cell=cell, person_id=person_id, closed_at=None).update(
        closed_at=now
    )
