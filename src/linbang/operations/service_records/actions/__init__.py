"""What can happen to a record: drafted, confirmed, verified, corrected."""

from linbang.operations.service_records.actions.adopting import adopt_policy
from linbang.operations.service_records.actions.back_entering import (
    EntryOrder,
    enter_afterwards,
    see_proof,
)
from linbang.operations.service_records.actions.claiming import answer_claim, claim_record
from linbang.operations.service_records.actions.confirming import (
    confirm_record,
    remind_confirmations,
)
from linbang.operations.service_records.actions.drafting import draft_record
from linbang.operations.service_records.actions.reminding import remind_records
from linbang.operations.service_records.actions.shifts import draft_shift_records
from linbang.operations.service_records.actions.verifying import (
    correct_record,
    verify_record,
    verify_records,
)

__all__ = [
    "EntryOrder",
    "adopt_policy",
    "answer_claim",
    "claim_record",
    "confirm_record",
    "correct_record",
    "draft_record",
    "draft_shift_records",
    "enter_afterwards",
    "remind_confirmations",
    "remind_records",
    "see_proof",
    "verify_record",
    "verify_records",
]
