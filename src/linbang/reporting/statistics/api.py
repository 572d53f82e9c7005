from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router

from linbang.foundation import clock
from linbang.foundation.access.rules import Actor
from linbang.reporting.statistics import queries, rules
from linbang.reporting.statistics.choices import ACTIVITY_DEFINITIONS, DEFINITIONS
from linbang.reporting.statistics.queries import ActivityFigures, Figures
from linbang.reporting.statistics.schemas import ActivityFiguresOut, DefinitionOut, FiguresOut

router = Router(tags=["statistics"])
_PERIODS = "2026, 2026-Q4, 2026-11, or to-2026-11-25 for twelve months"


@router.get("/statistics/figures", response=FiguresOut, operation_id="get_figures")
def get_figures(
    request: HttpRequest,
    period: str = Query(..., description=_PERIODS),
    region: str = Query("", max_length=18),
) -> Figures:
    """Tell the figures of a region and a month, quarter, year or twelve months."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    found = queries.region_visible_to(actor, region)
    if found is None:
        raise Http404
    return queries.figures_of(
        prefix=found.code, period=rules.period_named(period), asked_at=clock.now()
    )


@router.get(
    "/statistics/activities", response=ActivityFiguresOut, operation_id="get_activity_figures"
)
def get_activity_figures(
    request: HttpRequest,
    period: str = Query(..., description=_PERIODS),
    region: str = Query("", max_length=18),
    team: UUID | None = None,
) -> ActivityFigures:
    """Tell the figures of the activities of a region, of a team and all below it, or both."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    scope = queries.activity_scope(actor, region, str(team or ""))
    if scope is None:
        raise Http404
    return queries.activity_figures(
        scope=scope, period=rules.period_named(period), asked_at=clock.now()
    )


@router.get(
    "/statistics/definitions", response=list[DefinitionOut], operation_id="list_definitions"
)
def list_definitions(request: HttpRequest) -> list[DefinitionOut]:
    """List what each figure means; those of activities are named ``activities.…``."""
    named = {"": DEFINITIONS, "activities.": ACTIVITY_DEFINITIONS}
    return [
        DefinitionOut(name=prefix + one.value, label=str(one.label), definition=str(text))
        for prefix, definitions in named.items()
        for one, text in definitions.items()
    ]
