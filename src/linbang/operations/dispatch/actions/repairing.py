"""A planned visit that came to nothing is given to the next one, all other visits standing."""

from datetime import datetime

from django.db import transaction

from linbang.foundation.access.rules import Actor
from linbang.intake.needs.models import Need
from linbang.operations.dispatch import queries
from linbang.operations.dispatch.actions.planning import free_place, visit_row
from linbang.operations.dispatch.actions.publishing import offer_visits
from linbang.operations.dispatch.choices import PlannedState
from linbang.operations.dispatch.models import PlannedVisit
from linbang.operations.dispatch.queries.plans import PlanScope

_COMMUNITY_DIGITS = 12


@transaction.atomic
def ask_by_plan(need: Need, *, wanted: int, by: Actor, now: datetime) -> int:
    """Ask for free places of a locked need as the plan it stands in would; return for how many.

    Whoever is promised or asked elsewhere stays there, and whoever was asked for this one before
    is left out. None are asked where no plan is in force, or where it finds nobody: then the
    search goes on as for any need.
    """
    run = queries.plans.plan_in_force(need)
    if run is None:
        return 0
    queries.plans.ended_visits_of(run, need, now=now).update(state=PlannedState.REPLACED)
    scope = PlanScope(
        area=need.region_id[:_COMMUNITY_DIGITS],
        starts_on=run.starts_on,
        ends_on=run.ends_on,
        need_ids=[need.pk],
    )
    planning = queries.plans.load_planning(scope, now=now)
    _, outcome = queries.plans.solved(planning)
    taken = queries.plans.places_taken(run.pk, [need.pk])[need.pk]
    visits = []
    for visit in [visit for visit in outcome.visits if not visit.is_fixed][:wanted]:
        place = free_place(taken)
        taken.add(place)
        visits.append(visit_row(run, visit, place=place))
    made = PlannedVisit.objects.bulk_create(visits)
    return len(offer_visits(need, made, by=by, now=now))
