"""Which scheme counts where, and since when."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.conf import settings

from linbang.foundation.places.rules import ancestor_codes
from linbang.outcomes.time_bank import rules
from linbang.outcomes.time_bank.models import SchemeAdoption
from linbang.outcomes.time_bank.rules import Scheme


def scheme_of(region_code: str, *, at: datetime) -> Scheme:
    """Return the scheme in force at a place: the nearest adopting region's; one query."""
    return schemes_of([region_code], at=at)[region_code]


def schemes_of(region_codes: Collection[str], *, at: datetime) -> dict[str, Scheme]:
    """Return the scheme in force at each place; one query for all."""
    above = {code for region_code in region_codes for code in ancestor_codes(region_code)}
    adopted = {
        one.region_id: scheme_adopted(one)
        for one in SchemeAdoption.objects.filter(region_id__in=above, adopted_at__lte=at)
        .order_by("region_id", "-adopted_at")
        .distinct("region_id")
    }
    return {code: _nearest(ancestor_codes(code), adopted) for code in region_codes}


def scheme_adopted(adoption: SchemeAdoption) -> Scheme:
    """Return the scheme an adoption decided for, as its preset was then."""
    return rules.adopted(
        rules.preset(adoption.scheme, adoption.scheme_version),
        region_code=adoption.region_id,
        name=adoption.name,
        unit=adoption.unit,
        limits=adoption.limits,
    )


def default_scheme() -> Scheme:
    """Return what counts where nobody decided; the site's settings may name it otherwise."""
    return rules.adopted(
        rules.DEFAULT,
        region_code="",
        name=getattr(settings, "LINBANG_SCHEME_NAME", ""),
        unit=getattr(settings, "LINBANG_UNIT_NAME", ""),
    )


def _nearest(codes: Iterable[str], adopted: dict[str, Scheme]) -> Scheme:
    nearest = next((adopted[code] for code in reversed(tuple(codes)) if code in adopted), None)
    return nearest or default_scheme()
