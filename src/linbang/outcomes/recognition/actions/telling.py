"""Writing down and telling what happened to a star or an honour."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.errors import NotAllowed
from linbang.foundation.messaging import actions as messaging
from linbang.foundation.messaging.choices import NoticeKind
from linbang.outcomes.recognition import errors


def record_step(
    subject: models.Model,
    action: str,
    *,
    by: Actor,
    now: datetime,
    about_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write a step into the audit trail."""
    audit.record(
        by=by,
        action=f"recognition.{action}",
        subject=subject,
        about_id=about_id,
        detail=detail,
        now=now,
    )


def tell(
    template: str,
    person_id: int,
    params: Mapping[str, Any],
    *,
    key: str,
    now: datetime,
    url: str = "/stars/",
) -> None:
    """Put a line into somebody's inbox."""
    messaging.notify(
        person_id=person_id,
        kind=NoticeKind.RECORD,
        template=template,
        params=params,
        url=url,
        key=f"{template}:{key}",
        now=now,
    )


def person_id_of(by: Actor) -> int:
    """Return who acts, as a person. Raises NotAllowed for jobs and strangers."""
    if by.person_id is None:
        raise NotAllowed
    return by.person_id


def require_reason(text: str, *, field: str) -> str:
    """Return the words without outer blanks. Raises StarReasonMissing for none."""
    if not text.strip():
        raise errors.StarReasonMissing(field=field)
    return text.strip()
