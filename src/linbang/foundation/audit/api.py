"""The trail under ``/api/v1/``."""

from typing import Any

from ninja import Query, Router

from linbang.foundation.audit import gates, queries, schemas
from linbang.foundation.shell.schemas import PageIn, paged

router = Router(tags=["audit"])


@router.get("audit-events", response=schemas.AuditEventPageOut, operation_id="list_audit_events")
@gates.for_auditors
def list_audit_events(
    request: Any, wishes: Query[schemas.TrailIn], page: Query[PageIn]
) -> dict[str, Any]:
    """List the trail of the regions the auditor answers for, newest first."""
    return paged(queries.events_found(request.actor, **wishes.dict()), page)


@router.get("me/access-log", response=schemas.AuditEventPageOut, operation_id="list_own_access_log")
def list_own_access_log(request: Any, page: Query[PageIn]) -> dict[str, Any]:
    """List who else saw or exported one's own data."""
    return paged(queries.access_log_of(request.actor), page)
