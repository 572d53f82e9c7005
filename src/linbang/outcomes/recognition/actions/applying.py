"""Asking for a star, and taking that back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import local_date
from linbang.foundation.errors import NotFound, refusing
from linbang.operations.service_records.queries import lock_person
from linbang.outcomes.recognition import errors, queries, rules
from linbang.outcomes.recognition.actions.telling import person_id_of, record_step
from linbang.outcomes.recognition.choices import ApplicationState
from linbang.outcomes.recognition.models import StarApplication


@transaction.atomic
def apply_for_star(*, star: int, by: Actor, now: datetime) -> StarApplication:
    """Ask for a star of one's own: never given by itself, never for anybody else (rule 54).

    Raises NotAVolunteer, StarNotHigher, StarNotReached, StarTooEarly, RatedTooLow, StarBarred,
    AlreadyApplied, NotAllowed.
    """
    # The person's row is the queue: of two applications at once the second finds the first.
    person = lock_person(person_id_of(by))
    table = queries.scheme_at(person.region_id).table
    standing = queries.standing_of(person, table=table, now=now)
    rules.require_may_have(star, table=table, standing=standing, today=local_date(now))
    with (
        refusing({"star_application_open_once_a_person": errors.AlreadyApplied}),
        transaction.atomic(),
    ):
        application = StarApplication.objects.create(
            cell=person.cell,
            person=person,
            region_id=person.region_id[:12],
            star=star,
            scheme=table.code,
            scheme_version=table.version,
            proved_minutes=standing.proved,
            entered_minutes=standing.entered,
            rating_tenths=standing.rating_tenths,
            applied_at=now,
        )
    record_step(application, "apply_for_star", by=by, now=now, detail={"star": star})
    return application


@transaction.atomic
def withdraw_application(*, application: UUID, by: Actor, now: datetime) -> StarApplication:
    """Take back what one asked for, as long as it is not granted.

    Raises NotFound, ApplicationDecided.
    """
    own = queries.own_applications(by).filter(public_id=application).first()
    if own is None:
        raise NotFound
    found = queries.lock_application(own.pk)
    if found.closed_at is not None:
        raise errors.ApplicationDecided
    close(found, ApplicationState.WITHDRAWN, by=by, now=now)
    return found


def close(
    application: StarApplication,
    outcome: ApplicationState,
    *,
    by: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    """End an application, with its row locked; write it down."""
    application.outcome, application.reason = outcome, reason
    application.closed_at, application.closed_by_id = now, by.person_id
    application.save(update_fields=["outcome", "reason", "closed_at", "closed_by_id"])
    record_step(application, "close_application", by=by, now=now, detail={"outcome": outcome})
