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
from linbang.operations.service_records.actions.integrity import (
    decide_flag,
    decide_flags,
    look_back,
    raise_flags,
)
from linbang.operations.service_records.actions.reminding import remind_records
from linbang.operations.service_records.actions.sampling import draw_sample, record_spot_check
from linbang.operations.service_records.actions.shifts import draft_shift_records
from linbang.operations.service_records.actions.verifying import (
    correct_record,
    verify_record,
    verify_records,
)
from linbang.operations.service_records.actions.voiding import (
    answer_appeal,
    appeal_void,
    decide_void,
    propose_void,
)

__all__ = [
    "EntryOrder",
    "adopt_policy",
    "answer_appeal",
    "answer_claim",
    "appeal_void",
    "claim_record",
    "confirm_record",
    "correct_record",
    "decide_flag",
    "decide_flags",
    "decide_void",
    "draft_record",
    "draft_shift_records",
    "draw_sample",
    "enter_afterwards",
    "look_back",
    "propose_void",
    "raise_flags",
    "record_spot_check",
    "remind_confirmations",
    "remind_records",
    "see_proof",
    "verify_record",
    "verify_records",
]
