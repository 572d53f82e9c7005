"""Branches, pools and demand: figures worked out by hand, and their pages."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.clock import CHINA
from linbang.foundation.people.choices import ServiceCategory
from linbang.foundation.people.factories import make_actor, make_person, make_volunteer
from linbang.foundation.places.factories import BUILDING, COMMUNITY, NEIGHBOUR_COMMUNITY
from linbang.foundation.places.models import Region
from linbang.intake.care.choices import CareCategory
from linbang.intake.care.factories import make_listing
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.factories import make_catalogue, make_need
from linbang.intake.needs.models import ServiceItem
from linbang.operations.dispatch.factories import make_offer
from linbang.operations.dispatch.models import Assignment
from linbang.outcomes.time_bank import actions, queries
from linbang.outcomes.time_bank.choices import Purpose, Span
from linbang.outcomes.time_bank.factories import make_movement, make_posting

pytestmark = pytest.mark.django_db
CELL, STREET = BUILDING[:6], BUILDING[:9]
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=CHINA)
YEAR = queries.window_of(Span.YEAR, now=NOW)


def days_ago(days):
    return NOW - timedelta(days=days)


@pytest.mark.parametrize(
    ("span", "start"),
    [("month", (2026, 11, 1)), ("year", (2025, 11, 1)), ("all", (2000, 1, 1)), ("x", (2000, 1, 1))],
)
def test_span_reaches_back(span, start):
    window = queries.window_of(span, now=NOW)

    assert (window.starts_at, window.ends_at) == (datetime(*start, tzinfo=CHINA), NOW)


@pytest.fixture
def two_branches():
    """A saver of each community: she served at home and next door, he spent next door's gift."""
    here = make_volunteer("王建国").person
    there = make_volunteer("赵敏", region=NEIGHBOUR_COMMUNITY).person
    make_posting(here, minutes=540)
    make_movement(here, 60, Purpose.EARNED, branch=NEIGHBOUR_COMMUNITY, at=days_ago(3))
    make_movement(there, 30, "gift", branch=NEIGHBOUR_COMMUNITY, at=days_ago(2))
    make_movement(there, -20, "redeemed", branch=COMMUNITY, at=days_ago(1))
    make_movement(here, 500, Purpose.EARNED, branch=COMMUNITY, at=days_ago(800))
    # The community's own counter is not elsewhere for who lives in one of its buildings.
    make_movement(here, 5, Purpose.EARNED, branch=COMMUNITY, at=days_ago(1))
    elder = make_person("黄秀兰", birth_date=date(1940, 5, 1))
    make_listing(elder, category=CareCategory.DIBAO)
    actions.renew_grants(now=NOW - timedelta(hours=1))


def test_branches_add_up_to_the_street(two_branches):
    report = queries.branch_report(Region.objects.get(pk=STREET), window=YEAR)

    figures = {one.code: one.figures for one in report.branches}
    here, there = figures[COMMUNITY], figures[NEIGHBOUR_COMMUNITY]
    assert (here.savers, here.earned, here.spent, here.granted, here.pooled) == (
        1, 480 + 60 + 5, 0, 60, 60,
    )  # fmt: skip
    # What she did next door, and what he took here.
    assert (here.away_in, here.away_out, here.guests_in, here.guests_out) == (60, 0, 0, 20)
    assert (there.away_in, there.away_out, there.guests_in, there.guests_out) == (0, 20, 60, 0)
    assert (there.received, there.spent) == (30, 20)
    assert (report.total.earned, report.total.spent, report.total.granted) == (545, 20, 60)


def test_branch_of_a_community_stands_alone(two_branches):
    report = queries.branch_report(Region.objects.get(pk=COMMUNITY), window=YEAR)

    assert report.branches == ()
    assert (report.total.earned, report.total.away_in, report.total.guests_out) == (545, 60, 20)


@pytest.mark.parametrize("count", [1, 3])
def test_branches_ask_the_same_however_many_save(count, db, django_assert_num_queries):
    for _ in range(count):
        make_posting(make_volunteer().person)
    street = Region.objects.get(pk=STREET)

    with django_assert_num_queries(2):
        report = queries.branch_report(street, window=YEAR)

    assert report.total.savers == count


def test_pool_books_tell_what_came_and_went(two_branches):
    pools = queries.pools_of(COMMUNITY, now=NOW)
    books = queries.pool_books(pools, region_code=COMMUNITY, window=YEAR)

    assert [(pool.balance, pool.place) for pool in pools] == [(0, "青秀区")]
    assert [(line.purpose, line.minutes) for line in books.lines] == [
        ("每月赠时", -60),
        ("转入公共池", 60),
    ]
    assert (books.came_in, books.went_out, books.granted, books.people) == (60, 60, 60, 1)


