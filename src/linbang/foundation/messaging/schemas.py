from datetime import datetime
from uuid import UUID

from ninja import Schema

from linbang.foundation.messaging.choices import NoticeKind


class NoticeOut(Schema):
    public_id: UUID
    kind: NoticeKind
    title: str
    body: str
    url: str
    created_at: datetime
    is_read: bool


class InboxOut(Schema):
    count: int
    unread: int
    results: list[NoticeOut]


class ReadOut(Schema):
    """How many notices were unread until now."""

    read: int
