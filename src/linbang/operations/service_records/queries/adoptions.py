"""Which policy holds where, and what was decided before."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotFound
from linbang.foundation.people.models import Person
from linbang.foundation.places.models import Region
from linbang.foundation.places.rules import ancestor_codes
from linbang.operations.service_records import rules
from linbang.operations.service_records.choices import PolicyCode
from linbang.operations.service_records.models import PolicyAdoption
from linbang.operations.service_records.rules import Adoption, CreditPolicy

_HISTORY_MAX = 50


def policy_label(code: str, version: int) -> str:
    """Return what people call a version of a policy."""
    name = PolicyCode(code).label if code in PolicyCode.values else code
    return _("%(name)s 第 %(version)s 版") % {"name": name, "version": version}


@dataclass(frozen=True)
class AdoptionRow:
    """A decision as the page tells it."""

    public_id: UUID
    region: str
    code: str
    version: int
    label: str
    from_date: date
    reason: str
    adopted_at: datetime
    adopted_by: str


def adoptions_above(regions: Collection[str]) -> list[Adoption]:
    """Return every decision that might hold at some regions; one query, ``adoption_by_region``."""
    codes = {code for region in regions for code in ancestor_codes(region)}
    found = PolicyAdoption.objects.filter(region_id__in=codes).order_by("id")
    rows = found.values_list("region_id", "from_date", "id", "code", "version")
    return [Adoption(*row) for row in rows]


def policy_in_force(region: str, day: date) -> CreditPolicy:
    """Return the policy that holds at a region on a day; one query."""
    return rules.policy_in_force(adoptions_above([region]), region=region, day=day)


def adoption_history(region: str) -> list[AdoptionRow]:
    """Return what was decided for a region and above it, the latest first; two queries."""
    found = (
        PolicyAdoption.objects.filter(region_id__in=ancestor_codes(region))
        .select_related("region")
        .order_by("-id")[:_HISTORY_MAX]
    )
    names = dict(
        Person.objects.filter(pk__in={one.adopted_by_id for one in found}).values_list("pk", "name")
    )
    return [
        AdoptionRow(
            public_id=one.public_id,
            region=one.region.name,
            code=one.code,
            version=one.version,
            label=policy_label(one.code, one.version),
            from_date=one.from_date,
            reason=one.reason,
            adopted_at=one.adopted_at,
            adopted_by=names.get(one.adopted_by_id, ""),
        )
        for one in found
    ]


def regions_with_policy(actor: Actor) -> list[Region]:
    """Return the regions whose policy the actor may read of, outermost scopes; one query."""
    codes = actor.regions_for(Permission.SEE_REPORTS)
    return list(Region.objects.filter(pk__in=codes).order_by("code"))


def region_with_policy(actor: Actor, code: str | None) -> Region:
    """Return the region asked for, or the actor's first. Raises NotFound."""
    regions = regions_with_policy(actor)
    if not code and regions:
        return regions[0]
    found = Region.objects.filter(pk=code or "").first()
    if found is None or not any(found.code.startswith(one.code) for one in regions):
        raise NotFound
    return found
