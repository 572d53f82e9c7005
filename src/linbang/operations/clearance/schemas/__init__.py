"""The shape of clearance in the API; ids are public ids, instants ISO 8601."""

from datetime import date, datetime
from uuid import UUID

from ninja import Field, Schema

from linbang.foundation.people.choices import UnmaskReason
from linbang.foundation.shell.schemas import PageOut
from linbang.operations.clearance.choices import (
    AcceptanceKind,
    AppealState,
    Cause,
    TrainingKind,
    TrainingMode,
    TrainingResult,
)


class ClearanceCauseOut(Schema):
    """One reason why not, and what to do next; ``code`` may name a qualification behind a colon."""

    code: str
    cause: Cause
    words: str
    next_step: str
    url: str
    label: str


class ClearanceOut(Schema):
    is_cleared: bool
    is_settled_by_accepting: bool
    causes: list[ClearanceCauseOut]


class ClauseOut(Schema):
    heading: str
    body: str


class ClearanceDocumentOut(Schema):
    """A notice or agreement; ``text`` is the Chinese wording, which counts."""

    kind: AcceptanceKind
    title: str
    version: int
    digest: str
    text: str
    items: list[ClauseOut]
    accepted_at: datetime | None


class AcceptanceIn(Schema):
    kind: AcceptanceKind
    digest: str = Field(min_length=64, max_length=64, description="Of the text that was read")
    person: UUID | None = Field(None, description="A ward; oneself if left out")


class AcceptanceOut(Schema):
    kind: AcceptanceKind
    version: int
    digest: str = Field(alias="text_digest")
    accepted_at: datetime


class WardIn(Schema):
    person: UUID | None = Field(None, description="A ward; oneself if left out")


class WardOut(Schema):
    """What a ward asked, or may do."""

    id: UUID = Field(alias="public_id")
    person: UUID = Field(alias="person_id")
    name: str
    activity: UUID = Field(alias="activity_id")
    activity_name: str = Field(alias="activity")
    at: datetime


class ConsentRequestOut(Schema):
    id: UUID = Field(alias="public_id")
    asked_at: datetime


class GuardianConsentOut(Schema):
    id: UUID = Field(alias="public_id")
    given_at: datetime


class TrainingSessionOut(Schema):
    id: UUID = Field(alias="public_id")
    training: str
    qualification: str
    content: str
    organiser: str
    learning_minutes: int
    starts_at: datetime
    ends_at: datetime
    place: str
    trainer: str
    places: int
    places_left: int
    is_mine: bool
    is_cancelled: bool


class TrainingSessionPageOut(PageOut):
    items: list[TrainingSessionOut]


class TrainingIn(Schema):
    organiser: UUID
    region: str = Field(max_length=12)
    name: str = Field(min_length=1, max_length=50)
    content: str = Field(min_length=1, max_length=500)
    kind: TrainingKind
    mode: TrainingMode
    learning_minutes: int
    qualification: str = ""


class TrainingOut(Schema):
    id: UUID = Field(alias="public_id")
    name: str
    learning_minutes: int


class TrainingSessionIn(Schema):
    starts_at: datetime
    ends_at: datetime
    place: str = Field(min_length=1, max_length=160)
    trainer: str = Field("", max_length=50)
    places: int


class WhyIn(Schema):
    reason: str = Field(max_length=200)


class EnrolmentIn(Schema):
    person: UUID | None = Field(None, description="A ward, or whom a worker enters")


class EnrolmentOut(Schema):
    id: UUID = Field(alias="public_id")
    enrolled_at: datetime
    result: str


class ResultIn(Schema):
    result: TrainingResult
    reason: str = Field("", max_length=200, description="Needed to correct another result")


class TrainingRecordOut(Schema):
    """One training of a person's record (Order 67, art. 8)."""

    name: str
    content: str
    kind: str
    learning_minutes: int
    organiser: str
    day: datetime


class CredentialOut(Schema):
    id: UUID = Field(alias="public_id")
    qualification: str
    kind: str
    source: str
    number: str = Field(description="Masked")
    issued_by: str
    valid_from: date
    valid_until: date | None
    state: str


class CredentialIn(Schema):
    qualification: str
    valid_from: date
    valid_until: date | None = None
    number: str = Field("", max_length=60)
    issued_by: str = Field("", max_length=80)


class ExpiringCredentialOut(Schema):
    person: UUID = Field(alias="person_id")
    name: str
    qualification: str
    valid_until: date
    days_left: int


class ExpiringCredentialPageOut(PageOut):
    items: list[ExpiringCredentialOut]


class UnmaskingReasonIn(Schema):
    reason: UnmaskReason
    note: str = Field("", max_length=200)


class CredentialNumberOut(Schema):
    number: str


class InsuredPolicyOut(Schema):
    id: UUID = Field(alias="public_id")
    insurer: str
    number: str
    scope: str
    starts_at: datetime
    ends_at: datetime
    people: int


class InsuredPolicyPageOut(PageOut):
    items: list[InsuredPolicyOut]


class InsuredOut(Schema):
    person: UUID = Field(alias="person_id")
    name: str
    number: str


class InsuredPageOut(PageOut):
    items: list[InsuredOut]


class InsuredIn(Schema):
    """Whom to insure, in one of three ways; a pasted list is taken whole or not at all."""

    person: UUID | None = None
    organisation: UUID | None = None
    numbers: str = Field("", max_length=100_000, description="Volunteer numbers, one a line")


class InsuredCountOut(Schema):
    count: int


class AppealOut(Schema):
    id: UUID = Field(alias="public_id")
    text: str
    opened_at: datetime
    state: AppealState
    answer: str


class SuspensionOut(Schema):
    id: UUID = Field(alias="public_id")
    person: UUID = Field(alias="person_id")
    name: str
    cause: str
    reason: str
    starts_at: datetime
    ends_at: datetime
    lifted_at: datetime | None
    is_running: bool
    appeal: AppealOut | None


class SuspensionPageOut(PageOut):
    items: list[SuspensionOut]


class SuspensionIn(Schema):
    days: int = 30
    reason: str = Field(max_length=200)


class AppealIn(Schema):
    text: str = Field(max_length=1000)


class AppealDecisionIn(Schema):
    granted: bool
    answer: str = Field(max_length=200)
