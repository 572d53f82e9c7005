"""Trainings, enrolments, results."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.foundation.people.queries import person_of
from linbang.foundation.shell.schemas import PageIn, paged
from linbang.operations.clearance import actions, queries, rules, schemas
from linbang.operations.clearance.api.whom import person_meant

router = Router(tags=["clearance"])
_CLEARS = permitted(Permission.CLEAR_VOLUNTEERS)


@router.get(
    "/training-sessions",
    response=schemas.TrainingSessionPageOut,
    operation_id="list_training_sessions",
)
def list_training_sessions(request: MemberRequest, page: Query[PageIn], qualification: str = ""):
    """List the sittings to come near one's home."""
    now, who = clock.now(), person_of(request.actor)
    sessions = queries.sessions_shown(
        home=who.region_id, now=now, qualification=qualification, person_id=who.pk
    )
    return paged(sessions, page, lambda shown: queries.session_lines(shown, now=now))


@router.get(
    "/training-sessions/{uuid:session_id}",
    response=schemas.TrainingSessionOut,
    operation_id="get_training_session",
)
def get_training_session(request: MemberRequest, session_id: UUID):
    """Show a sitting."""
    found = _session_seen(request, session_id)
    return queries.session_line(found, now=clock.now())


@router.post("/trainings", response={201: schemas.TrainingOut}, operation_id="create_training")
@_CLEARS
def create_training(request: MemberRequest, body: schemas.TrainingIn):
    """Set up a training."""
    organiser = queries.organiser_with(request.actor, body.organiser)
    details = rules.TrainingDetails(**body.dict(exclude={"organiser", "region"}))
    made = actions.create_training(
        organiser_id=organiser.pk,
        region_code=body.region,
        details=details,
        by=request.actor,
        now=clock.now(),
    )
    return Status(201, made)


@router.post(
    "/trainings/{uuid:training_id}/sessions",
    response={201: schemas.TrainingSessionOut},
    operation_id="plan_training_session",
)
@_CLEARS
def plan_training_session(
    request: MemberRequest, training_id: UUID, body: schemas.TrainingSessionIn
):
    """Plan a sitting of a training."""
    training = get_object_or_404(queries.trainings_kept(request.actor), public_id=training_id)
    made = actions.plan_session(
        training_id=training.pk, **body.dict(), by=request.actor, now=clock.now()
    )
    found = _session_seen(request, made.public_id)
    return Status(201, queries.session_line(found, now=clock.now()))


@router.post(
    "/trainings/{uuid:training_id}/ending", response={204: None}, operation_id="end_training"
)
@_CLEARS
def end_training(request: MemberRequest, training_id: UUID):
    """Offer a training no more."""
    training = get_object_or_404(queries.trainings_kept(request.actor), public_id=training_id)
    actions.end_training(training_id=training.pk, by=request.actor, now=clock.now())
    return Status(204, None)


@router.post(
    "/training-sessions/{uuid:session_id}/cancellation",
    response={204: None},
    operation_id="cancel_training_session",
)
@_CLEARS
def cancel_training_session(request: MemberRequest, session_id: UUID, body: schemas.WhyIn):
    """Call a sitting off; everybody enrolled is told why."""
    found = get_object_or_404(queries.sessions_kept_by(request.actor), public_id=session_id)
    actions.cancel_session(
        session_id=found.pk, reason=body.reason, by=request.actor, now=clock.now()
    )
    return Status(204, None)


@router.post(
    "/training-sessions/{uuid:session_id}/enrolments",
    response={201: schemas.EnrolmentOut},
    operation_id="enrol",
)
def enrol(request: MemberRequest, session_id: UUID, body: schemas.EnrolmentIn):
    """Take a place in a sitting: for oneself, a ward, or as a worker for somebody."""
    found = _session_seen(request, session_id)
    who = person_meant(request, body.person)
    made = actions.enrol(session_id=found.pk, person_id=who.pk, by=request.actor, now=clock.now())
    return Status(201, made)


@router.post(
    "/enrolments/{uuid:enrolment_id}/departure", response={204: None}, operation_id="leave_training"
)
def leave_training(request: MemberRequest, enrolment_id: UUID):
    """Give a place in a sitting back."""
    found = get_object_or_404(queries.enrolments_seen_by(request.actor), public_id=enrolment_id)
    actions.leave_session(enrolment_id=found.pk, by=request.actor, now=clock.now())
    return Status(204, None)


@router.post(
    "/enrolments/{uuid:enrolment_id}/result",
    response=schemas.EnrolmentOut,
    operation_id="record_training_result",
)
@_CLEARS
def record_training_result(request: MemberRequest, enrolment_id: UUID, body: schemas.ResultIn):
    """Write down how somebody did; who passed gets the qualification."""
    found = get_object_or_404(queries.enrolments_kept_by(request.actor), public_id=enrolment_id)
    return actions.record_result(
        enrolment_id=found.pk, **body.dict(), by=request.actor, now=clock.now()
    )


@router.get(
    "/training-record", response=list[schemas.TrainingRecordOut], operation_id="get_training_record"
)
def get_training_record(request: MemberRequest):
    """Show one's own training record (Order 67, art. 8)."""
    return queries.training_record_of(request.actor.person_id)


def _session_seen(request: MemberRequest, session_id: UUID):
    return get_object_or_404(queries.session_seen(request.actor.person_id), public_id=session_id)
