"""A plan is asked for, made by a worker, published as offers, and loses nothing on the way."""

from datetime import timedelta

import pytest

from linbang.foundation.access.rules import Actor
from linbang.foundation.places.factories import COMMUNITY, NEIGHBOUR_BUILDING
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.factories import make_item
from linbang.operations.dispatch import actions, queries
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


def rows(run: PlanRun) -> list[queries.plans.PlannedRow]:
    return queries.plans.planned_rows(queries.plans.visits_of_plan(run), now=MONDAY)


def test_overruling_puts_somebody_else_and_the_rest_follows(worker):
    near, far = make_helper("甲一"), make_helper("乙二", region=NEIGHBOUR_BUILDING)
    first = make_verified_need(make_elder("李秀英"))
    second = make_verified_need(make_elder("赵奶奶"), item=make_item("cleaning"))
    run = plan(by=worker)
    mine = run.visits.get(need=first)
    other = far if mine.volunteer_id == near.pk else near

    told = actions.preview_overruling(
        run_id=run.pk, visit_id=mine.pk, volunteer_id=other.pk, by=worker, now=MONDAY
    )
    done = actions.overrule(
        run_id=run.pk, visit_id=mine.pk, volunteer_id=other.pk, reason="老人更熟悉她",
        by=worker, now=MONDAY,
    )  # fmt: skip

    assert (told.metres, told.empty, told.cost) == (done.metres, done.empty, done.cost)
    shown = {(row.need.public_id, row.name, row.state) for row in rows(run)}
    assert shown == {
        (first.public_id, other.name, PlannedState.PLANNED),
        (first.public_id, mine.volunteer.name, PlannedState.REPLACED),
        (second.public_id, mine.volunteer.name, PlannedState.PLANNED),
    }
    by_hand = run.visits.get(is_by_hand=True)
    assert by_hand.volunteer_id == other.pk
    assert run.visits.get(overruled_at__isnull=False).overruled_for == "老人更熟悉她"


def test_overruling_with_nobody_leaves_a_gap(worker):
    make_helper("甲一")
    make_verified_need(make_elder())
    run = plan(by=worker)

    told = actions.overrule(
        run_id=run.pk, visit_id=run.visits.get().pk, volunteer_id=None, reason="家属自己来",
        by=worker, now=MONDAY,
    )  # fmt: skip

    [gap] = queries.plans.gap_rows(queries.plans.gaps_of_plan(run))
    assert (told.empty, gap.missing, gap.is_by_hand) == (1, 1, True)
    assert told.cost > 0
    run.refresh_from_db()
    assert (run.figures["filled"], run.figures["missing"]) == (0, 1)


def test_publishing_asks_and_says_until_when(worker):
    helper = make_helper("甲一")
    need = make_verified_need(make_elder(), starts_at=VISIT_AT + timedelta(days=2))
    run = plan(by=worker)

    actions.publish_plan(run_id=run.pk, by=worker, now=MONDAY)

    offer = Offer.objects.get(need=need)
    assert (offer.volunteer_id, offer.expires_at) == (helper.pk, MONDAY + timedelta(hours=24))
    [row] = rows(run)
    assert (row.state, row.answer_by) == (PlannedState.OFFERED, offer.expires_at)
    need.refresh_from_db()
    assert need.state == NeedState.OFFERED
