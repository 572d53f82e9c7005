"""Certificates: whose they are, whether they hold, and how pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import mask_name
from linbang.foundation.clock import local_date
from linbang.foundation.errors import NotFound
from linbang.foundation.places.queries import within_any
from linbang.foundation.workdays import add_workdays
from linbang.outcomes.certificates import rules
from linbang.outcomes.certificates.choices import CertificateState, EndReason, StationTab
from linbang.outcomes.certificates.models import (
    Certificate,
    CertificateEnding,
    CertifiedRecord,
)

PAPER_WORKDAYS = 5  # rule 51
PICTURE_LINES_MAX = 60  # a picture of half a metre; phones give up on longer ones


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate as lists and pages show it."""

    public_id: UUID
    number: str
    name: str
    first: date
    last: date
    unit: str
    issuer: str
    proved: int
    entered: int
    lines: int
    state: CertificateState
    reason: EndReason | None
    ended_at: datetime | None
    wants_seal: bool
    paper_due: date | None
    handed_at: datetime | None
    issued_at: datetime

    @property
    def minutes(self) -> int:
        return self.proved + self.entered

    @property
    def is_valid(self) -> bool:
        return self.state == CertificateState.VALID

    @property
    def has_picture(self) -> bool:
        """Whether it may be drawn as one picture; longer ones are read as PDF."""
        return self.lines <= PICTURE_LINES_MAX


@dataclass(frozen=True, slots=True)
class Checked:
    """What strangers are told of a number (rule 49)."""

    number: str
    name: str
    first: date
    last: date
    proved: int
    entered: int
    issuer: str
    issued: date
    state: CertificateState
    reason: EndReason | None


def certificates_of(actor: Actor) -> QuerySet[Certificate]:
    """Return the actor's own certificates, the newest first."""
    own = _with_ends().filter(cell=actor.cell, person_id=actor.person_id or 0)
    return own.order_by("-issued_at", "-id")


def certificates_looked_after_by(actor: Actor) -> QuerySet[Certificate]:
    """Return those of the people of the actor's station, the newest first."""
    regions = actor.regions_for(Permission.VERIFY_RECORDS)
    return _with_ends().filter(within_any("region_id", regions)).order_by("-issued_at", "-id")


def certificates_visible_to(actor: Actor) -> QuerySet[Certificate]:
    """Return one's own and those the actor's station looks after."""
    return certificates_of(actor) | certificates_looked_after_by(actor)


def certificates_on_tab(actor: Actor, tab: StationTab) -> QuerySet[Certificate]:
    """Return one heap of the station's desk; what waits for a seal, the oldest first."""
    found = certificates_looked_after_by(actor)
    if tab == StationTab.ALL:
        return found
    ended = CertificateEnding.objects.filter(cell=OuterRef("cell"), certificate=OuterRef("pk"))
    waiting = found.filter(wants_seal=True, copy=None).exclude(Exists(ended))
    return waiting.order_by("issued_at", "id")


def certificate_row(certificate: Certificate) -> CertificateRow:
    """Return a certificate that came from one of the queries above."""
    ends = sorted(certificate.endings.all(), key=lambda end: end.state)  # revoked before superseded
    copy = getattr(certificate, "copy", None)
    return CertificateRow(
        public_id=certificate.public_id,
        number=certificate.number,
        name=certificate.name,
        first=certificate.first_date,
        last=certificate.last_date,
        unit=certificate.unit,
        issuer=certificate.issuer,
        proved=certificate.proved_minutes,
        entered=certificate.entered_minutes,
        lines=len(certificate.lines),
        state=rules.state_of({end.state for end in ends}),
        reason=EndReason(ends[0].reason) if ends else None,
        ended_at=ends[0].at if ends else None,
        wants_seal=certificate.wants_seal,
        paper_due=_paper_due(certificate) if certificate.wants_seal and copy is None else None,
        handed_at=copy.at if copy else None,
        issued_at=certificate.issued_at,
    )


def certificate_rows(certificates: Iterable[Certificate]) -> list[CertificateRow]:
    """Return what a list shows."""
    return [certificate_row(certificate) for certificate in certificates]


def checked(number: str) -> Checked | None:
    """Return what strangers are told of a number; two queries for known and unknown alike."""
    found = _with_ends().filter(number=number).first()
    if found is None:
        # The endings of nothing are asked for too: no answer is quicker than another.
        list(CertificateEnding.objects.filter(certificate_id=0))
        return None
    row = certificate_row(found)
    return Checked(
        number=row.number,
        name=mask_name(row.name),
        first=row.first,
        last=row.last,
        proved=row.proved,
        entered=row.entered,
        issuer=row.issuer,
        issued=local_date(row.issued_at),
        state=row.state,
        reason=row.reason,
    )


def certificates_with_record(record_id: int, cell: str) -> list[Certificate]:
    """Return the certificates a record stands on that are not superseded yet, by id."""
    mine = CertifiedRecord.objects.filter(cell=cell, record_id=record_id).values("certificate_id")
    superseded = CertificateEnding.objects.filter(
        cell=OuterRef("cell"), certificate=OuterRef("pk"), state=CertificateState.SUPERSEDED
    )
    found = Certificate.objects.filter(cell=cell, pk__in=mine).exclude(Exists(superseded))
    return list(found.order_by("id"))


def lock_certificate(certificate_id: int) -> Certificate:
    """Return a certificate with its row locked, and its ends. Raises NotFound."""
    if not Certificate.objects.select_for_update(no_key=True).filter(pk=certificate_id).first():
        raise NotFound
    return _with_ends().get(pk=certificate_id)


def _with_ends() -> QuerySet[Certificate]:
    return Certificate.objects.select_related("copy").prefetch_related("endings")


def _paper_due(certificate: Certificate) -> date:
    return add_workdays(local_date(certificate.issued_at), PAPER_WORKDAYS)
