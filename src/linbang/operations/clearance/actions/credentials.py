"""Licences and vettings: verified by a worker, revoked with a reason, reminded before they end."""

from datetime import date, datetime, timedelta

from django.db import transaction

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.audit.choices import Outcome
from linbang.foundation.errors import NotAllowed
from linbang.foundation.events import announce
from linbang.foundation.people.choices import MINOR_REASONS, UnmaskReason
from linbang.foundation.people.rules import require_reason
from linbang.intake.activities.choices import QualificationKind
from linbang.operations.clearance import queries, rules
from linbang.operations.clearance.actions import telling
from linbang.operations.clearance.choices import CredentialSource
from linbang.operations.clearance.errors import CredentialNumberMissing
from linbang.operations.clearance.events import CredentialRevoked
from linbang.operations.clearance.models import Credential

_SOURCES = {
    QualificationKind.TRAINING: CredentialSource.DOCUMENT,
    QualificationKind.LICENCE: CredentialSource.DOCUMENT,
    QualificationKind.VETTING: CredentialSource.VETTING,
}


@transaction.atomic
def enter_credential(*, person_id: int, paper: rules.Paper, by: Actor, now: datetime) -> Credential:
    """Enter what a worker has verified: a certificate, a licence, a vetting.

    A vetting lasts as long as its qualification says, a year as a rule (MPL 62). Raises NotFound,
    NotAllowed, PersonClosed, PersonUnconfirmed, QualificationUnknown, CredentialNumberMissing,
    CredentialDatesWrong.
    """
    person = queries.open_person(person_id)
    if not by.may(Permission.CLEAR_VOLUNTEERS, region=person.region_id):
        raise NotAllowed
    qualification = queries.qualification_with(paper.qualification)
    kind = QualificationKind(qualification.kind)
    rules.require_dates(paper.valid_from, paper.valid_until, today=clock.local_date(now))
    if kind == QualificationKind.LICENCE and not paper.number.strip():
        raise CredentialNumberMissing(field="number")
    until = paper.valid_until
    if kind == QualificationKind.VETTING or until is None:
        until = rules.last_day(paper.valid_from, qualification.months_valid)
    credential = Credential.objects.create(
        cell=person.cell,
        person=person,
        qualification=qualification,
        source=_SOURCES[kind],
        number=paper.number.strip(),
        issued_by=paper.issued_by.strip()[:80],
        valid_from=paper.valid_from,
        valid_until=until,
        verified_at=now,
        verified_by_id=by.person_id,
    )
    _record("clearance.enter_credential", credential, person.region_id, by=by, now=now)
    _tell("credential_entered", credential, {}, now=now)
    return credential


@transaction.atomic
def revoke_credential(*, credential_id: int, reason: str, by: Actor, now: datetime) -> None:
    """Revoke a credential with a reason the person reads. Safe to repeat.

    Raises NotFound, NotAllowed, WhyMissing.
    """
    credential = queries.lock_credential(credential_id)
    if not by.may(Permission.CLEAR_VOLUNTEERS, region=credential.person.region_id):
        raise NotAllowed
    revoke(credential, reason=rules.told(reason), by=by, now=now)


def revoke(credential: Credential, *, reason: str, by: Actor, now: datetime) -> None:
    """Revoke a locked credential and tell the person; nothing happens to a revoked one."""
    if credential.revoked_at is not None:
        return
    credential.revoked_at, credential.revoke_reason = now, reason[:200]
    credential.save(update_fields=["revoked_at", "revoke_reason"])
    _record(
        "clearance.revoke_credential",
        credential,
        credential.person.region_id,
        by=by,
        now=now,
        reason=reason,
    )
    _tell("credential_revoked", credential, {"reason": reason}, now=now)
    announce(
        CredentialRevoked(
            person_id=credential.person_id,
            qualification=credential.qualification_id,
            cell=credential.cell,
            at=now,
        )
    )


@transaction.atomic
def unmask_number(
    *, credential_id: int, reason: str, by: Actor, now: datetime, note: str = ""
) -> str:
    """Return the full number of a credential, and keep who saw it and why (rules 94, 98, 99).

    Raises NotFound, NotAllowed, ReasonMissing.
    """
    credential = queries.lock_credential(credential_id)
    person = credential.person
    if not by.may(Permission.UNMASK_IDENTITY, region=person.region_id):
        raise NotAllowed
    is_minor = queries.is_minor(person, today=clock.local_date(now))
    told = require_reason(reason, note, approved=MINOR_REASONS if is_minor else tuple(UnmaskReason))
    record(
        by=by,
        action="clearance.unmask_number",
        subject=credential,
        region_code=person.region_id,
        about_id=person.pk,
        outcome=Outcome.SEEN,
        detail={"reason": told, "note": note},
        now=now,
    )
    return str(credential.number)


@transaction.atomic
def remind_expiring(*, now: datetime, batch: int = 500) -> int:
    """Remind of what ends within 30 days and again within 7, once each; return how many were due.

    Whoever has renewed already is left in peace. Call again while a whole batch was due.
    """
    today = clock.local_date(now)
    due = list(queries.lock_expiring(today=today)[:batch])
    for credential in due:
        _remind(credential, today=today, now=now)
    return len(due)


def _remind(credential: Credential, *, today: date, now: datetime) -> None:
    until = credential.valid_until or date.max
    due = rules.reminder_due((until - today).days, reminded=credential.reminded_days)
    credential.reminded_days = due
    credential.save(update_fields=["reminded_days"])
    if queries.holds_on(
        credential.person_id, credential.qualification_id, day=until + timedelta(days=1)
    ):
        return
    _tell(
        "credential_expiring",
        credential,
        {"day": until.isoformat()},
        now=now,
        suffix=f":{due}",
        by_sms=due == min(rules.REMIND_DAYS),
    )


def _tell(
    template: str,
    credential: Credential,
    more: dict[str, str],
    *,
    now: datetime,
    suffix: str = "",
    by_sms: bool = False,
) -> None:
    qualification = credential.qualification
    telling.tell(
        template,
        [credential.person_id],
        {"qualification": qualification.name, "qualification_en": qualification.name_en, **more},
        url=telling.MINE,
        key=f"credential:{credential.pk}:{template}{suffix}",
        now=now,
        by_sms=by_sms,
    )


def _record(
    action: str,
    credential: Credential,
    region_code: str,
    *,
    by: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    record(
        by=by,
        action=action,
        subject=credential,
        region_code=region_code,
        about_id=credential.person_id,
        detail={"qualification": credential.qualification_id, "reason": reason},
        now=now,
    )
