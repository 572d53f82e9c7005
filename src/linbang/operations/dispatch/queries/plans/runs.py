"""Plans of visits as they are read: who sees which, and the rows an action works on."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Left

from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.db import among
from linbang.foundation.people.models import VolunteerProfile
from linbang.foundation.places.queries import within_any
from linbang.foundation.places.rules import ancestor_codes
from linbang.intake.needs.models import Need
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.choices import (
    PLAN_UNDER_WAY,
    PLANNED_LIVE,
    Answer,
    DropCause,
    PlannedState,
    PlanState,
    Unfit,
)
from linbang.operations.dispatch.errors import PlanNotFound
from linbang.operations.dispatch.models import (
    BlockedPair,
    Commitment,
    Escalation,
    Offer,
    PlannedVisit,
    PlanRun,
)
from linbang.operations.dispatch.queries.plans.question import PlanScope, plannable_needs

_DISTRICT_DIGITS = 6
_FORGOTTEN = 300
# What a plan never opens of a need.
SEALED_OF_NEED = ("address", "phone", "note", "known_risks", "risk_note")


def plans_visible_to(actor: Actor) -> QuerySet[PlanRun]:
    """Return the plans that reach into the places where the actor dispatches, the newest first.

    A station sees its part of a district's plan.
    """
    regions = actor.regions_for(Permission.DISPATCH)
    around = {code for region in regions for code in ancestor_codes(region)}
    return (
        PlanRun.objects.filter(within_any("region_id", regions) | Q(region_id__in=around))
        .select_related("region")
        .order_by("-id")
    )


def reach_of(viewer: Actor | None) -> Q:
    """Keep what lies where somebody dispatches; everything for nobody in particular."""
    if viewer is None:
        return Q()
    return within_any("need__region_id", viewer.regions_for(Permission.DISPATCH))


def lock_plan(run_id: int) -> PlanRun:
    """Return a plan with its row locked. Raises PlanNotFound."""
    run = PlanRun.objects.select_for_update(of=("self",)).filter(pk=run_id).first()
    if run is None:
        raise PlanNotFound
    return run


def scope_of(run: PlanRun, **narrowed: Any) -> PlanScope:
    """Return what a plan is to be made of; ``narrowed`` as the fields of ``PlanScope``."""
    return PlanScope(area=run.region_id, starts_on=run.starts_on, ends_on=run.ends_on, **narrowed)


def places_taken(run_id: int, need_ids: Collection[int]) -> defaultdict[int, set[int]]:
    """Return the places of needs that a plan gives to somebody; one query."""
    taken: defaultdict[int, set[int]] = defaultdict(set)
    live = PlannedVisit.objects.filter(
        among("need_id", need_ids), run_id=run_id, state__in=PLANNED_LIVE
    )
    for need_id, place in live.values_list("need_id", "place"):
        taken[need_id].add(place)
    return taken


def needs_to_offer(run: PlanRun) -> list[tuple[int, int]]:
    """Return (need, volunteer) of every visit of a plan that nobody was asked for yet, by need."""
    visits = PlannedVisit.objects.filter(run=run, state=PlannedState.PLANNED)
    return list(visits.order_by("need_id", "place").values_list("need_id", "volunteer_id"))


def planned_visits_of(run_id: int, need: Need) -> list[PlannedVisit]:
    """Return the visits of a need that a plan has not offered yet, by place."""
    return list(
        PlannedVisit.objects.filter(
            cell=need.cell, run_id=run_id, need_id=need.pk, state=PlannedState.PLANNED
        ).order_by("place", "id")
    )


def needs_over(ids: Collection[int], scope: PlanScope, *, now: datetime) -> set[int]:
    """Return those of these needs for which no plan looks for helpers any more; one query."""
    still = plannable_needs(window=scope.window, now=now).filter(among("pk", ids))
    return set(ids) - set(still.values_list("pk", flat=True))


def barred_now(
    need: Need, people: Collection[int], *, now: datetime
) -> Mapping[int, tuple[DropCause, Unfit | None]]:
    """Return whom of the planned people something has come between since; four queries."""
    barred: dict[int, tuple[DropCause, Unfit | None]] = {}
    fit = VolunteerProfile.objects.filter(
        person_id__in=people,
        ended_at=None,
        person__confirmed_at__isnull=False,
        person__closed_at=None,
    )
    paused = dict(fit.values_list("person_id", "paused_until"))
    for person_id in people:
        if person_id not in paused:
            barred[person_id] = (DropCause.UNFIT, Unfit.NOT_ACTIVE)
        elif (until := paused[person_id]) is not None and until > now:
            barred[person_id] = (DropCause.UNFIT, Unfit.PAUSED)
    apart = BlockedPair.objects.filter(
        cell=need.cell,
        beneficiary_id=need.beneficiary_id,
        volunteer_id__in=people,
        ended_at=None,
    )
    for person_id in apart.values_list("volunteer_id", flat=True):
        barred.setdefault(person_id, (DropCause.UNFIT, Unfit.BLOCKED))
    low, high = need.starts_at - rules.TRAVEL, need.ends_at + rules.TRAVEL
    busy = Commitment.objects.filter(
        person_id__in=people, released_at=None, during__overlap=(low, high)
    )
    for person_id in busy.values_list("person_id", flat=True):
        barred.setdefault(person_id, (DropCause.UNFIT, Unfit.CONFLICT))
    asked = Offer.objects.filter(volunteer_id__in=people).exclude(answer__answer=Answer.WITHDRAWN)
    here = asked.filter(cell=need.cell, need_id=need.pk)
    for person_id in here.values_list("volunteer_id", flat=True):
        barred.setdefault(person_id, (DropCause.ASKED_ALREADY, None))
    elsewhere = asked.filter(
        answer=None, expires_at__gt=now, need__starts_at__lt=high, need__ends_at__gt=low
    )
    for person_id in elsewhere.values_list("volunteer_id", flat=True):
        barred.setdefault(person_id, (DropCause.ASKED_ELSEWHERE, None))
    return barred


def plan_in_force(need: Need) -> PlanRun | None:
    """Return the newest published plan that gave a need somebody; one query."""
    return (
        PlanRun.objects.filter(
            state=PlanState.PUBLISHED, visits__cell=need.cell, visits__need_id=need.pk
        )
        .order_by("-id")
        .first()
    )


def ended_visits_of(run: PlanRun, need: Need, *, now: datetime) -> QuerySet[PlannedVisit]:
    """Return the visits of a need in a plan whose offers came to nothing."""
    came_to_nothing = (
        Q(offer__answer__answer__in=(Answer.REFUSED, Answer.EXPIRED, Answer.WITHDRAWN))
        | Q(offer__answer=None, offer__expires_at__lte=now)
        | Q(offer__assignment__ended_at__isnull=False)
    )
    return PlannedVisit.objects.filter(
        came_to_nothing, cell=need.cell, run=run, need_id=need.pk, state=PlannedState.OFFERED
    )


def plans_to_finish(*, now: datetime) -> list[int]:
    """Return the published plans with visits that nobody was asked for yet, the oldest first.

    A job that broke off is taken up here; what lies in the past is not looked through.
    """
    left = PlannedVisit.objects.filter(run_id=OuterRef("pk"), state=PlannedState.PLANNED)
    return list(
        PlanRun.objects.filter(
            Exists(left),
            state=PlanState.PUBLISHED,
            published_at__lt=now - rules.PLAN_LONGEST,
            published_at__gt=now - rules.EXPIRY_LOOKS_BACK,
        )
        .order_by("id")
        .values_list("pk", flat=True)
    )


def plans_to_forget(*, now: datetime) -> list[int]:
    """Return the plans that nobody needs any more, a few hundred at a time."""
    old = Q(asked_at__lt=now - rules.PUBLISHED_KEPT)
    old |= Q(asked_at__lt=now - rules.UNPUBLISHED_KEPT) & ~Q(state=PlanState.PUBLISHED)
    return list(
        PlanRun.objects.filter(old).order_by("id").values_list("pk", flat=True)[:_FORGOTTEN]
    )


def is_listed(need: Need) -> bool:
    """Tell whether a need is on the station's list and no worker has taken it."""
    return Escalation.objects.filter(cell=need.cell, need_id=need.pk, taken_at=None).exists()


