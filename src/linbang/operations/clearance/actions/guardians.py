"""A minor asks, a guardian consents for one activity, and may take it back (rule 7, STU 3)."""

from datetime import datetime

from django.db import transaction

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.errors import NotAllowed
from linbang.foundation.events import announce
from linbang.foundation.people.models import Person
from linbang.foundation.people.queries import guardians_of
from linbang.intake.activities.models import Activity
from linbang.operations.clearance import queries
from linbang.operations.clearance.actions import telling
from linbang.operations.clearance.errors import (
    MinorKeptFromDanger,
    NoGuardian,
    NotAMinor,
    NotTheGuardian,
)
from linbang.operations.clearance.events import GuardianConsentWithdrawn
from linbang.operations.clearance.models import ConsentRequest, GuardianConsent


@transaction.atomic
def ask_guardians(*, activity_id: int, person_id: int, by: Actor, now: datetime) -> ConsentRequest:
    """Ask a minor's guardians to let her take part; they are told. Asking again changes nothing.

    Raises NotFound, NotAllowed, PersonClosed, PersonUnconfirmed, NotAMinor, MinorKeptFromDanger,
    NoGuardian.
    """
    activity, person = _about(activity_id, person_id, now=now)
    if not (by.person_id == person.pk or _may_enter(by, person, activity)):
        raise NotAllowed
    guardians = guardians_of(person.pk)
    if not guardians:
        raise NoGuardian
    request, is_new = ConsentRequest.objects.get_or_create(
        cell=activity.cell,
        activity=activity,
        person=person,
        answered_at=None,
        defaults={"asked_at": now, "asked_by_id": by.person_id},
    )
    if is_new:
        _record("clearance.ask_guardians", request, activity, person, by=by, now=now)
        telling.tell_guardians(request, activity, person, guardians, now=now)
    return request


@transaction.atomic
def give_consent(
    *,
    activity_id: int,
    person_id: int,
    by: Actor,
    now: datetime,
    guardian_id: int | None = None,
) -> GuardianConsent:
    """Let a minor take part in one activity, as the guardian; an open question is answered.

    A worker enters the signed paper of ``guardian_id``. Repeating returns the first. Raises
    NotFound, PersonClosed, PersonUnconfirmed, NotAMinor, MinorKeptFromDanger, NotTheGuardian.
    """
    activity, person = _about(activity_id, person_id, now=now)
    giver = _guardian(person, activity, guardian_id, by=by)
    consent, is_new = GuardianConsent.objects.get_or_create(
        cell=activity.cell,
        activity=activity,
        person=person,
        guardian_id=giver,
        withdrawn_at=None,
        defaults={"given_at": now},
    )
    if is_new:
        _record("clearance.give_consent", consent, activity, person, by=by, now=now, guardian=giver)
    if _answer(activity, person, is_granted=True, by=by, now=now) or is_new:
        telling.tell_minor("consent_given", consent.pk, activity, person, now=now)
    return consent


@transaction.atomic
def refuse_consent(*, request_id: int, by: Actor, now: datetime) -> None:
    """Say no to a minor's question, which costs nobody anything; saying it twice changes nothing.

    Raises NotFound, NotTheGuardian.
    """
    request = queries.lock_request(request_id)
    if not queries.is_guardian(by.person_id, request.person_id):
        raise NotTheGuardian
    if _answer(request.activity, request.person, is_granted=False, by=by, now=now):
        _record(
            "clearance.refuse_consent", request, request.activity, request.person, by=by, now=now
        )
        telling.tell_minor("consent_refused", request.pk, request.activity, request.person, now=now)


@transaction.atomic
def withdraw_consent(*, consent_id: int, by: Actor, now: datetime) -> None:
    """Take a consent back; dispatch hears when no other guardian's is left. Safe to repeat.

    Raises NotFound, NotTheGuardian.
    """
    consent = queries.lock_consent(consent_id)
    person = consent.person
    is_staff = by.may(Permission.CLEAR_VOLUNTEERS, region=person.region_id)
    if by.person_id != consent.guardian_id and not is_staff:
        raise NotTheGuardian
    if consent.withdrawn_at is None:
        _withdraw(consent, by=by, now=now)
        telling.tell_minor("consent_withdrawn", consent.pk, consent.activity, person, now=now)


@transaction.atomic
def withdraw_consents_of(*, person_id: int, by: Actor, now: datetime) -> int:
    """Take back what was consented by and for somebody who is gone; return how many."""
    consents = queries.consents_by_or_for(person_id)
    for consent in consents:
        _withdraw(consent, by=by, now=now)
    ConsentRequest.objects.filter(person_id=person_id, answered_at=None).update(
        answered_at=now, is_granted=False
    )
    return len(consents)


def _about(activity_id: int, person_id: int, *, now: datetime) -> tuple[Activity, Person]:
    activity = queries.open_activity(activity_id)
    # The minor's row is the queue: a question is answered or asked anew, never both at once.
    person = queries.lock_open_person(person_id)
    if not queries.is_minor(person, today=clock.local_date(now)):
        raise NotAMinor
    if activity.is_high_risk:
        raise MinorKeptFromDanger
    return activity, person


def _guardian(person: Person, activity: Activity, guardian_id: int | None, *, by: Actor) -> int:
    meant = guardian_id if guardian_id is not None else by.person_id
    is_entitled = meant == by.person_id or _may_enter(by, person, activity)
    if meant is None or not is_entitled or not queries.is_guardian(meant, person.pk):
        raise NotTheGuardian
    return meant


def _may_enter(by: Actor, person: Person, activity: Activity) -> bool:
    return by.may(Permission.CLEAR_VOLUNTEERS, region=person.region_id) or queries.leads(
        by, activity
    )


def _answer(
    activity: Activity, person: Person, *, is_granted: bool, by: Actor, now: datetime
) -> int:
    return ConsentRequest.objects.filter(
        cell=activity.cell, activity=activity, person=person, answered_at=None
    ).update(answered_at=now, answered_by_id=by.person_id, is_granted=is_granted)


def _withdraw(consent: GuardianConsent, *, by: Actor, now: datetime) -> None:
    consent.withdrawn_at = now
    consent.save(update_fields=["withdrawn_at"])
    _record("clearance.withdraw_consent", consent, consent.activity, consent.person, by=by, now=now)
    if not queries.has_consent(consent.activity, consent.person_id):
        announce(
            GuardianConsentWithdrawn(
                activity_id=consent.activity_id,
                person_id=consent.person_id,
                cell=consent.cell,
                at=now,
            )
        )


def _record(
    action: str,
    subject: ConsentRequest | GuardianConsent,
    activity: Activity,
    person: Person,
    *,
    by: Actor,
    now: datetime,
    guardian: int | None = None,
) -> None:
    record(
        by=by.on_behalf_of(guardian) if guardian is not None else by,
        action=action,
        subject=subject,
        region_code=activity.region_id,
        about_id=person.pk,
        detail={"activity": activity.pk},
        now=now,
    )
