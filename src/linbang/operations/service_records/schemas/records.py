from datetime import date, datetime
from uuid import UUID

from ninja import Field, Schema

from linbang.foundation.shell.schemas import PageOut
from linbang.operations.service_records.choices import (
    ClaimKind,
    ClaimOutcome,
    Cut,
    RecordKind,
    RecordState,
    Verdict,
    Wait,
)


class RecordOut(Schema):
    id: UUID = Field(alias="public_id")
    item: str
    helper: str = Field(description="Masked name of the volunteer")
    beneficiary: str = Field(description="Masked name of the resident")
    recording_unit: str
    starts_at: datetime
    ends_at: datetime
    counted_minutes: int
    minutes: int = Field(description="What counts now, or would count")
    kind: RecordKind
    state: RecordState
    cuts: list[Cut]
    waits: list[Wait]
    policy: str
    call_due: date | None


class RecordPageOut(PageOut):
    items: list[RecordOut]


class TotalsOut(Schema):
    proved: int
    entered: int
    visits: int


class ConfirmationIn(Schema):
    verdict: Verdict
    note: str = Field("", max_length=200)
    by_station: bool = Field(False, description="Given to the station by telephone (rule 64)")


class RecordVerificationIn(Schema):
    minutes: int | None = Field(None, ge=0, le=1440)
    note: str = Field("", max_length=200)


class RecordClaimIn(Schema):
    text: str = Field(min_length=1, max_length=200)


class RecordClaimAnswerIn(Schema):
    outcome: ClaimOutcome
    answer: str = Field(min_length=1, max_length=200)


class RecordClaimOut(Schema):
    id: UUID = Field(alias="public_id")
    kind: ClaimKind
    text: str
    made_at: datetime
    due: date
    outcome: ClaimOutcome | None
    answer: str
    answered_at: datetime | None


class NoticeLineOut(Schema):
    id: UUID = Field(alias="public_id")
    name: str = Field(description="Masked")
    title: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    kind: RecordKind
    until: date = Field(description="The last day of the notice")


class CorrectionIn(Schema):
    credited_minutes: int = Field(ge=0, le=1440)
    reason: str = Field(min_length=1, max_length=200)
