from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.foundation.shell.schemas import PageIn, paged
from linbang.intake.needs import actions, queries, schemas
from linbang.intake.needs.choices import NeedState

router = Router(tags=["needs"])


@router.get(
    "/service-items", response=list[schemas.ServiceItemOut], operation_id="list_service_items"
)
def list_service_items(request: MemberRequest):
    """List what may be asked for."""
    return queries.items_offered()


@router.get(
    "/people/{uuid:person_id}/caller", response=schemas.CallerOut, operation_id="get_caller"
)
@permitted(Permission.TAKE_NEEDS)
def get_caller(request: MemberRequest, person_id: UUID):
    """Show who is on the telephone: for whom they may ask, and what they asked for last."""
    for person in queries.callers(request.actor, "", public_id=str(person_id)):
        return queries.caller_told(queries.caller_of(request.actor, person, now=clock.now()))
    raise Http404


@router.get("/needs", response=schemas.NeedPageOut, operation_id="list_needs")
def list_needs(request: MemberRequest, page: Query[PageIn], state: NeedState | None = None):
    """List the needs one may see."""
    needs = queries.needs_in_order(request.actor, state=state)
    return paged(needs, page, lambda shown: [queries.need_told(need) for need in shown])


@router.post("/needs", response={201: schemas.NeedDetailOut}, operation_id="open_need")
def open_need(request: MemberRequest, body: schemas.NeedIn):
    """Ask for help, for oneself or for whom one speaks; the same key answers the same need."""
    asker, beneficiary = queries.asker_and_beneficiary(
        request.actor, requested_by=body.requested_by, beneficiary=body.beneficiary
    )
    need = actions.open_need(
        requested_by_id=asker.pk,
        beneficiary_id=beneficiary.pk,
        channel=body.channel or queries.channel_of(request.actor, asker, beneficiary),
        item_code=body.item,
        by=request.actor,
        now=clock.now(),
        **body.dict(exclude={"item", "beneficiary", "requested_by", "channel"}),
    )
    return Status(201, _detail(request, need.public_id))


@router.get("/needs/{need_id}", response=schemas.NeedDetailOut, operation_id="get_need")
def get_need(request: MemberRequest, need_id: UUID):
    """Show a need and its story so far."""
    return _detail(request, need_id)


@router.post(
    "/needs/{need_id}/verification", response=schemas.NeedDetailOut, operation_id="verify_need"
)
def verify_need(request: MemberRequest, need_id: UUID, body: schemas.NeedVerificationIn):
    """Verify a need, so that helpers are looked for."""
    need = _need(request, need_id)
    actions.verify_need(need_id=need.pk, by=request.actor, now=clock.now(), **body.dict())
    return _detail(request, need_id)


@router.post(
    "/needs/{need_id}/declination", response=schemas.NeedDetailOut, operation_id="decline_need"
)
def decline_need(request: MemberRequest, need_id: UUID, body: schemas.DeclinationIn):
    """Decline a need with a reason."""
    need = _need(request, need_id)
    actions.decline_need(need_id=need.pk, reason=body.reason, by=request.actor, now=clock.now())
    return _detail(request, need_id)


@router.post(
    "/needs/{need_id}/withdrawal", response=schemas.NeedDetailOut, operation_id="withdraw_need"
)
def withdraw_need(request: MemberRequest, need_id: UUID, body: schemas.WithdrawalIn):
    """Withdraw a need; its helpers are told."""
    need = _need(request, need_id)
    actions.withdraw_need(need_id=need.pk, reason=body.reason, by=request.actor, now=clock.now())
    return _detail(request, need_id)


def _need(request: MemberRequest, need_id: UUID) -> queries.Need:
    return get_object_or_404(queries.needs_with_item(request.actor), public_id=need_id)


def _detail(request: MemberRequest, need_id: UUID):
    need = _need(request, need_id)
    return queries.need_told_in_full(need, viewer=request.actor, now=clock.now())
