"""Writing to inboxes and to the outbox, and sending what waits there.

Messages tell what other actions did and audited; they leave no audit of their own.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from linbang.foundation import db
from linbang.foundation.access.rules import Actor
from linbang.foundation.audit.rules import mask_phone
from linbang.foundation.messaging import queries, rules
from linbang.foundation.messaging.choices import SMS_TEXTS, Channel, NoticeKind
from linbang.foundation.messaging.errors import SendingFailed
from linbang.foundation.messaging.models import Notice, OutboxMessage
from linbang.foundation.messaging.rules import NoticeOrder, SmsOrder
from linbang.foundation.people.models import Person

__all__ = [
    "NoticeOrder",
    "SmsOrder",
    "mark_all_read",
    "mark_read",
    "notify",
    "notify_many",
    "send_sms",
    "send_sms_many",
    "send_waiting",
]

logger = logging.getLogger(__name__)

_BATCH = 50


@transaction.atomic
def send_sms(
    *,
    phone: str,
    template: str,
    params: Mapping[str, Any],
    key: str,
    cell: str,
    now: datetime,
) -> None:
    """Put a text message into the outbox, once per key; a job sends it after the commit.

    Raises UnknownTemplate or MissingParams for a message that could not be written.
    """
    order = SmsOrder(phone=phone, template=template, params=params, key=key, cell=cell)
    send_sms_many(orders=[order], now=now)


@transaction.atomic
def send_sms_many(*, orders: Sequence[SmsOrder], now: datetime) -> None:
    """Put text messages into the outbox, each once per key: one INSERT, and a job for each cell.

    Raises UnknownTemplate or MissingParams before anything is written.
    """
    for order in orders:
        queries.require_sms(order.template, order.params)
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                cell=order.cell,
                key=order.key,
                channel=Channel.SMS,
                recipient=order.phone,
                template=order.template,
                params=json.dumps(rules.plain_params(order.params), ensure_ascii=False),
                created_at=now,
                due_at=now,
                send_before=now + timedelta(minutes=SMS_TEXTS[order.template].minutes_valid),
            )
            for order in orders
        ],
        ignore_conflicts=True,
    )
    for cell in sorted({order.cell for order in orders}):
        app.configure_task("messaging.send_waiting").defer(cell=cell)


def notify(
    *,
    person_id: int,
    kind: NoticeKind,
    template: str,
    params: Mapping[str, Any],
    url: str,
    key: str,
    now: datetime,
) -> None:
    """Put one line into a person's inbox, once per key."""
    order = NoticeOrder(
        person_id=person_id, kind=kind, template=template, params=params, url=url, key=key
    )
    notify_many(orders=[order], now=now)


def notify_many(*, orders: Sequence[NoticeOrder], now: datetime) -> None:
    """Put lines into inboxes: one INSERT for all lines, one SELECT for
    the cells of people that the orders do not say.

    Raises UnknownTemplate or MissingParams before anything is written.
    """
    # Of one template, with the same names, one stands for all.
    for order in {(order.template, *sorted(order.params)): order for order in orders}.values():
        queries.require_notice(order.template, order.params)
    cells = {order.person_id: order.cell for order in orders}
    if unknown := [person_id for person_id, cell in cells.items() if not cell]:
        cells |= Person.objects.filter(db.among("pk", unknown)).values_list("id", "cell")
    db.insert_columns(
        Notice,
        once=True,
        cell=[cells[order.person_id] for order in orders],
        person=[order.person_id for order in orders],
        key=[order.key for order in orders],
        kind=[order.kind for order in orders],
        template=[order.template for order in orders],
        params=[rules.plain_params(order.params) for order in orders],
        url=[order.url for order in orders],
        created_at=now,
        read_at=None,
    )


def mark_read(*, public_id: UUID, by: Actor, now: datetime) -> None:
    """Mark one of one's own notices as read; the first time counts."""
    queries.notices_of(by).filter(public_id=public_id, read_at=None).update(read_at=now)


def mark_all_read(*, by: Actor, now: datetime) -> int:
    """Mark all of one's own notices as read; return how many were not."""
    return queries.notices_of(by).filter(read_at=None).order_by().update(read_at=now)


def send_waiting(*, cell: str, now: datetime) -> int:
    """Send what is due in a cell; return how many went out.

    Not atomic as a whole: a message is claimed and committed, then sent, then marked. A crash in
    between means it is tried again later under the same key, which the gateway knows.
    """
    backend = import_string(_backend_path())()
    return sum(_send(backend, message, now) for message in _claim(cell, now))


def _backend_path() -> str:
    fallback = "DevSms" if settings.LINBANG_DEMO else "HttpSms"
    return str(
        getattr(
            settings, "LINBANG_SMS_BACKEND", f"linbang.foundation.messaging.backends.{fallback}"
        )
    )


@transaction.atomic
def _claim(cell: str, now: datetime) -> list[OutboxMessage]:
    """Take what is due and move it on, so that no other job takes it; what expired has failed."""
    due = queries.waiting_messages(cell=cell, now=now).select_for_update(skip_locked=True)
    claimed = []
    for message in due[:_BATCH]:
        if rules.is_expired(message.send_before, now):
            message.failed_at, message.last_error = now, "expired"
        else:
            message.attempts += 1
            message.due_at = now + rules.pause_after(message.attempts)
            claimed.append(message)
        message.save(update_fields=["failed_at", "last_error", "attempts", "due_at"])
    return claimed


def _send(backend: Any, message: OutboxMessage, now: datetime) -> bool:
    params = json.loads(message.params)
    with translation.override(settings.LANGUAGE_CODE):
        text = queries.sms_text(message.template, params)
    try:
        backend.send(
            phone=message.recipient,
            template=message.template,
            params=params,
            text=text,
            key=f"{message.cell}:{message.key}",
        )
    except SendingFailed as failure:
        message.last_error = failure.reason
        if failure.is_final or rules.gives_up(message.attempts):
            message.failed_at = now
        message.save(update_fields=["last_error", "failed_at"])
        logger.warning("sms to %s failed: %s", mask_phone(message.recipient), failure.reason)
        return False
    message.sent_at, message.last_error = now, ""
    if not backend.keeps_params:
        message.params = ""
    message.save(update_fields=["sent_at", "last_error", "params"])
    return True
