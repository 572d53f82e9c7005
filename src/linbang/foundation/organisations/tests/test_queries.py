from datetime import date
from decimal import Decimal

import pytest

from linbang.foundation import clock
from linbang.foundation.access.choices import Role
from linbang.foundation.access.rules import Actor
from linbang.foundation.organisations import queries
from linbang.foundation.organisations.choices import OrganisationKind, TeamRank
from linbang.foundation.organisations.errors import PersonUnclear
from linbang.foundation.organisations.factories import make_membership, make_team, make_unit
from linbang.foundation.organisations.models import Organisation
from linbang.foundation.people.factories import make_actor, make_person, make_volunteer, make_worker
from linbang.foundation.places.factories import COMMUNITY, GRID, NEIGHBOUR_COMMUNITY
from linbang.foundation.places.models import Region

pytestmark = pytest.mark.django_db
NOW = clock.now()
TODAY = clock.local_date(NOW)


def test_staff_see_their_region_leaders_their_team():
    worker, team = make_worker(), make_team(region=GRID)
    below = make_team(parent=team)
    elsewhere = make_team(region=NEIGHBOUR_COMMUNITY)
    leader = make_actor(make_person(), Role.TEAM_LEADER, organisation_path=team.path)

    assert set(queries.organisations_visible_to(worker)) == {team, below}
    assert list(queries.organisations_visible_to(leader)) == [team, below]
    assert elsewhere in queries.organisations_visible_to(Actor.system())
    assert not queries.organisations_visible_to(make_actor(make_person())).exists()


def test_organisations_are_found_by_name_and_kind():
    worker = make_worker()
    unit, team = make_unit("新竹居委会"), make_team("新竹帮帮队")
    make_team("新竹旧队", closed_at=NOW)

    assert set(queries.organisations_found(worker, text="新竹")) == {unit, team}
    assert list(queries.organisations_found(worker, kind=OrganisationKind.TEAM)) == [team]
    assert list(queries.units_to_approve(worker)) == [unit]
    assert {region.pk for region in queries.regions_to_organise_in(worker)} == {COMMUNITY, GRID}


def test_members_are_counted_once_over_the_tree():
    brigade = make_team(rank=TeamRank.BRIGADE)
    squads = [make_team(parent=brigade), make_team(parent=brigade)]
    person = make_person()
    for squad in squads:
        make_membership(squad, person)
    make_membership(squads[0], make_person())
    make_membership(squads[0], approved=False)
    make_membership(squads[0], ended_at=NOW)
    make_membership(make_team())

    assert queries.members_counted_once(brigade.path) == 2
    rows = queries.with_member_counts(queries.teams_under(brigade.path))
    assert [row.members for row in rows] == [2, 2, 1]


@pytest.mark.parametrize("count", [1, 3])
def test_tree_costs_one_query(count, django_assert_num_queries):
    worker, unit = make_worker(), make_unit()
    for _each in range(count):
        make_membership(make_team(parent=unit))

    with django_assert_num_queries(1):
        found = queries.with_member_counts(queries.organisations_found(worker))
        rows = queries.organisation_rows(found)

    assert [(row.depth, row.members) for row in rows] == [(0, count)] + [(1, 1)] * count


def test_affiliations_are_what_one_belongs_to_now():
    person = make_person()
    home, work = make_membership(make_unit(), person), make_membership(make_unit(), person)
    waiting = make_membership(make_team(), person, approved=False)
    make_membership(make_team(), person, ended_at=NOW)

    assert set(queries.affiliations_of(person.pk)) == {home, work}
    assert set(queries.memberships_of(person.pk)) == {home, work, waiting}


