"""Single sittings, trainings and enrolments that actions work on."""

from datetime import datetime

from django.db.models import Q, QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotFound
from linbang.foundation.places.queries import within_any
from linbang.operations.clearance.models import Enrolment, Training, TrainingSession
from linbang.operations.clearance.queries.people import wards_of


def lock_session(session_id: int) -> TrainingSession:
    """Return a sitting with its row locked: the queue of enrolling. Raises NotFound."""
    session = (
        TrainingSession.objects.select_for_update(of=("self",), no_key=True)
        .select_related("training__qualification")
        .filter(pk=session_id)
        .first()
    )
    if session is None:
        raise NotFound
    return session


def lock_training(training_id: int) -> Training:
    """Return a training with its row locked. Raises NotFound."""
    training = Training.objects.select_for_update().filter(pk=training_id).first()
    if training is None:
        raise NotFound
    return training


def lock_enrolment(enrolment_id: int) -> Enrolment:
    """Return an enrolment with its row locked, its sitting and training. Raises NotFound."""
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("session__training__qualification", "person")
        .filter(pk=enrolment_id)
        .first()
    )
    if enrolment is None:
        raise NotFound
    return enrolment


def running_enrolments(session: TrainingSession) -> QuerySet[Enrolment]:
    """Return who is enrolled in a sitting and has not left, in order."""
    return (
        Enrolment.objects.select_related("person")
        .filter(cell=session.cell, session=session, left_at=None)
        .order_by("id")
    )


def enrolment_in(session: TrainingSession, person_id: int) -> Enrolment | None:
    """Return a person's running enrolment in a sitting."""
    return running_enrolments(session).filter(person_id=person_id).first()


def enrolments_seen_by(actor: Actor) -> QuerySet[Enrolment]:
    """Return the enrolments of the actor, of wards, and in sittings or of people she keeps."""
    enrolments = Enrolment.objects.select_related("session__training")
    if actor.is_system:
        return enrolments
    regions = actor.regions_for(Permission.CLEAR_VOLUNTEERS)
    return enrolments.filter(
        Q(person_id=actor.person_id or 0)
        | Q(person__in=wards_of(actor.person_id or 0))
        | within_any("session__training__region_id", regions)
        | within_any("person__region_id", regions)
    )


def enrolments_ahead_of(person_id: int, *, now: datetime) -> QuerySet[Enrolment]:
    """Return a person's running enrolments in sittings that have not begun."""
    return Enrolment.objects.filter(
        Q(person_id=person_id, left_at=None, result=""), session__starts_at__gt=now
    ).order_by("id")
