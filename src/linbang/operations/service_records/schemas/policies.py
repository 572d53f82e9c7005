from datetime import date, datetime
from uuid import UUID

from ninja import Field, Schema


class CreditPolicyOut(Schema):
    code: str
    version: int
    label: str
    is_in_force: bool
    words: dict[str, str] = Field(description="Every rule in plain words")


class PolicyAdoptionOut(Schema):
    id: UUID = Field(alias="public_id")
    region: str
    code: str
    version: int
    label: str
    from_date: date
    reason: str
    adopted_at: datetime
    adopted_by: str


class RegionPoliciesOut(Schema):
    region: str
    policies: list[CreditPolicyOut]
    history: list[PolicyAdoptionOut]


class PolicyAdoptionIn(Schema):
    region: str = Field(min_length=2, max_length=18)
    code: str = Field(max_length=24)
    version: int = Field(ge=1)
    from_date: date
    reason: str = Field(min_length=1, max_length=200)


class KindMinutesOut(Schema):
    proved: int
    entered: int


class PolicyDifferenceOut(Schema):
    name: str = Field(description="Masked")
    item: str
    day: date
    before: int
    after: int


class PolicyPreviewOut(Schema):
    label: str
    since: date
    is_sample: bool
    services: int
    changed: int
    people: int
    before: KindMinutesOut
    after: KindMinutesOut
    approvals_before: int
    approvals_after: int
    largest: list[PolicyDifferenceOut]
