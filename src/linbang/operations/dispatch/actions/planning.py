"""Plans of visits: asked for, made by a worker, put away."""

from collections.abc import Collection
from datetime import date, datetime
from math import ceil
from typing import Any

from django.db import transaction
from django.db.models import Avg, Sum

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.clock import local_date
from linbang.foundation.db import insert_columns
from linbang.foundation.errors import NotAllowed, refusing
from linbang.foundation.events import announce
from linbang.foundation.places.models import Region
from linbang.operations.dispatch import queries, rules
from linbang.operations.dispatch.choices import (
    PLANNED_LIVE,
    DropCause,
    PlannedState,
    PlanStage,
    PlanState,
)
from linbang.operations.dispatch.errors import (
    PlanAreaWrong,
    PlanDaysWrong,
    PlanNotFound,
    PlanNotReady,
    PlanUnderWay,
)
from linbang.operations.dispatch.events import PlanAsked
from linbang.operations.dispatch.models import PlanGap, PlannedVisit, PlanRun
from linbang.operations.dispatch.queries.plans import PlanOutcome
from matching.plans import Plan, Stage

_MILLION = 1_000_000
_DISCARDABLE = frozenset({PlanState.QUEUED, PlanState.RUNNING, PlanState.READY, PlanState.FAILED})


@transaction.atomic
def ask_plan(
    *,
    region_code: str,
    starts_on: date,
    ends_on: date,
    by: Actor,
    now: datetime,
    night: date | None = None,
) -> PlanRun:
    """Ask for a plan of who goes to which visit of a place; a worker makes it.

    Nobody is asked before it is published. ``night``: the nightly round it belongs to. Raises
    NotAllowed, PlanAreaWrong, PlanDaysWrong, PlanUnderWay.
    """
    if not by.may(Permission.DISPATCH, region=region_code):
        raise NotAllowed
    is_there = Region.objects.filter(pk=region_code).exists()
    if not rules.is_plannable_area(region_code) or not is_there:
        raise PlanAreaWrong(field="region")
    if not rules.are_plannable_days(starts_on, ends_on, today=local_date(now)):
        raise PlanDaysWrong(field="starts_on")
    with refusing({"plan_run_under_way_once_an_area": PlanUnderWay}), transaction.atomic():
        run = PlanRun.objects.create(
            cell=region_code[:6],
            region_id=region_code,
            starts_on=starts_on,
            ends_on=ends_on,
            night=night,
            asked_at=now,
            asked_by_id=by.person_id,
        )
    _record("dispatch.ask_plan", run, by=by, now=now)
    announce(PlanAsked(run_id=run.pk, cell=run.cell, at=now))
    return run


def make_plan(*, run_id: int, by: Actor, now: datetime) -> PlanRun | None:
    """Make a plan that was asked for, telling how far it has got; no lock is held meanwhile.

    Safe to run twice: None where there is nothing to make any more. A plan that was put away
    meanwhile stays away. Raises PlanNotFound, and whatever broke the making.
    """
    run = _begin(run_id, now=now)
    if run is None:
        return None
    try:
        planning = queries.plans.load_planning(queries.plans.scope_of(run), now=now)
        plan, outcome = queries.plans.solved(planning, tell=lambda stage: _tell(run, stage))
    except Exception as error:
        _fail(run, type(error).__name__)
        raise
    return _store(run.pk, plan, outcome, by=by, now=now)


@transaction.atomic
def discard_plan(*, run_id: int, by: Actor, now: datetime) -> PlanRun:
    """Put a plan away before it is published; nothing comes of it.

    Raises PlanNotFound, PlanNotReady.
    """
    run = lock_plan_for(run_id, by)
    if run.state == PlanState.DISCARDED:
        return run
    if run.state not in _DISCARDABLE:
        raise PlanNotReady
    run.state, run.discarded_at = PlanState.DISCARDED, now
    run.save(update_fields=["state", "discarded_at"])
    _record("dispatch.discard_plan", run, by=by, now=now)
    return run


@transaction.atomic
def fail_lost_plans(*, now: datetime) -> int:
    """Give up plans that nobody works on any more, so that new ones may be asked for."""
    lost = PlanRun.objects.filter(state=PlanState.RUNNING, begun_at__lte=now - rules.PLAN_LONGEST)
    return lost.update(state=PlanState.FAILED, failure="Lost")


def lock_plan_for(run_id: int, by: Actor) -> PlanRun:
    """Return a plan, locked, for an actor who dispatches there. Raises PlanNotFound."""
    run = queries.plans.lock_plan(run_id)
    if not by.may(Permission.DISPATCH, region=run.region_id):
        raise PlanNotFound
    return run


@transaction.atomic
def _begin(run_id: int, *, now: datetime) -> PlanRun | None:
    run = queries.plans.lock_plan(run_id)
    if run.state != PlanState.QUEUED:
        return None
    run.state, run.begun_at = PlanState.RUNNING, now
    run.progress = rules.PROGRESS[PlanStage.WAITING]
    run.save(update_fields=["state", "begun_at", "progress"])
    return run


def _tell(run: PlanRun, stage: Stage) -> None:
    reached = PlanStage(int(stage))
    PlanRun.objects.filter(cell=run.cell, pk=run.pk, state=PlanState.RUNNING).update(
        stage=reached, progress=rules.PROGRESS[reached]
    )


