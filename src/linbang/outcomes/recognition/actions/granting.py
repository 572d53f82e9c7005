"""Stars are granted after their notice, and looked at anew when hours change."""

from datetime import datetime

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import local_date
from linbang.foundation.errors import Refused
from linbang.operations.service_records.models import ServiceRecord
from linbang.operations.service_records.queries import Totals, lock_person
from linbang.outcomes.recognition import queries, rules
from linbang.outcomes.recognition.actions.applying import close
from linbang.outcomes.recognition.actions.deciding import require_still_due
from linbang.outcomes.recognition.actions.telling import record_step, tell
from linbang.outcomes.recognition.choices import ApplicationState, ChangeKind
from linbang.outcomes.recognition.models import StarApplication, StarChange

# What the person reads beside a lowered star: stored in the language of the register.
_HOURS_CHANGED = "服务时长更正后不再达到"  # untranslated: stored, not shown as ours


def grant_stars(*, now: datetime) -> int:
    """Grant what was on notice long enough without an open objection; return how many.

    Each by itself, so that one that fails holds up no other; safe to run twice.
    """
    return sum(
        _end_notice(application_id=application_id, now=now)
        for application_id in queries.applications_to_end(now)
    )


@transaction.atomic
def review_star(*, record_id: int, now: datetime) -> StarChange | None:
    """Look at the star of a record's volunteer anew, after its minutes were changed or voided.

    What is no longer reached is lowered by a row of its own, and told; a star never rises by
    itself. Safe to run twice. Source: rule 55.
    """
    record = ServiceRecord.objects.only("cell", "person_id").get(pk=record_id)
    person = lock_person(record.person_id)
    held = queries.newest_change(person)
    if held is None or not held.star:
        return None
    table = rules.table_named(held.scheme, held.scheme_version)
    year = held.year or local_date(now).year
    totals = queries.minutes_under(table, [person.pk], year=year).get(person.pk, Totals(0, 0, 0))
    minutes = totals.proved + totals.entered
    left = rules.star_after_review(held.star, table=table, minutes=minutes)
    if left == held.star:
        return None
    change = StarChange.objects.create(
        cell=person.cell,
        person=person,
        kind=ChangeKind.LOWERED,
        star=left,
        scheme=held.scheme,
        scheme_version=held.scheme_version,
        year=held.year,
        minutes=minutes,
        reason=_HOURS_CHANGED,
        at=now,
    )
    by = Actor.system(person.cell)
    record_step(change, "lower_star", by=by, now=now, detail={"from": held.star, "to": left})
    template, star = ("star_lowered", left) if left else ("star_taken_back", held.star)
    told = {"star": star, "reason": _HOURS_CHANGED}
    tell(template, person.pk, told, key=str(change.pk), now=now)
    return change


@transaction.atomic
def _end_notice(*, application_id: int, now: datetime) -> bool:
    application = queries.lock_application(application_id)
    person = lock_person(application.person_id)
    by = Actor.system(application.cell)
    is_over = rules.is_notice_over(application.notice_until, today=local_date(now))
    if application.closed_at or not is_over or queries.has_open_objection(application):
        return False  # somebody was quicker
    try:
        require_still_due(application, now=now)
    except Refused as refusal:
        close(application, ApplicationState.LAPSED, by=by, now=now, reason=str(refusal))
        told = {"star": application.star, "reason": str(refusal)}
        tell("star_refused", person.pk, told, key=str(application.pk), now=now)
        return False
    _grant(application, by=by, now=now)
    return True


def _grant(application: StarApplication, *, by: Actor, now: datetime) -> None:
    table = rules.table_named(application.scheme, application.scheme_version)
    year = local_date(application.applied_at).year if table.is_yearly else None
    change = StarChange.objects.create(
        cell=application.cell,
        person_id=application.person_id,
        kind=ChangeKind.GRANTED,
        star=application.star,
        application=application,
        scheme=application.scheme,
        scheme_version=application.scheme_version,
        year=year,
        minutes=application.proved_minutes + application.entered_minutes,
        at=now,
    )
    close(application, ApplicationState.GRANTED, by=by, now=now)
    record_step(change, "grant_star", by=by, now=now, detail={"star": application.star})
    told = {"star": application.star}
    tell("star_granted", application.person_id, told, key=str(change.pk), now=now)
