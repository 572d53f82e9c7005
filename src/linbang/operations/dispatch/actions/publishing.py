"""A plan is published: its volunteers are asked, one need after the other, as things are now."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.actions import record
from linbang.foundation.events import announce
from linbang.intake.needs.actions import advance_need
from linbang.intake.needs.choices import NeedState, Urgency
from linbang.intake.needs.models import Need
from linbang.intake.needs.queries import lock_need
from linbang.operations.dispatch import queries, rules
from linbang.operations.dispatch.actions.planning import lock_plan_for
from linbang.operations.dispatch.actions.telling import tell_asked
from linbang.operations.dispatch.choices import DropCause, PlannedState, PlanState, Unfit
from linbang.operations.dispatch.errors import PlanNotReady
from linbang.operations.dispatch.events import PlanPublished
from linbang.operations.dispatch.models import Offer, PlannedVisit, PlanRun

# A worker who publishes a community's plan sees its offers at once; more are left to the job.
_AT_ONCE_MAX = 40


def publish_plan(*, run_id: int, by: Actor, now: datetime) -> PlanRun:
    """Let a plan count: ask the volunteers of its visits. Twice changes nothing.

    Raises PlanNotFound, PlanNotReady.
    """
    run = _publish(run_id, by=by, now=now)
    if len(queries.plans.needs_to_offer(run)) <= _AT_ONCE_MAX:
        offer_planned(run_id=run_id, by=by, now=now)
    return run


@transaction.atomic
def _publish(run_id: int, *, by: Actor, now: datetime) -> PlanRun:
    run = lock_plan_for(run_id, by)
    if run.state == PlanState.PUBLISHED:
        return run
    if run.state != PlanState.READY:
        raise PlanNotReady
    run.state, run.published_at, run.published_by_id = PlanState.PUBLISHED, now, by.person_id
    run.save(update_fields=["state", "published_at", "published_by_id"])
    record(by=by, action="dispatch.publish_plan", subject=run, region_code=run.region_id, now=now)
    announce(PlanPublished(run_id=run.pk, cell=run.cell, at=now))
    return run


def offer_planned(*, run_id: int, by: Actor, now: datetime) -> int:
    """Ask for every visit of a published plan that nobody was asked for yet; return how many.

    Each need in a transaction of its own, so that whoever accepts by hand waits for one need
    only. What is no longer true is dropped and says why; the search goes on for its need.
    """
    run = PlanRun.objects.get(pk=run_id)
    if run.state != PlanState.PUBLISHED:
        return 0
    made = 0
    for need_id, pairs in groupby(queries.plans.needs_to_offer(run), key=lambda pair: pair[0]):
        people = [volunteer_id for _, volunteer_id in pairs]
        made += len(_offer_need(run, need_id, people, by=by, now=now))
    return made


@transaction.atomic
def _offer_need(
    run: PlanRun, need_id: int, people: Collection[int], *, by: Actor, now: datetime
) -> Sequence[Offer]:
    # People before needs, as everywhere: two plans must not ask one person for the same hour.
    queries.lock_people(people)
    need = lock_need(need_id)
    visits = queries.plans.planned_visits_of(run.pk, need)
    over = _over(need, now=now)
    wanted = 0 if over else queries.search_of(need, now=now).wanted
    barred = {} if over else queries.plans.barred_now(need, people, now=now)
    chosen: list[PlannedVisit] = []
    for visit in visits:
        cause, unfit = (over, None) if over else barred.get(visit.volunteer_id, (None, None))
        if cause is None and len(chosen) >= wanted:
            cause = DropCause.PLACE_TAKEN
        if cause is None:
            chosen.append(visit)
        else:
            _drop(visit, cause, unfit)
    return offer_visits(need, chosen, by=by, now=now)


def offer_visits(
    need: Need, visits: Sequence[PlannedVisit], *, by: Actor, now: datetime
) -> Sequence[Offer]:
    """Ask the volunteers of some planned visits of a locked need, and tell them."""
    if not visits:
        return ()
    expires_at = rules.planned_offer_expires_at(
        Urgency(need.urgency), now=now, starts_at=need.starts_at
    )
    offers = Offer.objects.bulk_create(
        Offer(
            cell=need.cell,
            need=need,
            volunteer_id=visit.volunteer_id,
            reasons=visit.reasons,
            offered_at=now,
            expires_at=expires_at,
            offered_by_id=by.person_id,
        )
        for visit in visits
    )
    for visit, offer in zip(visits, offers, strict=True):
        visit.state, visit.offer = PlannedState.OFFERED, offer
        visit.save(update_fields=["state", "offer"])
    if need.state == NeedState.VERIFIED:
        advance_need(need=need, state=NeedState.OFFERED, by=by, now=now)
    tell_asked(offers, need, now=now)
    return offers


def _over(need: Need, *, now: datetime) -> DropCause | None:
    """Tell why a need asks for nobody any more, if so."""
    if need.state not in rules.PLANNABLE or need.starts_at - now < rules.ASKING_ENDS_BEFORE:
        is_full = need.state == NeedState.ASSIGNED
        return DropCause.PLACE_TAKEN if is_full else DropCause.NEED_OVER
    if need.state == NeedState.ESCALATED and not queries.plans.is_listed(need):
        return DropCause.AT_STATION
    return None


def _drop(visit: PlannedVisit, cause: DropCause, unfit: Unfit | None) -> None:
    visit.state, visit.dropped_for, visit.unfit_for = PlannedState.DROPPED, cause, unfit or ""
    visit.save(update_fields=["state", "dropped_for", "unfit_for"])
