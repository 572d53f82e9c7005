"""The community's worker checks an application; anybody may object during the notice."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import local_date
from linbang.foundation.errors import NotAllowed
from linbang.outcomes.recognition import errors, queries, rules
from linbang.outcomes.recognition.actions.applying import close
from linbang.outcomes.recognition.actions.telling import (
    person_id_of,
    record_step,
    require_reason,
    tell,
)
from linbang.outcomes.recognition.choices import ApplicationState, ObjectionOutcome
from linbang.outcomes.recognition.models import StarApplication, StarObjection


@transaction.atomic
def approve_application(*, application_id: int, by: Actor, now: datetime) -> StarApplication:
    """Put an application on public notice for five working days.

    What counts is looked at anew: hours may have been corrected meanwhile. Raises NotFound,
    NotAllowed, OwnStar, ApplicationDecided, CalendarYearMissing, and what refuses an application.
    """
    application = _lock_undecided(application_id, by=by)
    require_still_due(application, now=now)
    until = queries.last_day_of_notice(now)
    application.approved_at, application.approved_by_id = now, by.person_id
    application.notice_until = until
    application.save(update_fields=["approved_at", "approved_by_id", "notice_until"])
    detail = {"star": application.star, "until": until.isoformat()}
    record_step(application, "approve_application", by=by, now=now, detail=detail)
    _tell(application, "star_on_notice", now=now, day=until.isoformat())
    return application


@transaction.atomic
def refuse_application(
    *, application_id: int, reason: str, by: Actor, now: datetime
) -> StarApplication:
    """Refuse an application, with the reason the applicant reads.

    Raises NotFound, NotAllowed, OwnStar, ApplicationDecided, StarReasonMissing.
    """
    application = _lock_undecided(application_id, by=by)
    why = require_reason(reason, field="reason")
    close(application, ApplicationState.REFUSED, by=by, now=now, reason=why)
    _tell(application, "star_refused", now=now, reason=why)
    return application


@transaction.atomic
def object_to_star(*, application: UUID, text: str, by: Actor, now: datetime) -> StarObjection:
    """Say during the notice that a star is not due; the objector stays unnamed.

    Saying it again before it was answered returns the first. Raises NotFound, NotAllowed, OwnStar,
    StarNoticeOver, StarReasonMissing.
    """
    person_id = person_id_of(by)
    found = queries.lock_application(queries.application_with(application).pk)
    if found.person_id == person_id:
        raise errors.OwnStar
    is_open = found.closed_at is None and found.notice_until is not None
    if not is_open or rules.is_notice_over(found.notice_until, today=local_date(now)):
        raise errors.StarNoticeOver
    why = require_reason(text, field="text")
    objection, is_new = StarObjection.objects.get_or_create(
        cell=found.cell,
        application=found,
        by_id=person_id,
        answered_at=None,
        defaults={"text": why, "made_at": now},
    )
    if is_new:
        record_step(found, "object_to_star", by=by, now=now)
        _tell(found, "star_objected", now=now, key=str(objection.pk))
    return objection


@transaction.atomic
def answer_objection(
    *, objection: UUID, outcome: ObjectionOutcome, answer: str, by: Actor, now: datetime
) -> StarObjection:
    """Answer an objection: neither who it is about, nor who made it, nor who approved the star.

    Upheld, it ends the application. Raises NotFound, NotAllowed, OwnStar, StarObjectionAnswered,
    StarReasonMissing.
    """
    application = queries.lock_application(queries.objection_with(objection).application_id)
    found = queries.objection_with(objection)
    _require_checker(application, by=by)
    rules.require_other_hands(
        by.person_id,
        person_id=application.person_id,
        others=(found.by_id, application.approved_by_id),
    )
    if found.answered_at is not None:
        raise errors.StarObjectionAnswered
    why = require_reason(answer, field="answer")
    found.outcome, found.answer = outcome, why
    found.answered_by_id, found.answered_at = person_id_of(by), now
    found.save(update_fields=["outcome", "answer", "answered_by_id", "answered_at"])
    record_step(application, "answer_objection", by=by, now=now, detail={"outcome": outcome})
    tell(
        "star_objection_answered",
        found.by_id,
        {"answer": why},
        key=str(found.pk),
        now=now,
        url="/stars/notice/",
    )
    if outcome == ObjectionOutcome.UPHELD and application.closed_at is None:
        close(application, ApplicationState.STOPPED, by=by, now=now, reason=why)
        _tell(application, "star_refused", now=now, reason=why)
    return found


def require_still_due(application: StarApplication, *, now: datetime) -> None:
    """Refuse a star whose conditions hold no more, by the table it was asked for under."""
    table = rules.table_named(application.scheme, application.scheme_version)
    made = queries.standing_of(
        application.person, table=table, now=now, year=local_date(application.applied_at).year
    )
    rules.require_may_have(
        application.star, table=table, standing=rules.without_open(made), today=local_date(now)
    )


def _lock_undecided(application_id: int, *, by: Actor) -> StarApplication:
    application = queries.lock_application(application_id)
    _require_checker(application, by=by)
    rules.require_other_hands(by.person_id, person_id=application.person_id, others=())
    if application.closed_at is not None or application.approved_at is not None:
        raise errors.ApplicationDecided
    return application


def _require_checker(application: StarApplication, *, by: Actor) -> None:
    if not (by.is_signed_in and by.may(Permission.VERIFY_RECORDS, region=application.region_id)):
        raise NotAllowed


def _tell(
    application: StarApplication, template: str, *, now: datetime, key: str = "", **params: object
) -> None:
    tell(
        template,
        application.person_id,
        {"star": application.star, **params},
        key=f"{application.pk}:{key}",
        now=now,
    )
