"""The tree of units and teams, and who may see which part of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotFound
from linbang.foundation.organisations import rules
from linbang.foundation.organisations.choices import OrganisationKind
from linbang.foundation.organisations.models import Membership, Organisation
from linbang.foundation.people.errors import RegionUnknown
from linbang.foundation.places.choices import RegionLevel
from linbang.foundation.places.models import Region
from linbang.foundation.places.queries import within_any


def organisations_visible_to(actor: Actor) -> QuerySet[Organisation]:
    """Return the organisations the actor keeps or leads, parents before children.

    Everybody signed in sees open teams by ``teams_near``; this is the view from inside.
    """
    organisations = Organisation.objects.select_related("region").order_by("path")
    if actor.is_system:
        return organisations
    seen = within_any("region_id", actor.regions_for(Permission.EDIT_ORGANISATIONS))
    for path in actor.organisations_for(Permission.SEE_PEOPLE):
        seen |= Q(path__gte=path, path__lt=path + ":")
    return organisations.filter(seen)


def organisations_found(actor: Actor, *, text: str = "", kind: str = "") -> QuerySet[Organisation]:
    """Return the visible open organisations by a part of the name and a kind."""
    organisations = organisations_visible_to(actor).filter(closed_at=None)
    if text:
        organisations = organisations.filter(name__contains=text)
    if kind:
        organisations = organisations.filter(kind=kind)
    return organisations


def organisations_below(actor: Actor, organisation: Organisation) -> QuerySet[Organisation]:
    """Return the visible open organisations directly below one, with their members."""
    below = organisations_visible_to(actor).filter(parent_id=organisation.pk, closed_at=None)
    return with_member_counts(below)


def teams_under(path: str) -> QuerySet[Organisation]:
    """Return the open teams of a subtree, the one of the path included."""
    teams = Organisation.objects.under(path).filter(kind=OrganisationKind.TEAM, closed_at=None)
    return teams.order_by("path")


def organisation_with_id(organisation_id: int) -> Organisation:
    """Return an organisation, closed or not. Raises NotFound."""
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None:
        raise NotFound
    return organisation


def with_member_counts(organisations: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Add how many people belong to each subtree (``members``), each counted once.

    One range of the path index a row: for lists of a page.
    """
    counted = (
        Membership.objects.filter(
            organisation__path__gte=OuterRef("path"),
            organisation__path__lt=Concat(OuterRef("path"), Value(":")),
            approved_at__isnull=False,
            ended_at=None,
        )
        # Grouped by a constant: one row, or none where nobody belongs.
        .order_by()
        .annotate(all=Value(1))
        .values("all")
        .annotate(found=Count("person_id", distinct=True))
        .values("found")
    )
    return organisations.annotate(
        members=Coalesce(Subquery(counted, output_field=IntegerField()), 0)
    )


@dataclass(frozen=True)
class OrganisationRow:
    """An organisation in the tree; ``depth`` counts from the outermost one shown."""

    organisation: Organisation
    members: int
    depth: int


def organisation_rows(organisations: Iterable[Organisation]) -> list[OrganisationRow]:
    """Return organisations with their depth; ``with_member_counts`` gave them ``members``."""
    found = list(organisations)
    top = min((rules.depth_of(organisation.path) for organisation in found), default=0)
    return [
        OrganisationRow(
            organisation=organisation,
            members=getattr(organisation, "members", 0),
            depth=min(rules.depth_of(organisation.path) - top, 4),
        )
        for organisation in found
    ]


def region_at(code: str) -> Region:
    """Return the current region of a code, from the county down. Raises RegionUnknown."""
    regions = Region.objects.current().filter(pk=code, level__gte=RegionLevel.COUNTY)
    region = regions.first()
    if region is None:
        raise RegionUnknown(field="region_code")
    return region


def regions_to_organise_in(actor: Actor) -> QuerySet[Region]:
    """Return the regions where the actor keeps organisations, the largest first; 500 at most."""
    scope = within_any("code", actor.regions_for(Permission.EDIT_ORGANISATIONS))
    levels = (RegionLevel.COUNTY, RegionLevel.STREET, RegionLevel.COMMUNITY, RegionLevel.GRID)
    regions = Region.objects.current().filter(scope, level__in=levels)
    return regions.order_by("level", "code")[:500]


def units_to_approve(actor: Actor) -> QuerySet[Organisation]:
    """Return the open communities and units that may answer for a team (rule 11)."""
    units = organisations_visible_to(actor).filter(closed_at=None)
    return units.exclude(kind=OrganisationKind.TEAM)[:500]
