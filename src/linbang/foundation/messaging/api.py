from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from linbang.foundation import clock
from linbang.foundation.access.rules import Actor
from linbang.foundation.messaging import actions, queries
from linbang.foundation.messaging.schemas import InboxOut, NoticeOut, ReadOut

router = Router(tags=["inbox"])


@router.get("/inbox", response=InboxOut, operation_id="list_notices")
def list_notices(
    request: HttpRequest,
    limit: int = Query(20, ge=1, le=100),
    offset: int = Query(0, ge=0),
) -> InboxOut:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    notices = queries.notices_of(actor)
    return InboxOut(
        count=notices.count(),
        unread=queries.unread_count(actor),
        results=[
            NoticeOut.from_orm(queries.line_of(notice))
            for notice in notices[offset : offset + limit]
        ],
    )


@router.post("/inbox/reading", response=ReadOut, operation_id="read_all_notices")
def read_all_notices(request: HttpRequest) -> ReadOut:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    return ReadOut(read=actions.mark_all_read(by=actor, now=clock.now()))


@router.post("/inbox/{uuid:notice_id}/reading", response=NoticeOut, operation_id="read_notice")
def read_notice(request: HttpRequest, notice_id: UUID) -> NoticeOut:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    actions.mark_read(public_id=notice_id, by=actor, now=clock.now())
    notice = get_object_or_404(queries.notices_of(actor), public_id=notice_id)
    return NoticeOut.from_orm(queries.line_of(notice))
