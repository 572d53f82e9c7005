"""The shape of needs in the API; ids are public ids, instants ISO 8601."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema

from linbang.foundation.people.choices import Language
from linbang.foundation.shell.schemas import PageOut
from linbang.intake.needs.choices import KnownRisk, NeedChannel, NeedState, Risk, Urgency


class ServiceItemOut(Schema):
    code: str
    category: str
    name: str
    name_en: str
    description: str
    usual_minutes: int
    skills: list[str]
    helpers: int
    risk: Risk
    risk_note: str


class NeedIn(Schema):
    key: str = Field(min_length=8, max_length=80)
    item: str
    starts_at: datetime
    ends_at: datetime
    beneficiary: UUID | None = None
    requested_by: UUID | None = None
    channel: NeedChannel | None = None
    note: str = Field("", max_length=500)
    known_risks: list[KnownRisk] = []
    urgency: Urgency = Urgency.NORMAL
    helper_sex: Literal["", "m", "f"] = ""
    helper_languages: list[Language] = Field([], description="One of them is enough")
    is_extra: bool = False
    is_no_emergency: bool = False


class StepOut(Schema):
    title: str
    at: datetime | None
    note: str
    state: str


class NeedOut(Schema):
    id: UUID = Field(alias="public_id")
    item: str = Field(alias="item_id")
    beneficiary: str
    state: NeedState
    urgency: Urgency
    starts_at: datetime
    ends_at: datetime
    opened_at: datetime
    answer_due_at: datetime | None
    helpers: int


class NeedDetailOut(NeedOut):
    place: str
    phone: str
    note: str
    known_risks: list[KnownRisk]
    risk_note: str
    helper_sex: Literal["", "m", "f"]
    helper_languages: list[Language]
    story: list[StepOut]


class PersonNameOut(Schema):
    id: UUID = Field(alias="public_id")
    name: str


class CallerOut(Schema):
    """Who is on the telephone; ``id`` is the person's."""

    id: UUID = Field(alias="public_id")
    name: str
    place: str
    phone: str = Field(description="Masked")
    age: int
    is_on_care_register: bool
    may_ask_for: list[PersonNameOut]
    last: list[NeedOut]


class NeedPageOut(PageOut):
    items: list[NeedOut]


class NeedVerificationIn(Schema):
    known_risks: list[KnownRisk] | None = None
    risk_note: str | None = Field(None, max_length=200)
    helpers: int | None = Field(None, ge=1, le=4)
    helper_sex: Literal["", "m", "f"] | None = None
    helper_languages: list[Language] | None = None


class DeclinationIn(Schema):
    reason: str = Field(max_length=200)


class WithdrawalIn(Schema):
    reason: str = Field("", max_length=200)
