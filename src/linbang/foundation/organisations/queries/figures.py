"""Counts over the tree and over the map."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, Substr

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.organisations.choices import OrganisationKind
from linbang.foundation.organisations.models import Membership, Organisation
from linbang.foundation.organisations.rules import Coverage
from linbang.foundation.places.choices import RegionLevel
from linbang.foundation.places.models import Region
from linbang.foundation.places.queries import regions_under


def members_counted_once(path: str) -> int:
    """Return how many people belong to a subtree; several affiliations count once."""
    memberships = Membership.objects.filter(
        organisation__path__gte=path,
        organisation__path__lt=path + ":",
        approved_at__isnull=False,
        ended_at=None,
    )
    return memberships.values("person_id").distinct().count()


def coverage(prefix: str) -> Coverage:
    """Return in how many communities of a region a team is at home; one query."""
    found = _communities(prefix).aggregate(
        communities=Count("code"), covered=Count("code", filter=Q(has_team=True))
    )
    return Coverage(**found)


@dataclass(frozen=True)
class AreaCoverage:
    """The coverage of one region directly below another."""

    region: Region
    coverage: Coverage


def coverage_below(prefix: str) -> list[AreaCoverage]:
    """Return the coverage of each region directly below, by code; two queries."""
    children = Region.objects.current().filter(parent_id=prefix, level__lte=RegionLevel.COMMUNITY)
    by_code = {region.code: region for region in children}
    length = len(next(iter(by_code), prefix))
    counted = (
        _communities(prefix)
        .annotate(area=Substr("code", 1, length))
        .order_by()
        .values("area")
        .annotate(communities=Count("code"), covered=Count("code", filter=Q(has_team=True)))
        .order_by("area")
    )
    return [
        AreaCoverage(by_code[row["area"]], Coverage(row["communities"], row["covered"]))
        for row in counted
        if row["area"] in by_code
    ]


def coverage_in(actor: Actor) -> list[AreaCoverage]:
    """Return the coverage of the regions where the actor keeps organisations; ten at most."""
    codes = actor.regions_for(Permission.EDIT_ORGANISATIONS)
    wide = [code for code in codes if len(code) < RegionLevel.COMMUNITY]
    regions = Region.objects.filter(pk__in=wide).order_by("code")[:10]
    return [AreaCoverage(region, coverage(region.code)) for region in regions]


def _communities(prefix: str) -> QuerySet[Region]:
    # A team of a grid or building covers its community too: ``organisation_by_region``.
    teams = Organisation.objects.filter(
        kind=OrganisationKind.TEAM,
        closed_at=None,
        region_id__gte=OuterRef("code"),
        region_id__lt=Concat(OuterRef("code"), Value(":")),
    )
    return regions_under(prefix, level=RegionLevel.COMMUNITY).annotate(has_team=Exists(teams))
