"""The nightly round: a plan for each district, borders mended, volunteers asked in the morning."""

from collections.abc import Collection
from datetime import date, datetime
from itertools import groupby

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.clock import day_window, local_date
from linbang.operations.dispatch import queries, rules
from linbang.operations.dispatch.actions.planning import (
    ask_plan,
    count_again,
    fail_lost_plans,
    free_place,
    lock_plan_for,
    store_gaps,
    visit_row,
)
from linbang.operations.dispatch.actions.publishing import offer_planned, publish_plan
from linbang.operations.dispatch.choices import DropCause, PlannedState, PlanState
from linbang.operations.dispatch.errors import PlanUnderWay
from linbang.operations.dispatch.models import PlanGap, PlannedVisit, PlanRun
from linbang.operations.dispatch.rules import Window


def plan_night(*, now: datetime) -> list[PlanRun]:
    """Ask for a plan of each district where somebody is looked for in the coming week.

    Districts are planned by themselves, on as many workers as there are. Safe to run again: a
    district has one plan a night.
    """
    starts_on, ends_on = rules.plan_days(now)
    night, window = local_date(now), (day_window(starts_on)[0], day_window(ends_on)[1])
    made = []
    for district in queries.plans.districts_to_plan(window=window, now=now):
        if queries.plans.is_planned_at_night(night, district):
            continue
        try:
            made.append(
                ask_plan(
                    region_code=district,
                    starts_on=starts_on,
                    ends_on=ends_on,
                    night=night,
                    by=Actor.system(district),
                    now=now,
                )
            )
        except PlanUnderWay:
            # Somebody asked for it by hand this minute: that plan stands.
            continue
    return made


def mend_borders(*, night: date, now: datetime) -> int:
    """Take apart the visits that two districts gave one volunteer and that cannot both be; return
    how many gave way.

    The cheaper visit stays, then the older; the other one is planned once more, all else standing.
    Nothing is done before the last district is planned. Safe to run again.
    """
    if not queries.plans.is_night_over(night):
        return 0
    lost = _lost_at_borders(night)
    for run_id, visits in groupby(sorted(lost, key=lambda one: one.run_id), lambda one: one.run_id):
        _plan_once_more(run_id, list(visits), night=night, now=now)
    return len(lost)


def publish_night(*, now: datetime) -> list[PlanRun]:
    """Mend the borders of this night's plans and publish those the station has left as they are."""
    night = local_date(now)
    mend_borders(night=night, now=now)
    return [
        publish_plan(run_id=run.pk, by=Actor.system(run.cell), now=now)
        for run in queries.plans.night_runs(night)
    ]


def sweep_plans(*, now: datetime) -> None:
    """Make sure that no plan is left half done: give up what nobody works on, ask for what a
    broken job left over, mend the borders of a round that is complete, forget what is old.
    """
    fail_lost_plans(now=now)
    _forget_plans(now=now)
    for run_id in queries.plans.plans_to_finish(now=now):
        offer_planned(run_id=run_id, by=Actor.system(), now=now)
    mend_borders(night=local_date(now), now=now)


@transaction.atomic
def _forget_plans(*, now: datetime) -> None:
    """Delete plans that nobody needs any more; offers keep their own reasons."""
    old = queries.plans.plans_to_forget(now=now)
    if old:
        PlannedVisit.objects.filter(run_id__in=old).delete()
        PlanGap.objects.filter(run_id__in=old).delete()
        PlanRun.objects.filter(pk__in=old).delete()


def _lost_at_borders(night: date) -> list[PlannedVisit]:
    lost = []
    shared = queries.plans.visits_of_shared_people(night)
    for _person, visits in groupby(shared, key=lambda visit: visit.volunteer_id):
        theirs = {visit.pk: visit for visit in visits}
        first = next(iter(theirs.values()))
        keys = rules.kept_apart(
            [
                (visit.cost, Window(key, visit.need.starts_at, visit.need.ends_at))
                for key, visit in theirs.items()
            ],
            a_day=first.a_day,  # type: ignore[attr-defined]  # annotated
            a_week=first.a_week,  # type: ignore[attr-defined]  # annotated
        )
        lost += [theirs[key] for key in sorted(keys)]
    return lost


@transaction.atomic
def _plan_once_more(
    run_id: int, lost: Collection[PlannedVisit], *, night: date, now: datetime
) -> None:
    """Give the visits that gave way to others; what finds nobody is a gap."""
    run = lock_plan_for(run_id, Actor.system())
    if run.state != PlanState.READY:
        return
    given_up = PlannedVisit.objects.filter(
        pk__in=[visit.pk for visit in lost], state=PlannedState.PLANNED
    )
    given_up.update(state=PlannedState.DROPPED, dropped_for=DropCause.ASKED_ELSEWHERE)
    need_ids = {visit.need_id for visit in lost}
    scope = queries.plans.scope_of(
        run,
        need_ids=need_ids,
        held=queries.plans.planned_at_night(night),
        barred=[(visit.need_id, visit.volunteer_id) for visit in lost],
    )
    planning = queries.plans.load_planning(scope, now=now)
    _, outcome = queries.plans.solved(planning)
    live = queries.plans.places_taken(run.pk, need_ids)
    made = []
    for visit in [visit for visit in outcome.visits if not visit.is_fixed]:
        place = free_place(live[visit.need_id])
        live[visit.need_id].add(place)
        made.append(visit_row(run, visit, place=place))
    PlannedVisit.objects.bulk_create(made)
    PlanGap.objects.filter(run=run, need_id__in=need_ids).delete()
    store_gaps(run, outcome)
    count_again(run)
