"""One's own page: what one may do, what ends soon, what waits for an answer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linbang.foundation import clock
from linbang.foundation.access.rules import Actor
from linbang.foundation.people.models import Person
from linbang.foundation.people.queries import is_volunteer, person_of
from linbang.intake.activities.models import InsurancePolicy
from linbang.operations.clearance.choices import AcceptanceKind
from linbang.operations.clearance.models import Acceptance, AcceptedText
from linbang.operations.clearance.queries.credentials import (
    CredentialLine,
    credential_lines,
    credentials_of,
)
from linbang.operations.clearance.queries.guardians import (
    WardLine,
    consent_lines,
    request_lines,
)
from linbang.operations.clearance.queries.insurance import insured_until
from linbang.operations.clearance.queries.suspensions import (
    SuspensionLine,
    suspension_line,
    suspensions_of,
)
from linbang.operations.clearance.queries.trainings import (
    SessionLine,
    session_lines,
    sessions_of,
    sessions_shown,
    without_mine,
)

_SHOWN = 3
_SIGNED = 20


@dataclass(frozen=True)
class AcceptanceLine:
    """What was accepted for which activity; ``is_current``: no newer version waits."""

    id: int
    activity: str
    activity_id: UUID
    kind: str
    accepted_at: datetime
    is_current: bool


@dataclass(frozen=True)
class Mine:
    """Everything on one's own page."""

    person: Person
    is_volunteer: bool
    suspension: SuspensionLine | None
    requests: list[WardLine]
    consents: list[WardLine]
    credentials: list[CredentialLine]
    enrolled: list[SessionLine]
    near: list[SessionLine]
    acceptances: list[AcceptanceLine]
    policies: list[InsurancePolicy]


def mine_of(actor: Actor, *, now: datetime) -> Mine:
    """Gather one's own page: a fixed number of queries."""
    person, today = person_of(actor), clock.local_date(now)
    newest = suspensions_of(person.pk).first()
    near = without_mine(sessions_shown(home=person.region_id, now=now), person.pk)
    return Mine(
        person=person,
        is_volunteer=is_volunteer(person.pk),
        suspension=suspension_line(newest, reader=actor, now=now) if newest else None,
        requests=request_lines(person.pk),
        consents=consent_lines(person.pk),
        credentials=credential_lines(credentials_of(person.pk), today=today),
        enrolled=session_lines(sessions_of(person.pk, now=now), now=now),
        near=session_lines(near[:_SHOWN], now=now),
        acceptances=acceptance_lines(person.pk),
        policies=insured_until(person.pk, now=now),
    )


def acceptance_lines(person_id: int) -> list[AcceptanceLine]:
    """Return what a person accepted last; one query."""
    accepted = Acceptance.objects.select_related("activity").filter(person_id=person_id)
    return [
        AcceptanceLine(
            id=one.pk,
            activity=one.activity.name,
            activity_id=one.activity.public_id,
            kind=str(AcceptanceKind(one.kind).label),
            accepted_at=one.accepted_at,
            is_current=one.version == one.activity.risk_version,
        )
        for one in accepted.order_by("-accepted_at", "-id")[:_SIGNED]
    ]


def accepted_text_of(person_id: int, acceptance_id: int) -> AcceptedText | None:
    """Return the words a person accepted, as they were."""
    acceptance = Acceptance.objects.filter(pk=acceptance_id, person_id=person_id).first()
    if acceptance is None:
        return None
    return (
        AcceptedText.objects.select_related("activity")
        .filter(
            cell=acceptance.cell,
            activity_id=acceptance.activity_id,
            digest=acceptance.text_digest,
        )
        .first()
    )
