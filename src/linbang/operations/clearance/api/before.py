"""Before taking part: the one answer, documents, guardians."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Router, Status

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.foundation.people.queries import person_of
from linbang.operations.clearance import actions, queries, schemas
from linbang.operations.clearance.api.whom import person_meant, shown_activity

router = Router(tags=["clearance"])
_CLEARS = permitted(Permission.CLEAR_VOLUNTEERS)


@router.get(
    "/shifts/{uuid:shift_id}/clearance",
    response=schemas.ClearanceOut,
    operation_id="get_clearance",
)
def get_clearance(request: MemberRequest, shift_id: UUID, person: UUID | None = None):
    """Tell whether one may take a shift, and if not, every reason why and what to do next."""
    who = person_meant(request, person)
    shift = get_object_or_404(queries.shifts_shown(), public_id=shift_id)
    [clearance] = queries.clearance_of(
        who.pk, [shift], clock.now(), reader_id=request.actor.person_id
    )
    return clearance


@router.get(
    "/activities/{uuid:activity_id}/documents",
    response=list[schemas.ClearanceDocumentOut],
    operation_id="list_documents",
)
def list_documents(request: MemberRequest, activity_id: UUID, person: UUID | None = None):
    """List the notices and agreements one accepts before taking part."""
    found, who = shown_activity(activity_id), person_meant(request, person)
    before = queries.before_of(request.actor, found, who, now=clock.now())
    return [queries.document_told(one) for one in before.documents]


@router.post(
    "/activities/{uuid:activity_id}/acceptances",
    response={201: schemas.AcceptanceOut},
    operation_id="accept_document",
)
def accept_document(request: MemberRequest, activity_id: UUID, body: schemas.AcceptanceIn):
    """Accept a notice or agreement as it was read, for oneself or for a ward."""
    found, who = shown_activity(activity_id), person_meant(request, body.person)
    accepted = actions.accept(
        kind=body.kind,
        activity_id=found.pk,
        person_id=who.pk,
        digest=body.digest,
        by=request.actor,
        now=clock.now(),
    )
    return Status(201, accepted)


@router.get(
    "/consent-requests", response=list[schemas.WardOut], operation_id="list_consent_requests"
)
def list_consent_requests(request: MemberRequest):
    """List what one's wards ask."""
    return queries.request_lines(request.actor.person_id)


@router.post(
    "/activities/{uuid:activity_id}/consent-requests",
    response={201: schemas.ConsentRequestOut},
    operation_id="ask_guardians",
)
def ask_guardians(request: MemberRequest, activity_id: UUID):
    """Ask one's guardians to let one take part."""
    found, who = shown_activity(activity_id), person_of(request.actor)
    asked = actions.ask_guardians(
        activity_id=found.pk, person_id=who.pk, by=request.actor, now=clock.now()
    )
    return Status(201, asked)


@router.post(
    "/consent-requests/{uuid:request_id}/refusal",
    response={204: None},
    operation_id="refuse_consent",
)
def refuse_consent(request: MemberRequest, request_id: UUID):
    """Say no to a ward's question."""
    asked = get_object_or_404(queries.requests_to(request.actor.person_id), public_id=request_id)
    actions.refuse_consent(request_id=asked.pk, by=request.actor, now=clock.now())
    return Status(204, None)


@router.get(
    "/guardian-consents", response=list[schemas.WardOut], operation_id="list_guardian_consents"
)
def list_guardian_consents(request: MemberRequest):
    """List what one consented to."""
    return queries.consent_lines(request.actor.person_id)


@router.post(
    "/activities/{uuid:activity_id}/guardian-consents",
    response={201: schemas.GuardianConsentOut},
    operation_id="consent_as_guardian",
)
def give_consent(request: MemberRequest, activity_id: UUID, body: schemas.WardIn):
    """Let a ward take part in an activity."""
    found, who = shown_activity(activity_id), person_meant(request, body.person)
    consent = actions.give_consent(
        activity_id=found.pk, person_id=who.pk, by=request.actor, now=clock.now()
    )
    return Status(201, consent)


@router.post(
    "/guardian-consents/{uuid:consent_id}/withdrawal",
    response={204: None},
    operation_id="withdraw_guardian_consent",
)
def withdraw_guardian_consent(request: MemberRequest, consent_id: UUID):
    """Take a consent back."""
    given = get_object_or_404(queries.consents_by(request.actor.person_id), public_id=consent_id)
    actions.withdraw_consent(consent_id=given.pk, by=request.actor, now=clock.now())
    return Status(204, None)
