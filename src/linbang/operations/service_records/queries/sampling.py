"""Spot checks: what there is to draw from, and what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import day_window
from linbang.foundation.errors import NotFound
from linbang.foundation.places.choices import RegionLevel
from linbang.foundation.places.models import Region
from linbang.foundation.places.queries import within_any
from linbang.foundation.places.rules import short_name
from linbang.operations.service_records import rules
from linbang.operations.service_records.choices import RecordKind, SpotMethod, SpotOutcome
from linbang.operations.service_records.models import SpotCheck, SpotRound
from linbang.operations.service_records.queries.pages import RecordRow, record_row
from linbang.operations.service_records.queries.records import records_with_facts

# Rounds of fewer are not published: they would say something about somebody (rule 93).
PUBLISHED_MIN = 5


@dataclass(frozen=True)
class RoundResult:
    """What one round has found so far. The interval is of all records it was drawn from."""

    public_id: UUID
    place: str
    from_date: date
    until_date: date
    seed: int
    drawn_at: datetime
    population: int
    drawn: int
    checked: int
    confirmed: int
    doubtful: int
    false: int
    interval: rules.Interval

    @property
    def is_complete(self) -> bool:
        """Every record drawn was checked."""
        return self.checked == self.drawn

    @property
    def confirmed_percent(self) -> int:
        """Of those checked, rounded down."""
        return self.confirmed * 100 // self.checked if self.checked else 0


@dataclass(frozen=True)
class SpotLine:
    """One record of a round, with what was found."""

    public_id: UUID
    record: RecordRow
    stratum: RecordKind
    outcome: SpotOutcome | None
    method: SpotMethod | None
    note: str
    at: datetime | None


def records_to_sample(
    region: str, from_date: date, until_date: date
) -> Mapping[str, Mapping[str, int]]:
    """Return what counts in a region and time, by kind: public id to key; one query."""
    found = records_with_facts().filter(
        within_any("region_id", [region]),
        Q(counts_minutes__gt=0),
        verification__isnull=False,
        starts_at__gte=day_window(from_date)[0],
        starts_at__lt=day_window(until_date)[1],
    )
    strata: dict[str, dict[str, int]] = {kind.value: {} for kind in RecordKind}
    for kind, public_id, key in found.order_by("id").values_list("kind", "public_id", "pk"):
        strata[kind][str(public_id)] = key
    return strata


def lock_spot_check(check: UUID) -> SpotCheck:
    """Return a spot check, locked. Raises NotFound."""
    found = SpotCheck.objects.select_for_update().filter(public_id=check).first()
    if found is None:
        raise NotFound
    return found


def rounds_visible_to(actor: Actor) -> QuerySet[SpotRound]:
    """Return the rounds of the regions where the actor looks into hours, or above them."""
    rounds = SpotRound.objects.order_by("-id")
    if actor.is_system:
        return rounds
    regions = actor.regions_for(Permission.CHECK_RECORDS)
    above = {region[:digits] for region in regions for digits in range(2, len(region) + 1)}
    return rounds.filter(within_any("region_id", regions) | Q(region_id__in=above))


def rounds_published() -> QuerySet[SpotRound]:
    """Return the rounds that everybody may read of: complete, and of five records or more."""
    return (
        SpotRound.objects.annotate(
            drawn=Count("checks"), checked=Count("checks", filter=Q(checks__at__isnull=False))
        )
        .filter(drawn__gte=PUBLISHED_MIN, drawn=F("checked"))
        .order_by("-id")
    )


def round_results(rounds: Sequence[SpotRound]) -> list[RoundResult]:
    """Return what rounds have found; two queries, whatever their number."""
    rounds = list(rounds)
    places = dict(
        Region.objects.filter(pk__in={one.region_id for one in rounds}).values_list("pk", "name")
    )
    sums: dict[int, Any] = {
        row["round_id"]: row
        for row in SpotCheck.objects.filter(round__in=[one.pk for one in rounds])
        .order_by()
        .values("round_id")
        .annotate(
            drawn=Count("pk"),
            checked=Count("pk", filter=Q(at__isnull=False)),
            **{outcome.value: Count("pk", filter=Q(outcome=outcome)) for outcome in SpotOutcome},
        )
    }
    return [_result(one, places[one.region_id], sums[one.pk]) for one in rounds]


def _result(one: SpotRound, place: str, sums: Mapping[str, int]) -> RoundResult:
    return RoundResult(
        public_id=one.public_id,
        place=short_name(place),
        from_date=one.from_date,
        until_date=one.until_date,
        seed=one.seed,
        drawn_at=one.drawn_at,
        population=one.proved + one.entered,
        drawn=sums["drawn"],
        checked=sums["checked"],
        confirmed=sums["confirmed"],
        doubtful=sums["doubtful"],
        false=sums["false"],
        interval=rules.wilson(sums["confirmed"], sums["checked"]),
    )


def spot_lines(one: SpotRound, actor: Actor) -> list[SpotLine]:
    """Return the records of a round that lie in the actor's regions; two queries."""
    checks = list(one.checks.order_by("id"))
    regions = actor.regions_for(Permission.CHECK_RECORDS)
    records = {
        record.pk: record
        for record in records_with_facts().filter(
            within_any("region_id", regions), pk__in=[check.record_id for check in checks]
        )
    }
    return [
        SpotLine(
            public_id=check.public_id,
            record=record_row(records[check.record_id]),
            stratum=RecordKind(check.stratum),
            outcome=SpotOutcome(check.outcome) if check.outcome else None,
            method=SpotMethod(check.method) if check.method else None,
            note=check.note,
            at=check.at,
        )
        for check in checks
        if check.record_id in records
    ]


def regions_to_sample(actor: Actor) -> list[tuple[str, str]]:
    """Return the regions an officer may draw from: the own ones and the communities below."""
    regions = actor.regions_for(Permission.JUDGE_RECORDS)
    if not regions:
        return []
    found = (
        Region.objects.current()
        .filter(within_any("code", regions), level__lte=RegionLevel.COMMUNITY)
        .order_by("code")
    )
    return [(one.code, one.name) for one in found]
