"""Records for tests."""

from datetime import datetime

from linbang.operations.service.models import Visit
from linbang.operations.service_records import actions
from linbang.operations.service_records.models import ServiceRecord


def make_record(visit: Visit, *, now: datetime) -> ServiceRecord:
    """Draft the record of a visit that is over."""
    return actions.draft_record(visit_id=visit.id, now=now)
