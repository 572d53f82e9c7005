"""Audit events for tests."""

from datetime import datetime
from typing import Any

from linbang.foundation import clock
from linbang.foundation.audit.models import AuditEvent


def make_event(
    action: str = "needs.open_need", *, at: datetime | None = None, **columns: Any
) -> AuditEvent:
    """Make an event in the county 450103 unless the columns say otherwise."""
    return AuditEvent.objects.create(
        **{"cell": "450103", "region_code": "450103", **columns},
        action=action,
        at=at or clock.now(),
    )
