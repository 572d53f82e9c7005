"""Something went wrong on duty: told at once, complete within 48 hours (rule 82)."""

import base64
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.errors import KeyReused, NotAllowed, NotFound
from linbang.intake.activities.models import Activity
from linbang.operations.service import errors, queries, rules
from linbang.operations.service.actions import telling
from linbang.operations.service.choices import IncidentKind
from linbang.operations.service.models import Incident, IncidentPhoto
from linbang.operations.service.rules import IncidentDetails


@transaction.atomic
def report_incident(
    *,
    activity_id: int,
    kind: IncidentKind,
    details: IncidentDetails,
    happened_at: datetime,
    key: str,
    by: Actor,
    now: datetime,
) -> Incident:
    """Take a first report down and alarm whoever leads, by inbox and text message; once a key.

    By anybody with a place on the activity, or who leads it. Raises NotFound,
    IncidentPartMissing, IncidentNotYet, KeyReused.
    """
    activity = Activity.objects.select_related("organiser").filter(pk=activity_id).first()
    if activity is None or by.person_id is None or not queries.may_report(by, activity):
        raise NotFound
    rules.require_told(details, complete=False)
    if happened_at > now:
        raise errors.IncidentNotYet(field="happened_at")
    incident, is_new = Incident.objects.get_or_create(
        cell=activity.cell,
        key=key,
        defaults={
            "activity": activity,
            "region_id": activity.region_id,
            "kind": kind,
            "happened_at": happened_at,
            "reported_at": now,
            "reported_by_id": by.person_id,
            "due_at": now + rules.INCIDENT_DUE,
            **asdict(details.trimmed()),
        },
    )
    if (incident.activity_id, incident.reported_by_id) != (activity.pk, by.person_id):
        raise KeyReused
    if not is_new:
        return incident
    _record(incident, "report_incident", by=by, now=now)
    telling.alarm(incident, now=now)
    return incident


@transaction.atomic
def amend_incident(
    *, incident: UUID, details: IncidentDetails, complete: bool, by: Actor, now: datetime
) -> Incident:
    """Add to a report what is known by now, or complete it; a complete one is kept as it is.

    Raises NotFound, IncidentComplete, IncidentPartMissing.
    """
    found = queries.lock_incident(by, incident)
    if found.completed_at is not None:
        raise errors.IncidentComplete
    rules.require_told(details, complete=complete)
    told = asdict(details.trimmed())
    for column, text in told.items():
        setattr(found, column, text)
    if complete:
        found.completed_at, found.completed_by_id = now, by.person_id
    found.save(update_fields=[*told, "completed_at", "completed_by_id"])
    _record(found, "complete_incident" if complete else "amend_incident", by=by, now=now)
    return found


@transaction.atomic
def add_photo(*, incident: UUID, content: bytes, by: Actor, now: datetime) -> IncidentPhoto:
    """Add a picture to an incident, sealed; five at most.

    Raises NotFound, PhotosFull, PhotoNotAPicture, PhotoTooLarge.
    """
    # The incident's row is the queue: two pictures at once take two positions.
    found = queries.lock_incident(by, incident)
    if by.person_id is None:
        raise NotAllowed
    media_type = rules.require_picture(content)
    taken = queries.photos_of(found).count()
    if taken >= rules.PHOTOS_MAX:
        raise errors.PhotosFull(field="photo")
    photo = IncidentPhoto.objects.create(
        cell=found.cell,
        incident=found,
        position=taken + 1,
        media_type=media_type,
        image=base64.b64encode(content).decode(),
        added_at=now,
        added_by_id=by.person_id,
    )
    _record(found, "add_photo", by=by, now=now)
    return photo


@transaction.atomic
def see_incident(*, incident: UUID, by: Actor, now: datetime) -> Incident:
    """Return an incident with all it tells; the look is logged. Raises NotFound."""
    found = queries.incident_visible_to(by, incident)
    _record(found, "see_incident", by=by, now=now)
    return found


@transaction.atomic
def see_photo(*, incident: UUID, photo: UUID, by: Actor, now: datetime) -> tuple[str, bytes]:
    """Return a picture's media type and bytes; the look is logged. Raises NotFound."""
    found = queries.incident_visible_to(by, incident)
    picture = IncidentPhoto.objects.filter(cell=found.cell, incident=found, public_id=photo).first()
    if picture is None:
        raise NotFound
    _record(found, "see_photo", by=by, now=now)
    return picture.media_type, base64.b64decode(picture.image)


@transaction.atomic
def remind_incidents(*, now: datetime) -> int:
    """Tell whoever leads that a report is due within 12 hours, or overdue; each once."""
    count = 0
    for template, incidents in queries.incidents_due(now).items():
        for incident in incidents:
            telling.tell_due(incident, template, now=now)
            count += 1
    return count


def _record(incident: Incident, action: str, *, by: Actor, now: datetime) -> None:
    audit.record(by=by, action=f"service.{action}", subject=incident, now=now)
