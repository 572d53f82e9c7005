"""Which scheme counts where, and since when."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.conf import settings

from linbang.foundation.places.rules import ancestor_codes
from linbang.outcomes.time_bank import rules
from linbang.outcomes.time_bank.errors import SchemeUnchanged
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


def candidate_of(
    region_code: str,
    *,
    scheme: str,
    name: str,
    unit: str,
    limits: Mapping[str, int | None],
    at: datetime,
) -> Scheme:
    """Return the scheme a region would have by a decision, to be looked at before it is made.

    Raises SchemeUnknown, LimitNotAdjustable, LimitOutOfBounds, SchemeUnchanged.
    """
    base = rules.preset(scheme)
    own = rules.own_limits(base, limits)
    rules.require_limits(own)
    candidate = rules.adopted(
        base, region_code=region_code, name=name.strip(), unit=unit.strip(), limits=own
    )
    if rules.is_same(candidate, scheme_of(region_code, at=at)):
        raise SchemeUnchanged
    return candidate


def _nearest(codes: Iterable[str], adopted: dict[str, Scheme]) -> Scheme:
    nearest = next((adopted[code] for code in reversed(tuple(codes)) if code in adopted), None)
    return nearest or default_scheme()
