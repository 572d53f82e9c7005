"""Reads of the inbox and the outbox, and the words of a message in the reader's language."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from linbang.foundation.access.choices import Role
from linbang.foundation.access.rules import Actor
from linbang.foundation.messaging import rules
from linbang.foundation.messaging.choices import NOTICE_LOOKS, NOTICE_TEXTS, SMS_TEXTS, NoticeKind
from linbang.foundation.messaging.errors import MissingParams, UnknownTemplate
from linbang.foundation.messaging.models import Notice, OutboxMessage


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One line of the inbox, in words."""

    public_id: str
    kind: NoticeKind
    title: str
    body: str
    url: str
    created_at: datetime
    is_read: bool

    @property
    def icon(self) -> str:
        return NOTICE_LOOKS[self.kind].icon

    @property
    def tone(self) -> str:
        return NOTICE_LOOKS[self.kind].tone


@dataclass(frozen=True, slots=True)
class SmsLine:
    """One text message of the outbox, in words; for the demo's outbox page."""

    phone: str
    text: str
    created_at: datetime
    is_sent: bool
    error: str


def notices_of(actor: Actor) -> QuerySet[Notice]:
    """Return the actor's own notices, newest first. Index: ``notice_by_person``."""
    return Notice.objects.filter(cell=actor.cell, person_id=actor.person_id or 0).order_by(
        "-created_at", "-id"
    )


def unread_count(actor: Actor) -> int:
    """Count the actor's unread notices: one query on ``notice_unread``; none for strangers."""
    if actor.person_id is None:
        return 0
    return Notice.objects.filter(cell=actor.cell, person_id=actor.person_id, read_at=None).count()


def line_of(notice: Notice) -> NoticeLine:
    """Put a notice into the words of the active language."""
    text = NOTICE_TEXTS[notice.template]
    return NoticeLine(
        public_id=str(notice.public_id),
        kind=NoticeKind(notice.kind),
        title=str(text.title),
        body=str(text.body) % _spoken(notice.params),
        url=notice.url,
        created_at=notice.created_at,
        is_read=notice.read_at is not None,
    )


def sms_text(template: str, params: Mapping[str, Any]) -> str:
    """Put a text message into the words of the active language."""
    return str(SMS_TEXTS[template].body) % _spoken(params)


def require_notice(template: str, params: Mapping[str, Any]) -> None:
    """Raise UnknownTemplate or MissingParams when a notice could not be put into words."""
    _require(template in NOTICE_TEXTS, template)
    text = NOTICE_TEXTS[template]
    _require_params(f"{text.title}{text.body}", template, params)


def require_sms(template: str, params: Mapping[str, Any]) -> None:
    """Raise UnknownTemplate or MissingParams when a text message could not be written."""
    _require(template in SMS_TEXTS, template)
    _require_params(str(SMS_TEXTS[template].body), template, params)


def waiting_messages(*, cell: str, now: datetime) -> QuerySet[OutboxMessage]:
    """Return what is due for sending in a cell, oldest first. Index: ``outbox_waiting``."""
    return OutboxMessage.objects.filter(
        Q(cell=cell, sent_at=None, failed_at=None, due_at__lte=now)
    ).order_by("due_at", "id")


def waiting_cells(*, now: datetime) -> list[str]:
    """Return the cells in which something is due for sending."""
    due = OutboxMessage.objects.filter(sent_at=None, failed_at=None, due_at__lte=now)
    return sorted(due.values_list("cell", flat=True).distinct())


def shows_outbox() -> bool:
    """Tell whether text messages may be read on a page: in demos only."""
    return bool(settings.LINBANG_DEMO)


def latest_messages(*, limit: int = 50) -> list[SmsLine]:
    """Return the newest text messages in words; nothing where they may not be read."""
    if not shows_outbox():
        return []
    return [
        SmsLine(
            phone=message.recipient,
            text=sms_text(message.template, json.loads(message.params)),
            created_at=message.created_at,
            is_sent=message.sent_at is not None,
            error=message.last_error,
        )
        for message in OutboxMessage.objects.order_by("-created_at", "-id")[:limit]
        if message.params
    ]


def _require(is_known: bool, template: str) -> None:
    if not is_known:
        raise UnknownTemplate(template)


def _require_params(text: str, template: str, params: Mapping[str, Any]) -> None:
    missing = rules.missing_params(text, params)
    if missing:
        raise MissingParams(f"{template} needs {', '.join(sorted(missing))}")


def _spoken(params: Mapping[str, Any]) -> dict[str, str]:
    """Put each value into words; see ``choices.NOTICE_TEXTS`` for what the names promise."""
    in_english = (get_language() or "").startswith("en")
    spoken = {}
    for name, value in params.items():
        chosen = params.get(f"{name}_en", value) if in_english else value
        spoken[name] = _spoken_value(name, chosen or value)
    return spoken


def _spoken_value(name: str, value: Any) -> str:
    instant = parse_datetime(value) if name.endswith("_at") and isinstance(value, str) else None
    if instant is not None:
        # Translators: a Django date format for a day and a time in the year at hand.
        return date_format(timezone.localtime(instant), gettext("n月j日 H:i"))
    if (name.endswith("minutes") or name == "balance") and isinstance(value, int):
        return _duration(value)
    if name == "role" and value in Role.values:
        return str(Role(value).label)
    return str(value)


def _duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(count)s 小时", "%(count)s 小时", hours) % {"count": hours})
    if rest or not hours:
        parts.append(ngettext("%(count)s 分钟", "%(count)s 分钟", rest) % {"count": rest})
    return " ".join(parts)
