from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from linbang.foundation import clock
from linbang.foundation.access.rules import Actor
from linbang.foundation.messaging import actions, queries
from linbang.foundation.messaging.schemas import InboxOut, NoticeOut, ReadOut
from linbang.foundation.shell.schemas import PageIn, paged

router = Router(tags=["inbox"])


@router.get("/inbox", response=InboxOut, operation_id="list_notices")
def list_notices(request: HttpRequest, page: Query[PageIn]) -> dict[str, Any]:
    """List one's notices, newest first, and how many are unread."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    notices = paged(
        queries.notices_of(actor), page, lambda shown: [queries.line_of(one) for one in shown]
    )
    return {**notices, "unread": queries.unread_count(actor)}


@router.post("/inbox/reading", response=ReadOut, operation_id="read_all_notices")
def read_all_notices(request: HttpRequest) -> ReadOut:
    """Mark all notices as read."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    return ReadOut(read=actions.mark_all_read(by=actor, now=clock.now()))


@router.post("/inbox/{uuid:notice_id}/reading", response=NoticeOut, operation_id="read_notice")
def read_notice(request: HttpRequest, notice_id: UUID) -> NoticeOut:
    """Mark one notice as read."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    actions.mark_read(public_id=notice_id, by=actor, now=clock.now())
    notice = get_object_or_404(queries.notices_of(actor), public_id=notice_id)
    return NoticeOut.from_orm(queries.line_of(notice))
