"""A region decides by which policy hours are credited."""

from datetime import date, datetime

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.clock import local_date
from linbang.foundation.errors import NotAllowed
from linbang.foundation.places import queries as places
from linbang.operations.service_records import errors, queries, rules
from linbang.operations.service_records.actions.telling import person_id_of
from linbang.operations.service_records.models import PolicyAdoption


@transaction.atomic
def adopt_policy(
    *,
    region: str,
    code: str,
    version: int,
    from_date: date,
    reason: str,
    by: Actor,
    now: datetime,
) -> PolicyAdoption:
    """Let a policy hold in a region from a day ahead; records that are written stay as they are.

    Raises NotAllowed, PolicyUnknown, AdoptionTooEarly, ReasonMissing, PolicyInForce.
    """
    if not rules.may_adopt(by, region=region):
        raise NotAllowed
    policy = rules.preset_named(code, version)
    rules.require_ahead(from_date, today=local_date(now))
    if not reason.strip():
        raise errors.ReasonMissing(field="reason")
    # One after the other: two that decide at once see each other.
    place = places.lock_region(region)
    if queries.policy_in_force(place.code, from_date) == policy:
        raise errors.PolicyInForce(field="policy")
    adoption = PolicyAdoption.objects.create(
        cell=place.code[:6],
        region=place,
        code=policy.code,
        version=policy.version,
        from_date=from_date,
        reason=reason.strip(),
        adopted_at=now,
        adopted_by_id=person_id_of(by),
    )
    audit.record(
        by=by,
        action="service_records.adopt_policy",
        subject=adoption,
        detail={"policy": f"{code} v{version}", "from": from_date.isoformat()},
        now=now,
    )
    return adoption
