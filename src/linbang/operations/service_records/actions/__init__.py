"""What can happen to a record: drafted, confirmed, verified, corrected."""

from linbang.operations.service_records.actions.adopting import adopt_policy
from linbang.operations.service_records.actions.claiming import answer_claim, claim_record
from linbang.operations.service_records.actions.confirming import (
    confirm_record,
    remind_confirmations,
)
from linbang.operations.service_records.actions.drafting import draft_record
from linbang.operations.service_records.actions.shifts import draft_shift_records
from linbang.operations.service_records.actions.verifying import (
    correct_record,
    verify_record,
    verify_records,
)

__all__ = [
    "adopt_policy",
    "answer_claim",
    "claim_record",
    "confirm_record",
    "correct_record",
    "draft_record",
    "draft_shift_records",
    "remind_confirmations",
    "verify_record",
    "verify_records",
]
