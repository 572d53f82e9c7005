"""What was adopted where, what a scheme says in words, and what another would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from linbang.foundation.clock import local_date
from linbang.foundation.people.models import Person
from linbang.foundation.places.models import Region
from linbang.foundation.places.queries import within_any
from linbang.foundation.places.rules import ancestor_codes, prefix_range
from linbang.intake.care.models import CareListing, category_digest
from linbang.outcomes.time_bank import rules
from linbang.outcomes.time_bank.choices import SchemeCode
from linbang.outcomes.time_bank.models import SchemeAdoption
from linbang.outcomes.time_bank.queries.schemes import scheme_adopted, scheme_of
from linbang.outcomes.time_bank.queries.sql import rows
from linbang.outcomes.time_bank.rules import Scheme

# How far back the preview looks for days above a limit.
PREVIEW_DAYS = 90


@dataclass(frozen=True, slots=True)
class AdoptionLine:
    """One decision of a region or one above it: for what, when, by whom, why."""

    place: str
    scheme: Scheme
    label: str
    adopted_at: datetime
    by: str
    reason: str
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class AdoptionPreview:
    """What a scheme would change in a region, in numbers of people, days and minutes."""

    savers: int
    above_limit: int
    outside_earning_age: int
    below_redeem_age: int
    below_redeem_age_now: int
    days_above_limit: int
    elders: int
    grant_minutes: int
    has_own_pool: bool


def adoptions_for(region_code: str) -> list[AdoptionLine]:
    """Return what a region and those above it adopted, newest first; three queries."""
    adoptions = list(
        SchemeAdoption.objects.filter(region_id__in=ancestor_codes(region_code))
        .select_related("region")
        .order_by("-adopted_at", "-id")[:100]
    )
    people = {one.adopted_by_id for one in adoptions}
    names = dict(Person.objects.filter(pk__in=people).values_list("pk", "name"))
    in_force = _in_force(adoptions)
    return [
        AdoptionLine(
            place=one.region.name,
            scheme=scheme_adopted(one),
            label=str(SchemeCode(one.scheme).label),
            adopted_at=one.adopted_at,
            by=names.get(one.adopted_by_id, ""),
            reason=one.reason,
            is_in_force=one.pk == in_force,
        )
        for one in adoptions
    ]


def _in_force(adoptions: Sequence[SchemeAdoption]) -> int | None:
    """Return the decision that counts: the nearest region's, its newest."""
    nearest = max(adoptions, key=lambda one: (len(one.region_id), one.adopted_at), default=None)
    return nearest.pk if nearest else None


def adoption_preview(region: Region, scheme: Scheme, *, now: datetime) -> AdoptionPreview:
    """Return what a scheme would change for a region as it is now; three queries."""
    low, high = prefix_range(region.code)
    today = local_date(now)
    women = scheme.earn_age_min_women
    [row] = rows(
        "adoption_preview",
        {
            "low": low,
            "high": high,
            "today": today,
            "since": now - timedelta(days=PREVIEW_DAYS),
            "balance_max": scheme.balance_minutes_max,
            "day_max": scheme.earn_day_minutes_max,
            "earn_age": scheme.earn_age_min,
            "earn_age_women": scheme.earn_age_min if women is None else women,
            "earn_age_max": scheme.earn_age_max or 200,
            "redeem_age": scheme.redeem_age_min,
            "redeem_age_now": scheme_of(region.code, at=now).redeem_age_min,
        },
    )
    elders = _elders(region.code, scheme, today=today)
    return AdoptionPreview(
        **row,
        elders=elders,
        grant_minutes=elders * scheme.grant_minutes,
        has_own_pool=rules.has_own_pool(region.code),
    )


def _elders(region_code: str, scheme: Scheme, *, today: date) -> int:
    """Count who would be granted time; no category is opened (rule 80)."""
    return (
        CareListing.objects.filter(
            within_any("region_id", [region_code]),
            ended_on=None,
            person__closed_at=None,
            person__confirmed_at__isnull=False,
            category_digest__in=[category_digest(one) for one in scheme.grant_categories],
            person__birth_date__lte=rules.born_by(scheme.grant_age_min, today=today),
        )
        .values("person_id")
        .distinct()
        .count()
    )
