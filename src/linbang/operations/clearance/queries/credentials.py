"""What people are qualified for, until when, and what ends soon."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import mask_document, mask_name
from linbang.foundation.errors import NotFound
from linbang.foundation.people.rules import needs_guardian
from linbang.foundation.places.queries import within_any
from linbang.intake.activities.models import Qualification
from linbang.operations.clearance import rules
from linbang.operations.clearance.choices import CredentialSource
from linbang.operations.clearance.errors import QualificationUnknown
from linbang.operations.clearance.models import Credential, Enrolment

SOON_DAYS = 30


@dataclass(frozen=True)
class CredentialLine:
    """A credential as pages show it, its number masked."""

    id: int
    public_id: UUID
    qualification: str
    kind: str
    source: str
    number: str
    issued_by: str
    valid_from: date
    valid_until: date | None
    revoke_reason: str
    state: str

    @property
    def tone(self) -> str:
        """The colour of the state's label."""
        return {"valid": "jade", "ahead": "blue", "soon": "gold"}.get(self.state, "grey")


def credentials_of(person_id: int) -> QuerySet[Credential]:
    """Return a person's credentials, the ones that hold longest first."""
    return (
        Credential.objects.select_related("qualification")
        .filter(person_id=person_id)
        .order_by("revoked_at", F("valid_until").desc(nulls_first=True), "-id")
    )


def credential_lines(credentials: Iterable[Credential], *, today: date) -> list[CredentialLine]:
    """Return credentials as lines; no query beyond those of ``credentials``."""
    return [_line(credential, today=today) for credential in credentials]


def _line(credential: Credential, *, today: date) -> CredentialLine:
    return CredentialLine(
        id=credential.pk,
        public_id=credential.public_id,
        qualification=credential.qualification.label,
        kind=credential.qualification.get_kind_display(),
        source=credential.get_source_display(),
        number=mask_document(credential.number) if credential.number else "",
        issued_by=credential.issued_by,
        valid_from=credential.valid_from,
        valid_until=credential.valid_until,
        revoke_reason=credential.revoke_reason,
        state=_state(credential, today=today),
    )


def _state(credential: Credential, *, today: date) -> str:
    until = credential.valid_until
    if credential.revoked_at is not None:
        return "revoked"
    if until is not None and until < today:
        return "expired"
    if credential.valid_from > today:
        return "ahead"
    return "soon" if until is not None and until <= today + timedelta(SOON_DAYS) else "valid"


def credentials_kept_by(actor: Actor) -> QuerySet[Credential]:
    """Return the credentials of the people where the actor clears volunteers."""
    credentials = Credential.objects.select_related("qualification", "person")
    if actor.is_system:
        return credentials
    regions = actor.regions_for(Permission.CLEAR_VOLUNTEERS)
    return credentials.filter(within_any("person__region_id", regions))


def expiring(actor: Actor, *, today: date, days: int = 60) -> QuerySet[Credential]:
    """Return what ends within so many days and is not renewed, the first to end first.

    Index: ``credential_by_expiry``.
    """
    renewed = Credential.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=OuterRef("valid_until")),
        person=OuterRef("person"),
        qualification=OuterRef("qualification"),
        revoked_at=None,
    )
    return (
        credentials_kept_by(actor)
        .filter(
            ~Exists(renewed),
            revoked_at=None,
            valid_until__range=(today, today + timedelta(days=days)),
            person__closed_at=None,
        )
        .order_by("valid_until", "id")
    )


@dataclass(frozen=True)
class ExpiringLine:
    """What ends soon, and whose it is; minors are masked."""

    person_id: UUID
    name: str
    qualification: str
    valid_until: date | None
    days_left: int


def expiring_lines(credentials: Iterable[Credential], *, today: date) -> list[ExpiringLine]:
    """Return what ends soon as lines; no query beyond those of ``credentials``."""
    return [
        ExpiringLine(
            person_id=one.person.public_id,
            name=mask_name(one.person.name)
            if needs_guardian(one.person.birth_date, today=today)
            else one.person.name,
            qualification=one.qualification.label,
            valid_until=one.valid_until,
            days_left=(one.valid_until - today).days if one.valid_until else 0,
        )
        for one in credentials
    ]


def qualification_with(code: str) -> Qualification:
    """Return a qualification. Raises QualificationUnknown."""
    qualification = Qualification.objects.filter(pk=code).first()
    if qualification is None:
        raise QualificationUnknown(field="qualification")
    return qualification


def qualification_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return all qualifications for a select, one group a kind."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in Qualification.objects.order_by("position", "code"):
        groups.setdefault(str(one.get_kind_display()), []).append((one.code, one.label))
    return list(groups.items())


def held_until(person_id: int, qualification: str, *, day: date) -> date | None:
    """Return the last day of what a person holds of a qualification, when it ends at all."""
    held = Credential.objects.filter(
        person_id=person_id, qualification_id=qualification, revoked_at=None
    )
    if held.filter(valid_until=None).exists():
        return None
    found: date | None = held.filter(valid_until__gte=day).aggregate(last=Max("valid_until"))[
        "last"
    ]
    return found


def holds_on(person_id: int, qualification: str, *, day: date) -> bool:
    """Tell whether a person holds a qualification on a day."""
    return Credential.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=day),
        person_id=person_id,
        qualification_id=qualification,
        valid_from__lte=day,
        revoked_at=None,
    ).exists()


def credential_from(enrolment: Enrolment) -> Credential | None:
    """Return what a passed enrolment gave, with its row locked."""
    return (
        Credential.objects.select_for_update(of=("self",))
        .select_related("person", "qualification")
        .filter(
            cell=enrolment.person.cell,
            source=CredentialSource.TRAINING,
            source_id=enrolment.pk,
            revoked_at=None,
        )
        .first()
    )


def lock_credential(credential_id: int) -> Credential:
    """Return a credential with its row locked. Raises NotFound."""
    credential = (
        Credential.objects.select_for_update(of=("self",))
        .select_related("person", "qualification")
        .filter(pk=credential_id)
        .first()
    )
    if credential is None:
        raise NotFound
    return credential


def lock_expiring(*, today: date) -> QuerySet[Credential]:
    """Return the credentials that want a reminder now, locked; others may be at it too."""
    first, last = max(rules.REMIND_DAYS), min(rules.REMIND_DAYS)
    wanted = Q(reminded_days=None, valid_until__lte=today + timedelta(days=first)) | Q(
        reminded_days__gt=last, valid_until__lte=today + timedelta(days=last)
    )
    return (
        Credential.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("qualification")
        .filter(wanted, revoked_at=None, valid_until__gte=today, person__closed_at=None)
        .order_by("id")
    )
