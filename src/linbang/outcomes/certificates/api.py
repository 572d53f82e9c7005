from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from linbang.foundation import clock
from linbang.foundation.access.gates import address_of
from linbang.foundation.shell.schemas import PageIn, paged
from linbang.outcomes.certificates import actions, queries
from linbang.outcomes.certificates.schemas.answers import (
    CertificateCheckOut,
    CertificateIn,
    CertificateOut,
    CertificatePageOut,
)

router = Router(tags=["certificates"])


@router.get("/certificates", response=CertificatePageOut, operation_id="list_certificates")
def list_certificates(request: Any, page: Query[PageIn]) -> dict[str, Any]:
    """List one's own certificates, the newest first."""
    found = queries.certificates_of(request.actor)
    return paged(found, page, queries.certificate_rows)


@router.post("/certificates", response={201: CertificateOut}, operation_id="issue_certificate")
def issue_certificate(request: Any, wish: CertificateIn) -> Any:
    """Certify what counts of a period to oneself; free, as often as wanted."""
    made = actions.issue_certificate(
        person_id=request.actor.person_id or 0,
        first=wish.first_date,
        last=wish.last_date,
        unit=wish.unit,
        shows_document=wish.shows_document,
        wants_seal=wish.wants_seal,
        by=request.actor,
        now=clock.now(),
    )
    return Status(201, _row(request, made.public_id))


@router.get(
    "/certificates/{uuid:certificate_id}",
    response=CertificateOut,
    operation_id="get_certificate",
)
def get_certificate(request: Any, certificate_id: UUID) -> Any:
    """Show one of one's own certificates."""
    return _row(request, certificate_id)


@router.get(
    "/certificates/check/{certificate_number}",
    response=CertificateCheckOut,
    operation_id="check_certificate",
    auth=None,
)
def check_certificate(request: Any, certificate_number: str) -> Any:
    """Tell anybody what a number stands for; one that was never given is answered alike."""
    found = actions.check_number(
        number=certificate_number, address=address_of(request), now=clock.now()
    )
    return {"certificate": found}


def _row(request: Any, certificate_id: UUID) -> Any:
    found = get_object_or_404(queries.certificates_of(request.actor), public_id=certificate_id)
    return queries.certificate_row(found)
