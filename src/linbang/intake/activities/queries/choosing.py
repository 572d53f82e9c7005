"""What an editor may choose from: organisations, regions, people in charge."""

from django.db.models import Q, QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.organisations.choices import MemberRole
from linbang.foundation.organisations.models import Membership, Organisation
from linbang.foundation.people.models import Person
from linbang.foundation.places.choices import RegionLevel
from linbang.foundation.places.models import Region
from linbang.foundation.places.queries import within_any

CHOICES_MAX = 500
_LEVELS = (
    RegionLevel.COUNTY, RegionLevel.STREET, RegionLevel.COMMUNITY, RegionLevel.GRID,
)  # fmt: skip


def organisers_for(actor: Actor) -> QuerySet[Organisation]:
    """Return the open organisations in whose name the actor plans, parents first; 500 at most."""
    organisations = Organisation.objects.filter(closed_at=None).defer("contact_phone")
    scope = within_any("region_id", actor.regions_for(Permission.EDIT_ACTIVITIES))
    for path in actor.organisations_for(Permission.EDIT_ACTIVITIES):
        scope |= Q(path__gte=path, path__lt=path + ":")
    if not actor.is_system:
        organisations = organisations.filter(scope)
    return organisations.select_related("region").order_by("path")[:CHOICES_MAX]


def regions_to_plan_in(actor: Actor) -> QuerySet[Region]:
    """Return the regions where the actor plans, the largest first; 500 at most.

    Leaders of teams plan where their team is at home.
    """
    prefixes = set(actor.regions_for(Permission.EDIT_ACTIVITIES))
    for path in actor.organisations_for(Permission.EDIT_ACTIVITIES):
        homes = Organisation.objects.filter(path=path, closed_at=None)
        prefixes |= set(homes.values_list("region_id", flat=True))
    regions = Region.objects.current().filter(level__in=_LEVELS)
    if not actor.is_system:
        regions = regions.filter(within_any("code", prefixes))
    return regions.order_by("level", "code")[:CHOICES_MAX]


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
