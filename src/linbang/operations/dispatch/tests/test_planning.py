"""A plan is asked for, made by a worker, published as offers, and loses nothing on the way."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linbang.foundation.access.rules import Actor
from linbang.foundation.errors import NotAllowed, NotFound
from linbang.foundation.people.choices import Skill
from linbang.foundation.people.factories import make_actor, make_person
from linbang.foundation.people.models import Person, VolunteerProfile
from linbang.foundation.places.factories import (
    COMMUNITY,
    NEIGHBOUR_BUILDING,
    NEIGHBOUR_COMMUNITY,
)
from linbang.intake.needs.actions import withdraw_need
from linbang.intake.needs.choices import NeedState
from linbang.intake.needs.factories import make_item
from linbang.operations.dispatch import actions, errors, queries
from linbang.operations.dispatch.choices import PlanCause, PlannedState, PlanState, Unfit
from linbang.operations.dispatch.factories import make_assignment, make_commitment, make_offer
from linbang.operations.dispatch.models import Escalation, Offer, PlannedVisit, PlanRun
from linbang.operations.dispatch.tests.cast import (
    MONDAY,
    NEIGHBOUR_COMMUNITY_BUILDING,
    VISIT_AT,
    make_elder,
    make_elsewhere,
    make_helper,
    make_verified_need,
    make_worker,
)

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
TUESDAY = VISIT_AT.date()
PLAN_QUERIES_MAX = 60


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


def test_plan_is_as_many_queries_for_three_needs_as_for_one(worker):
    helper = make_helper("甲一")
    make_helper("乙二", region=NEIGHBOUR_BUILDING)
    make_verified_need(make_elder("李秀英"))
    promised = make_verified_need(
        make_elder("周奶奶"), state=NeedState.OFFERED, starts_at=VISIT_AT + timedelta(days=1)
    )
    make_assignment(promised, helper)
    first = counted(plan)
    for run in PlanRun.objects.all():
        actions.discard_plan(run_id=run.pk, by=worker, now=MONDAY)
    for name in ("赵奶奶", "孙奶奶"):
        make_verified_need(make_elder(name))
    for n, name in enumerate(("丙三", "丁四")):
        make_commitment(make_helper(name), starts_at=VISIT_AT + timedelta(days=2), source_id=n)

    assert counted(plan) == first <= PLAN_QUERIES_MAX


def counted(act) -> int:
    with CaptureQueriesContext(connection) as queries_made:
        act()
    return len(queries_made)


def test_promised_and_asked_stay_and_fill_no_day_twice(worker):
    helper, other = make_helper("甲一"), make_helper("乙二", region=NEIGHBOUR_BUILDING)
    promised = make_verified_need(make_elder(), state=NeedState.OFFERED, helpers=2)
    make_assignment(promised, helper)
    clashing = make_verified_need(make_elder("赵奶奶"), urgency="urgent")

    run = plan(by=worker)

    assert pairs(run) == [
        (promised.pk, helper.pk, PlannedState.OFFERED),
        (clashing.pk, other.pk, PlannedState.PLANNED),
    ]
    [fixed, _] = rows(run)
    assert (fixed.is_fixed, fixed.state) == (True, PlannedState.ACCEPTED)
    [gap] = queries.plans.gap_rows(queries.plans.gaps_of_plan(run))
    assert (gap.missing, gap.busy) == (1, ((PlanCause.OVERLAP, 1),))
    assert queries.plans.days_of_plan(run)[0] == (TUESDAY, 2, 1)


def test_family_blocked_and_asked_before_are_left_out_and_told(worker):
    elder = make_elder()
    blocked, declined, paused = make_helper("甲一"), make_helper("乙二"), make_helper("丙三")
    VolunteerProfile.objects.filter(person=paused).update(paused_until=MONDAY + timedelta(days=9))
    need = make_verified_need(elder)
    actions.block_pair(
        need_id=need.pk, volunteer_id=blocked.pk, by=worker, now=MONDAY, reason="不合"
    )
    refused = make_offer(need, declined)
    actions.refuse_offer(offer_id=refused.pk, by=make_actor(declined), now=MONDAY)

    run = plan(by=worker)

    assert pairs(run) == []
    [gap] = queries.plans.gap_rows(queries.plans.gaps_of_plan(run))
    assert (gap.hopeless, gap.missing) == (1, 1)
    assert set(gap.nobody) == {
        (Unfit.PAUSED, 1), (Unfit.SELF_OR_FAMILY, 1), (Unfit.BLOCKED, 1)
    }  # fmt: skip


def test_why_not_the_first_choice_names_the_visit_that_needs_her(worker):
    electrician = make_helper("甲一", skills=(Skill.ELECTRICAL_REPAIR,))
    far = make_helper("乙二", region=NEIGHBOUR_BUILDING)
    plain = make_verified_need(make_elder())
    bulb = make_verified_need(make_elder("赵奶奶"), item=make_item("bulb"))

    run = plan(by=worker)

    shown = {row.need.public_id: row for row in rows(run)}
    assert (shown[plain.public_id].name, shown[bulb.public_id].name) == (
        far.name, electrician.name
    )  # fmt: skip
    assert "换灯泡" in shown[plain.public_id].why_not_first
    assert shown[plain.public_id].blocker.public_id == bulb.public_id
    assert "会电工" in "".join(shown[bulb.public_id].why) or shown[bulb.public_id].why


def test_what_the_station_has_taken_is_left_to_it(worker):
    make_helper("甲一")
    listed = make_verified_need(make_elder(), state=NeedState.ESCALATED)
    taken = make_verified_need(make_elder("赵奶奶"), state=NeedState.ESCALATED)
    for need in (listed, taken):
        Escalation.objects.create(
            cell=need.cell, need=need, cause="nobody", raised_at=MONDAY,
            taken_at=MONDAY if need == taken else None,
        )  # fmt: skip

    run = plan(by=worker)
    actions.publish_plan(run_id=run.pk, by=worker, now=MONDAY)

    assert [need_id for need_id, *_ in pairs(run)] == [listed.pk]
    listed.refresh_from_db()
    assert listed.state == NeedState.ESCALATED
    assert Escalation.objects.filter(need=listed, taken_at=None).exists()


def test_publishing_drops_what_is_no_longer_true_and_says_why(worker):
    for name in ("甲一", "乙二", "丙三", "丁四", "戊五"):
        make_helper(name)
    needs = [
        make_verified_need(make_elder(name)) for name in ("李一", "李二", "李三", "李四", "李五")
    ]
    run = plan(by=worker)
    going = [people_id for _, people_id, _ in pairs(run)]
    withdraw_need(need_id=needs[0].pk, reason="不用了", by=make_actor(needs[0].beneficiary),
                  now=MONDAY)  # fmt: skip
    VolunteerProfile.objects.filter(person_id=going[1]).update(
        paused_until=MONDAY + timedelta(days=9)
    )
    make_commitment(Person.objects.get(pk=going[2]), starts_at=needs[2].starts_at)
    someone = make_person("路人")
    make_offer(needs[3], someone)

    actions.publish_plan(run_id=run.pk, by=worker, now=MONDAY)

    told = dict(run.visits.values_list("need_id", "state"))
    why = {row.need.public_id: row.why_dropped for row in rows(run)}
    assert [told[need.pk] for need in needs] == [*["dropped"] * 4, "offered"]
    assert [why[need.public_id] for need in needs] == [
        "求助已结束或已撤回", "暂停服务中", "这个时段已有安排", "名额已有人", ""
    ]  # fmt: skip


def test_plan_loses_nothing(worker):
    """Every need ends up asked for, with the station, or as a gap that the search takes up."""
    make_helper("甲一")
    make_helper("乙二")
    needs = [
        make_verified_need(make_elder(name), starts_at=VISIT_AT + timedelta(hours=n))
        for n, name in enumerate(("李一", "李二", "李三", "李四", "李五", "李六"))
    ]
    needs.append(make_verified_need(make_elder("李七"), item=make_item("bulb")))
    run = plan(by=worker)
    planned = {need_id for need_id, *_ in pairs(run)}
    gaps = set(run.gaps.values_list("need_id", flat=True))

    assert planned | gaps == {need.pk for need in needs}
    actions.publish_plan(run_id=run.pk, by=worker, now=MONDAY)
    actions.sweep(now=MONDAY + timedelta(minutes=1))

    for need in needs:
        need.refresh_from_db()
        is_asked = Offer.objects.filter(need=need).exists()
        assert is_asked or need.state == NeedState.ESCALATED, need
    assert any(need.state == NeedState.ESCALATED for need in needs)


def test_declined_visit_goes_to_the_next_one_by_plan(worker):
    first, second = make_helper("甲一"), make_helper("乙二", region=NEIGHBOUR_BUILDING)
    need = make_verified_need(make_elder(), starts_at=VISIT_AT + timedelta(days=2))
    run = plan(by=worker)
    actions.publish_plan(run_id=run.pk, by=worker, now=MONDAY)
    hours_later = MONDAY + timedelta(hours=5)
    actions.refuse_offer(
        offer_id=Offer.objects.get(need=need).pk, by=make_actor(first), now=hours_later
    )

    actions.find_helpers(need_id=need.pk, by=SYSTEM, now=hours_later)

    # Five hours have passed, but nobody was waited for in vain: the two hours begin now.
    need.refresh_from_db()
    assert need.state == NeedState.OFFERED
    assert [(row.name, row.state) for row in rows(run)] == [
        ("甲一", PlannedState.DECLINED),
        ("乙二", PlannedState.OFFERED),
    ]
    offer = Offer.objects.get(need=need, volunteer=second)
    actions.expire_offers(now=offer.expires_at)
    actions.find_helpers(need_id=need.pk, by=SYSTEM, now=offer.expires_at)
    need.refresh_from_db()
    assert need.state == NeedState.ESCALATED


def test_plan_put_away_while_it_is_made_stays_away(worker, monkeypatch):
    make_helper("甲一")
    make_verified_need(make_elder())
    run = ask(by=worker)
    load = queries.plans.load_planning

    def discarding(*args, **words):
        actions.discard_plan(run_id=run.pk, by=worker, now=MONDAY)
        return load(*args, **words)

    monkeypatch.setattr(queries.plans, "load_planning", discarding)

    assert actions.make_plan(run_id=run.pk, by=SYSTEM, now=MONDAY) is None
    run.refresh_from_db()
    assert (run.state, run.visits.count()) == (PlanState.DISCARDED, 0)


def test_plan_that_breaks_says_so_and_lets_another_be_asked(worker, monkeypatch):
    run = ask(by=worker)

    def broken(*args, **words):
        raise ValueError("no")

    monkeypatch.setattr(queries.plans, "load_planning", broken)

    with pytest.raises(ValueError, match="no"):
        actions.make_plan(run_id=run.pk, by=SYSTEM, now=MONDAY)
    run.refresh_from_db()
    assert (run.state, run.failure) == (PlanState.FAILED, "ValueError")
    assert ask(by=worker).state == PlanState.QUEUED


def test_plan_of_a_worker_who_died_is_given_up(worker):
    run = ask(by=worker)
    PlanRun.objects.filter(pk=run.pk).update(state=PlanState.RUNNING, begun_at=MONDAY)

    actions.sweep_plans(now=MONDAY + timedelta(minutes=31))

    run.refresh_from_db()
    assert run.state == PlanState.FAILED


def test_station_sees_and_overrules_its_part_of_a_districts_plan(worker):
    make_elsewhere()
    helper = make_helper("甲一")
    mine = make_verified_need(make_elder())
    neighbour = make_person("赵奶奶", region=NEIGHBOUR_COMMUNITY_BUILDING)
    make_helper("乙二", region=NEIGHBOUR_COMMUNITY_BUILDING)
    theirs = make_verified_need(neighbour)
    run = plan(region_code="450103")
    visible = queries.plans.plans_visible_to(worker)

    [row] = queries.plans.plan_rows(visible, viewer=worker)
    [shown] = queries.plans.visits_of_plan(run, viewer=worker)

    assert (row.may_be_decided, shown.need_id, shown.volunteer_id) == (False, mine.pk, helper.pk)
    with pytest.raises(errors.PlanNotFound):
        actions.publish_plan(run_id=run.pk, by=worker, now=MONDAY)
    other = run.visits.get(need=theirs)
    choice = {"run_id": run.pk, "by": worker, "now": MONDAY, "reason": "好"}
    with pytest.raises(NotFound):
        actions.overrule(visit_id=other.pk, volunteer_id=None, **choice)
    # Who is planned next door at that hour is not hers to take away.
    with pytest.raises(errors.PlanOutOfReach):
        actions.overrule(visit_id=shown.pk, volunteer_id=other.volunteer_id, **choice)
    actions.overrule(visit_id=shown.pk, volunteer_id=None, **choice)


def test_refusals_of_plans(worker):
    helper = make_helper("甲一")
    make_helper("乙二")
    make_verified_need(make_elder())
    outsider = make_worker("外人", region=NEIGHBOUR_COMMUNITY)
    with pytest.raises(NotAllowed):
        ask(by=outsider)
    with pytest.raises(errors.PlanAreaWrong):
        ask(region_code="450103001005001")
    with pytest.raises(errors.PlanDaysWrong):
        ask(ends_on=TUESDAY + timedelta(days=7))
    run = ask(by=worker)
    with pytest.raises(errors.PlanUnderWay):
        ask(by=worker)
    with pytest.raises(errors.PlanNotFound):
        actions.publish_plan(run_id=run.pk, by=outsider, now=MONDAY)
    with pytest.raises(errors.PlanNotReady):
        actions.publish_plan(run_id=run.pk, by=worker, now=MONDAY)
    actions.make_plan(run_id=run.pk, by=SYSTEM, now=MONDAY)
    visit = run.visits.get()
    choice = {"run_id": run.pk, "visit_id": visit.pk, "by": worker, "now": MONDAY}
    with pytest.raises(errors.ReasonMissing):
        actions.overrule(volunteer_id=None, reason=" ", **choice)
    with pytest.raises(errors.PlannedVolunteerTwice):
        actions.overrule(volunteer_id=visit.volunteer_id, reason="好", **choice)
    with pytest.raises(errors.VolunteerUnfit):
        actions.preview_overruling(volunteer_id=make_person("路人").pk, **choice)
    actions.overrule(volunteer_id=None, reason="家属来", **choice)
    with pytest.raises(errors.PlannedVisitGone):
        actions.overrule(volunteer_id=helper.pk, reason="好", **choice)
    actions.publish_plan(run_id=run.pk, by=worker, now=MONDAY)
    with pytest.raises(errors.PlanNotReady):
        actions.discard_plan(run_id=run.pk, by=worker, now=MONDAY)
