"""Duty points, who keeps them, and insurance policies."""

from functools import partial
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.foundation.shell.schemas import PageIn, RowId, paged
from linbang.intake.activities import actions, queries, rules, schemas
from linbang.intake.activities.choices import PointKind

router = Router(tags=["points"])
_POINT = "/points/{uuid:point_id}"


@router.get("/points", response=schemas.DutyPointPageOut, operation_id="list_points")
@permitted(Permission.EDIT_ACTIVITIES)
def list_points(
    request: MemberRequest,
    page: Query[PageIn],
    kind: PointKind | None = None,
    q: str = Query("", max_length=60),
    unpaired: bool = False,
):
    """List the open duty points one plans for, with who keeps them."""
    found = queries.points_found(request.actor, kind=kind or "", text=q, unpaired=unpaired)
    return paged(found, page, partial(queries.point_rows, now=clock.now()))


def _point(request: MemberRequest, point_id: UUID) -> Any:
    return get_object_or_404(queries.points_visible_to(request.actor), public_id=point_id)


@router.post("/points", response={201: schemas.DutyPointOut}, operation_id="open_point")
@permitted(Permission.EDIT_ACTIVITIES)
def open_point(request: MemberRequest, body: schemas.DutyPointIn):
    """Open a duty point."""
    details = rules.PointDetails(**body.dict())
    return Status(201, actions.open_point(details=details, by=request.actor, now=clock.now()))


@router.put(_POINT, response=schemas.DutyPointOut, operation_id="edit_point")
@permitted(Permission.EDIT_ACTIVITIES)
def edit_point(request: MemberRequest, point_id: UUID, body: schemas.DutyPointIn):
    """Change a duty point."""
    return actions.edit_point(
        point_id=_point(request, point_id).pk,
        details=rules.PointDetails(**body.dict()),
        by=request.actor,
        now=clock.now(),
    )


@router.post(_POINT + "/closure", response=schemas.DutyPointOut, operation_id="close_point")
@permitted(Permission.EDIT_ACTIVITIES)
def close_point(request: MemberRequest, point_id: UUID):
    """Close a duty point; its pairings end."""
    point = _point(request, point_id)
    return actions.close_point(point_id=point.pk, by=request.actor, now=clock.now())


@router.post(_POINT + "/pairings", response={201: schemas.PairingOut}, operation_id="pair_point")
@permitted(Permission.EDIT_ACTIVITIES)
def pair_point(request: MemberRequest, point_id: UUID, body: schemas.PairingIn):
    """Let a unit keep a point, alone or with others."""
    named = queries.ids_of(request.actor, "", {"organiser": body.organisation})
    pairing = actions.pair_point(
        point_id=_point(request, point_id).pk,
        organisation_id=named["organiser_id"] or 0,
        since_date=body.since_date,
        by=request.actor,
        now=clock.now(),
    )
    return Status(201, pairing)


@router.post(
    _POINT + "/pairings/{pairing_id}/ending",
    response=schemas.PairingOut,
    operation_id="end_pairing",
)
@permitted(Permission.EDIT_ACTIVITIES)
def end_pairing(
    request: MemberRequest, point_id: UUID, pairing_id: RowId, body: schemas.PairingEndIn
):
    """End a pairing on a day."""
    found = queries.pairings_of(_point(request, point_id))
    pairing = get_object_or_404(found, pk=pairing_id)
    return actions.end_pairing(
        pairing_id=pairing.pk, until_date=body.until_date, by=request.actor, now=clock.now()
    )


@router.get("/policies", response=schemas.PolicyPageOut, operation_id="list_policies")
@permitted(Permission.EDIT_ACTIVITIES)
def list_policies(request: MemberRequest, page: Query[PageIn]):
    """List the insurance policies of the organisations one plans for."""
    return paged(queries.policies_visible_to(request.actor), page)


def _policy(request: MemberRequest, policy_id: UUID) -> Any:
    return get_object_or_404(queries.policies_visible_to(request.actor), public_id=policy_id)


@router.post("/policies", response={201: schemas.PolicyOut}, operation_id="enter_policy")
@permitted(Permission.EDIT_ACTIVITIES)
def enter_policy(request: MemberRequest, body: schemas.PolicyIn):
    """Enter the cover an organiser bought."""
    ids = queries.ids_of(request.actor, body.region_code, {"organiser": body.organiser})
    details = rules.PolicyDetails(**body.dict(exclude={"organiser"}), **ids)
    return Status(201, actions.enter_policy(details=details, by=request.actor, now=clock.now()))


@router.post(
    "/policies/{uuid:policy_id}/extension",
    response=schemas.PolicyOut,
    operation_id="extend_policy",
)
@permitted(Permission.EDIT_ACTIVITIES)
def extend_policy(request: MemberRequest, policy_id: UUID, body: schemas.PolicyExtensionIn):
    """Lengthen the cover of a policy."""
    policy = _policy(request, policy_id)
    return actions.extend_policy(
        policy_id=policy.pk, ends_at=body.ends_at, by=request.actor, now=clock.now()
    )


@router.post(
    "/policies/{uuid:policy_id}/ending", response=schemas.PolicyOut, operation_id="end_policy"
)
@permitted(Permission.EDIT_ACTIVITIES)
def end_policy(request: MemberRequest, policy_id: UUID):
    """End a policy before its time."""
    policy = _policy(request, policy_id)
    return actions.end_policy(policy_id=policy.pk, by=request.actor, now=clock.now())
