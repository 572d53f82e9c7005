from dataclasses import replace
from datetime import datetime
from io import BytesIO

import openpyxl
import pytest
from django.utils import translation

from linbang.foundation.access.choices import Permission, Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.access.rules import Actor, Grant
from linbang.foundation.audit.models import AuditEvent
from linbang.foundation.clock import CHINA
from linbang.foundation.errors import NotAllowed
from linbang.foundation.people.factories import make_actor, make_person, make_volunteer, make_worker
from linbang.foundation.places.factories import (
    BUILDING,
    COMMUNITY,
    NEIGHBOUR_BUILDING,
    NEIGHBOUR_COMMUNITY,
)
from linbang.foundation.places.models import Region
from linbang.reporting.statistics import actions, queries, rules
from linbang.reporting.statistics.choices import (
    DEFINITIONS,
    PARTS_NOTE,
    ActivityMeasure,
    Measure,
    age_band_label,
    period_label,
)
from linbang.reporting.statistics.factories import make_service
from linbang.reporting.statistics.rules import Tally
from linbang.reporting.statistics.schemas.workbook import workbook_of
from linbang.reporting.statistics.templatetags.statistics import category_chart, shown

pytestmark = pytest.mark.django_db

PAGE = "/console/statistics/"
EXPORT = "/console/statistics/export/"
TENTH = datetime(2026, 11, 10, 9, 0, tzinfo=CHINA)
NOVEMBER = rules.period_named("2026-11")


@pytest.fixture
def worker():
    return make_worker()


@pytest.fixture
def officer(worker):
    return make_worker("刘洋", role=Role.COMMUNITY_OFFICER)


@pytest.fixture
def service():
    registered = datetime(2026, 1, 1, tzinfo=CHINA)
    return make_service(
        make_volunteer(now=registered).person, make_person(now=registered), starts_at=TENTH
    )


def test_page_tells_every_figure(worker, service):
    page = client_of(worker).get(PAGE, {"region": COMMUNITY, "period": "2026-11"})

    assert page.status_code == 200
    content = page.content.decode()
    for measure, definition in DEFINITIONS.items():
        assert str(measure.label) in content
        assert str(definition) in content
    assert str(PARTS_NOTE) in content
    assert "新竹社区 2026年11月统计" in content
    assert "?region=450103001005001&amp;period=2026-11" in content


def test_every_chart_has_its_table(worker, service):
    content = client_of(worker).get(PAGE, {"period": "2026-11"}).content.decode()

    assert content.count('data-behaviour="chart"') == content.count("chart__data") == 3


def test_page_without_choice_is_own_region_this_month(worker):
    page = client_of(worker).get(PAGE, {"period": "nonsense"})

    assert (page.context["region"].code, page.context["period"].kind) == (COMMUNITY, "month")


@pytest.mark.parametrize("region", [NEIGHBOUR_COMMUNITY, "450103001", "45010300100500"])
def test_region_beyond_scope_is_hidden(worker, region):
    client = client_of(worker)

    assert client.get(PAGE, {"region": region}).status_code == 404
    assert (
        client.get("/api/v1/statistics/figures", {"region": region, "period": "2026"}).status_code
        == 404
    )


def test_building_head_sees_own_building(service):
    head = client_of(make_actor(make_person("黄志强"), Role.BUILDING_HEAD, region=BUILDING))

    assert head.get(PAGE).context["region"].code == BUILDING
    assert head.get(PAGE, {"region": NEIGHBOUR_BUILDING}).status_code == 404


def test_resident_sees_no_statistics():
    resident = client_of(make_actor(make_person()))

    assert resident.get(PAGE).status_code == 404
    assert resident.get(EXPORT).status_code == 404


def test_team_leader_is_told_why_nothing_is_shown():
    leader = make_actor(make_person(), Role.TEAM_LEADER, organisation_path="/1/")

    assert "没有可以查看的区划" in client_of(leader).get(PAGE).content.decode()


@pytest.mark.parametrize("more", [0, 2])
def test_page_takes_the_same_queries(worker, service, django_assert_num_queries, more):
    for number in range(more):
        code = f"{COMMUNITY}00{number + 2}"
        Region.objects.create(
            code=code, name=code, level=15, parent_id=COMMUNITY, valid_from=TENTH.date()
        )
    client = client_of(worker)
    client.get(PAGE)

    with django_assert_num_queries(18):
        client.get(PAGE, {"region": COMMUNITY, "period": "2026-11"})


