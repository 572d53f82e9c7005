"""The shape of programmes, duty points and policies in the API."""

from datetime import date, datetime
from uuid import UUID

from ninja import Field, Schema
from pydantic import AwareDatetime

from linbang.foundation.people.choices import ServiceCategory
from linbang.foundation.shell.schemas import PageOut
from linbang.intake.activities.choices import (
    PointKind,
    PolicyScope,
)


class ProgrammeIn(Schema):
    organiser: UUID
    region_code: str = Field(max_length=18)
    name: str = Field(max_length=50)
    summary: str = Field("", max_length=500)


class ProgrammeOut(Schema):
    id: UUID = Field(alias="public_id")
    name: str
    summary: str
    organiser: UUID
    region_code: str
    ended_at: datetime | None

    @staticmethod
    def resolve_organiser(programme) -> UUID:
        return programme.organiser.public_id

    @staticmethod
    def resolve_region_code(programme) -> str:
        return programme.region_id


class BrandPageOut(PageOut):
    items: list[ProgrammeOut]


class CampaignIn(ProgrammeIn):
    brand: UUID | None = None
    starts_on: date
    ends_on: date


class CampaignOut(ProgrammeOut):
    brand: UUID | None
    starts_on: date
    ends_on: date

    @staticmethod
    def resolve_brand(campaign) -> UUID | None:
        return campaign.brand.public_id if campaign.brand else None


class CampaignPageOut(PageOut):
    items: list[CampaignOut]


class MeasureIn(Schema):
    name: str = Field(max_length=50)
    unit: str = Field(max_length=20)
    target: int = Field(ge=0)
    reached: int | None = Field(None, ge=0)
    measured_on: date | None = None


class MeasureOut(Schema):
    name: str
    unit: str
    target: int
    reached: int | None
    measured_on: date | None


class ProjectIn(ProgrammeIn):
    campaign: UUID | None = None
    starts_on: date
    ends_on: date
    field: ServiceCategory
    goals: str = Field(max_length=5_000)
    budget_fen: int = Field(0, ge=0)
    measures: list[MeasureIn] = Field([], max_length=50)


class ProjectOut(ProgrammeOut):
    campaign: UUID | None
    starts_on: date
    ends_on: date
    field: str
    goals: str
    budget_fen: int
    measures: list[MeasureOut]

    @staticmethod
    def resolve_campaign(project) -> UUID | None:
        return project.campaign.public_id if project.campaign else None

    @staticmethod
    def resolve_measures(project) -> list:
        return sorted(project.measures.all(), key=lambda measure: measure.pk)


class ProjectPageOut(PageOut):
    items: list[ProjectOut]


class KeyPeriodIn(Schema):
    region_code: str = Field(max_length=18)
    name: str = Field(max_length=50)
    starts_on: date
    ends_on: date


class KeyPeriodOut(Schema):
    id: UUID = Field(alias="public_id")
    region_code: str = Field(alias="region_id")
    name: str
    starts_on: date
    ends_on: date


class KeyPeriodPageOut(PageOut):
    items: list[KeyPeriodOut]


class DutyPointIn(Schema):
    kind: PointKind
    region_code: str = Field(max_length=18)
    name: str = Field(max_length=50)
    address: str = Field("", max_length=160)
    longitude: float | None = None
    latitude: float | None = None
    is_demonstration: bool = False


class DutyPointOut(Schema):
    id: UUID = Field(alias="public_id")
    kind: PointKind
    region_code: str = Field(alias="region_id")
    name: str
    address: str
    longitude: float | None
    latitude: float | None
    is_demonstration: bool
    closed_at: datetime | None


class PairingOut(Schema):
    id: str
    organisation: UUID
    organisation_name: str
    since_date: date
    until_date: date | None

    @staticmethod
    def resolve_id(pairing) -> str:
        return str(pairing.pk)

    @staticmethod
    def resolve_organisation(pairing) -> UUID:
        return pairing.organisation.public_id

    @staticmethod
    def resolve_organisation_name(pairing) -> str:
        return pairing.organisation.name


class DutyPointLineOut(Schema):
    """A point with who keeps it and how many shifts are ahead."""

    point: DutyPointOut
    keepers: list[PairingOut]
    shifts_ahead: int = Field(alias="shifts")


class DutyPointPageOut(PageOut):
    items: list[DutyPointLineOut]


class PairingIn(Schema):
    organisation: UUID
    since_date: date


class PairingEndIn(Schema):
    until_date: date


class PolicyIn(Schema):
    organiser: UUID
    region_code: str = Field(max_length=18)
    insurer: str = Field(max_length=80)
    number: str = Field(max_length=60)
    scope: PolicyScope = PolicyScope.SIGNED_UP
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    sum_fen: int = Field(0, ge=0)


class PolicyOut(Schema):
    id: UUID = Field(alias="public_id")
    organiser: UUID
    region_code: str = Field(alias="region_id")
    insurer: str
    number: str
    scope: PolicyScope
    starts_at: datetime
    ends_at: datetime
    sum_fen: int
    ended_at: datetime | None

    @staticmethod
    def resolve_organiser(policy) -> UUID:
        return policy.organiser.public_id


class PolicyPageOut(PageOut):
    items: list[PolicyOut]


class PolicyExtensionIn(Schema):
    ends_at: AwareDatetime


class QualificationOut(Schema):
    code: str
    kind: str
    label: str
    months_valid: int | None
