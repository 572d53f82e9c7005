"""Writes of service, one file a noun."""

from linbang.operations.service.actions.attendances import (
    Call,
    PresenceAnswer,
    attendance_of,
    check_in_all,
    check_in_shift,
    check_out_all,
    check_out_shift,
    require_taken,
)
from linbang.operations.service.actions.visits import (
    cancel_visit,
    check_in,
    check_out,
    plan_visit,
    record_absence,
    remind_check_outs,
)

__all__ = [
    "Call",
    "PresenceAnswer",
    "attendance_of",
    "cancel_visit",
    "check_in",
    "check_in_all",
    "check_in_shift",
    "check_out",
    "check_out_all",
    "check_out_shift",
    "plan_visit",
    "record_absence",
    "remind_check_outs",
    "require_taken",
]
