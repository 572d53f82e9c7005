"""What an editor may choose from: organisations, regions, people in charge."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotFound
from linbang.foundation.organisations.choices import MemberRole
from linbang.foundation.organisations.models import Membership, Organisation
from linbang.foundation.people.models import Person
from linbang.foundation.people.queries import people_visible_to
from linbang.foundation.places.choices import RegionLevel
from linbang.foundation.places.models import Region
from linbang.foundation.places.queries import within_any
from linbang.intake.activities.queries.points import points_visible_to, policies_visible_to
from linbang.intake.activities.queries.programmes import (
    brands_for,
    campaigns_for,
    key_periods_for,
    projects_for,
)

_LEVELS = (
    RegionLevel.COUNTY, RegionLevel.STREET, RegionLevel.COMMUNITY, RegionLevel.GRID,
)  # fmt: skip


def organisers_for(actor: Actor) -> QuerySet[Organisation]:
    """Return the open organisations in whose name the actor plans, parents first."""
    organisations = Organisation.objects.filter(closed_at=None).defer("contact_phone")
    scope = within_any("region_id", actor.regions_for(Permission.EDIT_ACTIVITIES))
    for path in actor.organisations_for(Permission.EDIT_ACTIVITIES):
        scope |= Q(path__gte=path, path__lt=path + ":")
    if not actor.is_system:
        organisations = organisations.filter(scope)
    return organisations.select_related("region").order_by("path")


def regions_to_plan_in(actor: Actor) -> QuerySet[Region]:
    """Return the regions where the actor plans, the largest first.

    Leaders of teams plan where their team is at home.
    """
    prefixes = set(actor.regions_for(Permission.EDIT_ACTIVITIES))
    for path in actor.organisations_for(Permission.EDIT_ACTIVITIES):
        homes = Organisation.objects.filter(path=path, closed_at=None)
        prefixes |= set(homes.values_list("region_id", flat=True))
    regions = Region.objects.current().filter(level__in=_LEVELS)
    if not actor.is_system:
        regions = regions.filter(within_any("code", prefixes))
    return regions.order_by("level", "code")


def region_to_plan_at(code: str) -> Region | None:
    """Return the current region of a code, from the county down."""
    regions = Region.objects.current().filter(pk=code, level__gte=RegionLevel.COUNTY)
    return regions.first()


def leaders_for(actor: Actor, organiser: Organisation | None = None) -> list[Person]:
    """Return who may be put in charge without being looked up: oneself, and those who lead.

    Names only; sealed columns are left shut.
    """
    leading = Membership.objects.filter(
        role__in=(MemberRole.LEADER, MemberRole.DEPUTY), approved_at__isnull=False, ended_at=None
    )
    wanted = Q(pk=actor.person_id or 0)
    if organiser is not None:
        led = leading.filter(organisation=organiser).values("person_id")
        wanted |= Q(pk__in=led)
    people = Person.objects.filter(wanted, closed_at=None).only("id", "cell", "name", "public_id")
    return sorted(people, key=lambda person: (person.pk != actor.person_id, person.pk))


def ids_of(actor: Actor, region: str, told: Mapping[str, UUID | None]) -> dict[str, int | None]:
    """Return the rows that public ids name, by column: ``{"brand": …}`` → ``{"brand_id": 7}``.

    Each must be something the actor may choose for a plan in the region. Raises NotFound.
    """
    return {
        f"{name}_id": _id_of(name, public_id, actor=actor, region=region)
        for name, public_id in told.items()
    }


def _id_of(name: str, public_id: UUID | None, *, actor: Actor, region: str) -> int | None:
    if public_id is None:
        return None
    choices = _CHOICES[name](actor, region)
    found = choices.filter(public_id=public_id).order_by().values_list("pk", flat=True).first()
    if found is None:
        raise NotFound(field=name)
    return int(found)


_CHOICES: dict[str, Callable[[Actor, str], QuerySet[Any]]] = {
    "organiser": lambda actor, _region: organisers_for(actor),
    "leader": lambda actor, _region: people_visible_to(actor),
    "policy": lambda actor, _region: policies_visible_to(actor),
    "point": lambda actor, _region: points_visible_to(actor).filter(closed_at=None),
    "brand": lambda _actor, region: brands_for(region),
    "campaign": lambda _actor, region: campaigns_for(region),
    "project": lambda _actor, region: projects_for(region),
    "key_period": lambda _actor, region: key_periods_for(region),
}


def point_ids(actor: Actor, public_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return the open duty points that public ids name. Raises NotFound."""
    wanted = set(public_ids)
    points = points_visible_to(actor).filter(closed_at=None, public_id__in=wanted)
    found = dict(points.order_by().values_list("public_id", "pk"))
    if wanted - found.keys():
        raise NotFound(field="point")
    return found
