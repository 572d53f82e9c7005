"""A place decides how time is saved in it, from now on; what was saved stays as it is."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.errors import NotAllowed
from linbang.outcomes.time_bank import queries, rules
from linbang.outcomes.time_bank.models import SchemeAdoption


@transaction.atomic
def adopt_scheme(
    *,
    region_code: str,
    scheme: str,
    reason: str,
    by: Actor,
    now: datetime,
    name: str = "",
    unit: str = "",
    limits: Mapping[str, int | None] | None = None,
) -> SchemeAdoption:
    """Adopt a preset for a region, in its newest version, with names and limits of its own.

    Raises NotAllowed, SchemeUnknown, LimitNotAdjustable, LimitOutOfBounds, SchemeUnchanged.
    """
    if by.person_id is None or not by.may(Permission.SET_SAVINGS, region=region_code):
        raise NotAllowed
    candidate = queries.candidate_of(
        region_code, scheme=scheme, name=name, unit=unit, limits=limits or {}, at=now
    )
    base = rules.preset(scheme)
    adoption = SchemeAdoption.objects.create(
        region_id=region_code,
        scheme=base.code,
        scheme_version=base.version,
        name=name.strip(),
        unit=unit.strip(),
        limits=rules.own_limits(base, limits or {}),
        reason=reason.strip(),
        adopted_at=now,
        adopted_by_id=by.person_id,
    )
    audit.record(
        by=by,
        action="time_bank.adopt_scheme",
        subject=adoption,
        region_code=region_code,
        cell=region_code[:6].ljust(6, "0"),
        detail={"scheme": candidate.code, "limits": adoption.limits},
        now=now,
    )
    return adoption
