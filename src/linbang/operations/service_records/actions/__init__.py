"""What can happen to a record: drafted, confirmed, verified, corrected."""

from linbang.operations.service_records.actions.confirming import (
    confirm_record,
    remind_confirmations,
)
from linbang.operations.service_records.actions.drafting import draft_record
from linbang.operations.service_records.actions.verifying import correct_record, verify_record

__all__ = [
    "confirm_record",
    "correct_record",
    "draft_record",
    "remind_confirmations",
    "verify_record",
]
