"""Trainings and their sittings: planned, joined, left, cancelled."""

from datetime import datetime

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.errors import NotAllowed, refusing
from linbang.foundation.organisations.queries import region_at
from linbang.foundation.people.models import Person
from linbang.foundation.people.queries import may_speak_for
from linbang.intake.activities.choices import QualificationKind
from linbang.operations.clearance import queries, rules
from linbang.operations.clearance.actions import telling
from linbang.operations.clearance.choices import TrainingKind, TrainingMode
from linbang.operations.clearance.errors import (
    EnrolmentEnded,
    QualificationNotTaught,
    SessionCancelled,
    SessionFull,
    TrainingEnded,
    TrainingNameTaken,
)
from linbang.operations.clearance.models import Enrolment, Training, TrainingSession


@transaction.atomic
def create_training(
    *, organiser_id: int, region_code: str, details: rules.TrainingDetails, by: Actor, now: datetime
) -> Training:
    """Set up a training as Order 67 records it: name, content, learning time, organiser.

    Raises NotAllowed, RegionUnknown, LearningTimeWrong, QualificationUnknown,
    QualificationNotTaught, TrainingNameTaken.
    """
    if not by.may(Permission.CLEAR_VOLUNTEERS, region=region_code):
        raise NotAllowed
    region = region_at(region_code)
    rules.require_learning_time(details.learning_minutes)
    if details.qualification:
        qualification = queries.qualification_with(details.qualification)
        if qualification.kind != QualificationKind.TRAINING:
            raise QualificationNotTaught(field="qualification")
    with refusing({"training_name_once_a_region": TrainingNameTaken}), transaction.atomic():
        training = Training.objects.create(
            cell=region.code[:6],
            organiser_id=organiser_id,
            region=region,
            qualification_id=details.qualification or None,
            name=details.name.strip(),
            content=details.content.strip(),
            kind=TrainingKind(details.kind),
            mode=TrainingMode(details.mode),
            learning_minutes=details.learning_minutes,
            created_at=now,
        )
    record(by=by, action="clearance.create_training", subject=training, now=now)
    return training


@transaction.atomic
def end_training(*, training_id: int, by: Actor, now: datetime) -> None:
    """Offer a training no more; sittings already planned take place. Safe to repeat.

    Raises NotFound, NotAllowed.
    """
    training = queries.lock_training(training_id)
    _require_keeper(training, by)
    if training.ended_at is None:
        training.ended_at = now
        training.save(update_fields=["ended_at"])
        record(by=by, action="clearance.end_training", subject=training, now=now)


@transaction.atomic
def plan_session(
    *,
    training_id: int,
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    places: int,
    by: Actor,
    now: datetime,
    trainer: str = "",
) -> TrainingSession:
    """Plan a sitting of a training.

    Raises NotFound, NotAllowed, TrainingEnded, SessionWindowWrong, SessionPlacesWrong.
    """
    training = queries.lock_training(training_id)
    _require_keeper(training, by)
    if training.ended_at is not None:
        raise TrainingEnded
    rules.require_sitting(starts_at, ends_at, places, now=now)
    session = TrainingSession.objects.create(
        cell=training.cell,
        training=training,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place.strip(),
        trainer=trainer.strip(),
        places=places,
    )
    _record("clearance.plan_session", session, by=by, now=now)
    return session


@transaction.atomic
def cancel_session(*, session_id: int, reason: str, by: Actor, now: datetime) -> None:
    """Call a sitting off; everybody enrolled is told why, also by text message. Safe to repeat.

    Raises NotFound, NotAllowed, WhyMissing, SessionBegun.
    """
    session = queries.lock_session(session_id)
    _require_keeper(session.training, by)
    told = rules.told(reason)
    if session.cancelled_at is not None:
        return
    rules.require_not_begun(session.starts_at, now=now)
    people = list(queries.running_enrolments(session).values_list("person_id", flat=True))
    session.cancelled_at, session.cancel_reason = now, told
    session.save(update_fields=["cancelled_at", "cancel_reason"])
    queries.running_enrolments(session).update(left_at=now)
    _record("clearance.cancel_session", session, by=by, now=now, reason=told)
    telling.tell(
        "training_cancelled",
        people,
        {"training": session.training.name, "starts_at": session.starts_at, "reason": told},
        url="/clearance/trainings/",
        key=f"training-session:{session.pk}:cancelled",
        now=now,
        by_sms=True,
    )


