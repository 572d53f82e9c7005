"""What is left to settle before one person takes part in one activity."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from linbang.foundation import clock
from linbang.foundation.access.rules import Actor
from linbang.foundation.people.models import Person
from linbang.foundation.people.queries import guardians_of
from linbang.intake.activities.models import Activity
from linbang.operations.clearance.choices import AcceptanceKind
from linbang.operations.clearance.models import Acceptance, GuardianConsent
from linbang.operations.clearance.queries.documents import (
    Document,
    agreement_causes_of,
    documents_of,
    kinds_for,
)
from linbang.operations.clearance.queries.guardians import open_request
from linbang.operations.clearance.queries.people import is_minor, wards_of


@dataclass(frozen=True)
class DocumentState:
    """A notice or agreement, and since when it is accepted, if it is."""

    document: Document
    accepted_at: datetime | None


@dataclass(frozen=True)
class Before:
    """What one person settles before an activity, as one reader sees it."""

    activity: Activity
    person: Person
    is_own: bool
    is_minor: bool
    may_accept: bool
    documents: tuple[DocumentState, ...]
    why_agreement: tuple[str, ...]
    consent_id: UUID | None
    consented_at: datetime | None
    request_id: UUID | None
    has_guardian: bool

    @property
    def activity_url(self) -> str:
        """The activity's own page, which is dispatch's."""
        return f"/activities/{self.activity.public_id}/"

    @property
    def needs_consent(self) -> bool:
        """A guardian has to agree and has not."""
        return self.is_minor and self.consented_at is None

    @property
    def is_settled(self) -> bool:
        """Nothing on this page is left to do."""
        return not self.needs_consent and all(one.accepted_at for one in self.documents)


def person_or_ward(actor: Actor, public_id: UUID | None) -> Person | None:
    """Return the reader's own record, or the one of a ward; None for anybody else's."""
    own = Person.objects.filter(cell=actor.cell, pk=actor.person_id or 0, closed_at=None).first()
    if own is None or public_id is None or own.public_id == public_id:
        return own
    return wards_of(own.pk).filter(public_id=public_id).first()


def document_told(state: DocumentState) -> dict[str, Any]:
    """Return a notice or agreement as the API tells it."""
    document = state.document
    return {
        "kind": document.kind,
        "title": document.title,
        "version": document.version,
        "digest": document.digest,
        "text": document.text,
        "items": [{"heading": heading, "body": body} for heading, body in document.items],
        "accepted_at": state.accepted_at,
    }


def before_of(actor: Actor, activity: Activity, person: Person, *, now: datetime) -> Before:
    """Gather what is left to settle: a fixed number of queries."""
    minor = is_minor(person, today=clock.local_date(now))
    kinds = kinds_for(activity, person)
    accepted = dict(
        Acceptance.objects.filter(
            cell=activity.cell,
            activity=activity,
            person=person,
            version=activity.risk_version,
        ).values_list("kind", "accepted_at")
    )
    consent = _consent(activity, person) if minor else None
    asked = open_request(activity, person.pk) if minor else None
    is_own = actor.person_id == person.pk
    return Before(
        activity=activity,
        person=person,
        is_own=is_own,
        is_minor=minor,
        may_accept=is_own != minor,
        documents=tuple(
            DocumentState(document, accepted.get(document.kind))
            for document in (documents_of(activity, kinds) if kinds else ())
        ),
        why_agreement=tuple(str(cause.label) for cause in agreement_causes_of(activity, person))
        if AcceptanceKind.AGREEMENT in kinds
        else (),
        consent_id=consent.public_id if consent else None,
        consented_at=consent.given_at if consent else None,
        request_id=asked.public_id if asked else None,
        has_guardian=not minor or bool(guardians_of(person.pk)),
    )


def _consent(activity: Activity, person: Person) -> GuardianConsent | None:
    return (
        GuardianConsent.objects.filter(
            cell=activity.cell, activity=activity, person=person, withdrawn_at=None
        )
        .order_by("-given_at", "-id")
        .first()
    )
