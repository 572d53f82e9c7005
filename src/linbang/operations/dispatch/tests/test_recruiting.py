"""Where helpers are missing, for those who read reports: numbers of the newest plans, no names."""

from datetime import timedelta

import pytest

from linbang.foundation import clock
from linbang.foundation.access.choices import Role
from linbang.foundation.access.factories import client_of
from linbang.foundation.clock import day_window, local_date
from linbang.foundation.people.choices import Skill
from linbang.foundation.people.factories import make_person, make_worker
from linbang.foundation.places.factories import COMMUNITY, NEIGHBOUR_COMMUNITY
from linbang.intake.needs.factories import make_item
from linbang.operations.dispatch import actions, queries
from linbang.operations.dispatch.tests.cast import make_elder, make_helper, make_verified_need

PAGE = "/console/recruiting/"


@pytest.fixture
def morning(db):
    """Ten in the morning, two days ahead."""
    midnight, _ = day_window(local_date(clock.now()) + timedelta(days=2))
    return midnight + timedelta(hours=10)


@pytest.fixture
def district(morning):
    return make_worker("莫国安", region=COMMUNITY[:6], role=Role.DISTRICT_OFFICER)


def plan(by=None):
    """Make a plan of the community, the newest."""
    by, now = by or make_worker("梁敏"), clock.now()
    day = local_date(now)
    run = actions.ask_plan(
        region_code=COMMUNITY,
        starts_on=day + timedelta(days=1),
        ends_on=day + timedelta(days=4),
        by=by,
        now=now,
    )
    actions.make_plan(run_id=run.pk, by=by, now=now)
    return run


def bulb(name, morning, **columns):
    return make_verified_need(
        make_elder(name), item=make_item("bulb"), starts_at=morning, **columns
    )


def told(viewer) -> list[tuple[str, str, int, int]]:
    rows = queries.plans.shortages_around(viewer, now=clock.now())
    return [(row.item, row.skill, row.missing, row.hopeless) for row in rows]


def test_newest_plan_of_each_need_counts(district, morning):
    bulb("赵奶奶", morning)
    bulb("孙爷爷", morning)
    plan()
    assert told(district) == [("换灯泡", "电器维修", 2, 2)]

    make_helper("甲一", skills=(Skill.ELECTRICAL_REPAIR,))
    newest = plan()
    assert told(district) == [("换灯泡", "电器维修", 1, 0)]

    actions.discard_plan(run_id=newest.pk, by=make_worker("梁敏"), now=clock.now())
    assert told(district) == [("换灯泡", "电器维修", 2, 2)]


def test_need_that_has_ended_lacks_nobody(district, morning):
    need = bulb("赵奶奶", morning)
    plan()

    need.state = "cancelled"
    need.save(update_fields=["state"])

    assert told(district) == []


def test_page_tells_numbers_and_nobodys_name(district, morning):
    bulb("赵奶奶", morning)
    plan()

    page = client_of(district).get(PAGE).content.decode()

    assert "附近没有合适的人" in page
    assert "招募志愿者】" in page
    assert "赵" not in page


@pytest.mark.parametrize("needs", [1, 3])
def test_page_takes_constant_queries(district, morning, needs, django_assert_num_queries):
    for name in ("赵奶奶", "孙爷爷", "钱奶奶")[:needs]:
        bulb(name, morning)
    plan()
    client = client_of(district)
    client.get(PAGE)

    with django_assert_num_queries(8):
        client.get(PAGE)


def test_each_sees_what_they_read_reports_of(morning):
    bulb("赵奶奶", morning)
    plan()
    here, there = make_worker("黄丽"), make_worker("石磊", region=NEIGHBOUR_COMMUNITY)

    assert (len(told(here)), told(there)) == (1, [])
    assert client_of(make_person("路人")).get(PAGE).status_code == 404
