"""Pausing somebody's sign-ups, lifting the pause, and hearing the appeal (rule 28, PIPL 24)."""

from datetime import datetime, timedelta

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.audit.rules import mask_name
from linbang.foundation.errors import NotAllowed, refusing
from linbang.foundation.events import announce
from linbang.foundation.messaging.choices import NoticeKind
from linbang.foundation.people.queries import lock_person, may_speak_for
from linbang.operations.clearance import queries, rules
from linbang.operations.clearance.actions import telling
from linbang.operations.clearance.choices import AppealState, SuspensionCause
from linbang.operations.clearance.errors import (
    AppealByImposer,
    AppealDecided,
    AppealOpenedAlready,
    AppealTextMissing,
    SuspensionOver,
)
from linbang.operations.clearance.events import PersonSuspended
from linbang.operations.clearance.models import Appeal, Suspension

_DESK = "/console/suspensions/"


@transaction.atomic
def suspend(
    *,
    person_id: int,
    cause: SuspensionCause,
    by: Actor,
    now: datetime,
    reason: str = "",
    days: int = rules.SUSPENDED_DAYS,
) -> Suspension:
    """Pause a person's sign-ups for some days and tell her; one pause of a cause at a time.

    ``service`` calls it as the system after a third no-show; a worker says why. Places already
    held stay. Raises NotFound, PersonClosed, NotAllowed, WhyMissing, SuspensionDaysWrong.
    """
    # The person's row is the queue: two no-shows noted at once make one pause.
    person = lock_person(person_id)
    if not by.may(Permission.CLEAR_VOLUNTEERS, region=person.region_id):
        raise NotAllowed
    rules.require_days(days)
    told = rules.told(reason) if cause == SuspensionCause.BY_STAFF else reason.strip()[:200]
    held = queries.running(queries.suspensions_of(person.pk), now=now).filter(cause=cause).first()
    if held is not None:
        return held
    suspension = Suspension.objects.create(
        cell=person.cell,
        person=person,
        cause=cause,
        reason=told,
        starts_at=now,
        ends_at=now + timedelta(days=days),
        by_id=by.person_id,
    )
    _record("clearance.suspend", suspension, by=by, now=now, cause=cause, reason=told)
    telling.tell(
        "sign_ups_paused",
        [person.pk],
        {"ends_at": suspension.ends_at},
        url=f"{telling.MINE}#suspension",
        key=f"suspension:{suspension.pk}",
        now=now,
        by_sms=True,
    )
    announce(PersonSuspended(person_id=person.pk, cell=person.cell, at=now))
    return suspension


@transaction.atomic
def lift_suspension(*, suspension_id: int, reason: str, by: Actor, now: datetime) -> None:
    """End a pause early. Lifting twice changes nothing.

    Raises NotFound, NotAllowed, WhyMissing, SuspensionOver.
    """
    suspension = queries.lock_suspension(suspension_id)
    if not by.may(Permission.CLEAR_VOLUNTEERS, region=suspension.person.region_id):
        raise NotAllowed
    told = rules.told(reason)
    if suspension.lifted_at is not None:
        return
    if suspension.ends_at <= now:
        raise SuspensionOver
    _lift(suspension, reason=told, by=by, now=now)


@transaction.atomic
def open_appeal(*, suspension_id: int, text: str, by: Actor, now: datetime) -> Appeal:
    """Ask a human being to look at a pause again, for oneself or for whom one speaks.

    Raises NotFound, AppealTextMissing, SuspensionOver, AppealOpenedAlready.
    """
    suspension = queries.lock_suspension(suspension_id)
    if not may_speak_for(by, suspension.person_id):
        raise NotAllowed
    written = text.strip()
    if not written:
        raise AppealTextMissing(field="text")
    if suspension.lifted_at is not None or suspension.ends_at <= now:
        raise SuspensionOver
    with (
        refusing({"clearance_appeal_suspension_id_key": AppealOpenedAlready}),
        transaction.atomic(),
    ):
        appeal = Appeal.objects.create(
            cell=suspension.cell, suspension=suspension, text=written[:1000], opened_at=now
        )
    _record("clearance.open_appeal", suspension, by=by, now=now)
    person = suspension.person
    telling.tell(
        "appeal_opened",
        queries.clearing_workers_at(person.region_id),
        {"name": mask_name(person.name)},
        url=_DESK,
        key=f"appeal:{appeal.pk}",
        now=now,
        kind=NoticeKind.TASK,
    )
    return appeal


@transaction.atomic
def decide_appeal(
    *, appeal_id: int, granted: bool, answer: str, by: Actor, now: datetime
) -> Appeal:
    """Answer an appeal: somebody who did not impose the pause, nor is paused, with a reason.

    Raises NotFound, NotAllowed, AppealByImposer, WhyMissing, AppealDecided.
    """
    appeal = queries.lock_appeal(appeal_id)
    suspension = appeal.suspension
    if not by.may(Permission.CLEAR_VOLUNTEERS, region=suspension.person.region_id):
        raise NotAllowed
    if by.person_id in {suspension.by_id, suspension.person_id}:
        raise AppealByImposer
    told = rules.told(answer, field="answer")
    if appeal.state != AppealState.OPEN:
        raise AppealDecided
    appeal.state = AppealState.GRANTED if granted else AppealState.REFUSED
    appeal.decided_at, appeal.decided_by_id, appeal.answer = now, by.person_id, told
    appeal.save(update_fields=["state", "decided_at", "decided_by_id", "answer"])
    _record("clearance.decide_appeal", suspension, by=by, now=now, state=appeal.state, reason=told)
    if granted:
        _lift(suspension, reason=told, by=by, now=now)
    else:
        _tell_person("appeal_refused", suspension, reason=told, now=now)
    return appeal


def _lift(suspension: Suspension, *, reason: str, by: Actor, now: datetime) -> None:
    if suspension.lifted_at is not None:
        return
    suspension.lifted_at, suspension.lifted_by_id = now, by.person_id
    suspension.lift_reason = reason
    suspension.save(update_fields=["lifted_at", "lifted_by_id", "lift_reason"])
    _record("clearance.lift_suspension", suspension, by=by, now=now, reason=reason)
    _tell_person("sign_ups_resumed", suspension, reason=reason, now=now)


def _tell_person(template: str, suspension: Suspension, *, reason: str, now: datetime) -> None:
    telling.tell(
        template,
        [suspension.person_id],
        {"reason": reason},
        url=telling.MINE,
        key=f"suspension:{suspension.pk}:{template}",
        now=now,
    )


def _record(
    action: str, suspension: Suspension, *, by: Actor, now: datetime, **detail: str
) -> None:
    record(
        by=by,
        action=action,
        subject=suspension,
        region_code=suspension.person.region_id,
        about_id=suspension.person_id,
        detail=detail,
        now=now,
    )