def test_export_is_a_workbook_and_in_the_trail(officer, service):
    answer = client_of(officer).get(EXPORT, {"region": COMMUNITY, "period": "2026-11"})

    book = openpyxl.load_workbook(BytesIO(answer.content))
    assert book.sheetnames == [
        *("总览", "按类别", "按月", "按区域"),
        *("活动总览", "活动按品牌", "活动按类型", "活动按区域", "活动按队伍", "值勤点", "活动按月"),
    ]
    overview = {row[0]: row[1] for row in book["总览"].iter_rows(values_only=True)}
    assert (overview["服务人次"], overview["服务总时长（小时）"], overview["办结率"]) == (1, 1, 1)
    assert "attachment; filename=figures-2026-11.xlsx" in answer["Content-Disposition"]
    event = AuditEvent.objects.get(action="statistics.export_figures")
    assert (event.outcome, event.region_code, event.detail) == (
        "exported", COMMUNITY, {"period": "2026-11"},
    )  # fmt: skip


def test_export_needs_its_permission(worker):
    # The station worker sees the figures and may not take them away.
    assert client_of(worker).get(EXPORT).status_code == 404
    assert "导出表格" not in client_of(worker).get(PAGE).content.decode()


def test_export_beyond_scope_is_refused(officer):
    with pytest.raises(NotAllowed):
        actions.export_figures(
            region=Region(code=NEIGHBOUR_COMMUNITY), period=NOVEMBER, by=officer, now=TENTH
        )
    assert client_of(officer).get(EXPORT, {"region": NEIGHBOUR_COMMUNITY}).status_code == 404


def test_formula_in_a_name_stays_text(service):
    Region.objects.filter(code="450103001005001").update(name="=1+1|cmd")
    figures = queries.figures_of(prefix=COMMUNITY, period=NOVEMBER, asked_at=TENTH)
    scope = queries.Scope(Region.objects.get(code=COMMUNITY))
    of_activities = queries.activity_figures(scope=scope, period=NOVEMBER, asked_at=TENTH)

    book = openpyxl.load_workbook(
        BytesIO(workbook_of(figures, of_activities, place="=2+2", period="https://example.org"))
    )

    cell = book["按区域"]["B2"]
    assert (cell.value, cell.data_type) == ("=1+1|cmd", "s")
    assert (book["总览"]["B2"].value, book["总览"]["B2"].data_type) == ("=2+2", "s")
    assert book["总览"]["B3"].hyperlink is None


def test_api_gives_figures_and_definitions(worker, service):
    client = client_of(worker)

    figures = client.get("/api/v1/statistics/figures", {"period": "2026-11"}).json()
    definitions = client.get("/api/v1/statistics/definitions").json()

    assert (figures["prefix"], figures["total"]["person_times"]) == (COMMUNITY, 1)
    assert figures["total"]["fulfilment_rate"] == 1
    assert [one["code"] for one in figures["regions"]] == ["450103001005001"]
    assert [one["name"] for one in definitions] == [
        *Measure.values, *(f"activities.{name}" for name in ActivityMeasure.values),
    ]  # fmt: skip


def test_api_refuses_an_unknown_period(worker):
    answer = client_of(worker).get("/api/v1/statistics/figures", {"period": "2026-13"})

    assert (answer.status_code, answer.json()["code"]) == (422, "period_unknown")


def test_auditor_of_another_place_sees_nothing(service):
    outsider = Actor(person_id=1, grants=(Grant(Role.AUDITOR, region=NEIGHBOUR_COMMUNITY),))

    assert queries.region_visible_to(outsider, COMMUNITY) is None
    assert queries.region_visible_to(outsider, COMMUNITY, permission=Permission.EXPORT) is None


def test_twelve_months_are_a_period_of_the_page(worker, service):
    page = client_of(worker).get(PAGE, {"period": "to-2026-11-30"})

    assert page.context["period"].text == "to-2026-11-30"
    assert page.context["figures"].total.person_times == 1
    content = page.content.decode()
    assert "截至2026年11月30日的十二个月" in content
    assert '<option value="to-2026-11-30" selected>' in content


def test_figures_are_written_with_units():
    tally = Tally(
        requests=1234, verified=3, fulfilled=2, proved_minutes=90, response_minutes_mean=80.4
    )

    assert shown(tally, "requests") == "1,234"
    assert shown(tally, "fulfilment_rate") == "66.7%"
    assert shown(tally, "minutes") == "1.5"
    assert shown(tally, "response_minutes_mean") == "1 小时 20 分钟"
    assert shown(tally, "response_minutes_median") == "—"
    assert shown(Tally(response_minutes_median=0.2), "response_minutes_median") == "不到 1 分钟"


def test_small_slices_become_one(service):
    figures = queries.figures_of(prefix=COMMUNITY, period=NOVEMBER, asked_at=TENTH)
    many = tuple(
        queries.CategoryTally(f"000{number}", Tally(person_times=number)) for number in range(1, 8)
    )

    chart = category_chart(replace(figures, categories=many))

    assert (chart["labels"][-1], chart["series"][0]["values"]) == ("其余类别", [7, 6, 5, 4, 6])


def test_periods_and_ages_speak_english():
    with translation.override("en"):
        assert period_label("quarter", 2026, 4) == "2026, quarter 4"
        assert (age_band_label(0, 7), age_band_label(60, None)) == ("under 8", "60 and over")
