"""Records and what was said of them: the word, the verification, claims, corrections."""

from linbang.operations.service_records.models.adoptions import PolicyAdoption
from linbang.operations.service_records.models.back_entries import (
    BackEntry,
    BackEntryProof,
    BackEntrySegment,
)
from linbang.operations.service_records.models.claims import RecordClaim
from linbang.operations.service_records.models.confirmations import RecordConfirmation
from linbang.operations.service_records.models.integrity import (
    FlagDecision,
    RecordFlag,
    SpotCheck,
    SpotRound,
)
from linbang.operations.service_records.models.records import SegmentRange, ServiceRecord
from linbang.operations.service_records.models.verifications import (
    RecordCorrection,
    RecordVerification,
)
from linbang.operations.service_records.models.voiding import RecordVoid, ServiceBar, VoidAppeal

__all__ = [
    "BackEntry",
    "BackEntryProof",
    "BackEntrySegment",
    "FlagDecision",
    "PolicyAdoption",
    "RecordClaim",
    "RecordConfirmation",
    "RecordCorrection",
    "RecordFlag",
    "RecordVerification",
    "RecordVoid",
    "SegmentRange",
    "ServiceBar",
    "ServiceRecord",
    "SpotCheck",
    "SpotRound",
    "VoidAppeal",
]
