"""Who was there and who passed; what is passed becomes a credential (rules 20 and 52)."""

from datetime import datetime

from django.db import transaction

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.errors import NotAllowed
from linbang.operations.clearance import queries, rules
from linbang.operations.clearance.actions import telling
from linbang.operations.clearance.actions.credentials import revoke
from linbang.operations.clearance.choices import CredentialSource, TrainingResult
from linbang.operations.clearance.errors import EnrolmentEnded
from linbang.operations.clearance.models import Credential, Enrolment, TrainingSession


@transaction.atomic
def record_result(
    *, enrolment_id: int, result: TrainingResult, by: Actor, now: datetime, reason: str = ""
) -> Enrolment:
    """Write down how somebody did; who passed gets the qualification from that day on.

    Another result than the one that stands corrects it and needs a reason. Raises NotFound,
    NotAllowed, SessionNotBegun, EnrolmentEnded, ResultKnown.
    """
    enrolment = queries.lock_enrolment(enrolment_id)
    session = enrolment.session
    if not by.may(Permission.CLEAR_VOLUNTEERS, region=session.training.region_id):
        raise NotAllowed
    if enrolment.left_at is not None:
        raise EnrolmentEnded
    rules.require_result_due(session.starts_at, now=now)
    rules.require_result_open(enrolment.result, result, reason=reason)
    if enrolment.result != result:
        _settle(enrolment, result, reason=reason.strip(), by=by, now=now)
    return enrolment


@transaction.atomic
def pass_the_rest(*, session_id: int, by: Actor, now: datetime) -> int:
    """Let everybody without a result pass; return how many. Raises as ``record_result``."""
    session = queries.lock_session(session_id)
    undecided = queries.running_enrolments(session).filter(result="")
    waiting = list(undecided.values_list("pk", flat=True))
    for enrolment_id in waiting:
        record_result(enrolment_id=enrolment_id, result=TrainingResult.PASSED, by=by, now=now)
    return len(waiting)


def _settle(
    enrolment: Enrolment, result: TrainingResult, *, reason: str, by: Actor, now: datetime
) -> None:
    if enrolment.result == TrainingResult.PASSED:
        _take_back(enrolment, reason=reason, by=by, now=now)
    before = enrolment.result
    enrolment.result, enrolment.decided_at, enrolment.decided_by_id = result, now, by.person_id
    enrolment.save(update_fields=["result", "decided_at", "decided_by_id"])
    record(
        by=by,
        action="clearance.record_result",
        subject=enrolment,
        region_code=enrolment.session.training.region_id,
        about_id=enrolment.person_id,
        detail={"result": result, "before": before, "reason": reason},
        now=now,
    )
    if result == TrainingResult.PASSED:
        _qualify(enrolment, enrolment.session, by=by, now=now)
    if result != TrainingResult.ABSENT:
        _tell(enrolment, result, now=now)


def _qualify(enrolment: Enrolment, session: TrainingSession, *, by: Actor, now: datetime) -> None:
    qualification = session.training.qualification
    if qualification is None:
        return
    person, passed_on = enrolment.person, clock.local_date(session.starts_at)
    held_until = queries.held_until(person.pk, qualification.code, day=passed_on)
    valid_from = rules.renewal_start(passed_on, held_until=held_until)
    Credential.objects.create(
        cell=person.cell,
        person=person,
        qualification=qualification,
        source=CredentialSource.TRAINING,
        source_id=enrolment.pk,
        issued_by=session.training.organiser.name[:80],
        valid_from=valid_from,
        valid_until=rules.last_day(valid_from, qualification.months_valid),
        verified_at=now,
        verified_by_id=by.person_id,
    )


def _take_back(enrolment: Enrolment, *, reason: str, by: Actor, now: datetime) -> None:
    credential = queries.credential_from(enrolment)
    if credential is not None:
        revoke(credential, reason=reason, by=by, now=now)


def _tell(enrolment: Enrolment, result: TrainingResult, *, now: datetime) -> None:
    template = "training_passed" if result == TrainingResult.PASSED else "training_failed"
    telling.tell(
        template,
        [enrolment.person_id],
        {"training": enrolment.session.training.name},
        url="/clearance/record/" if result == TrainingResult.PASSED else "/clearance/trainings/",
        key=f"enrolment:{enrolment.pk}:{template}",
        now=now,
    )
