"""Brands, campaigns, projects with their measures, and key periods."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypeVar

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.errors import NotAllowed, NotFound, refusing
from linbang.foundation.organisations.models import Organisation
from linbang.intake.activities import queries, rules
from linbang.intake.activities.errors import (
    BrandNameTaken,
    MeasureDayMissing,
    MeasureNameTaken,
    OrganiserOutOfReach,
    PeriodImpossible,
    ProgrammeNameMissing,
    ProjectIncomplete,
)
from linbang.intake.activities.models import (
    Brand,
    Campaign,
    KeyPeriod,
    Project,
    ProjectMeasure,
)
from linbang.intake.activities.rules import (
    CampaignDetails,
    MeasureDetails,
    ProgrammeDetails,
    ProjectDetails,
)

P = TypeVar("P", Brand, Campaign, Project)
_BROKEN = {
    "brand_name_once_a_region": BrandNameTaken,
    "campaign_ends_after_start": PeriodImpossible,
    "project_ends_after_start": PeriodImpossible,
    "key_period_ends_after_start": PeriodImpossible,
    "project_measure_once_a_name": MeasureNameTaken,
    "project_measure_reached_has_a_day": MeasureDayMissing,
}
_SHARED = ("organiser_id", "region_id", "name", "summary")


@transaction.atomic
def add_brand(*, details: ProgrammeDetails, by: Actor, now: datetime) -> Brand:
    """Open a brand. Raises OrganiserOutOfReach, ProgrammeNameMissing, BrandNameTaken."""
    return _store(Brand(created_at=now), details, by=by, now=now, action="add_brand")


@transaction.atomic
def edit_brand(*, brand_id: int, details: ProgrammeDetails, by: Actor, now: datetime) -> Brand:
    """Change a brand. Raises as ``add_brand``, and NotFound, NotAllowed."""
    brand = _locked(Brand, brand_id, by=by)
    return _store(brand, details, by=by, now=now, action="edit_brand")


@transaction.atomic
def add_campaign(*, details: CampaignDetails, by: Actor, now: datetime) -> Campaign:
    """Open a campaign. Raises OrganiserOutOfReach, ProgrammeNameMissing, PeriodImpossible."""
    return _store(Campaign(created_at=now), details, by=by, now=now, action="add_campaign")


@transaction.atomic
def edit_campaign(
    *, campaign_id: int, details: CampaignDetails, by: Actor, now: datetime
) -> Campaign:
    """Change a campaign. Raises as ``add_campaign``, and NotFound, NotAllowed."""
    campaign = _locked(Campaign, campaign_id, by=by)
    return _store(campaign, details, by=by, now=now, action="edit_campaign")


@transaction.atomic
def add_project(
    *,
    details: ProjectDetails,
    by: Actor,
    now: datetime,
    measures: Sequence[MeasureDetails] = (),
) -> Project:
    """Open a project with what it is measured by.

    Raises OrganiserOutOfReach, ProgrammeNameMissing, PeriodImpossible, ProjectIncomplete,
    MeasureNameTaken, MeasureDayMissing.
    """
    project = _store(Project(created_at=now), details, by=by, now=now, action="add_project")
    _set_measures(project, measures)
    return project


@transaction.atomic
def edit_project(
    *,
    project_id: int,
    details: ProjectDetails,
    by: Actor,
    now: datetime,
    measures: Sequence[MeasureDetails] | None = None,
) -> Project:
    """Change a project; None leaves its measures.

    Raises as ``add_project``, and NotFound, NotAllowed.
    """
    project = _locked(Project, project_id, by=by)
    _store(project, details, by=by, now=now, action="edit_project")
    if measures is not None:
        _set_measures(project, measures)
    return project


@transaction.atomic
def end_brand(*, brand_id: int, by: Actor, now: datetime) -> Brand:
    """End a brand: nothing new is planned under it. Raises NotFound, NotAllowed."""
    return _end(_locked(Brand, brand_id, by=by), action="end_brand", by=by, now=now)


@transaction.atomic
def end_campaign(*, campaign_id: int, by: Actor, now: datetime) -> Campaign:
    """End a campaign: nothing new is planned under it. Raises NotFound, NotAllowed."""
    return _end(_locked(Campaign, campaign_id, by=by), action="end_campaign", by=by, now=now)


@transaction.atomic
def end_project(*, project_id: int, by: Actor, now: datetime) -> Project:
    """End a project: nothing new is planned under it. Raises NotFound, NotAllowed."""
    return _end(_locked(Project, project_id, by=by), action="end_project", by=by, now=now)


@transaction.atomic
def add_key_period(
    *, region_code: str, name: str, starts_on: date, ends_on: date, by: Actor, now: datetime
) -> KeyPeriod:
    """Name days on which a region keeps watch with many people.

    Raises NotAllowed, ProgrammeNameMissing, PeriodImpossible.
    """
    period = KeyPeriod(cell=region_code[:6])
    return _store_period(
        period, region_code, name, starts_on, ends_on, by=by, now=now, action="add_key_period"
    )


@transaction.atomic
def edit_key_period(
    *,
    period_id: int,
    region_code: str,
    name: str,
    starts_on: date,
    ends_on: date,
    by: Actor,
    now: datetime,
) -> KeyPeriod:
    """Change a key period. Raises as ``add_key_period``, and NotFound."""
    period = queries.lock_key_period(period_id)
    _require_region(period.region_id, by=by)
    return _store_period(
        period, region_code, name, starts_on, ends_on, by=by, now=now, action="edit_key_period"
    )


def _locked(model: type[P], programme_id: int, *, by: Actor) -> P:
    programme = queries.lock_programme(model, programme_id)
    if not rules.may_plan(by, region=programme.region_id, path=programme.organiser.path):
        raise NotAllowed
    return programme


def _end(programme: P, *, action: str, by: Actor, now: datetime) -> P:
    programme.ended_at = now
    programme.save(update_fields=["ended_at"])
    _note(programme, action=action, by=by, now=now)
    return programme


def _store(programme: P, details: ProgrammeDetails, *, by: Actor, now: datetime, action: str) -> P:
    organiser = Organisation.objects.filter(pk=details.organiser_id, closed_at=None).first()
    if organiser is None or queries.region_to_plan_at(details.region_code) is None:
        raise OrganiserOutOfReach(field="organiser")
    rules.require_within_reach(
        by, region=details.region_code, path=organiser.path, home=organiser.region_id
    )
    columns = _columns(details)
    if not columns["name"]:
        raise ProgrammeNameMissing(field="name")
    for name, value in columns.items():
        setattr(programme, name, value)
    with refusing(_BROKEN), transaction.atomic():
        if programme.pk is None:
            programme.cell = details.region_code[:6]
            programme.save(force_insert=True)
        else:
            programme.save(update_fields=list(columns))
    _note(programme, action=action, by=by, now=now)
    return programme


def _columns(details: ProgrammeDetails) -> dict[str, object]:
    columns: dict[str, object] = {**vars(details), "region_id": details.region_code}
    columns |= {"name": details.name.strip(), "summary": details.summary.strip()}
    del columns["region_code"]
    if isinstance(details, ProjectDetails):
        if not details.goals.strip() or not details.field:
            raise ProjectIncomplete(field="goals")
        columns["goals"] = details.goals.strip()
    if isinstance(details, CampaignDetails | ProjectDetails):
        _require_period(details.starts_on, details.ends_on)
    return columns


def _require_period(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise PeriodImpossible(field="ends_on")


def _set_measures(project: Project, measures: Sequence[MeasureDetails]) -> None:
    names = [measure.name.strip() for measure in measures]
    for name in names:
        if names.count(name) > 1:
            raise MeasureNameTaken(field="measures", name=name)
    ProjectMeasure.objects.filter(cell=project.cell, project=project).exclude(
        name__in=names
    ).delete()
    for told in measures:
        if told.reached is not None and told.measured_on is None:
            raise MeasureDayMissing(field="measures")
        ProjectMeasure.objects.update_or_create(
            cell=project.cell,
            project=project,
            name=told.name.strip(),
            defaults={
                "unit": told.unit.strip(),
                "target": told.target,
                "reached": told.reached,
                "measured_on": told.measured_on,
            },
        )


def _require_region(region_code: str, *, by: Actor) -> None:
    if queries.region_to_plan_at(region_code) is None:
        raise NotFound
    if not by.may(Permission.EDIT_ACTIVITIES, region=region_code):
        raise NotAllowed


def _store_period(
    period: KeyPeriod,
    region_code: str,
    name: str,
    starts_on: date,
    ends_on: date,
    *,
    by: Actor,
    now: datetime,
    action: str,
) -> KeyPeriod:
    _require_region(region_code, by=by)
    if not name.strip():
        raise ProgrammeNameMissing(field="name")
    period.region_id, period.name = region_code, name.strip()
    period.starts_on, period.ends_on = starts_on, ends_on
    with refusing(_BROKEN), transaction.atomic():
        if period.pk is None:
            period.save(force_insert=True)
        else:
            period.save(update_fields=["region_id", "name", "starts_on", "ends_on"])
    _note(period, action=action, by=by, now=now)
    return period


def _note(
    subject: Brand | Campaign | Project | KeyPeriod, *, action: str, by: Actor, now: datetime
) -> None:
    record(
        by=by, action=f"activities.{action}", subject=subject, region_code=subject.region_id,
        now=now,
    )  # fmt: skip