def test_public_sees_sums_and_no_small_groups(two_branches, client):
    response = client.get(reverse("time_bank:public_pools"))

    [pool] = queries.public_pools(window=YEAR)
    assert (pool.came_in, pool.granted, pool.people) == (60, 60, "<5")
    text = response.content.decode()
    assert "青秀区" in text
    assert "黄秀兰" not in text


def serve(code, *, waited=None, state=NeedState.FULFILLED, opened=10, starts=2):
    """Store a request that was opened some days ago, accepted after some minutes, or never."""
    need = make_need(
        make_person(),
        item=ServiceItem.objects.get(pk=code),
        state=state,
        opened_at=days_ago(opened),
        starts_at=days_ago(starts),
    )
    if waited is not None:
        volunteer = make_volunteer().person
        Assignment.objects.create(
            cell=need.cell,
            need=need,
            offer=make_offer(need, volunteer),
            volunteer=volunteer,
            place=1,
            accepted_at=days_ago(opened) + timedelta(minutes=waited),
        )


def test_demand_is_met_or_not():
    make_catalogue()
    for waited in (10, 30, 90):
        serve("cleaning", waited=waited)
    serve("repair", state=NeedState.LAPSED)
    serve("repair", state=NeedState.ESCALATED)
    serve("repair", state=NeedState.OFFERED, starts=-2)
    serve("repair", state=NeedState.WITHDRAWN)
    serve("repair", state=NeedState.LAPSED, opened=500)
    make_volunteer(skills=("09",), categories=(ServiceCategory.COMMUNITY,))

    found = queries.demand_of(COMMUNITY, window=YEAR)
    by_code = {one.code: one for one in found}

    # Two of the three found nobody, the third is still in time; one was withdrawn, one is too old.
    repair = by_code["repair"]
    assert (repair.requests, repair.fulfilled, repair.unfilled, repair.waiting) == (3, 0, 2, 1)
    assert (repair.wait_minutes, repair.unfilled_percent) == (None, 67)
    cleaning = by_code["cleaning"]
    assert (cleaning.requests, cleaning.fulfilled, cleaning.unfilled) == (3, 3, 0)
    assert cleaning.wait_minutes == 30
    # Only who has the skill can repair; all volunteers of the category can clean.
    assert repair.helpers == 1
    assert cleaning.helpers > 1
    assert found[0] is repair
    assert [one.code for one in queries.lacking(found)] == ["repair"]


def test_saved_time_waits_first_in_first_out():
    here = make_volunteer("王建国").person
    # 60 earned 100 days ago and 60 earned 40 days ago; 90 spent 10 days ago.
    make_movement(here, 60, Purpose.EARNED, at=days_ago(100))
    make_movement(here, 60, Purpose.EARNED, at=days_ago(40))
    make_movement(here, -90, "redeemed", at=days_ago(10))
    # Corrections use up, and are no redemption.
    make_movement(here, -10, Purpose.CORRECTED, at=days_ago(5))
    make_movement(make_volunteer("赵敏").person, 40, Purpose.EARNED, at=days_ago(20))

    found = queries.redemption_of(COMMUNITY, window=YEAR)

    # 60 minutes waited 90 days, 30 waited 30: half of the 90 is reached at 90 days.
    assert (found.redeemed_minutes, found.redeemed_days) == (90, 90)
    # 20 minutes are 40 days old, 40 are 20 days old.
    assert (found.waiting_minutes, found.waiting_days) == (60, 20)
    assert (found.savers, found.redeemers, found.redeemers_percent) == (2, 1, 50)


def test_nothing_saved_is_nothing_to_measure():
    make_person()

    found = queries.redemption_of(COMMUNITY, window=YEAR)

    assert (found.redeemed_days, found.waiting_days, found.redeemers_percent) == (None, None, 0)


def test_pages_of_the_books(two_branches):
    worker = client_of(make_actor(make_person("陈静"), Role.STATION_WORKER))
    officer = client_of(make_actor(make_person("陆街道"), Role.STREET_OFFICER, region=STREET))

    branches = officer.get(reverse("time_bank:branches")).content.decode()
    pool = worker.get(reverse("time_bank:pool"), {"span": "all"}).content.decode()
    demand = worker.get(reverse("time_bank:demand")).content.decode()

    assert "通存通兑" in branches
    assert "每天凌晨核对一次" in branches
    assert "每月赠时" in pool
    assert "黄秀兰" not in pool
    assert "用过储蓄的" in demand


@pytest.mark.parametrize("name", ["branches", "pool", "demand"])
def test_outsiders_find_no_books(name, client):
    url = reverse(f"time_bank:{name}")
    head = client_of(make_actor(make_person("周楼长"), Role.BUILDING_HEAD, region=BUILDING))
    worker = client_of(make_actor(make_person("陈静"), Role.STATION_WORKER))

    assert client.get(url).status_code == 302
    assert head.get(url).status_code == 404
    assert worker.get(url, {"region": NEIGHBOUR_COMMUNITY}).status_code == 404
