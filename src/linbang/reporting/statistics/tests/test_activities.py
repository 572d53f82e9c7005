"""The figures of activities against a small world counted by hand."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linbang.foundation.access.choices import Permission, Role
from linbang.foundation.clock import CHINA
from linbang.foundation.organisations.choices import TeamRank
from linbang.foundation.organisations.factories import make_team, make_unit
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.people.factories import make_actor, make_person
from linbang.foundation.people.models import Person
from linbang.foundation.places.factories import COMMUNITY, GRID, NEIGHBOUR_COMMUNITY
from linbang.foundation.places.models import Region
from linbang.intake.activities.choices import ActivityState, PointKind, ShiftState
from linbang.intake.activities.factories import make_activity, make_post, make_shift
from linbang.intake.activities.models import Activity, Brand, Desk, DutyPoint
from linbang.operations.dispatch.choices import SignUpState
from linbang.operations.service.choices import AbsenceKind
from linbang.operations.service.models import Absence, DeskTally
from linbang.reporting.statistics import queries, rules
from linbang.reporting.statistics.factories import make_seat
from linbang.reporting.statistics.queries import Scope
from linbang.reporting.statistics.rules import ActivityTally

pytestmark = pytest.mark.django_db

NOVEMBER = rules.period_named("2026-11")
TENTH = datetime(2026, 11, 10, 9, 0, tzinfo=CHINA)
ASKED = datetime(2026, 12, 2, 9, 0, tzinfo=CHINA)
WEEK = timedelta(days=7)


@dataclass
class World:
    """A brigade with two squads, three people, and what they did."""

    brigade: Organisation
    ours: Organisation
    theirs: Organisation
    wang: Person
    chen: Person
    he: Person


@pytest.fixture
def world() -> World:
    committee = make_unit("新竹居委会")
    brigade = make_team("新竹大队", parent=committee, rank=TeamRank.BRIGADE)
    here = World(
        brigade=brigade,
        ours=make_team("清洁队", parent=brigade),
        theirs=make_team("望园队", parent=brigade, region=NEIGHBOUR_COMMUNITY),
        wang=make_person("王建国"),
        chen=make_person("陈静"),
        he=make_person("何伟"),
    )
    make_team("没有活动的队", parent=brigade)
    _clean_up(here)
    _consult(here)
    _watch(here)
    # Next door.
    shift = make_shift(
        make_activity("望园", organiser=here.theirs, region=NEIGHBOUR_COMMUNITY),
        starts_at=TENTH + WEEK * 2,
    )
    make_seat(shift, here.chen, minutes=(120,))
    _not_counted(here)
    return here


def _clean_up(here: World) -> None:
    """Two Tuesdays of one brand: three came, one stayed away, one was excused, one withdrew."""
    brand = Brand.objects.create(
        cell="450103", organiser=here.ours, region_id=COMMUNITY, name="邻里相亲", created_at=TENTH
    )
    activity = make_activity("清洁家园", organiser=here.ours, brand=brand, people_served=40)
    first = make_shift(activity, starts_at=TENTH, places=6)
    make_seat(first, here.wang, minutes=(110,))
    make_seat(first, here.chen, minutes=(50, 55))
    make_seat(first, here.he, absence=AbsenceKind.NO_SHOW)
    make_seat(first, make_person(), absence=AbsenceKind.EXCUSED)
    make_seat(first, make_person(), state=SignUpState.WITHDRAWN)
    second = make_shift(activity, starts_at=TENTH + WEEK, places=4)
    make_seat(second, here.wang, minutes=(100,))
    forgiven = make_seat(second, here.he, absence=AbsenceKind.NO_SHOW)
    Absence.objects.filter(sign_up=forgiven).update(excused_at=ASKED, answer="有证明")
    # Marked by the leader, and the roll is not closed yet: it does not count.
    marked = make_seat(second, make_person(), absence=AbsenceKind.NO_SHOW)
    Absence.objects.filter(sign_up=marked).update(counted_at=None)


def _consult(here: World) -> None:
    """A consult event in the grid: one came, one has not checked out; four people were served."""
    activity = make_activity(
        "集市", organiser=here.ours, region=GRID, kind="consult", people_served=25
    )
    shift = make_shift(activity, starts_at=TENTH + timedelta(days=1), places=2)
    make_seat(shift, here.he, minutes=(120,))
    make_seat(shift, here.chen, minutes=(30, None))
    desk = Desk.objects.create(
        cell="450103", activity=activity, number=1, department="司法所", topics=["离婚", "租房"]
    )
    for nth, (topic, people) in enumerate((("离婚", 3), ("租房", 2), ("租房", -1))):
        DeskTally.objects.create(
            cell="450103", desk=desk, topic=topic, people=people, at=shift.starts_at, by_id=1,
            key=f"t{nth}",
        )  # fmt: skip


def _watch(here: World) -> None:
    """A crossing staffed on one of two mornings, by the brigade itself."""
    point = DutyPoint.objects.create(
        cell="450103", kind=PointKind.CROSSING, region_id=COMMUNITY, name="路口", opened_at=TENTH,
        is_demonstration=True,
    )  # fmt: skip
    activity = make_activity("劝导", organiser=here.brigade, kind="duty")
    post = make_post(activity, point=point, places=2, places_min=2)
    full = make_shift(post=post, starts_at=TENTH + timedelta(days=2), minutes=60)
    make_seat(full, here.wang, minutes=(60,))
    make_seat(full, here.chen, minutes=(61,))
    thin = make_shift(post=post, starts_at=TENTH + timedelta(days=3), minutes=60)
    make_seat(thin, here.wang, minutes=(59,))


def _not_counted(here: World) -> None:
    """A draft, a cancelled shift, December in China, a shift that has not ended, a slip."""
    draft = make_activity("草稿", organiser=here.ours, state=ActivityState.DRAFT, people_served=9)
    make_seat(make_shift(draft, starts_at=TENTH), make_person(), minutes=(60,))
    cancelled = make_shift(
        make_activity("取消", organiser=here.ours), starts_at=TENTH, state=ShiftState.CANCELLED,
        cancelled_at=TENTH, cancel_reason="下雨",
    )  # fmt: skip
    make_seat(cancelled, make_person(), minutes=(60,))
    december = make_activity("十二月", organiser=here.ours, people_served=7)
    at_half_past_midnight = datetime(2026, 12, 1, 0, 30, tzinfo=CHINA)
    make_seat(make_shift(december, starts_at=at_half_past_midnight), here.wang, minutes=(60,))
    make_seat(make_shift(december, starts_at=ASKED - timedelta(hours=1)), here.he)
    slip = make_shift(make_activity("点错", organiser=here.ours), starts_at=TENTH, places=1)
    make_seat(slip, make_person(), minutes=(1,), out_method="void")


def figures_of(region: str = "", team: Organisation | None = None, period=NOVEMBER):
    scope = Scope(Region.objects.filter(code=region).first(), team)
    return queries.activity_figures(scope=scope, period=period, asked_at=ASKED)


# Three mornings of the crossing and the market beside two clean-ups; the slip took a place.
COMMUNITY_TALLY = ActivityTally(
    activities=3,
    shifts=5,
    person_times=8,
    people=3,
    minutes=110 + 105 + 100 + 120 + 30 + 60 + 61 + 59,
    people_served=65,
    consulted=4,
    places=6 + 4 + 2 + 2 + 2 + 1,
    filled=4 + 3 + 2 + 2 + 1 + 1,
    no_shows=1,
    unsettled=1,
)


def test_community_counts_what_took_place(world):
    total = figures_of(COMMUNITY).total

    assert total == COMMUNITY_TALLY
    assert total.fill_rate == pytest.approx(13 / 17)
    assert total.no_show_rate == pytest.approx(1 / 13)


def test_street_counts_people_of_both_communities_once(world):
    total = figures_of("450103001").total

    assert (total.activities, total.person_times, total.people) == (4, 9, 3)


def test_parts_by_kind_and_brand(world):
    figures = figures_of(COMMUNITY)

    assert [(one.code, one.tally.activities, one.tally.person_times) for one in figures.kinds] == [
        ("gathering", 1, 3),
        ("consult", 1, 2),
        ("duty", 1, 3),
    ]
    assert [
        (one.name, one.tally.person_times, one.tally.people_served) for one in figures.brands
    ] == [
        ("邻里相亲", 3, 40),
        ("", 5, 25),
    ]


def test_regions_add_up_to_what_lies_in_none(world):
    figures = figures_of(COMMUNITY)

    assert [(one.code, one.name, one.tally.activities) for one in figures.regions] == [
        (GRID, "第1网格", 1),
        (COMMUNITY, "", 2),
    ]


def test_teams_roll_up_from_below(world):
    figures = figures_of("450103001", world.brigade)

    assert [(one.name, one.is_own, one.tally.person_times) for one in figures.teams] == [
        ("新竹大队", True, 3),
        ("清洁队", False, 5),
        ("望园队", False, 1),
        ("没有活动的队", False, 0),
    ]
    assert figures.total.people == 3


def test_region_starts_where_its_teams_part(world):
    # The committee did nothing itself: its one brigade is where the figures begin.
    own = figures_of("450103001").teams[0]

    assert (own.name, own.is_own, own.team) == ("新竹大队", True, None)


def test_team_without_region_counts_everywhere(world):
    figures = figures_of(team=world.theirs)

    assert (figures.total.activities, figures.total.minutes, figures.regions) == (1, 120, ())


def test_point_says_how_often_it_was_staffed(world):
    (point,) = figures_of(COMMUNITY).points

    assert (point.name, point.kind, point.is_demonstration) == ("路口", "crossing", True)
    assert (point.planned, point.staffed, point.staffed_rate) == (2, 1, 0.5)
    assert (point.person_times, point.people, point.minutes) == (3, 2, 180)
    assert (point.places, point.filled, point.no_shows) == (4, 3, 0)


def test_topics_are_told_after_corrections(world):
    assert figures_of(COMMUNITY).topics == (("离婚", 3), ("租房", 1))


def test_months_follow_the_calendar_in_china(world):
    figures = figures_of(COMMUNITY)
    months = {(one.year, one.month): one for one in figures.months}

    assert (figures.year, len(figures.months)) == (2026, 24)
    assert (months[2026, 11].activities, months[2026, 11].person_times) == (3, 8)
    assert (months[2026, 12].activities, months[2026, 12].people_served) == (1, 0)
    assert months[2025, 3].person_times == 0


def test_people_served_count_when_the_last_shift_was(world):
    # The clean-up told forty, and its last date is the seventeenth.
    activity = Activity.objects.get(name="清洁家园")
    make_shift(activity, starts_at=datetime(2026, 12, 1, 14, 0, tzinfo=CHINA))

    assert figures_of(COMMUNITY).total.people_served == 25
    december = figures_of(COMMUNITY, period=rules.period_named("2026-12"))
    assert december.total.people_served == 40


def test_twelve_months_count_like_any_period(world):
    year = rules.twelve_months_to(datetime(2026, 11, 30, tzinfo=CHINA).date())

    assert figures_of(COMMUNITY, period=year).total == COMMUNITY_TALLY


def test_overview_tells_the_same_figures(world):
    figures = queries.figures_of(prefix=COMMUNITY, period=NOVEMBER, asked_at=ASKED)

    assert figures.activities == COMMUNITY_TALLY
    assert [one.name for one in figures.brands] == ["邻里相亲", ""]


def test_empty_scope_has_zeros(world):
    figures = figures_of("45")
    empty = figures_of(COMMUNITY, period=rules.period_named("2020"))

    assert figures.total.activities == 4
    assert (empty.total, empty.brands, empty.points, empty.topics) == (ActivityTally(), (), (), ())


@pytest.mark.parametrize("more", [0, 2])
def test_figures_take_the_same_queries(world, more):
    for nth in range(more):
        team = make_team(f"新队{nth}", parent=world.brigade)
        activity = make_activity(f"新活动{nth}", organiser=team)
        make_seat(make_shift(activity, starts_at=TENTH), make_person(), minutes=(60,))
    region = Region.objects.get(code=COMMUNITY)

    with CaptureQueriesContext(connection) as captured:
        found = queries.activity_figures(scope=Scope(region), period=NOVEMBER, asked_at=ASKED)

    assert len(captured) == 7
    assert found.total.activities == 3 + more


def test_team_leader_sees_own_team_and_below(world):
    leader = make_actor(make_person(), Role.TEAM_LEADER, organisation_path=world.brigade.path)

    assert queries.activity_scope(leader, "", "") == Scope(None, world.brigade)
    below = queries.activity_scope(leader, "", str(world.ours.public_id))
    assert below == Scope(None, world.ours)
    above = world.brigade.parent
    assert queries.activity_scope(leader, "", str(above.public_id)) is None
    assert queries.activity_scope(leader, COMMUNITY, "") is None


def test_region_role_sees_a_team_within_its_region_only(world):
    worker = make_actor(make_person(), Role.STATION_WORKER)

    scope = queries.activity_scope(worker, "", str(world.brigade.public_id))

    assert (scope.prefix, scope.path) == (COMMUNITY, world.brigade.path)
    total = queries.activity_figures(scope=scope, period=NOVEMBER, asked_at=ASKED).total
    assert total.person_times == 8
    assert queries.activity_scope(worker, NEIGHBOUR_COMMUNITY, "") is None
    unknown = "00000000-0000-4000-8000-000000000000"
    assert queries.activity_scope(worker, "", unknown) is None


def test_resident_has_no_scope():
    assert queries.activity_scope(make_actor(make_person()), "", "") is None
    assert (
        queries.activity_scope(
            make_actor(make_person(), Role.STATION_WORKER), "", "", permission=Permission.EXPORT
        )
        is None
    )


def test_way_to_a_team_begins_at_the_top(world):
    names = [one.name for one in queries.way_to_team(Scope(None, world.ours))]

    assert names == ["新竹居委会", "新竹大队", "清洁队"]
