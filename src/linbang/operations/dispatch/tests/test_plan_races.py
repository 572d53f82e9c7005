"""A plan and people who act by hand at the same moment: nobody is lost, nobody asked twice."""

from datetime import timedelta

import pytest

from linbang.foundation.access.rules import Actor
from linbang.foundation.people.models import VolunteerProfile
from linbang.foundation.places.factories import COMMUNITY
from linbang.intake.needs.actions import withdraw_need
from linbang.intake.needs.choices import NeedState
from linbang.operations.dispatch import actions, queries
from linbang.operations.dispatch.choices import PlannedState, PlanState
from linbang.operations.dispatch.factories import make_offer
from linbang.operations.dispatch.models import Assignment, Offer, PlannedVisit, PlanRun
from linbang.operations.dispatch.tests.cast import (
    MONDAY,
    VISIT_AT,
    actor_for,
    make_elder,
    make_helper,
    make_verified_need,
    make_worker,
)
from linbang.operations.dispatch.tests.test_races import accepting, race

pytestmark = pytest.mark.django_db(transaction=True)
TURNS = 2
SYSTEM = Actor.system()
SOON = MONDAY + timedelta(minutes=1)


def made(turn: int) -> PlanRun:
    """Make a plan of one day."""
    day = (VISIT_AT + timedelta(days=turn)).date()
    run = actions.ask_plan(region_code=COMMUNITY, starts_on=day, ends_on=day, by=SYSTEM, now=MONDAY)
    actions.make_plan(run_id=run.pk, by=SYSTEM, now=MONDAY)
    return run


def test_accepting_by_hand_against_publishing() -> None:
    """The worker's offer is accepted while the plan asks somebody else for the same place."""
    elder, chosen, planned = make_elder(), make_helper("甲一"), make_helper("乙二")
    for turn in range(TURNS):
        at = VISIT_AT + timedelta(days=turn)
        need = make_verified_need(elder, starts_at=at, state=NeedState.OFFERED, is_extra=True)
        run = made(turn)
        visit = run.visits.get()
        other = chosen if visit.volunteer_id == planned.pk else planned
        by_hand = make_offer(need, other)

        outcomes = race(
            accepting(by_hand),
            lambda run_id=run.pk: actions.publish_plan(run_id=run_id, by=SYSTEM, now=SOON),
        )

        assert outcomes == ["done", "done"]
        need.refresh_from_db()
        visit.refresh_from_db()
        assert need.state == NeedState.ASSIGNED
        assert Assignment.objects.get(need=need, ended_at=None).volunteer_id == other.pk
        assert visit.state == PlannedState.DROPPED
        assert not Offer.objects.filter(need=need, answer=None).exists()


def test_two_publishers_ask_once() -> None:
    elder = make_elder()
    make_helper("甲一")
    for turn in range(TURNS):
        at = VISIT_AT + timedelta(days=turn)
        need = make_verified_need(elder, starts_at=at, is_extra=True)
        run = made(turn)

        def publish(run_id: int = run.pk) -> None:
            actions.publish_plan(run_id=run_id, by=SYSTEM, now=SOON)

        assert race(publish, publish) == ["done", "done"]
        assert Offer.objects.filter(need=need).count() == 1
        assert run.visits.get().state == PlannedState.OFFERED


def test_two_plans_ask_one_person_for_one_hour_once() -> None:
    """A border collision that nobody mended: the lock of the person decides."""
    helper, elder, other = make_helper("甲一"), make_elder(), make_elder("赵奶奶")
    for turn in range(TURNS):
        runs = []
        for who in (elder, other):
            at = VISIT_AT + timedelta(days=turn)
            need = make_verified_need(who, starts_at=at, is_extra=True)
            runs.append(made(turn))
            # The second plan does not know of the first.
            PlannedVisit.objects.filter(run=runs[-1]).exclude(need=need).delete()
            PlannedVisit.objects.get_or_create(
                cell=need.cell,
                run=runs[-1],
                need=need,
                volunteer=helper,
                defaults={"place": 1, "rank": 1, "cost": 0, "tier": 0},
            )

        acts = [
            lambda run_id=run.pk: actions.publish_plan(run_id=run_id, by=SYSTEM, now=SOON)
            for run in runs
        ]
        assert race(*acts) == ["done", "done"]
        states = PlannedVisit.objects.filter(run__in=runs).values_list("state", flat=True)
        assert sorted(states) == ["dropped", "offered"]
        for offer in Offer.objects.filter(answer=None):
            actions.refuse_offer(offer_id=offer.pk, by=actor_for(helper), now=SOON)


def test_withdrawing_a_need_while_its_plan_is_made(monkeypatch) -> None:
    elder = make_elder()
    make_helper("甲一")
    need = make_verified_need(elder)
    load = queries.plans.load_planning

    def withdrawing(*args, **words):
        planning = load(*args, **words)
        [outcome] = race(
            lambda: withdraw_need(need_id=need.pk, reason="", by=actor_for(elder), now=SOON)
        )
        assert outcome == "done"
        return planning

    monkeypatch.setattr(queries.plans, "load_planning", withdrawing)
    run = made(0)

    run.refresh_from_db()
    visit = run.visits.get()
    assert (run.state, visit.state) == (PlanState.READY, PlannedState.DROPPED)
    assert not Offer.objects.exists()


def test_pausing_against_publishing() -> None:
    """Whoever pauses is not asked, or was asked just before; her need is looked after anyway."""
    elder, worker = make_elder(), make_worker()
    make_helper("甲一")
    for turn in range(TURNS):
        need = make_verified_need(elder, starts_at=VISIT_AT + timedelta(days=turn), is_extra=True)
        VolunteerProfile.objects.update(paused_until=None)
        run = made(turn)

        outcomes = race(
            lambda: VolunteerProfile.objects.update(paused_until=MONDAY + timedelta(days=30)),
            lambda run_id=run.pk: actions.publish_plan(run_id=run_id, by=worker, now=SOON),
        )
        actions.sweep(now=SOON)

        assert outcomes == ["done", "done"]
        need.refresh_from_db()
        is_asked = Offer.objects.filter(need=need, answer=None).exists()
        dropped = run.visits.get().state == PlannedState.DROPPED
        assert is_asked != dropped
        assert need.state == (NeedState.OFFERED if is_asked else NeedState.ESCALATED)
