"""Messages for tests."""

from collections.abc import Mapping
from datetime import datetime
from itertools import count
from typing import Any

from linbang.foundation.clock import CHINA
from linbang.foundation.messaging import actions
from linbang.foundation.messaging.choices import NoticeKind
from linbang.foundation.messaging.models import Notice
from linbang.foundation.people.models import Person

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=CHINA)
_keys = count(1)


def make_notice(
    person: Person,
    *,
    template: str = "need_withdrawn",
    params: Mapping[str, Any] | None = None,
    kind: NoticeKind = NoticeKind.NEED,
    url: str = "/needs/",
    key: str = "",
    now: datetime = NOW,
) -> Notice:
    """Put a line into a person's inbox and return it."""
    key = key or f"test:{next(_keys)}"
    actions.notify(
        person_id=person.pk,
        kind=kind,
        template=template,
        params={"item": "陪同就医"} if params is None else params,
        url=url,
        key=key,
        now=now,
    )
    return Notice.objects.get(cell=person.cell, person=person, key=key)


def send_code(
    phone: str, code: str, *, key: str = "", cell: str = "450103", now: datetime = NOW
) -> None:
    """Put a sign-in code into the outbox."""
    actions.send_sms(
        phone=phone,
        template="sign_in_code",
        params={"code": code},
        key=key or f"test:{next(_keys)}",
        cell=cell,
        now=now,
    )
