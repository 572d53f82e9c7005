from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from linbang.foundation.audit.rules import mask_phone
from linbang.foundation.organisations.choices import (
    MemberRole,
    OrganisationKind,
    TeamMembership,
    TeamRank,
)
from linbang.foundation.people.choices import ServiceCategory
from linbang.foundation.shell.schemas import PageOut


class UnitIn(Schema):
    name: str = Field(max_length=100)
    kind: OrganisationKind
    region_code: str = Field(max_length=18)
    credit_code: str = Field(max_length=24)
    contact_name: str = Field("", max_length=50)
    contact_phone: str = Field("", max_length=20)


class TeamIn(Schema):
    name: str = Field(max_length=100)
    region_code: str = Field(max_length=18)
    rank: TeamRank
    content: ServiceCategory
    membership: TeamMembership
    contact_name: str = Field(max_length=50)
    contact_phone: str = Field(max_length=20)


class FoundingIn(TeamIn):
    parent: UUID | None = None
    approved_by: UUID


class OrganisationOut(Schema):
    """A unit or team; rank, content and membership are a team's alone."""

    id: UUID
    name: str
    kind: OrganisationKind
    rank: TeamRank | str
    content: str
    membership: TeamMembership | str
    region_code: str
    depth: int
    members: int = 0
    closed_at: datetime | None

    @staticmethod
    def resolve_id(organisation) -> UUID:
        return organisation.public_id

    @staticmethod
    def resolve_region_code(organisation) -> str:
        return organisation.region_id

    @staticmethod
    def resolve_depth(organisation) -> int:
        return len(organisation.path) // 10 - 1


class OrganisationPageOut(PageOut):
    items: list[OrganisationOut]


class MembershipOut(Schema):
    id: str
    organisation_id: UUID
    role: MemberRole
    asked_at: datetime
    approved_at: datetime | None
    ended_at: datetime | None

    @staticmethod
    def resolve_id(membership) -> str:
        return str(membership.pk)

    @staticmethod
    def resolve_organisation_id(membership) -> UUID:
        return membership.organisation.public_id


class MemberOut(Schema):
    """A member as staff and leaders see one: the phone masked."""

    id: str
    name: str
    number: str
    phone: str
    role: MemberRole
    approved_at: datetime | None

    @staticmethod
    def resolve_id(row) -> str:
        return str(row.membership.pk)

    @staticmethod
    def resolve_phone(row) -> str:
        return mask_phone(row.phone)

    @staticmethod
    def resolve_role(row) -> str:
        return row.membership.role

    @staticmethod
    def resolve_approved_at(row) -> datetime | None:
        return row.membership.approved_at


class MemberPageOut(PageOut):
    items: list[MemberOut]


class LiaisonIn(Schema):
    person: str = Field(max_length=60, description="A phone, volunteer number or unique name.")
    region_code: str = Field(max_length=18)


class LiaisonOut(Schema):
    id: str
    region_code: str
    since_date: date
    until_date: date | None

    @staticmethod
    def resolve_id(liaison) -> str:
        return str(liaison.pk)

    @staticmethod
    def resolve_region_code(liaison) -> str:
        return liaison.region_id


class CoverageOut(Schema):
    """In how many communities a team is at home."""

    communities: int
    covered: int
    percent: Decimal | None