@transaction.atomic
def enrol(*, session_id: int, person_id: int, by: Actor, now: datetime) -> Enrolment:
    """Take a place in a sitting; the row of the sitting is the queue. Enrolling twice is once.

    For oneself, for whom one may speak, or by a worker, who may until the end. Raises NotFound,
    NotAllowed, PersonClosed, PersonUnconfirmed, SessionCancelled, SessionBegun, SessionFull.
    """
    person = queries.open_person(person_id)
    session = queries.lock_session(session_id)
    is_worker = _may_enter(session, person, by)
    if not is_worker and not may_speak_for(by, person.pk):
        raise NotAllowed
    if (known := queries.enrolment_in(session, person.pk)) is not None:
        return known
    if session.cancelled_at is not None:
        raise SessionCancelled
    rules.require_not_begun(session.ends_at if is_worker else session.starts_at, now=now)
    if queries.running_enrolments(session).count() >= session.places:
        raise SessionFull
    enrolment = Enrolment.objects.create(
        cell=session.cell,
        session=session,
        person=person,
        enrolled_at=now,
        enrolled_by_id=by.person_id,
    )
    _record_enrolment("clearance.enrol", enrolment, session, by=by, now=now)
    if by.person_id != person.pk:
        _tell_enrolled(enrolment, session, now=now)
    return enrolment


@transaction.atomic
def leave_session(*, enrolment_id: int, by: Actor, now: datetime) -> None:
    """Give a place in a sitting back before it begins; a worker may until a result is known.

    Leaving twice changes nothing. Raises NotFound, NotAllowed, SessionBegun, EnrolmentEnded.
    """
    enrolment = queries.lock_enrolment(enrolment_id)
    session, person = enrolment.session, enrolment.person
    is_worker = _may_enter(session, person, by)
    if not is_worker and not may_speak_for(by, person.pk):
        raise NotAllowed
    if enrolment.left_at is not None:
        return
    if enrolment.result:
        raise EnrolmentEnded
    if not is_worker:
        rules.require_not_begun(session.starts_at, now=now)
    enrolment.left_at = now
    enrolment.save(update_fields=["left_at"])
    _record_enrolment("clearance.leave_session", enrolment, session, by=by, now=now)


@transaction.atomic
def leave_all_sessions_of(*, person_id: int, by: Actor, now: datetime) -> int:
    """Give back the places somebody who is gone holds in sittings to come; return how many."""
    enrolments = list(queries.enrolments_ahead_of(person_id, now=now))
    for enrolment in enrolments:
        leave_session(enrolment_id=enrolment.pk, by=by, now=now)
    return len(enrolments)


def _require_keeper(training: Training, by: Actor) -> None:
    if not by.may(Permission.CLEAR_VOLUNTEERS, region=training.region_id):
        raise NotAllowed


def _may_enter(session: TrainingSession, person: Person, by: Actor) -> bool:
    # The worker of the training's region keeps its sheet; the one of the person's may send her.
    return any(
        by.may(Permission.CLEAR_VOLUNTEERS, region=region)
        for region in (session.training.region_id, person.region_id)
    )


def _tell_enrolled(enrolment: Enrolment, session: TrainingSession, *, now: datetime) -> None:
    telling.tell(
        "training_enrolled",
        [enrolment.person_id],
        {
            "training": session.training.name,
            "starts_at": session.starts_at,
            "place": session.place,
        },
        url=f"/clearance/sessions/{session.public_id}/",
        key=f"enrolment:{enrolment.pk}",
        now=now,
    )


def _record(
    action: str, session: TrainingSession, *, by: Actor, now: datetime, reason: str = ""
) -> None:
    record(
        by=by,
        action=action,
        subject=session,
        region_code=session.training.region_id,
        detail={"reason": reason} if reason else {},
        now=now,
    )


def _record_enrolment(
    action: str, enrolment: Enrolment, session: TrainingSession, *, by: Actor, now: datetime
) -> None:
    record(
        by=by.on_behalf_of(enrolment.person_id),
        action=action,
        subject=enrolment,
        region_code=session.training.region_id,
        about_id=enrolment.person_id,
        now=now,
    )
