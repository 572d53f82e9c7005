"""Forty crossings, thirty service points with the 46 units that keep them, fire posts, patrols."""

from datetime import timedelta
from itertools import islice

from linbang.demo.actions.copying import copy_in, numbered
from linbang.demo.actions.district.teams import CELL, District
from linbang.demo.actions.planning import at
from linbang.demo.rules import district, figures
from linbang.foundation.organisations.models import Organisation
from linbang.intake.activities.choices import PointKind
from linbang.intake.activities.models import DutyPoint, PointPairing


def write_points(huli: District) -> None:
    """Write the points of all kinds, and who keeps which."""
    codes = [region.code for region in huli.communities]
    names = {
        PointKind.CROSSING: district.crossings(),
        PointKind.SERVICE_POINT: [name for name, _ in district.service_points()],
        PointKind.FIRE_POST: [
            f"{region.name.removesuffix('居委会')}志愿消防站"
            for region in huli.communities[: figures.FIRE_COMMUNITIES]
        ],
        PointKind.PATROL: [
            f"{region.name.removesuffix('居委会')}巡防段" for region in huli.communities
        ],
    }
    for kind, given in names.items():
        huli.points[kind] = [
            _point(
                huli,
                kind,
                name,
                codes[n % len(codes)],
                is_first=n < figures.CROSSINGS_DEMONSTRATION,
            )
            for n, name in enumerate(given)
        ]
    copy_in(numbered([point for points in huli.points.values() for point in points]))
    units = iter(huli.organisations[unit.name] for unit in district.units())
    pairings = [
        _pairing(huli, point, unit)
        for point, (_, count) in zip(
            huli.points[PointKind.SERVICE_POINT], district.service_points(), strict=True
        )
        for unit in islice(units, count)
    ]
    pairings += [
        _pairing(huli, point, squad.organisation)
        for point, squad in zip(
            huli.points[PointKind.FIRE_POST], huli.community_squads, strict=False
        )
    ]
    copy_in(numbered(pairings))


def _point(huli: District, kind: str, name: str, code: str, *, is_first: bool) -> DutyPoint:
    longitude, latitude = huli.spot(code)
    return DutyPoint(
        cell=CELL, kind=kind, region_id=code, name=name, address="（演示地址）",
        longitude=longitude, latitude=latitude,
        is_demonstration=is_first and kind == PointKind.CROSSING,
        opened_at=at(huli.today - timedelta(days=900), 9),
    )  # fmt: skip


def _pairing(huli: District, point: DutyPoint, organisation: Organisation) -> PointPairing:
    return PointPairing(
        cell=CELL, point=point, organisation=organisation,
        since_date=huli.today - timedelta(days=800),
    )  # fmt: skip
