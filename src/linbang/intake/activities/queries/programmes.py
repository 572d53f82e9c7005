"""Brands, campaigns, projects and key periods: who sees them, and the tree they form."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotFound
from linbang.foundation.places.queries import within_any
from linbang.foundation.places.rules import ancestor_codes
from linbang.intake.activities.models import (
    Activity,
    Brand,
    Campaign,
    KeyPeriod,
    Project,
    ProjectMeasure,
)
from linbang.intake.activities.queries.activities import within_reach

P = TypeVar("P", Brand, Campaign, Project)


def programmes_visible_to(actor: Actor, model: type[P]) -> QuerySet[P]:
    """Return the brands, campaigns or projects the actor plans, by name."""
    programmes = model.objects.select_related("organiser", "region").order_by("name", "id")
    if actor.is_system:
        return programmes
    return programmes.filter(within_reach(actor, region="region_id", organiser="organiser"))


def brands_visible_to(actor: Actor) -> QuerySet[Brand]:
    """Return the brands the actor keeps."""
    return programmes_visible_to(actor, Brand)


def campaigns_visible_to(actor: Actor) -> QuerySet[Campaign]:
    """Return the campaigns the actor keeps."""
    return programmes_visible_to(actor, Campaign)


def projects_visible_to(actor: Actor) -> QuerySet[Project]:
    """Return the projects the actor keeps."""
    return programmes_visible_to(actor, Project)


def key_periods_visible_to(actor: Actor) -> QuerySet[KeyPeriod]:
    """Return the key periods of the actor's regions, the latest first."""
    periods = KeyPeriod.objects.select_related("region").order_by("-starts_on", "-id")
    if actor.is_system:
        return periods
    return periods.filter(within_any("region_id", actor.regions_for(Permission.EDIT_ACTIVITIES)))


def _applying(region: str) -> Q:
    """Match what holds at a region: kept above it, at it or below it."""
    return Q(region_id__in=ancestor_codes(region)) | within_any("region_id", [region])


def _not_over(today: date | None) -> Q:
    return Q(ends_on__gte=today) if today is not None else Q()


def brands_for(region: str) -> QuerySet[Brand]:
    """Return the brands an activity at a region may carry."""
    return Brand.objects.filter(_applying(region), ended_at=None).order_by("name", "id")


def campaigns_for(region: str, *, today: date | None = None) -> QuerySet[Campaign]:
    """Return the campaigns an activity at a region may belong to, over ones too without a day."""
    campaigns = Campaign.objects.filter(_applying(region) & _not_over(today), ended_at=None)
    return campaigns.select_related("brand").order_by("starts_on", "id")


def projects_for(region: str, *, today: date | None = None) -> QuerySet[Project]:
    """Return the projects an activity at a region may belong to."""
    projects = Project.objects.filter(_applying(region) & _not_over(today), ended_at=None)
    return projects.select_related("campaign", "campaign__brand").order_by("name", "id")


def key_periods_for(region: str, *, today: date | None = None) -> QuerySet[KeyPeriod]:
    """Return the key periods of a region."""
    periods = KeyPeriod.objects.filter(_applying(region) & _not_over(today))
    return periods.order_by("starts_on", "id")


def programmes_for(region: str, *, today: date) -> dict[str, QuerySet[Any]]:
    """Return what an activity at a region may belong to, by the name of its key."""
    return {
        "brand": brands_for(region),
        "campaign": campaigns_for(region, today=today),
        "project": projects_for(region, today=today),
        "key_period": key_periods_for(region, today=today),
    }


def lock_programme(model: type[P], programme_id: int) -> P:
    """Return a brand, campaign or project with its organiser, locked. Raises NotFound."""
    programmes = model.objects.select_for_update(of=("self",), no_key=True)
    found = programmes.select_related("organiser").filter(pk=programme_id).first()
    if found is None:
        raise NotFound
    return found


def lock_key_period(period_id: int) -> KeyPeriod:
    """Return a key period, locked. Raises NotFound."""
    period = KeyPeriod.objects.select_for_update(no_key=True).filter(pk=period_id).first()
    if period is None:
        raise NotFound
    return period


@dataclass
class Branch:
    """A brand, campaign or project of the tree with what lies below it."""

    programme: Brand | Campaign | Project | None
    activities: int = 0
    measures: list[ProjectMeasure] = field(default_factory=list)
    branches: list["Branch"] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The name of the level in addresses."""
        return f"{type(self.programme).__name__.lower()}s"


def programme_tree(actor: Actor) -> list[Branch]:
    """Return brand → campaign → project with their activities counted; four queries.

    What has no brand stands below a nameless branch at the end.
    """
    brands = [Branch(brand, _count(brand)) for brand in _counted(brands_visible_to(actor), "brand")]
    campaigns = [
        Branch(campaign, _count(campaign))
        for campaign in _counted(campaigns_visible_to(actor), "campaign")
    ]
    projects = [
        Branch(project, _count(project), measures=list(project.measures.all()))
        for project in _counted(projects_visible_to(actor), "project").prefetch_related("measures")
    ]
    loose = Branch(None)
    by_brand = {branch.programme.pk: branch for branch in brands if branch.programme}
    by_campaign = {branch.programme.pk: branch for branch in campaigns if branch.programme}
    for branch in campaigns:
        by_brand.get(_key(branch, "brand_id"), loose).branches.append(branch)
    for branch in projects:
        by_campaign.get(_key(branch, "campaign_id"), loose).branches.append(branch)
    return [*brands, *([loose] if loose.branches else [])]


def _key(branch: Branch, column: str) -> int:
    return getattr(branch.programme, column) or 0


def _count(programme: Brand | Campaign | Project) -> int:
    return int(getattr(programme, "activity_count", 0))


def _counted(programmes: QuerySet[P], column: str) -> QuerySet[P]:
    counted = (
        Activity.objects.filter(**{"cell": OuterRef("cell"), column: OuterRef("pk")})
        .order_by()
        .values(column)
        .annotate(n=Count("pk"))
        .values("n")
    )
    return programmes.annotate(
        activity_count=Coalesce(Subquery(counted, output_field=IntegerField()), 0)
    )


def measures_of(project: Project) -> list[ProjectMeasure]:
    """Return what a project is measured by."""
    measures = ProjectMeasure.objects.filter(cell=project.cell, project=project)
    return list(measures.order_by("id"))
