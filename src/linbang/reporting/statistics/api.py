from django.http import Http404, HttpRequest
from ninja import Query, Router

from linbang.foundation import clock
from linbang.foundation.access.rules import Actor
from linbang.reporting.statistics import queries, rules
from linbang.reporting.statistics.choices import DEFINITIONS
from linbang.reporting.statistics.queries import Figures
from linbang.reporting.statistics.schemas import DefinitionOut, FiguresOut

router = Router(tags=["statistics"])


@router.get("/statistics/figures", response=FiguresOut, operation_id="get_figures")
def get_figures(
    request: HttpRequest,
    period: str = Query(..., description="2026, 2026-Q4 or 2026-11"),
    region: str = Query("", max_length=18),
) -> Figures:
    """Tell the figures of a region and a month, quarter or year."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    found = queries.region_visible_to(actor, region)
    if found is None:
        raise Http404
    return queries.figures_of(
        prefix=found.code, period=rules.period_named(period), asked_at=clock.now()
    )


@router.get(
    "/statistics/definitions", response=list[DefinitionOut], operation_id="list_definitions"
)
def list_definitions(request: HttpRequest) -> list[DefinitionOut]:
    """List what each figure means."""
    return [
        DefinitionOut(name=measure.value, label=str(measure.label), definition=str(text))
        for measure, text in DEFINITIONS.items()
    ]
