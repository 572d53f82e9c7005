"""Each named constraint of plans has a test that breaks it."""

from datetime import timedelta

import pytest

from linbang.foundation.places.factories import COMMUNITY
from linbang.operations.dispatch.choices import DropCause, PlannedState, PlanState
from linbang.operations.dispatch.models import PlanGap, PlannedVisit, PlanRun
from linbang.operations.dispatch.tests.cast import (
    MONDAY,
    VISIT_AT,
    make_elder,
    make_helper,
    make_verified_need,
)
from linbang.operations.dispatch.tests.test_models import assert_breaks

pytestmark = pytest.mark.django_db
TUESDAY = VISIT_AT.date()


def make_run(**columns: object) -> PlanRun:
    facts = {
        "cell": COMMUNITY[:6],
        "region_id": COMMUNITY,
        "starts_on": TUESDAY,
        "ends_on": TUESDAY,
        "asked_at": MONDAY,
        **columns,
    }
    return PlanRun.objects.create(**facts)


@pytest.fixture
def need():
    return make_verified_need(make_elder(), helpers=2)


def make_visit(run, need, volunteer, **columns: object) -> PlannedVisit:
    facts = {"cell": need.cell, "place": 1, "rank": 1, "cost": 0, "tier": 0, **columns}
    return PlannedVisit.objects.create(run=run, need=need, volunteer=volunteer, **facts)


def make_gap(run, need, **columns: object) -> PlanGap:
    return PlanGap.objects.create(cell=need.cell, run=run, need=need, **{"missing": 1, **columns})


def test_run_spans_1_to_7_days(need) -> None:
    name = "plan_run_spans_1_to_7_days"
    assert_breaks(name, lambda: make_run(ends_on=TUESDAY - timedelta(days=1)))
    assert_breaks(name, lambda: make_run(ends_on=TUESDAY + timedelta(days=7)))
    make_run(ends_on=TUESDAY + timedelta(days=6))


def test_run_progress_is_at_most_100(need) -> None:
    assert_breaks("plan_run_progress_is_at_most_100", lambda: make_run(progress=101))


def test_run_ready_says_how_good_it_is(need) -> None:
    assert_breaks(
        "plan_run_ready_says_how_good_it_is",
        lambda: make_run(state=PlanState.READY, made_at=MONDAY),
    )


def test_run_published_says_when(need) -> None:
    assert_breaks(
        "plan_run_published_says_when",
        lambda: make_run(state=PlanState.PUBLISHED, made_at=MONDAY, objective=0),
    )


def test_run_is_under_way_once_an_area(need) -> None:
    make_run(state=PlanState.RUNNING)
    assert_breaks("plan_run_under_way_once_an_area", make_run)
    make_run(state=PlanState.FAILED)


def test_planned_visit_place_once_and_once_a_volunteer(need) -> None:
    run, first, second = make_run(), make_helper("甲一"), make_helper("乙二")
    make_visit(run, need, first)

    assert_breaks("planned_visit_place_once", lambda: make_visit(run, need, second))
    assert_breaks("planned_visit_once_a_volunteer", lambda: make_visit(run, need, first, place=2))
    make_visit(run, need, second, state=PlannedState.REPLACED)
    make_visit(run, need, second, place=2)


def test_planned_visit_place_from_1_to_4(need) -> None:
    run, helper = make_run(), make_helper()
    assert_breaks("planned_visit_place_from_1_to_4", lambda: make_visit(run, need, helper, place=5))


def test_planned_visit_offered_has_an_offer(need) -> None:
    run, helper = make_run(), make_helper()
    assert_breaks(
        "planned_visit_offered_has_an_offer",
        lambda: make_visit(run, need, helper, state=PlannedState.OFFERED),
    )


def test_planned_visit_dropped_says_why(need) -> None:
    run, helper = make_run(), make_helper()
    assert_breaks(
        "planned_visit_dropped_says_why",
        lambda: make_visit(run, need, helper, state=PlannedState.DROPPED),
    )
    dropped = {"state": PlannedState.DROPPED, "dropped_for": DropCause.PLACE_TAKEN}
    make_visit(run, need, helper, **dropped)


def test_gap_once_a_need_and_misses_1_to_4(need) -> None:
    run = make_run()
    assert_breaks("plan_gap_misses_1_to_4", lambda: make_gap(run, need, missing=0))
    assert_breaks("plan_gap_misses_1_to_4", lambda: make_gap(run, need, hopeless=2))
    make_gap(run, need)
    assert_breaks("plan_gap_once_a_need", lambda: make_gap(run, need))
