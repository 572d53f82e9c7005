"""Merging editions of the national division table."""

import json
import re
from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from linbang.foundation.places import actions, queries
from linbang.foundation.places.actions import ImportedRegions
from linbang.foundation.places.factories import (
    COMMUNITY,
    GRID,
    NEIGHBOUR_COMMUNITY,
    make_region_tree,
)
from linbang.foundation.places.models import Region

pytestmark = pytest.mark.django_db
FIRST, SECOND = date(2023, 6, 30), date(2024, 6, 30)
ROWS = [
    ("45", "广西壮族自治区"),
    ("4501", "南宁市"),
    ("450103", "青秀区"),
    ("450103001", "新竹街道"),
    (COMMUNITY, "新竹社区"),
    (NEIGHBOUR_COMMUNITY, "望园社区"),
]


def test_import_builds_the_tree():
    done = actions.import_regions(rows=ROWS, edition=FIRST)

    assert done == ImportedRegions(read=6, added=6, renamed=0, closed=0)
    community = Region.objects.get(pk=COMMUNITY)
    assert (community.parent_id, community.level, community.valid_from) == ("450103001", 12, FIRST)
    assert (community.pinyin, community.initials) == ("xin zhu she qu", "xzsq")


def test_import_is_repeatable():
    actions.import_regions(rows=ROWS, edition=FIRST)
    before = list(Region.objects.order_by("code").values())

    done = actions.import_regions(rows=ROWS, edition=FIRST)

    assert done == ImportedRegions(read=6, added=0, renamed=0, closed=0)
    assert list(Region.objects.order_by("code").values()) == before


def test_rename_keeps_the_former_name():
    actions.import_regions(rows=ROWS, edition=FIRST)

    done = actions.import_regions(
        rows=[*ROWS[:-1], (NEIGHBOUR_COMMUNITY, "新园社区")], edition=SECOND
    )

    renamed = Region.objects.get(pk=NEIGHBOUR_COMMUNITY)
    assert (done.renamed, renamed.name, renamed.initials) == (1, "新园社区", "xysq")
    assert (renamed.former_names, renamed.valid_from) == (["望园社区"], FIRST)


def test_vanished_code_is_closed_and_comes_back():
    actions.import_regions(rows=ROWS, edition=FIRST)

    done = actions.import_regions(rows=ROWS[:-1], edition=SECOND)

    assert done.closed == 1
    assert Region.objects.get(pk=NEIGHBOUR_COMMUNITY).valid_to == SECOND
    actions.import_regions(rows=ROWS, edition=date(2025, 6, 30))
    assert Region.objects.get(pk=NEIGHBOUR_COMMUNITY).valid_to is None


def test_edition_closes_nothing_in_counties_it_does_not_list():
    actions.import_regions(rows=ROWS, edition=FIRST)

    done = actions.import_regions(
        rows=[("45", "广西壮族自治区"), ("4501", "南宁市"), ("450102", "兴宁区")], edition=SECOND
    )

    assert (done.added, done.closed) == (1, 0)


def test_import_leaves_grids_and_buildings_alone():
    make_region_tree()
    Region.objects.filter(pk=GRID).update(name="幸福网格")
    before = list(Region.objects.filter(level__gt=12).order_by("code").values())

    done = actions.import_regions(rows=ROWS, edition=SECOND)

    assert done.closed == 0
    assert list(Region.objects.filter(level__gt=12).order_by("code").values()) == before


@pytest.mark.parametrize("code", ["450", "45010300100x", "", "4501030010050010011"])
def test_bad_code_stops_the_import(code):
    with pytest.raises(ValueError, match="is not a region code"):
        actions.import_regions(rows=[*ROWS, (code, "某地")], edition=FIRST)


def test_shipped_table_holds_seven_counties(capsys):
    call_command("import_regions")

    levels = Counter(Region.objects.values_list("level", flat=True))
    assert (levels[6], levels[9], levels[12]) == (7, 94, 1326)
    assert "1436 regions read: 1436 added, 0 renamed, 0 closed" in capsys.readouterr().out


def test_import_from_a_folder_without_the_files_is_refused(tmp_path):
    with pytest.raises(CommandError, match=r"provinces\.csv is missing"):
        call_command("import_regions", folder=tmp_path)


def test_subtree_is_a_range_of_the_primary_key():
    call_command("import_regions", stdout=StringIO())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE places_region")

    plan = json.loads(queries.regions_under(COMMUNITY, level=12).explain(format="json"))[0]["Plan"]

    scan = next(node for node in _nodes(plan) if "Index Cond" in node)
    assert scan["Node Type"] in {"Index Scan", "Index Only Scan", "Bitmap Index Scan"}
    assert scan["Index Name"] == "places_region_pkey"
    assert re.findall(r"code\)::text ([<>]=?) '(\S+?)'", scan["Index Cond"]) == [
        (">=", COMMUNITY),
        ("<", COMMUNITY + ":"),
    ]


def _nodes(plan):
    yield plan
    for below in plan.get("Plans", []):
        yield from _nodes(below)
