"""Incidents: who may read them, which are incomplete, and their pictures."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotFound
from linbang.intake.activities.models import Activity
from linbang.operations.dispatch import queries as dispatch
from linbang.operations.dispatch.choices import SignUpState
from linbang.operations.dispatch.models import SignUp
from linbang.operations.service import rules
from linbang.operations.service.models import Incident, IncidentPhoto


def incidents_visible_to(actor: Actor) -> QuerySet[Incident]:
    """Return the incidents at activities the actor leads, and those she reported.

    Those incomplete first, the one due next on top; index ``incident_by_region``.
    """
    incidents = (
        Incident.objects.select_related("activity__organiser", "person")
        .annotate(photo_count=Count("photos"))
        .order_by(F("completed_at").desc(nulls_first=True), "due_at", "-reported_at", "id")
    )
    if actor.is_system:
        return incidents
    reported = Q(reported_by_id=actor.person_id or 0)
    return incidents.filter(dispatch.led_by(actor, "activity") | reported)


def incomplete(incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    """Keep the incidents whose record is not complete."""
    return incidents.filter(completed_at=None)


def incident_visible_to(actor: Actor, incident: UUID) -> Incident:
    """Return one incident. Raises NotFound."""
    found = incidents_visible_to(actor).filter(public_id=incident).first()
    if found is None:
        raise NotFound
    return found


def lock_incident(actor: Actor, incident: UUID) -> Incident:
    """Return one incident with its row locked. Raises NotFound."""
    found = incident_visible_to(actor, incident)
    return (
        Incident.objects.select_for_update(of=("self",))
        .select_related("activity__organiser")
        .get(pk=found.pk)
    )


def may_report(actor: Actor, activity: Activity) -> bool:
    """Tell whether somebody may report from an activity: who leads it, or had a place on it."""
    return (
        dispatch.leads(actor, activity)
        or SignUp.objects.filter(
            cell=activity.cell,
            person_id=actor.person_id or 0,
            shift__activity=activity,
            state=SignUpState.CONFIRMED,
        ).exists()
    )


def photos_of(incident: Incident) -> QuerySet[IncidentPhoto]:
    """Return the pictures of an incident without the pictures themselves."""
    return (
        IncidentPhoto.objects.filter(cell=incident.cell, incident=incident)
        .defer("image")
        .order_by("position")
    )


def incidents_due(now: datetime) -> Mapping[str, QuerySet[Incident]]:
    """Return the incomplete incidents that are due soon, and those overdue; by template."""
    open_ = Incident.objects.filter(completed_at=None).select_related("activity__organiser")
    return {
        "incident_due": open_.filter(due_at__gt=now, due_at__lte=now + rules.INCIDENT_REMINDER),
        "incident_overdue": open_.filter(due_at__lte=now),
    }
