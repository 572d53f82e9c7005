"""Brands, campaigns, projects with their measures, and key periods."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.gates import MemberRequest, permitted
from linbang.foundation.shell.schemas import PageIn, paged
from linbang.intake.activities import actions, queries, rules, schemas

router = Router(tags=["programmes"])
_PERIOD = {"region_code", "name", "starts_on", "ends_on"}


def _shared(request: MemberRequest, body: schemas.ProgrammeIn, *links: str) -> dict[str, Any]:
    """Return the columns all programmes share, with the ids of what they name."""
    told = {name: getattr(body, name) for name in ("organiser", *links)}
    ids = queries.ids_of(request.actor, body.region_code, told)
    return {**body.dict(include={"region_code", "name", "summary"}), **ids}


@router.get("/brands", response=schemas.BrandPageOut, operation_id="list_brands")
@permitted(Permission.EDIT_ACTIVITIES)
def list_brands(request: MemberRequest, page: Query[PageIn]):
    """List the brands one keeps."""
    return paged(queries.brands_visible_to(request.actor), page)


def _brand(request: MemberRequest, brand_id: UUID) -> Any:
    return get_object_or_404(queries.brands_visible_to(request.actor), public_id=brand_id)


@router.post("/brands", response={201: schemas.ProgrammeOut}, operation_id="add_brand")
@permitted(Permission.EDIT_ACTIVITIES)
def add_brand(request: MemberRequest, body: schemas.ProgrammeIn):
    """Open a brand."""
    details = rules.ProgrammeDetails(**_shared(request, body))
    return Status(201, actions.add_brand(details=details, by=request.actor, now=clock.now()))


@router.put("/brands/{uuid:brand_id}", response=schemas.ProgrammeOut, operation_id="edit_brand")
@permitted(Permission.EDIT_ACTIVITIES)
def edit_brand(request: MemberRequest, brand_id: UUID, body: schemas.ProgrammeIn):
    """Change a brand."""
    return actions.edit_brand(
        brand_id=_brand(request, brand_id).pk,
        details=rules.ProgrammeDetails(**_shared(request, body)),
        by=request.actor,
        now=clock.now(),
    )


@router.post(
    "/brands/{uuid:brand_id}/ending", response=schemas.ProgrammeOut, operation_id="end_brand"
)
@permitted(Permission.EDIT_ACTIVITIES)
def end_brand(request: MemberRequest, brand_id: UUID):
    """End a brand: nothing new is planned under it."""
    brand = _brand(request, brand_id)
    return actions.end_brand(brand_id=brand.pk, by=request.actor, now=clock.now())


@router.get("/campaigns", response=schemas.CampaignPageOut, operation_id="list_campaigns")
@permitted(Permission.EDIT_ACTIVITIES)
def list_campaigns(request: MemberRequest, page: Query[PageIn]):
    """List the campaigns one keeps."""
    return paged(queries.campaigns_visible_to(request.actor).select_related("brand"), page)


def _campaign(request: MemberRequest, campaign_id: UUID) -> Any:
    found = queries.campaigns_visible_to(request.actor)
    return get_object_or_404(found, public_id=campaign_id)


def _campaign_details(request: MemberRequest, body: schemas.CampaignIn) -> rules.CampaignDetails:
    period = body.dict(include={"starts_on", "ends_on"})
    return rules.CampaignDetails(**_shared(request, body, "brand"), **period)


@router.post("/campaigns", response={201: schemas.CampaignOut}, operation_id="add_campaign")
@permitted(Permission.EDIT_ACTIVITIES)
def add_campaign(request: MemberRequest, body: schemas.CampaignIn):
    """Open a campaign."""
    details = _campaign_details(request, body)
    return Status(201, actions.add_campaign(details=details, by=request.actor, now=clock.now()))


@router.put(
    "/campaigns/{uuid:campaign_id}", response=schemas.CampaignOut, operation_id="edit_campaign"
)
@permitted(Permission.EDIT_ACTIVITIES)
def edit_campaign(request: MemberRequest, campaign_id: UUID, body: schemas.CampaignIn):
    """Change a campaign."""
    return actions.edit_campaign(
        campaign_id=_campaign(request, campaign_id).pk,
        details=_campaign_details(request, body),
        by=request.actor,
        now=clock.now(),
    )


@router.post(
    "/campaigns/{uuid:campaign_id}/ending",
    response=schemas.CampaignOut,
    operation_id="end_campaign",
)
@permitted(Permission.EDIT_ACTIVITIES)
def end_campaign(request: MemberRequest, campaign_id: UUID):
    """End a campaign: nothing new is planned under it."""
    campaign = _campaign(request, campaign_id)
    return actions.end_campaign(campaign_id=campaign.pk, by=request.actor, now=clock.now())


@router.get("/projects", response=schemas.ProjectPageOut, operation_id="list_projects")
@permitted(Permission.EDIT_ACTIVITIES)
def list_projects(request: MemberRequest, page: Query[PageIn]):
    """List the projects one keeps, with what they are measured by."""
    projects = queries.projects_visible_to(request.actor)
    return paged(projects.select_related("campaign").prefetch_related("measures"), page)


def _project(request: MemberRequest, project_id: UUID) -> Any:
    return get_object_or_404(queries.projects_visible_to(request.actor), public_id=project_id)


def _project_details(request: MemberRequest, body: schemas.ProjectIn) -> rules.ProjectDetails:
    own = body.dict(include={"starts_on", "ends_on", "field", "goals", "budget_fen"})
    return rules.ProjectDetails(**_shared(request, body, "campaign"), **own)


def _measures(body: schemas.ProjectIn) -> list[rules.MeasureDetails]:
    return [rules.MeasureDetails(**measure.dict()) for measure in body.measures]


@router.post("/projects", response={201: schemas.ProjectOut}, operation_id="add_project")
@permitted(Permission.EDIT_ACTIVITIES)
def add_project(request: MemberRequest, body: schemas.ProjectIn):
    """Open a project with what it is measured by."""
    project = actions.add_project(
        details=_project_details(request, body),
        measures=_measures(body),
        by=request.actor,
        now=clock.now(),
    )
    return Status(201, project)


@router.put("/projects/{uuid:project_id}", response=schemas.ProjectOut, operation_id="edit_project")
@permitted(Permission.EDIT_ACTIVITIES)
def edit_project(request: MemberRequest, project_id: UUID, body: schemas.ProjectIn):
    """Change a project; its measures become exactly those told."""
    return actions.edit_project(
        project_id=_project(request, project_id).pk,
        details=_project_details(request, body),
        measures=_measures(body),
        by=request.actor,
        now=clock.now(),
    )


@router.post(
    "/projects/{uuid:project_id}/ending", response=schemas.ProjectOut, operation_id="end_project"
)
@permitted(Permission.EDIT_ACTIVITIES)
def end_project(request: MemberRequest, project_id: UUID):
    """End a project: nothing new is planned under it."""
    project = _project(request, project_id)
    return actions.end_project(project_id=project.pk, by=request.actor, now=clock.now())


@router.get("/key-periods", response=schemas.KeyPeriodPageOut, operation_id="list_key_periods")
@permitted(Permission.EDIT_ACTIVITIES)
def list_key_periods(request: MemberRequest, page: Query[PageIn]):
    """List the key periods of one's regions, the latest first."""
    return paged(queries.key_periods_visible_to(request.actor), page)


@router.post("/key-periods", response={201: schemas.KeyPeriodOut}, operation_id="add_key_period")
@permitted(Permission.EDIT_ACTIVITIES)
def add_key_period(request: MemberRequest, body: schemas.KeyPeriodIn):
    """Name days on which a region keeps watch with many people."""
    period = actions.add_key_period(by=request.actor, now=clock.now(), **body.dict())
    return Status(201, period)


@router.put(
    "/key-periods/{uuid:period_id}", response=schemas.KeyPeriodOut, operation_id="edit_key_period"
)
@permitted(Permission.EDIT_ACTIVITIES)
def edit_key_period(request: MemberRequest, period_id: UUID, body: schemas.KeyPeriodIn):
    """Change a key period."""
    found = queries.key_periods_visible_to(request.actor)
    period = get_object_or_404(found, public_id=period_id)
    return actions.edit_key_period(
        period_id=period.pk, by=request.actor, now=clock.now(), **body.dict()
    )
