"""Accepting risk notices and agreements (rules 19 and 21)."""

from datetime import datetime

from django.db import transaction

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.errors import NotAllowed
from linbang.foundation.people.models import Person
from linbang.foundation.people.queries import guardians_of
from linbang.intake.activities.models import Activity
from linbang.operations.clearance import queries
from linbang.operations.clearance.choices import AcceptanceKind
from linbang.operations.clearance.errors import GuardianAccepts, NoGuardian, TextChanged
from linbang.operations.clearance.models import Acceptance, AcceptedText


def accept_risk(
    *, activity_id: int, person_id: int, by: Actor, now: datetime, digest: str = ""
) -> Acceptance:
    """Accept the risk notice of an activity in its present version; see ``accept``."""
    return accept(
        kind=AcceptanceKind.RISK,
        activity_id=activity_id,
        person_id=person_id,
        digest=digest,
        by=by,
        now=now,
    )


def accept_agreement(
    *, activity_id: int, person_id: int, by: Actor, now: datetime, digest: str = ""
) -> Acceptance:
    """Sign the agreement of an activity in its present version; see ``accept``."""
    return accept(
        kind=AcceptanceKind.AGREEMENT,
        activity_id=activity_id,
        person_id=person_id,
        digest=digest,
        by=by,
        now=now,
    )


@transaction.atomic
def accept(
    *,
    kind: AcceptanceKind,
    activity_id: int,
    person_id: int,
    by: Actor,
    now: datetime,
    digest: str = "",
) -> Acceptance:
    """Accept a notice or agreement for oneself, or for a minor as the guardian.

    ``digest`` is that of the text read. Workers, and who leads the activity, enter a signed paper.
    Repeating returns the first. Raises NotFound, PersonClosed, PersonUnconfirmed, TextChanged,
    GuardianAccepts, NoGuardian, NotAllowed.
    """
    activity = queries.open_activity(activity_id)
    person = queries.open_person(person_id)
    given_by_id = _giver(person, activity, by=by, now=now)
    document = queries.document_of(activity, kind)
    if digest and digest != document.digest:
        raise TextChanged
    AcceptedText.objects.get_or_create(
        cell=activity.cell,
        activity=activity,
        digest=document.digest,
        defaults={
            "kind": kind,
            "version": document.version,
            "text": document.text,
            "shown_at": now,
        },
    )
    acceptance, is_new = Acceptance.objects.get_or_create(
        cell=activity.cell,
        activity=activity,
        person=person,
        kind=kind,
        version=document.version,
        defaults={
            "text_digest": document.digest,
            "accepted_at": now,
            "given_by_id": given_by_id,
        },
    )
    if is_new:
        _record(acceptance, activity, by=by, now=now)
    return acceptance


def _giver(person: Person, activity: Activity, *, by: Actor, now: datetime) -> int:
    """Return who accepts: the person, a minor's guardian; for a worker, who signed the paper."""
    is_minor = queries.is_minor(person, today=clock.local_date(now))
    if by.person_id == person.pk and not is_minor:
        return person.pk
    if by.person_id is not None and is_minor and queries.is_guardian(by.person_id, person.pk):
        return by.person_id
    if by.may(Permission.CLEAR_VOLUNTEERS, region=person.region_id) or queries.leads(by, activity):
        return _signer(person, is_minor=is_minor)
    raise GuardianAccepts if by.person_id == person.pk else NotAllowed


def _signer(person: Person, *, is_minor: bool) -> int:
    if not is_minor:
        return person.pk
    guardians = guardians_of(person.pk)
    if not guardians:
        raise NoGuardian
    return guardians[0]


def _record(acceptance: Acceptance, activity: Activity, *, by: Actor, now: datetime) -> None:
    record(
        by=by.on_behalf_of(acceptance.person_id),
        action=f"clearance.accept_{acceptance.kind}",
        subject=acceptance,
        region_code=activity.region_id,
        about_id=acceptance.person_id,
        detail={
            "activity": activity.pk,
            "version": acceptance.version,
            "digest": acceptance.text_digest[:16],
            "given_by": acceptance.given_by_id,
        },
        now=now,
    )
