"""When a certificate may not be relied on any more (rules 49 and 50)."""

from datetime import datetime

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.events import announce
from linbang.foundation.messaging.actions import NoticeOrder, notify_many
from linbang.foundation.messaging.choices import NoticeKind
from linbang.outcomes.certificates import queries
from linbang.outcomes.certificates.actions.issuing import require_station
from linbang.outcomes.certificates.choices import REVOCATIONS, CertificateState, EndReason
from linbang.outcomes.certificates.errors import CertificateEnded, ReasonUnknown
from linbang.outcomes.certificates.events import CertificateEnded as Ended
from linbang.outcomes.certificates.models import Certificate, CertificateEnding


@transaction.atomic
def supersede_certificates(*, record_id: int, cell: str, now: datetime) -> list[Certificate]:
    """Mark every certificate with a changed record superseded, and tell its volunteer (rule 50).

    The same for a correction and for a record that was voided; asked twice it changes nothing.
    """
    found = queries.certificates_with_record(record_id, cell)
    for certificate in found:
        _end(
            certificate,
            CertificateState.SUPERSEDED,
            EndReason.CORRECTED,
            by=Actor.system(cell),
            now=now,
        )
    _tell(found, "certificate_superseded", now=now)
    return found


@transaction.atomic
def revoke_certificate(
    *, certificate_id: int, reason: str, by: Actor, now: datetime, note: str = ""
) -> Certificate:
    """Take a certificate back for a reason that strangers may read; revoking again changes nothing.

    Raises NotFound, NotAllowed, OwnCertificate, ReasonUnknown, CertificateEnded.
    """
    certificate = queries.lock_certificate(certificate_id)
    require_station(certificate, by=by)
    if reason not in REVOCATIONS:
        raise ReasonUnknown(field="reason")
    if queries.certificate_row(certificate).state == CertificateState.REVOKED:
        raise CertificateEnded
    told = EndReason(reason)
    _end(certificate, CertificateState.REVOKED, told, by=by, now=now, note=note.strip())
    _tell([certificate], "certificate_revoked", now=now)
    return certificate


def _end(
    certificate: Certificate,
    state: CertificateState,
    reason: EndReason,
    *,
    by: Actor,
    now: datetime,
    note: str = "",
) -> None:
    CertificateEnding.objects.create(
        cell=certificate.cell,
        certificate=certificate,
        state=state,
        reason=reason,
        note=note,
        by_id=by.person_id,
        at=now,
    )
    audit.record(
        by=by,
        action="certificates.end_certificate",
        subject=certificate,
        region_code=certificate.region_id,
        detail={"state": state, "reason": reason},
        now=now,
    )
    announce(Ended(certificate_id=certificate.pk, cell=certificate.cell, state=state, at=now))


def _tell(certificates: list[Certificate], template: str, *, now: datetime) -> None:
    notify_many(
        orders=[
            NoticeOrder(
                person_id=one.person_id,
                kind=NoticeKind.RECORD,
                template=template,
                params={"number": one.number},
                url=f"/certificates/{one.public_id}/",
                key=f"{template}:{one.pk}",
            )
            for one in certificates
        ],
        now=now,
    )
