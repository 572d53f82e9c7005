"""Writes of service, one file a noun."""

from linbang.operations.service.actions.visits import (
    cancel_visit,
    check_in,
    check_out,
    plan_visit,
    record_absence,
    remind_check_outs,
)

__all__ = [
    "cancel_visit",
    "check_in",
    "check_out",
    "plan_visit",
    "record_absence",
    "remind_check_outs",
]
