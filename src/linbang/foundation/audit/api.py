"""The trail under ``/api/v1/``."""

from typing import Any

from django.core.paginator import Paginator
from ninja import Query, Router

from linbang.foundation.audit import gates, queries, schemas

PAGE_SIZE = 100

router = Router(tags=["audit"])


@router.get("audit-events", response=schemas.EventPage, operation_id="list_audit_events")
@gates.for_auditors
def list_audit_events(request: Any, wishes: Query[schemas.TrailIn], page: int = 1) -> Any:
    """List the trail of the regions the auditor answers for, newest first."""
    return _page(queries.events_found(request.actor, **wishes.dict()), page)


@router.get("me/access-log", response=schemas.EventPage, operation_id="list_own_access_log")
def list_own_access_log(request: Any, page: int = 1) -> Any:
    """List who else saw or exported one's own data."""
    return _page(queries.access_log_of(request.actor), page)


def _page(events: Any, number: int) -> dict[str, Any]:
    found = Paginator(events, PAGE_SIZE).get_page(number)
    return {
        "events": list(found.object_list),
        "next_page": found.next_page_number() if found.has_next() else None,
    }
