"""Credentials: seen, entered, revoked."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.foundation.shell.schemas import PageIn, paged
from linbang.operations.clearance import actions, queries, rules, schemas

router = Router(tags=["clearance"])
_CLEARS = permitted(Permission.CLEAR_VOLUNTEERS)


@router.get("/credentials", response=list[schemas.CredentialOut], operation_id="list_credentials")
def list_credentials(request: MemberRequest):
    """List one's own credentials."""
    today = clock.local_date(clock.now())
    return queries.credential_lines(queries.credentials_of(request.actor.person_id), today=today)


@router.get(
    "/credentials/expiring",
    response=schemas.ExpiringCredentialPageOut,
    operation_id="list_expiring_credentials",
)
@_CLEARS
def list_expiring_credentials(request: MemberRequest, page: Query[PageIn], days: int = 60):
    """List what ends soon where one clears volunteers."""
    today = clock.local_date(clock.now())
    soon = queries.expiring(request.actor, today=today, days=min(max(days, 0), 366))
    return paged(soon, page, lambda shown: queries.expiring_lines(shown, today=today))


@router.get(
    "/people/{uuid:person_id}/credentials",
    response=list[schemas.CredentialOut],
    operation_id="list_credentials_of",
)
@_CLEARS
def list_credentials_of(request: MemberRequest, person_id: UUID):
    """List a person's credentials, numbers masked."""
    who, today = _cleared(request, person_id), clock.local_date(clock.now())
    return queries.credential_lines(queries.credentials_of(who.pk), today=today)


@router.post(
    "/people/{uuid:person_id}/credentials",
    response={201: schemas.CredentialOut},
    operation_id="enter_credential",
)
@_CLEARS
def enter_credential(request: MemberRequest, person_id: UUID, body: schemas.CredentialIn):
    """Enter what was verified: a certificate, a licence, a vetting."""
    who, now = _cleared(request, person_id), clock.now()
    made = actions.enter_credential(
        person_id=who.pk, paper=rules.Paper(**body.dict()), by=request.actor, now=now
    )
    [line] = queries.credential_lines([made], today=clock.local_date(now))
    return Status(201, line)


@router.post(
    "/credentials/{uuid:credential_id}/revocation",
    response={204: None},
    operation_id="revoke_credential",
)
@_CLEARS
def revoke_credential(request: MemberRequest, credential_id: UUID, body: schemas.WhyIn):
    """Revoke a credential with a reason the person reads."""
    found = _credential(request, credential_id)
    actions.revoke_credential(
        credential_id=found.pk, reason=body.reason, by=request.actor, now=clock.now()
    )
    return Status(204, None)


@router.post(
    "/credentials/{uuid:credential_id}/unmasking",
    response=schemas.CredentialNumberOut,
    operation_id="unmask_credential",
)
@_CLEARS
def unmask_credential(request: MemberRequest, credential_id: UUID, body: schemas.UnmaskingReasonIn):
    """Show the full number; who saw it and why is kept."""
    found = _credential(request, credential_id)
    number = actions.unmask_number(
        credential_id=found.pk, **body.dict(), by=request.actor, now=clock.now()
    )
    return {"number": number}


def _cleared(request: MemberRequest, person_id: UUID):
    return get_object_or_404(queries.people_cleared_by(request.actor), public_id=person_id)


def _credential(request: MemberRequest, credential_id: UUID):
    return get_object_or_404(queries.credentials_kept_by(request.actor), public_id=credential_id)