def districts_to_plan(*, window: tuple[datetime, datetime], now: datetime) -> list[str]:
    """Return the districts where somebody is looked for in a window, by code; one query."""
    needs = plannable_needs(window=window, now=now)
    return list(
        needs.annotate(district=Left("region_id", _DISTRICT_DIGITS))
        .order_by("district")
        .values_list("district", flat=True)
        .distinct()
    )


def night_runs(night: date) -> QuerySet[PlanRun]:
    """Return the plans of a nightly round that wait to be published, by place."""
    return PlanRun.objects.filter(night=night, state=PlanState.READY).order_by("region_id", "id")


def is_planned_at_night(night: date, region_code: str) -> bool:
    """Tell whether a nightly round has a plan of a place already."""
    return PlanRun.objects.filter(night=night, region_id=region_code).exists()


def is_night_over(night: date) -> bool:
    """Tell whether every plan of a nightly round is made, or will not be."""
    return not PlanRun.objects.filter(night=night, state__in=PLAN_UNDER_WAY).exists()


def visits_of_shared_people(night: date) -> list[PlannedVisit]:
    """Return the visits of the volunteers whom more than one district of a nightly round plans to
    send, by person, with their needs and ``a_day``, ``a_week``, what she takes; one query.
    """
    visits = PlannedVisit.objects.filter(
        run__night=night, run__state=PlanState.READY, state=PlannedState.PLANNED
    )
    shared = (
        visits.values("volunteer_id")
        .annotate(runs=Count("run_id", distinct=True))
        .filter(runs__gt=1)
        .values("volunteer_id")
    )
    return list(
        visits.filter(volunteer_id__in=shared)
        .select_related("need")
        .defer(*(f"need__{name}" for name in SEALED_OF_NEED))
        .annotate(
            a_day=F("volunteer__volunteer__visits_a_day"),
            a_week=F("volunteer__volunteer__visits_a_week"),
        )
        .order_by("volunteer_id", "id")
    )


def planned_at_night(night: date) -> list[tuple[int, int]]:
    """Return (need, volunteer) of all visits that a nightly round plans, by need; one query."""
    visits = PlannedVisit.objects.filter(
        run__night=night, run__state=PlanState.READY, state=PlannedState.PLANNED
    )
    return list(visits.order_by("need_id", "place").values_list("need_id", "volunteer_id"))
