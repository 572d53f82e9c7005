from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from linbang.foundation import clock
from linbang.foundation.access.choices import Permission
from linbang.foundation.access.rules import Actor
from linbang.foundation.shell.schemas import PageIn, paged
from linbang.reporting.briefs import actions, queries
from linbang.reporting.briefs.actions import Text
from linbang.reporting.briefs.schemas import BriefIn, BriefOut, BriefPageOut, DraftOut
from linbang.reporting.statistics import queries as statistics

router = Router(tags=["briefs"])
_PERIODS = "2026, 2026-Q4, 2026-11, or to-2026-11-25 for twelve months"


@router.get("/briefs", response=BriefPageOut, operation_id="list_briefs")
def list_briefs(request: HttpRequest, page: Query[PageIn]) -> dict[str, Any]:
    """List the issued briefs of one's regions, newest first."""
    return paged(queries.briefs_visible_to(_actor(request)), page)


@router.get("/briefs/draft", response=DraftOut, operation_id="get_brief_draft")
def get_brief_draft(
    request: HttpRequest,
    period: str = Query(
        ..., description="2026, 2026-Q4, 2026-11, or to-2026-11-25 for twelve months"
    ),
    region: str = Query("", max_length=18),
) -> DraftOut:
    """Propose a brief from the figures of a period; nothing is stored."""
    found = statistics.region_visible_to(
        _actor(request), region, permission=Permission.ISSUE_BRIEFS
    )
    if found is None:
        raise Http404
    span = queries.span_of(statistics.period_named(period))
    snapshot = queries.snapshot_of(found, span=span, asked_at=clock.now())
    return DraftOut(
        region=found.code,
        period=period,
        figures=snapshot.to_json(),
        **queries.proposal_for(found, snapshot),
    )


@router.post("/briefs", response={201: BriefOut}, operation_id="issue_brief")
def issue_brief(request: HttpRequest, body: BriefIn) -> Status[BriefOut]:
    """Issue a brief; its number and figures stay for ever."""
    actor = _actor(request)
    region = statistics.region_visible_to(actor, body.region, permission=Permission.ISSUE_BRIEFS)
    if region is None:
        raise Http404
    issued = actions.issue_brief(
        region_code=region.code,
        span=queries.span_of(statistics.period_named(body.period)),
        text=Text(body.unit, body.title, body.body, body.distribution),
        by=actor,
        now=clock.now(),
    )
    return Status(201, BriefOut.from_orm(issued))


@router.get("/briefs/{uuid:brief_id}", response=BriefOut, operation_id="get_brief")
def get_brief(request: HttpRequest, brief_id: UUID) -> BriefOut:
    """Show an issued brief."""
    found = get_object_or_404(queries.briefs_visible_to(_actor(request)), public_id=brief_id)
    return BriefOut.from_orm(found)


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
