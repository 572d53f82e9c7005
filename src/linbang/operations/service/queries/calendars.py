"""What stands in a person's calendar, and whose a secret address is."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet

from linbang.foundation.access.rules import Actor
from linbang.foundation.crypto import blind_index
from linbang.intake.activities.models import Activity
from linbang.operations.dispatch.choices import SIGN_UP_PLACED, SignUpState
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service import rules
from linbang.operations.service.models import CalendarFeed, CalendarRevision, Visit
from linbang.operations.service.rules import CalendarEntry

_PURPOSE = "service.calendar"


def feed_digest(secret: str) -> str:
    """Return the keyed hash under which a secret address is kept."""
    return blind_index(secret, purpose=_PURPOSE)


def feed_with(secret: str) -> CalendarFeed | None:
    """Return the open feed of a secret address; index ``calendar_feed_by_digest``."""
    return CalendarFeed.objects.filter(digest=feed_digest(secret), closed_at=None).first()


def feed_of(actor: Actor) -> CalendarFeed | None:
    """Return the actor's own open feed."""
    return CalendarFeed.objects.filter(
        cell=actor.cell, person_id=actor.person_id or 0, closed_at=None
    ).first()


def calendar_of(person_id: int, *, origin: str, now: datetime) -> list[CalendarEntry]:
    """Return what stands in somebody's calendar, from 90 days back; two queries.

    Whom a visit is paid to, and where, is never told: a calendar is kept on many servers.
    """
    since = now - rules.CANCELLED_KEPT
    entries = [*_shift_entries(person_id, since, origin), *_visit_entries(person_id, since, origin)]
    return sorted(entries, key=lambda entry: (entry.starts_at, entry.uid))


def calendar_entry(sign_up: SignUp, *, origin: str) -> CalendarEntry:
    """Return one place on a shift as a calendar entry."""
    shift, activity = sign_up.shift, sign_up.shift.activity
    revision: CalendarRevision | None = getattr(shift, "calendar_revision", None)
    is_over = sign_up.ended_at is not None
    changed_at = [sign_up.asked_at, sign_up.confirmed_at, sign_up.ended_at]
    return CalendarEntry(
        uid=f"shift-{sign_up.public_id}@linbang",
        title=f"{activity.name}（{shift.post.name}）",
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        changed_at=max(
            at for at in (*changed_at, revision.changed_at if revision else None) if at is not None
        ),
        sequence=(revision.sequence if revision else 0) + is_over,
        is_cancelled=is_over,
        is_tentative=sign_up.state == SignUpState.HELD,
        place=" ".join(filter(None, (activity.place_name, activity.address))),
        point=_point(activity),
        note=shift.post.tasks,
        url=f"{origin}/shifts/{sign_up.public_id}/",
    )


def _shift_entries(person_id: int, since: datetime, origin: str) -> Iterator[CalendarEntry]:
    sign_ups: QuerySet[SignUp] = SignUp.objects.filter(
        Q(state__in=SIGN_UP_PLACED, shift__ends_at__gt=since)
        | Q(ended_at__gt=since, confirmed_at__isnull=False),
        person_id=person_id,
    ).select_related("shift__activity", "shift__post", "shift__calendar_revision")
    for sign_up in sign_ups:
        yield calendar_entry(sign_up, origin=origin)


def _visit_entries(person_id: int, since: datetime, origin: str) -> Iterator[CalendarEntry]:
    visits = Visit.objects.filter(
        Q(cancelled_at=None) | Q(cancelled_at__gt=since),
        volunteer_id=person_id,
        ends_at__gt=since,
    ).select_related("assignment__need__item")
    for visit in visits:
        is_cancelled = visit.cancelled_at is not None
        yield CalendarEntry(
            uid=f"visit-{visit.public_id}@linbang",
            title=visit.assignment.need.item.name,
            starts_at=visit.starts_at,
            ends_at=visit.ends_at,
            changed_at=visit.cancelled_at or visit.planned_at,
            sequence=int(is_cancelled),
            is_cancelled=is_cancelled,
            url=f"{origin}/visits/{visit.public_id}/",
        )


def _point(activity: Activity) -> tuple[float, float] | None:
    if activity.latitude is None or activity.longitude is None:
        return None
    return activity.latitude, activity.longitude
