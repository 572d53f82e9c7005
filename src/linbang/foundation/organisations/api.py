"""Units, teams, members and coverage under ``/api/v1/``."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.foundation.organisations import actions, queries, rules, schemas
from linbang.foundation.organisations.choices import OrganisationKind
from linbang.foundation.people.choices import ServiceCategory
from linbang.foundation.people.queries import person_of
from linbang.foundation.shell.schemas import PageIn, RowId, paged

router = Router(tags=["organisations"])


def _visible(request: MemberRequest, organisation_id: UUID) -> Any:
    found = queries.organisations_visible_to(request.actor)
    return get_object_or_404(found, public_id=organisation_id)


def _membership(request: MemberRequest, organisation_id: UUID, membership_id: RowId) -> Any:
    members = queries.members_of(_visible(request, organisation_id))
    return get_object_or_404(members, pk=membership_id)


def _team(request: MemberRequest, team_id: UUID) -> Any:
    return get_object_or_404(queries.teams_near(request.actor), public_id=team_id)


@router.get(
    "/organisations", response=schemas.OrganisationPageOut, operation_id="list_organisations"
)
@permitted(Permission.EDIT_ORGANISATIONS)
def list_organisations(
    request: MemberRequest,
    page: Query[PageIn],
    q: str = Query("", max_length=60),
    kind: OrganisationKind | None = None,
):
    """List the units and teams one keeps, parents before children."""
    found = queries.organisations_found(request.actor, text=q, kind=kind or "")
    return paged(queries.with_member_counts(found), page)


@router.post(
    "/organisations", response={201: schemas.OrganisationOut}, operation_id="register_organisation"
)
@permitted(Permission.EDIT_ORGANISATIONS)
def register_organisation(request: MemberRequest, body: schemas.UnitIn):
    """Register a unit under its credit code."""
    details = rules.UnitDetails(**body.dict())
    unit = actions.register_organisation(details=details, by=request.actor, now=clock.now())
    return Status(201, unit)


@router.post("/teams", response={201: schemas.OrganisationOut}, operation_id="found_team")
@permitted(Permission.EDIT_ORGANISATIONS)
def found_team(request: MemberRequest, body: schemas.FoundingIn):
    """Found a team below a unit or a team of higher rank."""
    team = actions.found_team(
        details=rules.TeamDetails(**body.dict(include=set(schemas.TeamIn.model_fields))),
        parent_id=_visible(request, body.parent).pk if body.parent else None,
        approved_by_id=_visible(request, body.approved_by).pk,
        by=request.actor,
        now=clock.now(),
    )
    return Status(201, team)


@router.post(
    "/organisations/{organisation_id}/closure",
    response=schemas.OrganisationOut,
    operation_id="close_organisation",
)
def close_organisation(request: MemberRequest, organisation_id: UUID):
    """Close an organisation with its memberships and liaisons."""
    found = _visible(request, organisation_id)
    return actions.close_organisation(organisation_id=found.pk, by=request.actor, now=clock.now())


@router.get(
    "/organisations/{organisation_id}/members",
    response=schemas.MemberPageOut,
    operation_id="list_members",
)
def list_members(request: MemberRequest, organisation_id: UUID, page: Query[PageIn]):
    """List members and open requests."""
    members = queries.members_of(_visible(request, organisation_id))
    today = clock.local_date(clock.now())
    return paged(members, page, partial(queries.member_rows, actor=request.actor, today=today))


_MEMBER = "/organisations/{organisation_id}/members/{membership_id}/"


@router.post(_MEMBER + "approval", response=schemas.MembershipOut, operation_id="approve_member")
def approve_member(request: MemberRequest, organisation_id: UUID, membership_id: RowId):
    """Let somebody in who asked."""
    found = _membership(request, organisation_id, membership_id)
    return actions.approve_membership(membership_id=found.pk, by=request.actor, now=clock.now())


@router.post(_MEMBER + "refusal", response=schemas.MembershipOut, operation_id="decline_member")
def decline_member(request: MemberRequest, organisation_id: UUID, membership_id: RowId):
    """Do not let somebody in."""
    found = _membership(request, organisation_id, membership_id)
    return actions.decline_membership(membership_id=found.pk, by=request.actor, now=clock.now())


@router.post(_MEMBER + "leadership", response=schemas.MembershipOut, operation_id="appoint_leader")
def appoint_leader(request: MemberRequest, organisation_id: UUID, membership_id: RowId):
    """Make a member the leader."""
    found = _membership(request, organisation_id, membership_id)
    return actions.appoint_leader(membership_id=found.pk, by=request.actor, now=clock.now())


@router.post(
    "/organisations/{organisation_id}/liaisons",
    response={201: schemas.LiaisonOut},
    operation_id="name_liaison",
)
def name_liaison(request: MemberRequest, organisation_id: UUID, body: schemas.LiaisonIn):
    """Name who keeps the organisation in touch with a region."""
    liaison = actions.name_liaison(
        organisation_id=_visible(request, organisation_id).pk,
        person_id=queries.person_meant(request.actor, body.person).pk,
        region_code=body.region_code,
        by=request.actor,
        now=clock.now(),
    )
    return Status(201, liaison)


@router.post(
    "/organisations/{organisation_id}/liaisons/{liaison_id}/ending",
    response=schemas.LiaisonOut,
    operation_id="end_liaison",
)
def end_liaison(request: MemberRequest, organisation_id: UUID, liaison_id: RowId):
    """End a liaison today."""
    found = queries.liaisons_of(_visible(request, organisation_id))
    liaison = get_object_or_404(found, pk=liaison_id)
    return actions.end_liaison(liaison_id=liaison.pk, by=request.actor, now=clock.now())


@router.get("/teams", response=schemas.OrganisationPageOut, operation_id="list_teams")
def list_teams(request: MemberRequest, page: Query[PageIn], content: ServiceCategory | None = None):
    """List open teams, the nearest first."""
    home = person_of(request.actor).region_id
    return paged(queries.teams_near(request.actor, home=home, content=content or ""), page)


@router.post(
    "/teams/{team_id}/membership",
    response={201: schemas.MembershipOut},
    operation_id="ask_to_join",
)
def ask_to_join(request: MemberRequest, team_id: UUID):
    """Ask to join a team."""
    membership = actions.ask_to_join(
        organisation_id=_team(request, team_id).pk,
        person_id=request.actor.person_id or 0,
        by=request.actor,
        now=clock.now(),
    )
    return Status(201, membership)


@router.delete("/teams/{team_id}/membership", response={204: None}, operation_id="leave_team")
def leave_team(request: MemberRequest, team_id: UUID):
    """Leave a team, or take the request back."""
    mine = queries.own_membership(_team(request, team_id), request.actor)
    actions.leave_team(membership_id=mine.pk, by=request.actor, now=clock.now())
    return Status(204, None)


@router.get(
    "/me/affiliations", response=list[schemas.MembershipOut], operation_id="list_own_affiliations"
)
def list_own_affiliations(request: MemberRequest):
    """List the units and teams one belongs to."""
    return list(queries.affiliations_of(request.actor.person_id or 0))


@router.get("/regions/{code}/coverage", response=schemas.CoverageOut, operation_id="get_coverage")
def get_coverage(request: MemberRequest, code: str):
    """Tell in how many communities of a region a team is at home."""
    if not request.actor.may(Permission.SEE_REPORTS, region=code):
        raise Http404
    return queries.coverage(code)
