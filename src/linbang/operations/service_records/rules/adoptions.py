"""Which policy holds where, from which day, and who may decide it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from linbang.foundation.access.choices import Role
from linbang.foundation.access.rules import Actor, outermost
from linbang.operations.service_records import errors
from linbang.operations.service_records.rules.policies import (
    DEFAULT_POLICY,
    POLICIES,
    PRESETS,
    CreditPolicy,
)

ADOPTING_ROLES = frozenset({Role.STREET_OFFICER, Role.DISTRICT_OFFICER})


@dataclass(frozen=True)
class Adoption:
    """A decision of one region; ``number`` rises with each."""

    region: str
    from_date: date
    number: int
    code: str
    version: int

    @property
    def policy(self) -> CreditPolicy:
        return POLICIES[self.code, self.version]


def adoption_in_force(adoptions: Iterable[Adoption], *, region: str, day: date) -> Adoption | None:
    """Return the decision that holds at a region on a day: the nearest above, there the latest."""
    fitting = [one for one in adoptions if region.startswith(one.region) and one.from_date <= day]
    return max(fitting, key=lambda one: (len(one.region), one.from_date, one.number), default=None)


def policy_in_force(adoptions: Iterable[Adoption], *, region: str, day: date) -> CreditPolicy:
    """Return the policy that holds at a region on a day; ours where nobody decided."""
    found = adoption_in_force(adoptions, region=region, day=day)
    return found.policy if found else DEFAULT_POLICY


def regions_adopting(actor: Actor) -> tuple[str, ...]:
    """Return the region prefixes where the actor decides by which policy hours are credited."""
    return outermost(
        grant.region for grant in actor.grants if grant.role in ADOPTING_ROLES and grant.region
    )


def may_adopt(actor: Actor, *, region: str) -> bool:
    """Tell whether the actor decides for a region."""
    return any(region.startswith(prefix) for prefix in regions_adopting(actor))


def preset_named(code: str, version: int) -> CreditPolicy:
    """Return a policy that may be adopted now. Raises PolicyUnknown."""
    for policy in PRESETS:
        if (policy.code, policy.version) == (code, version):
            return policy
    raise errors.PolicyUnknown(field="policy")


def require_ahead(from_date: date, *, today: date) -> None:
    """Refuse a day that has begun: what was served is credited already. Raises AdoptionTooEarly."""
    if from_date <= today:
        raise errors.AdoptionTooEarly(field="from_date")
