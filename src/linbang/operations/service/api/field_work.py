"""Desks, incidents and one's own calendar under ``/api/v1/``."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import File, Query, Router, Status, UploadedFile

from linbang.foundation import clock
from linbang.foundation.shell.schemas import PageIn, paged
from linbang.operations.service import actions, queries
from linbang.operations.service.api.attendances import Key
from linbang.operations.service.schemas.field_work import (
    CalendarFeedOut,
    DeskCountOut,
    IncidentAmendmentIn,
    IncidentIn,
    IncidentLineOut,
    IncidentOut,
    IncidentPageOut,
    PhotoOut,
    TallyIn,
)

router = Router(tags=["field work"])


@router.get(
    "/activities/{uuid:activity_id}/desks", response=list[DeskCountOut], operation_id="list_desks"
)
def list_desks(request: Any, activity_id: UUID) -> list[DeskCountOut]:
    """Show what was counted at each desk, to who leads the activity."""
    activity = get_object_or_404(queries.activities_led_by(request.actor), public_id=activity_id)
    return [DeskCountOut.of(count) for count in queries.desk_counts_of(activity)]


@router.post("/desks/{uuid:desk_id}/tallies", response=DeskCountOut, operation_id="tally")
def tally(request: Any, desk_id: UUID, given: TallyIn, idempotency_key: Key = "") -> DeskCountOut:
    """Count people served at a desk, or take strokes back; once a key."""
    stroke = actions.tally(
        desk=desk_id,
        key=idempotency_key or str(uuid4()),
        by=request.actor,
        now=clock.now(),
        **given.dict(),
    )
    return DeskCountOut.of(queries.desk_count(stroke.desk))


@router.get("/incidents", response=IncidentPageOut, operation_id="list_incidents")
def list_incidents(
    request: Any, page: Query[PageIn], is_incomplete: bool = False
) -> dict[str, Any]:
    """List the incidents one answers for or reported, the one due next first."""
    found = queries.incidents_visible_to(request.actor)
    if is_incomplete:
        found = queries.incomplete(found)
    return paged(found, page, lambda shown: [IncidentLineOut.of(row) for row in shown])


@router.post(
    "/activities/{uuid:activity_id}/incidents",
    response={201: IncidentLineOut},
    operation_id="report_incident",
)
def report_incident(
    request: Any, activity_id: UUID, given: IncidentIn, idempotency_key: Key = ""
) -> Any:
    """Report what went wrong; everybody who leads is alarmed at once."""
    activity = get_object_or_404(
        queries.activities_reported_by(request.actor), public_id=activity_id
    )
    incident = actions.report_incident(
        activity_id=activity.pk,
        kind=given.kind,
        details=given.details(),
        happened_at=given.happened_at,
        key=idempotency_key or str(uuid4()),
        by=request.actor,
        now=clock.now(),
    )
    return Status(201, IncidentLineOut.of(incident))


@router.get("/incidents/{uuid:incident_id}", response=IncidentOut, operation_id="see_incident")
def see_incident(request: Any, incident_id: UUID) -> IncidentOut:
    """Show an incident with all it tells; the look is logged."""
    found = actions.see_incident(incident=incident_id, by=request.actor, now=clock.now())
    return _told(found)


@router.put("/incidents/{uuid:incident_id}", response=IncidentOut, operation_id="amend_incident")
def amend_incident(request: Any, incident_id: UUID, given: IncidentAmendmentIn) -> IncidentOut:
    """Add to a report, or complete it within 48 hours."""
    found = actions.amend_incident(
        incident=incident_id,
        details=given.details(),
        complete=given.is_complete,
        by=request.actor,
        now=clock.now(),
    )
    return _told(found)


@router.post(
    "/incidents/{uuid:incident_id}/photos",
    response={201: PhotoOut},
    operation_id="add_incident_photo",
)
def add_incident_photo(request: Any, incident_id: UUID, photo: File[UploadedFile]) -> Any:
    """Add a picture, five at most: JPEG, PNG or WebP, sealed."""
    added = actions.add_photo(
        incident=incident_id, content=photo.read(), by=request.actor, now=clock.now()
    )
    return Status(201, PhotoOut(id=added.public_id, position=added.position))


@router.post("/own-calendar", response={201: CalendarFeedOut}, operation_id="open_calendar")
def open_calendar(request: Any) -> Any:
    """Open the secret address of one's own calendar, or a new one; the old one stops."""
    secret = actions.open_calendar(by=request.actor, now=clock.now())
    path = reverse("service:calendar_feed", args=[secret])
    return Status(201, CalendarFeedOut(address=request.build_absolute_uri(path)))


@router.delete("/own-calendar", response={204: None}, operation_id="close_calendar")
def close_calendar(request: Any) -> Any:
    """Close the secret address of one's own calendar."""
    actions.close_calendar(by=request.actor, now=clock.now())
    return HttpResponse(status=204)


def _told(incident: Any) -> IncidentOut:
    photos = [photo.public_id for photo in queries.photos_of(incident)]
    return IncidentOut.with_photos(incident, photos)
