"""Writing down and telling what happened to a record."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from linbang.foundation.access.rules import Actor
from linbang.foundation.audit import actions as audit
from linbang.foundation.errors import NotAllowed
from linbang.foundation.messaging import actions as messaging
from linbang.foundation.messaging.choices import NoticeKind
from linbang.operations.service_records.models import (
    ServiceRecord,
)


def record_step(
    record: ServiceRecord,
    action: str,
    *,
    by: Actor,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write a step of a record into the audit trail."""
    audit.record(
        by=by,
        action=f"service_records.{action}",
        subject=record,
        region_code=record.region_id,
        detail=detail,
        now=now,
    )


def tell(
    template: str,
    record: ServiceRecord,
    person_ids: Iterable[int],
    *,
    now: datetime,
    minutes: int | None = None,
    key: str = "",
) -> None:
    """Put a line into inboxes; volunteers are led to their record, residents to confirm it."""
    params: dict[str, Any] = {**told_of(record)}
    if minutes is not None:
        params["minutes"] = minutes
    for person_id in person_ids:
        page = "" if person_id == record.person_id else "confirmation/"
        messaging.notify(
            person_id=person_id,
            kind=NoticeKind.RECORD,
            template=template,
            params=params,
            url=f"/records/{record.public_id}/{page}",
            key=f"{template}:{record.id}:{key}",
            now=now,
        )


def told_of(record: ServiceRecord) -> Mapping[str, str]:
    """Return what a notice calls the record: its service, or its activity and post."""
    if record.visit is None:
        return {"item": record.title}
    item = record.visit.assignment.need.item
    return {"item": item.name, "item_en": item.name_en}


def person_id_of(by: Actor) -> int:
    """Return who acts, as a person. Raises NotAllowed for jobs and strangers."""
    if by.person_id is None:
        raise NotAllowed
    return by.person_id
