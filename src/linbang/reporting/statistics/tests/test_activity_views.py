from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO

import openpyxl
import pytest

from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.clock import CHINA
from linbang.foundation.organisations.choices import TeamRank
from linbang.foundation.organisations.factories import make_team, make_unit
from linbang.foundation.people.factories import make_actor, make_person, make_worker
from linbang.foundation.places.factories import COMMUNITY, GRID, NEIGHBOUR_COMMUNITY
from linbang.intake.activities.choices import PointKind
from linbang.intake.activities.factories import make_activity, make_post, make_shift
from linbang.intake.activities.models import Brand, Desk, DutyPoint
from linbang.operations.service.choices import AbsenceKind
from linbang.operations.service.models import DeskTally
from linbang.reporting.statistics import queries, rules
from linbang.reporting.statistics.choices import ACTIVITY_DEFINITIONS
from linbang.reporting.statistics.factories import make_seat
from linbang.reporting.statistics.queries import GroupTally
from linbang.reporting.statistics.rules import ActivityTally
from linbang.reporting.statistics.templatetags.activity_statistics import (
    brand_chart,
    counted,
    points_by_kind,
    rate,
    service_months,
    this_year,
)

pytestmark = pytest.mark.django_db

PAGE = "/console/statistics/activities/"
API = "/api/v1/statistics/activities"
MARCH = datetime(2026, 3, 5, 9, 0, tzinfo=CHINA)
PERIOD = {"region": COMMUNITY, "period": "2026-03"}


@pytest.fixture
def brigade():
    return make_team("新竹大队", parent=make_unit("居委会"), rank=TeamRank.BRIGADE)


@pytest.fixture
def squad(brigade):
    """A squad with one duty at a crossing: two came, one did not; and a desk with a tally."""
    squad = make_team("巡逻队", parent=brigade)
    brand = Brand.objects.create(
        cell="450103", organiser=squad, region_id=COMMUNITY, name="邻里相亲", created_at=MARCH
    )
    point = DutyPoint.objects.create(
        cell="450103", kind=PointKind.CROSSING, region_id=COMMUNITY, name="新竹路口",
        is_demonstration=True, opened_at=MARCH,
    )  # fmt: skip
    activity = make_activity("劝导", organiser=squad, brand=brand, kind="duty", people_served=30)
    shift = make_shift(post=make_post(activity, point=point, places=4), starts_at=MARCH)
    make_seat(shift, make_person("王建国"), minutes=(90,))
    make_seat(shift, make_person("陈静"), minutes=(30,))
    make_seat(shift, make_person("何伟"), absence=AbsenceKind.NO_SHOW)
    market = make_activity("集市", organiser=squad, region=GRID, kind="consult")
    desk = Desk.objects.create(
        cell="450103", activity=market, number=1, department="司法所", topics=["租房"]
    )
    DeskTally.objects.create(
        cell="450103", desk=desk, topic="租房", people=6, at=MARCH, by_id=1, key="t"
    )
    return squad


@pytest.fixture
def worker():
    return make_worker()


def test_page_tells_every_figure(worker, squad):
    content = client_of(worker).get(PAGE, PERIOD).content.decode()

    for measure, definition in ACTIVITY_DEFINITIONS.items():
        assert str(measure.label) in content
        assert str(definition) in content
    assert "新竹社区 2026年3月活动统计" in content
    for told in (
        "邻里相亲", "巡逻队", "新竹路口", "示范", "第1网格", "租房", "2026-03",
        "咨询台接待 6 人次",
        "4 个名额录取 3 人次", "33.3%",
        f"?region={COMMUNITY}&amp;period=2026-03&amp;team={squad.public_id}",
    ):  # fmt: skip
        assert told in content


def test_every_chart_has_its_table(worker, squad):
    content = client_of(worker).get(PAGE, PERIOD).content.decode()

    assert content.count('data-behaviour="chart"') == content.count("chart__data") == 2


def test_page_of_nothing_says_so(worker):
    content = client_of(worker).get(PAGE, {"period": "2020"}).content.decode()

    assert "本期还没有办过活动" in content
    assert "按品牌" not in content.replace("参加人次按品牌", "")


def test_team_is_chosen_on_the_way_down(worker, squad):
    page = client_of(worker).get(PAGE, {**PERIOD, "team": str(squad.public_id)})

    assert page.context["scope"].name == "巡逻队"
    assert [one.name for one in page.context["team_way"]] == ["居委会", "新竹大队", "巡逻队"]
    assert [(one.name, one.is_own) for one in page.context["figures"].teams] == [("巡逻队", True)]
    assert f'<input type="hidden" name="team" value="{squad.public_id}"' in page.content.decode()


def test_team_leader_sees_own_figures(brigade, squad):
    leader = client_of(make_actor(make_person(), Role.TEAM_LEADER, organisation_path=brigade.path))

    page = leader.get(PAGE, {"period": "2026-03"})

    assert page.context["figures"].total.person_times == 2
    assert 'name="region"' not in page.content.decode()
    assert "查看本队的活动统计" in leader.get("/console/statistics/").content.decode()


