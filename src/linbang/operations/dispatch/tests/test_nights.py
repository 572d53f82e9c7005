"""The nightly round: each district by itself, borders mended, asked in the morning."""

from datetime import datetime, timedelta

import pytest

from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import CHINA
from linbang.foundation.people.factories import make_person
from linbang.foundation.places.factories import NEIGHBOUR_BUILDING, make_region
from linbang.intake.needs.choices import NeedState
from linbang.operations.dispatch import actions, jobs, queries
from linbang.operations.dispatch.choices import DropCause, PlannedState, PlanState
from linbang.operations.dispatch.models import Offer, PlannedVisit, PlanRun
from linbang.operations.dispatch.tests.cast import (
    MONDAY,
    make_elder,
    make_helper,
    make_verified_need,
    make_worker,
)

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
NIGHT = datetime(2026, 11, 24, 2, 0, tzinfo=CHINA)
MORNING = datetime(2026, 11, 24, 9, 30, tzinfo=CHINA)
VISIT = datetime(2026, 11, 25, 10, 0, tzinfo=CHINA)
ACROSS = "450102001001001001"


@pytest.fixture
def border():
    """A building across the border of the next district, a stone's throw away."""
    elder = make_elder("李秀英")
    for code, name in (("450102", "兴宁区"), ("450102001", "民生街道"), (ACROSS[:12], "民生社区")):
        make_region(code, name)
    make_region(ACROSS[:15], "第1网格")
    make_region(ACROSS, "1栋", longitude=108.3353, latitude=22.8149)
    return elder, make_person("赵奶奶", region=ACROSS, now=MONDAY - timedelta(days=90))


def make_all() -> list[PlanRun]:
    runs = actions.plan_night(now=NIGHT)
    for run in runs:
        actions.make_plan(run_id=run.pk, by=SYSTEM, now=NIGHT)
    return runs


def test_each_district_is_planned_once_and_asked_in_the_morning(border):
    here, across = border
    make_helper("甲一")
    make_helper("乙二", region=ACROSS)
    needs = [make_verified_need(one, starts_at=VISIT) for one in (here, across)]

    runs = make_all()

    assert [run.region_id for run in runs] == ["450102", "450103"]
    assert actions.plan_night(now=NIGHT) == []
    assert not Offer.objects.exists()
    actions.publish_night(now=MORNING)
    actions.publish_night(now=MORNING)
    assert sorted(Offer.objects.values_list("need_id", flat=True)) == sorted(
        need.pk for need in needs
    )
    # Answers are waited for until eight in the evening.
    assert {offer.expires_at for offer in Offer.objects.all()} == {
        MORNING.replace(hour=20, minute=0)
    }


def test_border_is_mended_and_the_dearer_visit_goes_to_another(border):
    here, across = border
    shared = make_helper("甲一")
    mine, theirs = (make_verified_need(one, starts_at=VISIT) for one in (here, across))
    runs = make_all()
    late = make_helper("乙二", region=NEIGHBOUR_BUILDING)
    planned = PlannedVisit.objects.filter(run__in=runs)
    assert set(planned.values_list("volunteer_id", flat=True)) == {shared.pk}

    assert actions.mend_borders(night=NIGHT.date(), now=NIGHT) == 1
    assert actions.mend_borders(night=NIGHT.date(), now=NIGHT) == 0

    told = set(planned.values_list("need_id", "volunteer_id", "state", "dropped_for"))
    assert told == {
        (mine.pk, shared.pk, PlannedState.PLANNED, ""),
        (theirs.pk, shared.pk, PlannedState.DROPPED, DropCause.ASKED_ELSEWHERE),
        (theirs.pk, late.pk, PlannedState.PLANNED, ""),
    }


def test_border_waits_for_the_last_district(border):
    here, across = border
    make_helper("甲一")
    for one in (here, across):
        make_verified_need(one, starts_at=VISIT)
    [first, _] = actions.plan_night(now=NIGHT)
    actions.make_plan(run_id=first.pk, by=SYSTEM, now=NIGHT)

    assert actions.mend_borders(night=NIGHT.date(), now=NIGHT) == 0


def test_plan_of_a_broken_job_is_finished(border):
    make_helper("甲一")
    need = make_verified_need(border[0], starts_at=VISIT)
    [run] = make_all()
    PlanRun.objects.filter(pk=run.pk).update(state=PlanState.PUBLISHED, published_at=MORNING)

    actions.sweep_plans(now=MORNING + timedelta(minutes=31))

    assert Offer.objects.filter(need=need).count() == 1


def test_plans_come_first_where_a_site_wants_it(border, settings):
    settings.LINBANG_PLANS_FIRST = True
    make_helper("甲一")
    evening = NIGHT - timedelta(hours=4)
    need = make_verified_need(border[0], starts_at=VISIT, state_since=evening)

    actions.sweep(now=evening)
    actions.find_helpers(need_id=need.pk, by=SYSTEM, now=evening)
    assert not Offer.objects.exists()
    [_, searching, _] = queries.board(make_worker(), now=evening)
    assert searching.rows[0].waits_for_plan

    # Should the round fail, the search goes on without it.
    actions.sweep(now=MORNING + timedelta(hours=1))
    need.refresh_from_db()
    assert (need.state, Offer.objects.count()) == (NeedState.OFFERED, 1)


def test_nobody_is_asked_past_a_plan_that_awaits_the_station(border):
    make_helper("甲一")
    need = make_verified_need(border[0], starts_at=VISIT)
    soon = {"starts_at": VISIT + timedelta(hours=3), "is_extra": True}
    urgent = make_verified_need(border[0], urgency="urgent", **soon)
    make_all()

    actions.sweep(now=NIGHT)
    assert list(Offer.objects.values_list("need_id", flat=True)) == [urgent.pk]

    actions.sweep(now=NIGHT + timedelta(hours=12))
    assert Offer.objects.filter(need=need).count() == 1


def test_jobs_of_plans_run_twice_and_do_it_once(border):
    make_helper("甲一")
    make_verified_need(border[0], starts_at=datetime.now(CHINA) + timedelta(days=1, hours=1))

    for _turn in range(2):
        jobs.plan_night(timestamp=0)
        for run in PlanRun.objects.all():
            jobs.make_plan(run_id=run.pk, cell=run.cell)
        jobs.sweep_plans(timestamp=0)
        jobs.publish_night(timestamp=0)
        for run in PlanRun.objects.all():
            jobs.offer_planned(run_id=run.pk, cell=run.cell)

    assert (PlanRun.objects.count(), Offer.objects.count()) == (1, 1)


def test_old_plans_are_forgotten_and_their_offers_stay(border):
    make_helper("甲一")
    make_verified_need(border[0], starts_at=VISIT)
    [run] = make_all()
    actions.publish_night(now=MORNING)
    spare = actions.ask_plan(
        region_code="450103", starts_on=VISIT.date(), ends_on=VISIT.date(), by=SYSTEM, now=MORNING
    )

    actions.sweep_plans(now=MORNING + timedelta(days=31))
    assert list(PlanRun.objects.all()) == [run]
    assert spare.pk != run.pk
    actions.sweep_plans(now=MORNING + timedelta(days=366))
    assert (PlanRun.objects.count(), Offer.objects.count()) == (0, 1)
