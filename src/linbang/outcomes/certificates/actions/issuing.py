"""Certifying verified service, and handing out the sealed paper."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from linbang.foundation import signing
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.audit.rules import mask_name
from linbang.foundation.clock import local_date
from linbang.foundation.errors import NotAllowed
from linbang.foundation.events import announce
from linbang.foundation.messaging import actions as messaging
from linbang.foundation.messaging.choices import NoticeKind
from linbang.foundation.people.models import Person
from linbang.operations.service_records import queries as service_records
from linbang.operations.service_records.models import ServiceRecord
from linbang.outcomes.certificates import queries, rules
from linbang.outcomes.certificates.choices import CertificateState
from linbang.outcomes.certificates.errors import CertificateEnded, OwnCertificate, PaperNotWanted
from linbang.outcomes.certificates.events import CertificateIssued
from linbang.outcomes.certificates.models import (
    Certificate,
    CertifiedRecord,
    PublishedKey,
    SealedCopy,
)


@transaction.atomic
def issue_certificate(
    *,
    person_id: int,
    first: date,
    last: date,
    by: Actor,
    now: datetime,
    unit: str = "",
    shows_document: bool = False,
    wants_seal: bool = False,
) -> Certificate:
    """Certify what counts of a period: of one recording unit, or of all with each line's named.

    Asked for by the volunteer, or by the station for who has no telephone. Raises NotFound,
    PeriodUpsideDown, NothingToCertify, TooMuchToCertify, CharacterMissing. Source: Order 67,
    articles 14 and 15; rules 47, 48, 51.
    """
    person = queries.person_to_certify(by, person_id)
    # A correction waits behind this lock, and finds the certificate when it comes.
    service_records.lock_person(person.pk)
    rules.require_period(first, last, today=local_date(now))
    records = queries.records_to_certify(person, first, last, unit=unit)
    contents = queries.contents(records)
    rules.require_certifiable(contents)
    issuer = unit or service_records.recording_unit(person.region_id)
    texts = [
        person.name,
        issuer,
        *(text for one in contents.lines for text in (one.content, one.unit)),
    ]
    rules.require_printable(texts, printable=queries.printable())
    wish = _Wish(first, last, unit, shows_document, wants_seal)
    certificate = _write(person, contents, issuer, wish, by=by, now=now)
    _keep_records(certificate, records)
    _note(certificate, "issue_certificate", by=by.on_behalf_of(person.pk), now=now)
    announce(
        CertificateIssued(
            certificate_id=certificate.pk, cell=certificate.cell, person_id=person.pk, at=now
        )
    )
    if by.person_id != person.pk:
        _tell_issued(certificate, now=now)
    return certificate


@transaction.atomic
def hand_out_copy(*, certificate_id: int, by: Actor, now: datetime) -> SealedCopy:
    """Note that the sealed paper was given to the volunteer; once (rule 51).

    Raises NotFound, NotAllowed, OwnCertificate, CertificateEnded, PaperNotWanted.
    """
    certificate = queries.lock_certificate(certificate_id)
    require_station(certificate, by=by)
    if queries.certificate_row(certificate).state != CertificateState.VALID:
        raise CertificateEnded
    if not certificate.wants_seal or getattr(certificate, "copy", None) is not None:
        raise PaperNotWanted
    copy = SealedCopy.objects.create(
        cell=certificate.cell, certificate=certificate, by_id=by.person_id or 0, at=now
    )
    _note(certificate, "hand_out_copy", by=by, now=now)
    return copy


def require_station(certificate: Certificate, *, by: Actor) -> None:
    """Refuse who does not look after a certificate. Raises NotAllowed, OwnCertificate."""
    if not (by.is_signed_in and by.may(Permission.VERIFY_RECORDS, region=certificate.region_id)):
        raise NotAllowed
    if by.person_id == certificate.person_id:
        raise OwnCertificate


@dataclass(frozen=True, slots=True)
class _Wish:
    first: date
    last: date
    unit: str
    shows_document: bool
    wants_seal: bool


def _write(
    person: Person,
    contents: rules.Contents,
    issuer: str,
    wish: _Wish,
    *,
    by: Actor,
    now: datetime,
) -> Certificate:
    number = rules.new_number(local_date(now).year, secrets.choice)
    payload = rules.written(
        rules.Payload(
            number=number,
            name=mask_name(person.name),
            first=wish.first,
            last=wish.last,
            proved=contents.proved,
            entered=contents.entered,
            issuer=issuer,
            issued=local_date(now),
            key_id=signing.current_key_id(),
        )
    )
    profile = getattr(person, "volunteer", None)
    return Certificate.objects.create(
        cell=person.cell,
        number=number,
        person=person,
        region_id=person.region_id,
        name=person.name,
        volunteer_number=profile.number if profile else "",
        document_number=person.document_number if wish.shows_document else "",
        first_date=wish.first,
        last_date=wish.last,
        unit=wish.unit,
        issuer=issuer,
        lines=[line.plain() for line in contents.lines],
        proved_minutes=contents.proved,
        entered_minutes=contents.entered,
        wants_seal=wish.wants_seal,
        key_id=_published(now=now).key_id,
        payload=payload,
        signature=signing.sign(payload.encode()).hex(),
        issued_by_id=by.person_id or 0,
        issued_at=now,
    )


def _published(*, now: datetime) -> PublishedKey:
    """Publish the key that signs, once; a name that meant another key may never sign again."""
    key_id = signing.current_key_id()
    key = signing.public_keys()[key_id].hex()
    published, _ = PublishedKey.objects.get_or_create(
        key_id=key_id, defaults={"key": key, "first_used_at": now}
    )
    if published.key != key:
        raise ValueError(f"signing key {key_id!r} was another key before: give the new one a name")
    return published


def _keep_records(certificate: Certificate, records: Sequence[ServiceRecord]) -> None:
    CertifiedRecord.objects.bulk_create(
        CertifiedRecord(cell=certificate.cell, certificate=certificate, record=record)
        for record in records
    )


def _note(certificate: Certificate, action: str, *, by: Actor, now: datetime) -> None:
    audit.record(
        by=by,
        action=f"certificates.{action}",
        subject=certificate,
        region_code=certificate.region_id,
        now=now,
    )


def _tell_issued(certificate: Certificate, *, now: datetime) -> None:
    messaging.notify(
        person_id=certificate.person_id,
        kind=NoticeKind.RECORD,
        template="certificate_issued",
        params={"number": certificate.number},
        url=f"/certificates/{certificate.public_id}/",
        key=f"certificate_issued:{certificate.pk}",
        now=now,
    )