def test_stranger_sees_nothing(worker, squad):
    other = make_team("别处的队", region=NEIGHBOUR_COMMUNITY)
    outsider = make_actor(make_person(), Role.TEAM_LEADER, organisation_path=other.path)

    assert client_of(make_actor(make_person())).get(PAGE).status_code == 404
    assert client_of(worker).get(PAGE, {"region": NEIGHBOUR_COMMUNITY}).status_code == 404
    assert client_of(outsider).get(PAGE, {"team": str(squad.public_id)}).status_code == 404
    answer = client_of(outsider).get(API, {"period": "2026-03", "team": str(squad.public_id)})
    assert answer.status_code == 404


@pytest.mark.parametrize("more", [0, 2])
def test_page_takes_the_same_queries(worker, squad, django_assert_num_queries, more):
    for nth in range(more):
        activity = make_activity(f"新活动{nth}", organiser=make_team(parent=squad.parent))
        make_seat(make_shift(activity, starts_at=MARCH), make_person(), minutes=(60,))
    client = client_of(worker)
    client.get(PAGE)

    with django_assert_num_queries(17):
        client.get(PAGE, PERIOD)


def test_api_tells_the_same(worker, squad):
    told = client_of(worker).get(API, PERIOD).json()

    assert (told["total"]["activities"], told["total"]["person_times"]) == (1, 2)
    assert told["total"]["fill_rate"] == 0.75
    assert [one["name"] for one in told["brands"]] == ["邻里相亲"]
    # One team alone did something: it is told as a part of the one above.
    assert [one["name"] for one in told["teams"]] == ["巡逻队"]
    assert told["points"][0]["staffed_rate"] == 1
    assert told["topics"] == [["租房", 6]]
    assert len(told["months"]) == 24


def test_api_refuses_an_unknown_period(worker):
    answer = client_of(worker).get(API, {"period": "to-2026-13-01"})

    assert (answer.status_code, answer.json()["code"]) == (422, "period_unknown")


def test_workbook_has_the_activities(squad):
    officer = client_of(make_worker("刘洋", role=Role.COMMUNITY_OFFICER))

    answer = officer.get("/console/statistics/export/", PERIOD)

    book = openpyxl.load_workbook(BytesIO(answer.content))
    total = {row[0]: row[1] for row in book["活动总览"].iter_rows(values_only=True)}
    assert (total["举办活动"], total["参加人次"], total["到岗时长（小时）"]) == (1, 2, 2)
    assert [cell.value for cell in book["活动按队伍"][2]][:3] == ["分队", "巡逻队", 1]
    assert [cell.value for cell in book["值勤点"][2]] == [
        "文明路口", "新竹路口", 1, 1, 1, 2, 2, 2, 1
    ]  # fmt: skip
    months = list(book["活动按月"].iter_rows(values_only=True))
    assert months[15][:4] == ("2026", "03", 1, 2)


def test_overview_links_to_the_activities(worker, squad):
    content = client_of(worker).get("/console/statistics/", PERIOD).content.decode()

    assert f"{PAGE}?region={COMMUNITY}&amp;period=2026-03" in content
    assert "活动参加人次" in content


def test_service_months_have_their_share(squad):
    scope = queries.Scope(team=squad)
    asked_at = datetime(2026, 7, 1, tzinfo=CHINA)

    figures = queries.activity_figures(
        scope=scope, period=rules.period_named("2026-06"), asked_at=asked_at
    )

    # December of this year has not begun.
    assert [(one.figures.year, one.figures.month,
    one.share) for one in service_months(figures)] == [
        (2025, 3, "—"), (2025, 12, "—"), (2026, 3, "100.0%"),
    ]  # fmt: skip
    assert [one.month for one in this_year(figures)] == [1, 2, 3, 4, 5, 6, 7]


def test_figures_are_written_with_units():
    tally = ActivityTally(person_times=1234, minutes=90, places=3, filled=2)

    assert counted(tally, "person_times") == "1,234"
    assert counted(tally, "minutes") == "1.5"
    assert counted(tally, "fill_rate") == "66.7%"
    assert counted(ActivityTally(), "no_show_rate") == "—"
    assert (rate(None), rate(0.5)) == ("—", "50.0%")


def test_small_brands_become_one(squad):
    figures = queries.activity_figures(
        scope=queries.Scope(team=squad), period=rules.period_named("2026-03"),
        asked_at=MARCH + timedelta(days=90),
    )  # fmt: skip
    brands = [
        GroupTally(str(n), "" if n == 6 else f"牌{n}", ActivityTally(person_times=n))
        for n in range(11, 0, -1)
    ]

    chart = brand_chart(replace(figures, brands=tuple(brands)))

    assert chart["labels"][4:] == ["牌7", "不属于品牌", "牌5", "牌4", "其余品牌"]
    assert chart["series"][0]["values"][-1] == 3 + 2 + 1


def test_points_are_told_by_kind_and_by_what_is_missing(squad):
    figures = queries.activity_figures(
        scope=queries.Scope(team=squad), period=rules.period_named("2026-03"),
        asked_at=MARCH + timedelta(days=90),
    )  # fmt: skip
    (point,) = figures.points
    points = (
        replace(point, name="满", kind="fire_post", planned=4, staffed=4),
        replace(point, name="半", kind="fire_post", planned=4, staffed=2),
        point,
    )

    groups = points_by_kind(replace(figures, points=points))

    assert [(one.label, [p.name for p in one.points]) for one in groups] == [
        ("文明路口", ["新竹路口"]), ("志愿消防站", ["半", "满"]),
    ]  # fmt: skip
    assert groups[1].staffed_rate == 0.75
