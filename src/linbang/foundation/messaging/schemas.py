from datetime import datetime
from uuid import UUID

from ninja import Field, Schema

from linbang.foundation.messaging.choices import NoticeKind
from linbang.foundation.shell.schemas import PageOut


class NoticeOut(Schema):
    id: UUID = Field(alias="public_id")
    kind: NoticeKind
    title: str
    body: str
    url: str
    created_at: datetime
    is_read: bool


class InboxOut(PageOut):
    unread: int
    items: list[NoticeOut]


class ReadOut(Schema):
    """How many notices were unread until now."""

    read: int
