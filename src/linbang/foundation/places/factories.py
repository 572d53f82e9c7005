"""Regions of the demo county for tests."""

from datetime import date

from linbang.foundation.places.models import Region

COMMUNITY = "450103001005"
NEIGHBOUR_COMMUNITY = "450103001006"
GRID = "450103001005001"
BUILDING = "450103001005001001"
NEIGHBOUR_BUILDING = "450103001005001002"

_TREE = {
    "45": ("广西壮族自治区", "guang xi zhuang zu zi zhi qu", "gxzzzzq"),
    "4501": ("南宁市", "nan ning shi", "nns"),
    "450103": ("青秀区", "qing xiu qu", "qxq"),
    "450103001": ("新竹街道", "xin zhu jie dao", "xzjd"),
    COMMUNITY: ("新竹社区", "xin zhu she qu", "xzsq"),
    NEIGHBOUR_COMMUNITY: ("望园社区", "wang yuan she qu", "wysq"),
    GRID: ("第1网格", "di 1 wang ge", "d1wg"),
    BUILDING: ("1栋", "1 dong", "1d"),
    NEIGHBOUR_BUILDING: ("2栋", "2 dong", "2d"),
}
_BUILDINGS_AT = {BUILDING: (108.3351, 22.8148), NEIGHBOUR_BUILDING: (108.3364, 22.8152)}


def make_region_tree() -> dict[str, Region]:
    """Make the county 450103 down to two buildings of one community, and its neighbour.

    Safe to call twice; returns the regions by code.
    """
    regions = []
    for code, (name, pinyin, initials) in _TREE.items():
        longitude, latitude = _BUILDINGS_AT.get(code, (None, None))
        regions.append(
            Region(
                code=code,
                name=name,
                level=len(code),
                parent_id=next(
                    (up for up in sorted(_TREE, reverse=True) if _holds(up, code)), None
                ),
                pinyin=pinyin,
                initials=initials,
                valid_from=date(2023, 6, 30),
                longitude=longitude,
                latitude=latitude,
            )
        )
    Region.objects.bulk_create(regions, ignore_conflicts=True)
    return Region.objects.in_bulk(list(_TREE))


def make_region(code: str, name: str, **columns: object) -> Region:
    """Make one region, its parent being whatever stands directly above it."""
    above = Region.objects.filter(code__in=[code[:n] for n in range(2, len(code))])
    parent = above.order_by("-level").first()
    region, _made = Region.objects.get_or_create(
        code=code,
        defaults={
            "name": name,
            "level": len(code),
            "parent": parent,
            "valid_from": date(2023, 6, 30),
            **columns,
        },
    )
    return region


def _holds(above: str, code: str) -> bool:
    return code != above and code.startswith(above)
