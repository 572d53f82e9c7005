from datetime import date, datetime
from uuid import UUID

from ninja import Field, Schema

from linbang.foundation.shell.schemas import PageOut
from linbang.operations.service_records.choices import (
    AppealOutcome,
    FlagKind,
    FlagOutcome,
    VoidOutcome,
    VoidState,
)
from linbang.operations.service_records.schemas.records import RecordOut


class RecordFlagOut(Schema):
    id: UUID = Field(alias="public_id")
    kind: FlagKind
    reason: str = Field(description="In plain words, in the language of the call")
    raised_at: datetime
    outcome: FlagOutcome | None
    answer: str
    decided_at: datetime | None


class FlaggedRecordOut(Schema):
    flag: RecordFlagOut = Field(alias="line")
    record: RecordOut


class FlaggedRecordPageOut(PageOut):
    items: list[FlaggedRecordOut]


class FlagDecisionIn(Schema):
    outcome: FlagOutcome
    reason: str = Field(min_length=1, max_length=200)


class VoidProposalIn(Schema):
    reason: str = Field(min_length=1, max_length=200)
    evidence: str = Field(min_length=1, max_length=200)


class VoidDecisionIn(Schema):
    """Years of a bar: 0 for none, else 1 to 3 (rule 55)."""

    outcome: VoidOutcome
    answer: str = Field(min_length=1, max_length=200)
    person_years: int = Field(0, ge=0, le=3)
    enterer_years: int = Field(0, ge=0, le=3)
    unit_years: int = Field(0, ge=0, le=3)


class VoidAppealIn(Schema):
    text: str = Field(min_length=1, max_length=200)


class VoidAppealAnswerIn(Schema):
    outcome: AppealOutcome
    answer: str = Field(min_length=1, max_length=200)


class RecordVoidOut(Schema):
    id: UUID = Field(alias="public_id")
    reason: str
    state: VoidState
    answer: str
    voided_at: datetime | None
    lifted_at: datetime | None
    appeal_until: date | None