def make_city(teams):
    """Three districts of 131 communities, of which the first ``teams`` have one."""
    day = date(2006, 1, 1)
    Region.objects.create(code="21", name="辽宁省", level=2, valid_from=day)
    Region.objects.create(code="2107", name="锦州市", level=4, parent_id="21", valid_from=day)
    areas = {"210702": 40, "210703": 50, "210711": 41}
    for county in areas:
        Region.objects.create(code=county, name=county, level=6, parent_id="2107", valid_from=day)
        Region.objects.create(
            code=county + "001", name="街道", level=9, parent_id=county, valid_from=day
        )
    codes = [
        f"{county}001{number:03d}"
        for county, size in areas.items()
        for number in range(1, size + 1)
    ]
    Region.objects.bulk_create(
        Region(code=code, name=code, level=12, parent_id=code[:9], valid_from=day) for code in codes
    )
    Organisation.objects.bulk_create(
        Organisation(
            cell=code[:6], name="服务队", kind="team", path=f"{number:010d}", region_id=code,
            rank="squad", content="0001", membership="youth", founded_at=NOW,
        )
        for number, code in enumerate(codes[:teams])
    )  # fmt: skip
    return codes


def test_coverage_of_jinzhou_is_reproduced(django_assert_num_queries):
    # mission P1: 131 communities in 3 districts, 108 with a team, 82.4 %.
    codes = make_city(teams=108)
    # A second team of one community, a closed one and a unit change nothing.
    make_team(region=codes[0], cell="210702")
    make_team(region=codes[-1], cell="210711", closed_at=NOW)
    make_unit(region=codes[-2], cell="210711")

    with django_assert_num_queries(1):
        city = queries.coverage("2107")

    assert (city.communities, city.covered, city.percent) == (131, 108, Decimal("82.4"))
    with django_assert_num_queries(2):
        areas = queries.coverage_below("2107")
    assert [(area.region.pk, area.coverage.covered, area.coverage.percent) for area in areas] == [
        ("210702", 40, Decimal("100.0")),
        ("210703", 50, Decimal("100.0")),
        ("210711", 18, Decimal("43.9")),
    ]


def test_team_of_a_grid_covers_its_community():
    make_team(region=GRID)

    assert queries.coverage("450103001").covered == 1


def test_teams_near_come_first():
    far = make_team(region=NEIGHBOUR_COMMUNITY)
    near = make_team()
    make_team(closed_at=NOW)
    make_team(content="0008")
    me = make_actor(make_person())

    found = queries.teams_near(me, home=COMMUNITY + "001", content="0001")

    assert list(found) == [near, far]
    assert not queries.teams_near(Actor()).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_team_rows_cost_two_queries(count, django_assert_num_queries):
    person = make_person()
    for _each in range(count):
        make_membership(make_team(), person, approved=False)
    me = make_actor(person)

    with django_assert_num_queries(2):
        rows = queries.team_rows(queries.teams_near(me), actor=me)

    assert [(row.is_waiting, row.is_member, row.members) for row in rows] == [
        (True, False, 0)
    ] * count


@pytest.mark.parametrize("count", [1, 3])
def test_member_rows_cost_three_queries(count, django_assert_num_queries):
    worker, team = make_worker(), make_team()
    for _each in range(count):
        make_membership(team, make_volunteer().person)

    with django_assert_num_queries(3):
        rows = queries.member_rows(queries.members_of(team), actor=worker, today=TODAY)

    assert [row.name for row in rows] == ["王建国"] * count


def test_member_from_elsewhere_stays_masked():
    team = make_team()
    make_membership(team, make_volunteer(region=NEIGHBOUR_COMMUNITY).person)

    (row,) = queries.member_rows(queries.members_of(team), actor=make_worker(), today=TODAY)

    assert (row.name, row.is_known, row.number[0]) == ("王**", False, "V")


def test_minor_stays_masked():
    team = make_team()
    make_membership(team, make_volunteer("李小明", birth_date=date(2016, 5, 5)).person)

    (row,) = queries.member_rows(queries.members_of(team), actor=make_worker(), today=TODAY)

    assert (row.name, row.is_known) == ("李**", False)


def test_words_mean_one_person():
    worker = make_worker()
    person = make_person("韦明")

    assert queries.person_meant(worker, person.phone) == person
    for words in ("", "没有这个人"):
        with pytest.raises(PersonUnclear):
            queries.person_meant(worker, words)
