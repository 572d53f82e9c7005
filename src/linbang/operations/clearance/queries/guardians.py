"""What minors ask of their guardians, and what these have consented to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from linbang.foundation.errors import NotFound
from linbang.intake.activities.models import Activity
from linbang.operations.clearance.models import ConsentRequest, GuardianConsent
from linbang.operations.clearance.queries.people import wards_of

_SHOWN = 50


@dataclass(frozen=True)
class WardLine:
    """What a ward asked or may do: one activity of one child."""

    public_id: UUID
    name: str
    person_id: UUID
    activity: str
    activity_id: UUID
    at: datetime


def requests_to(guardian_id: int) -> QuerySet[ConsentRequest]:
    """Return the open questions of somebody's wards, the oldest first."""
    return (
        ConsentRequest.objects.select_related("activity", "person")
        .filter(person__in=wards_of(guardian_id), answered_at=None)
        .order_by("asked_at", "id")
    )


def consents_by(guardian_id: int) -> QuerySet[GuardianConsent]:
    """Return the consents in force that somebody gave, the newest first."""
    return (
        GuardianConsent.objects.select_related("activity", "person")
        .filter(guardian_id=guardian_id, withdrawn_at=None)
        .order_by("-given_at", "-id")
    )


def request_lines(guardian_id: int) -> list[WardLine]:
    """Return the open questions as lines; one query."""
    return [_line(one, at=one.asked_at) for one in requests_to(guardian_id)[:_SHOWN]]


def consent_lines(guardian_id: int) -> list[WardLine]:
    """Return the consents in force as lines; one query."""
    return [_line(one, at=one.given_at) for one in consents_by(guardian_id)[:_SHOWN]]


def _line(one: ConsentRequest | GuardianConsent, *, at: datetime) -> WardLine:
    return WardLine(
        public_id=one.public_id,
        name=one.person.name,
        person_id=one.person.public_id,
        activity=one.activity.name,
        activity_id=one.activity.public_id,
        at=at,
    )


def open_request(activity: Activity, person_id: int) -> ConsentRequest | None:
    """Return a minor's open question about an activity."""
    return ConsentRequest.objects.filter(
        cell=activity.cell, activity=activity, person_id=person_id, answered_at=None
    ).first()


def has_consent(activity: Activity, person_id: int) -> bool:
    """Tell whether a guardian's consent to an activity is in force."""
    return GuardianConsent.objects.filter(
        cell=activity.cell, activity=activity, person_id=person_id, withdrawn_at=None
    ).exists()


def consents_by_or_for(person_id: int) -> list[GuardianConsent]:
    """Return the consents in force that somebody gave or is the subject of, locked."""
    return list(
        GuardianConsent.objects.select_for_update(of=("self",))
        .select_related("activity", "person")
        .filter(Q(person_id=person_id) | Q(guardian_id=person_id), withdrawn_at=None)
        .order_by("id")
    )


def lock_request(request_id: int) -> ConsentRequest:
    """Return a question with its row locked. Raises NotFound."""
    request = (
        ConsentRequest.objects.select_for_update(of=("self",))
        .select_related("activity", "person")
        .filter(pk=request_id)
        .first()
    )
    if request is None:
        raise NotFound
    return request


def lock_consent(consent_id: int) -> GuardianConsent:
    """Return a consent with its row locked. Raises NotFound."""
    consent = (
        GuardianConsent.objects.select_for_update(of=("self",))
        .select_related("activity", "person")
        .filter(pk=consent_id)
        .first()
    )
    if consent is None:
        raise NotFound
    return consent
