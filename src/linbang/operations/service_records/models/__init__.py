"""Records and what was said of them: the word, the verification, claims, corrections."""

from linbang.operations.service_records.models.adoptions import PolicyAdoption
from linbang.operations.service_records.models.back_entries import (
    BackEntry,
    BackEntryProof,
    BackEntrySegment,
)
from linbang.operations.service_records.models.claims import RecordClaim
from linbang.operations.service_records.models.confirmations import RecordConfirmation
from linbang.operations.service_records.models.records import SegmentRange, ServiceRecord
from linbang.operations.service_records.models.verifications import (
    RecordCorrection,
    RecordVerification,
)

__all__ = [
    "BackEntry",
    "BackEntryProof",
    "BackEntrySegment",
    "PolicyAdoption",
    "RecordClaim",
    "RecordConfirmation",
    "RecordCorrection",
    "RecordVerification",
    "SegmentRange",
    "ServiceRecord",
]
