"""What one may take now, under ``/api/v1/``."""

import time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from linbang.foundation import clock
from linbang.foundation.places.rules import is_region_code
from linbang.foundation.shell.schemas import PageIn
from linbang.operations.dispatch import queries
from linbang.operations.dispatch.errors import RegionTooWide
from linbang.operations.dispatch.schemas.sign_ups import (
    LookIn,
    OpenShiftOut,
    OpenShiftPageOut,
)

router = Router(tags=["dispatch"])
_ANSWERS = queries.SingleFlight()


@router.get("/activities/open", auth=None, operation_id="list_open_activities")
def list_open_activities(request: HttpRequest, region: str) -> HttpResponse:
    """List the open activities of a region, from the county down, with their next shifts.

    Public; the answer may be a second old. The database writes the JSON.
    """
    if not is_region_code(region) or len(region) < queries.COUNTY_DIGITS:
        raise RegionTooWide(field="region")
    body = _ANSWERS.get(
        region,
        lambda: queries.open_activities_json(region, now=clock.now()),
        tick=time.monotonic(),
    )
    return HttpResponse(body, content_type="application/json")


@router.get("/shifts/open", response=OpenShiftPageOut, operation_id="list_open_shifts")
def list_open_shifts(request: Any, page: Query[PageIn], wish: Query[LookIn]) -> dict[str, Any]:
    """List what I may take now, and why not the rest; at most 300 shifts, the best first."""
    actor, now = request.actor, clock.now()
    if wish.activity is not None:
        found = get_object_or_404(queries.activities_shown(), public_id=wish.activity)
        rows = queries.rows_of(actor.person_id, now=now, activity=found.pk)
    else:
        look = queries.Look(
            digits=0 if wish.region else queries.COUNTY_DIGITS,
            **wish.dict(exclude={"activity"}),
        )
        rows = queries.open_shifts(actor.person_id, look, now=now, cell=actor.cell)
    start = (page.page - 1) * page.page_size
    return {
        "count": len(rows),
        "page": page.page,
        "pages": max(-(-len(rows) // page.page_size), 1),
        "items": [OpenShiftOut.of(row) for row in rows[start : start + page.page_size]],
    }
