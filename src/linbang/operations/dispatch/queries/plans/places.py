"""The places of a plan: which ones a worker may plan, and its visits on the map."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Avg, F, Q
from django.db.models.functions import Left

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.places.models import Region
from linbang.foundation.places.queries import within_any
from linbang.foundation.places.rules import ancestor_codes, short_name
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.choices import PLANNED_LIVE, PlanState
from linbang.operations.dispatch.models import PlanGap, PlannedVisit, PlanRun
from linbang.operations.dispatch.queries.discover import buildings_in

_GRID_DIGITS, _COMMUNITY_DIGITS, _STREET_DIGITS = 15, 12, 9
_AREAS_SHOWN = 80


@dataclass
class _Spot:
    visits: int = 0
    missing: int = 0
    from_elsewhere: Counter[str] = field(default_factory=Counter)


def areas_to_plan(actor: Actor) -> list[tuple[str, str]]:
    """Return code and name of the places an actor may plan: her own, then those right inside."""
    own = [code for code in actor.regions_for(Permission.DISPATCH) if rules.is_plannable_area(code)]
    regions = Region.objects.filter(pk__in=own) | Region.objects.filter(parent_id__in=own)
    rows = regions.order_by("code").values_list("code", "name")[:_AREAS_SHOWN]
    found = [(code, short_name(name)) for code, name in rows if rules.is_plannable_area(code)]
    return sorted(found, key=lambda row: (len(row[0]), row[0]))


def is_outdated(run: PlanRun) -> bool:
    """Tell whether another plan that reaches into a waiting one's place was published since it was
    made: what it weighs is no longer so. One query.
    """
    if run.state != PlanState.READY:
        return False
    around = Q(region_id__in=ancestor_codes(run.region_id)) | within_any(
        "region_id", [run.region_id]
    )
    published = PlanRun.objects.filter(around, state=PlanState.PUBLISHED)
    days = {"starts_on__lte": run.ends_on, "ends_on__gte": run.starts_on}
    return published.filter(published_at__gt=run.made_at, **days).exists()


def map_of_plan(
    run: PlanRun, visits: Iterable[PlannedVisit], gaps: Iterable[PlanGap]
) -> dict[str, Any]:
    """Return visits and gaps as the map shows them: counted by grid, by community where the plan
    is of a street or more. A home is never a point of its own, nor is a volunteer's. Three queries.
    """
    digits = _GRID_DIGITS if len(run.region_id) > _STREET_DIGITS else _COMMUNITY_DIGITS
    spots: defaultdict[str, _Spot] = defaultdict(_Spot)
    for visit in visits:
        if visit.state not in PLANNED_LIVE:
            continue
        there = visit.need.region_id[:digits]
        here = visit.volunteer.volunteer.region_id[:digits]
        spots[there].visits += 1
        # Some volunteers are known by their community alone.
        if not there.startswith(here):
            spots[there].from_elsewhere[here] += 1
    for gap in gaps:
        spots[gap.need.region_id[:digits]].missing += gap.missing
    codes = {*spots, *(code for spot in spots.values() for code in spot.from_elsewhere)}
    centres, names = _centres(codes, digits), _names(codes)
    points = [
        {
            "id": code,
            "lat": centres[code][0],
            "lon": centres[code][1],
            "label": names.get(code, ""),
            "sign": str(spot.visits + spot.missing),
            "tone": "gold" if spot.missing else "jade",
            "visits": spot.visits,
            "missing": spot.missing,
            "helpers_from": [
                (names.get(here, ""), count)
                for here, count in spot.from_elsewhere.most_common()
                if here in names
            ],
        }
        for code, spot in sorted(spots.items())
        if code in centres
    ]
    lines = [
        [list(centres[here]), list(centres[there])]
        for there, spot in sorted(spots.items())
        for here in sorted(spot.from_elsewhere)
        if here in centres and there in centres
    ]
    return {"points": points, "lines": lines, "dots": buildings_in(run.region_id)}


def _centres(codes: Iterable[str], digits: int) -> dict[str, tuple[float, float]]:
    """Return the middle of the buildings of each place."""
    buildings = Region.objects.filter(within_any("code", codes), longitude__isnull=False)
    rows = (
        buildings.annotate(place=Left(F("code"), digits))
        .values_list("place")
        .annotate(Avg("latitude"), Avg("longitude"))
        .order_by("place")
    )
    return {code: (latitude, longitude) for code, latitude, longitude in rows}


def _names(codes: Iterable[str]) -> dict[str, str]:
    regions = Region.objects.filter(pk__in=set(codes))
    return {code: short_name(name) for code, name in regions.values_list("pk", "name")}
