"""Lists of insured people."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.foundation.people.queries import people_visible_to
from linbang.foundation.shell.schemas import PageIn, paged
from linbang.operations.clearance import actions, queries, schemas
from linbang.operations.clearance.schemas import workbook

router = Router(tags=["clearance"])
_CLEARS = permitted(Permission.CLEAR_VOLUNTEERS)


@router.get(
    "/insured-policies", response=schemas.InsuredPolicyPageOut, operation_id="list_insured_policies"
)
@_CLEARS
def list_insured_policies(request: MemberRequest, page: Query[PageIn]):
    """List the policies whose lists one keeps."""
    return paged(queries.policies_kept_by(request.actor), page)


@router.get(
    "/insured-policies/{uuid:policy_id}/people",
    response=schemas.InsuredPageOut,
    operation_id="list_insured",
)
@_CLEARS
def list_insured(request: MemberRequest, policy_id: UUID, page: Query[PageIn]):
    """List who is on a policy's list."""
    entries = queries.on_list(_policy(request, policy_id)).order_by("-added_at", "-id")
    return paged(entries, page, lambda shown: _insured(request, shown))


@router.post(
    "/insured-policies/{uuid:policy_id}/people",
    response=schemas.InsuredCountOut,
    operation_id="insure_people",
)
@_CLEARS
def insure_people(request: MemberRequest, policy_id: UUID, body: schemas.InsuredIn):
    """Put a person, a whole team, or a pasted list of numbers on a policy's list."""
    found, now = _policy(request, policy_id), clock.now()
    if body.organisation is not None:
        team = queries.organiser_with(request.actor, body.organisation)
        count = actions.insure_team(
            policy_id=found.pk, organisation_id=team.pk, by=request.actor, now=now
        )
    elif body.person is not None:
        who = get_object_or_404(people_visible_to(request.actor), public_id=body.person)
        count = actions.insure_people(
            policy_id=found.pk, person_ids=[who.pk], by=request.actor, now=now
        )
    else:
        count = actions.insure_numbers(
            policy_id=found.pk, text=body.numbers, by=request.actor, now=now
        )
    return {"count": count}


@router.delete(
    "/insured-policies/{uuid:policy_id}/people/{uuid:person_id}",
    response={204: None},
    operation_id="remove_insured",
)
@_CLEARS
def remove_insured(request: MemberRequest, policy_id: UUID, person_id: UUID):
    """Take somebody off a policy's list."""
    found = _policy(request, policy_id)
    entry = get_object_or_404(queries.on_list(found), person__public_id=person_id)
    actions.remove_insured(
        policy_id=found.pk, person_id=entry.person_id, by=request.actor, now=clock.now()
    )
    return Status(204, None)


@router.get(
    "/shifts/{uuid:insured_shift_id}/insured-list",
    response=schemas.InsuredPageOut,
    operation_id="get_insured_list",
)
@_CLEARS
def get_insured_list(request: MemberRequest, insured_shift_id: UUID, page: Query[PageIn]):
    """List who was insured for a shift when it began."""
    frozen = _frozen(request, insured_shift_id)
    return paged(frozen.entries.order_by("id"), page, lambda shown: _insured(request, shown))


@router.post(
    "/shifts/{uuid:insured_shift_id}/insured-list/export",
    operation_id="export_insured_list",
    response={200: None},
)
@_CLEARS
def export_insured_list(
    request: MemberRequest, insured_shift_id: UUID, body: schemas.UnmaskingReasonIn
) -> HttpResponse:
    """Download a shift's list as XLSX; each person's unmasking is kept with the reason."""
    told = actions.export_frozen_list(
        list_id=_frozen(request, insured_shift_id).pk,
        **body.dict(),
        by=request.actor,
        now=clock.now(),
    )
    return workbook.download(told)


@router.post(
    "/insured-policies/{uuid:policy_id}/export",
    operation_id="export_insured_people",
    response={200: None},
)
@_CLEARS
def export_insured_people(
    request: MemberRequest, policy_id: UUID, body: schemas.UnmaskingReasonIn
) -> HttpResponse:
    """Download a policy's list as XLSX; each person's unmasking is kept with the reason."""
    told = actions.export_named_list(
        policy_id=_policy(request, policy_id).pk, **body.dict(), by=request.actor, now=clock.now()
    )
    return workbook.download(told)


def _policy(request: MemberRequest, policy_id: UUID):
    return get_object_or_404(queries.policies_kept_by(request.actor), public_id=policy_id)


def _frozen(request: MemberRequest, insured_shift_id: UUID):
    return get_object_or_404(
        queries.frozen_lists_kept_by(request.actor), shift__public_id=insured_shift_id
    )


def _insured(request: MemberRequest, entries):
    today = clock.local_date(clock.now())
    return queries.insured_lines(entries, actor=request.actor, today=today)
