"""A plan is asked for, made by a worker, published as offers, and loses nothing on the way."""

from datetime import timedelta

import pytest

from linbang.foundation.access.rules import Actor
from linbang.foundation.places.factories import COMMUNITY
from linbang.operations.dispatch import actions
from linbang.operations.dispatch.choices import (
    PlannedState,
    PlanState,
)
from linbang.operations.dispatch.models import Offer, PlannedVisit, PlanRun
from linbang.operations.dispatch.tests.cast import (
    MONDAY,
    VISIT_AT,
    make_elder,
    make_helper,
    make_verified_need,
    make_worker,
)

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
TUESDAY = VISIT_AT.date()


@pytest.fixture
def worker():
    make_elder("张伟")
    return make_worker()


def ask(by=SYSTEM, **columns) -> PlanRun:
    facts = {
        "region_code": COMMUNITY,
        "starts_on": TUESDAY,
        "ends_on": TUESDAY + timedelta(days=6),
        "now": MONDAY,
        **columns,
    }
    return actions.ask_plan(by=by, **facts)


def plan(**columns) -> PlanRun:
    made = actions.make_plan(run_id=ask(**columns).pk, by=SYSTEM, now=MONDAY)
    assert made is not None
    return made


def pairs(run: PlanRun) -> list[tuple[int, int, str]]:
    visits = PlannedVisit.objects.filter(run=run).order_by("need_id", "place")
    return list(visits.values_list("need_id", "volunteer_id", "state"))


def test_plan_gives_each_need_a_volunteer_and_asks_nobody_yet(worker):
    helper = make_helper("甲一")
    need = make_verified_need(make_elder())

    run = plan(by=worker)

    assert (run.state, run.progress, run.figures["filled"]) == (PlanState.READY, 100, 1)
    assert pairs(run) == [(need.pk, helper.pk, PlannedState.PLANNED)]
    assert not Offer.objects.exists()
