"""Reads of the place tree."""

from collections.abc import Iterable

from django.db.models import Q

from linbang.foundation.places import rules
from linbang.foundation.places.models import Region, RegionQuerySet


def within_any(field: str, prefixes: Iterable[str]) -> Q:
    """Return the condition that a region code column lies in one of the subtrees.

    ``field`` is the column's name, such as ``region_id``. No prefix means no row.
    """
    condition = Q(pk__in=[])
    for prefix in prefixes:
        low, high = rules.prefix_range(prefix)
        condition |= Q(**{f"{field}__gte": low, f"{field}__lt": high})
    return condition


def lineage(code: str) -> list[Region]:
    """Return the regions from the province down to this one; one query."""
    return list(Region.objects.filter(code__in=rules.ancestor_codes(code)).order_by("code"))


def regions_under(prefix: str, *, level: int) -> RegionQuerySet:
    """Return the current regions of one level in a subtree, by code."""
    return Region.objects.within(prefix).current().filter(level=level).order_by("code")