def _fail(run: PlanRun, failure: str) -> None:
    PlanRun.objects.filter(cell=run.cell, pk=run.pk, state=PlanState.RUNNING).update(
        state=PlanState.FAILED, failure=failure
    )


@transaction.atomic
def _store(
    run_id: int, plan: Plan, outcome: PlanOutcome, *, by: Actor, now: datetime
) -> PlanRun | None:
    run = queries.plans.lock_plan(run_id)
    if run.state != PlanState.RUNNING:
        return None
    over = queries.plans.needs_over(
        {visit.need_id for visit in outcome.visits}, queries.plans.scope_of(run), now=now
    )
    store_visits(run, outcome, over=over)
    store_gaps(run, outcome)
    run.state, run.stage, run.progress = PlanState.READY, PlanStage(int(plan.stage)), 100
    run.weights_version = plan.weights_version
    run.input_hash, run.plan_hash = plan.input_hash, plan.plan_hash
    run.objective, run.bound = plan.objective, plan.whole_bound
    # Nobody was left out of the proof, and it is never told better than it is.
    run.gap_millionths = ceil(plan.whole_gap * _MILLION) if plan.whole_bound > 0 else None
    run.figures, run.made_at = outcome.figures, now
    run.save(
        update_fields=[
            "state", "stage", "progress", "weights_version", "input_hash", "plan_hash",
            "objective", "bound", "gap_millionths", "figures", "made_at",
        ]
    )  # fmt: skip
    _record("dispatch.make_plan", run, by=by, now=now, visits=len(outcome.visits))
    return run


def store_visits(run: PlanRun, outcome: PlanOutcome, *, over: Collection[int] = ()) -> None:
    """Write the visits of a plan down in one statement; ``over``: needs that ended meanwhile."""
    visits = outcome.visits
    states = [_state(visit, over) for visit in visits]
    insert_columns(
        PlannedVisit,
        cell=[visit.cell for visit in visits],
        run=run.pk,
        need=[visit.need_id for visit in visits],
        volunteer=[visit.volunteer_id for visit in visits],
        place=[visit.place for visit in visits],
        rank=[visit.rank for visit in visits],
        cost=[visit.cost for visit in visits],
        regret=[visit.regret for visit in visits],
        metres=[visit.metres for visit in visits],
        tier=[visit.tier for visit in visits],
        reasons=[visit.reasons for visit in visits],
        blocker=[visit.blocker_id for visit in visits],
        is_fixed=[visit.is_fixed for visit in visits],
        offer=[visit.offer_id for visit in visits],
        state=[str(state) for state in states],
        dropped_for=[
            str(DropCause.NEED_OVER) if state == PlannedState.DROPPED else "" for state in states
        ],
    )


def _state(visit: queries.plans.VisitOutcome, over: Collection[int]) -> PlannedState:
    if visit.offer_id is not None:
        return PlannedState.OFFERED
    return PlannedState.DROPPED if visit.need_id in over else PlannedState.PLANNED


def visit_row(
    run: PlanRun, visit: queries.plans.VisitOutcome, *, place: int, **columns: Any
) -> PlannedVisit:
    """Return one more visit of a plan, not yet written."""
    facts: dict[str, Any] = {
        "cell": visit.cell,
        "run": run,
        "need_id": visit.need_id,
        "volunteer_id": visit.volunteer_id,
        "place": place,
        "rank": visit.rank,
        "cost": visit.cost,
        "regret": visit.regret,
        "metres": visit.metres,
        "tier": visit.tier,
        "reasons": visit.reasons,
        "blocker_id": visit.blocker_id,
    }
    return PlannedVisit(**{**facts, **columns})


def free_place(taken: Collection[int]) -> int:
    """Return the lowest place of a need that is not taken."""
    return next(place for place in range(1, 5) if place not in taken)


def store_gaps(run: PlanRun, outcome: PlanOutcome) -> None:
    """Write down what a plan leaves open, in one statement."""
    gaps = outcome.gaps
    insert_columns(
        PlanGap,
        cell=[gap.cell for gap in gaps],
        run=run.pk,
        need=[gap.need_id for gap in gaps],
        missing=[gap.missing for gap in gaps],
        hopeless=[gap.hopeless for gap in gaps],
        causes=[gap.causes for gap in gaps],
    )


def count_again(run: PlanRun, *, overruled: int = 0) -> None:
    """Bring the figures of a plan up to date; what was proven of it stays as it was made."""
    live = PlannedVisit.objects.filter(run=run, state__in=PLANNED_LIVE)
    metres = live.aggregate(mean=Avg("metres"))["mean"]
    gaps = PlanGap.objects.filter(run=run).aggregate(
        missing=Sum("missing", default=0), hopeless=Sum("hopeless", default=0)
    )
    run.figures = {
        **run.figures,
        **gaps,
        "filled": live.count(),
        "first_choices": live.filter(rank=1).count(),
        "mean_metres": None if metres is None else round(metres),
        "overruled": run.figures.get("overruled", 0) + overruled,
    }
    run.save(update_fields=["figures"])


def _record(action: str, run: PlanRun, *, by: Actor, now: datetime, **detail: int) -> None:
    record(by=by, action=action, subject=run, region_code=run.region_id, now=now, detail=detail)
