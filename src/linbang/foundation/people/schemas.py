from datetime import date, datetime
from uuid import UUID

from ninja import Schema
from pydantic import Field

from linbang.foundation.audit.rules import mask_document, mask_phone
from linbang.foundation.people.choices import (
    ConsentKind,
    DocumentType,
    Language,
    RegistrationChannel,
    Relation,
    Sex,
    UnmaskField,
)
from linbang.foundation.people.rules import VISITS_A_DAY_MAX, VISITS_A_WEEK_MAX
from linbang.foundation.shell.schemas import PageOut


class RegistrationIn(Schema):
    name: str = Field(max_length=50)
    document_type: DocumentType = DocumentType.RESIDENT_ID
    document_number: str = Field(max_length=30)
    region_code: str = Field(max_length=18)
    birth_date: date | None = None
    sex: Sex | None = None
    address: str = Field("", max_length=80)


class PersonIn(RegistrationIn):
    phone: str = Field("", max_length=20)
    signed_form: bool = False
    guardian: UUID | None = None
    relation: Relation = Relation.PARENT


class PersonOut(Schema):
    """A person as staff lists show one: phone and document masked."""

    id: UUID
    name: str
    sex: Sex
    birth_date: date | None
    document_type: DocumentType
    document: str
    phone: str
    region_code: str
    channel: RegistrationChannel
    is_confirmed: bool

    @staticmethod
    def resolve_id(person) -> UUID:
        return person.public_id

    @staticmethod
    def resolve_document(person) -> str:
        return mask_document(person.document_number)

    @staticmethod
    def resolve_phone(person) -> str:
        return mask_phone(person.phone)

    @staticmethod
    def resolve_region_code(person) -> str:
        return person.region_id


class PersonPageOut(PageOut):
    items: list[PersonOut]


class UnmaskIn(Schema):
    field: UnmaskField
    reason: str
    note: str = Field("", max_length=100)


class UnmaskedOut(Schema):
    value: str


class FileOpeningIn(Schema):
    reason: str
    note: str = Field("", max_length=100)


class ChangeIn(Schema):
    phone: str | None = None
    region_code: str | None = None
    address: str | None = None


class VolunteerIn(Schema):
    skills: list[str] = []
    categories: list[str]
    # Bits 0-23: weekday × part of day, then the three parts of holidays.
    availability: list[int]
    # Besides Mandarin. What is left out stays as it is.
    languages: list[Language] | None = None
    visits_a_day: int | None = Field(None, ge=1, le=VISITS_A_DAY_MAX)
    visits_a_week: int | None = Field(None, ge=1, le=VISITS_A_WEEK_MAX)


class VolunteerOut(Schema):
    number: str
    skills: list[str]
    categories: list[str]
    availability: list[int]
    languages: list[Language]
    visits_a_day: int
    visits_a_week: int
    activated_at: datetime
    paused_until: datetime | None


class PauseIn(Schema):
    until: datetime | None


class KinIn(Schema):
    name: str
    phone: str
    relation: Relation


class KinOut(Schema):
    id: str
    name: str
    relation: str
    is_guardian: bool
    is_confirmed: bool

    @staticmethod
    def resolve_id(row) -> str:
        return str(row.id)


class FamilyOut(Schema):
    speaks_for_me: list[KinOut]
    i_speak_for: list[KinOut]


class ConsentOut(Schema):
    kind: ConsentKind
    version: int
    title: str
    method: str
    given_at: datetime
    withdrawn_at: datetime | None

    @staticmethod
    def resolve_kind(consent) -> str:
        return consent.text.kind

    @staticmethod
    def resolve_version(consent) -> int:
        return consent.text.version

    @staticmethod
    def resolve_title(consent) -> str:
        return consent.text.heading


class ClaimIn(Schema):
    document_type: DocumentType = DocumentType.RESIDENT_ID
    document_number: str = Field(max_length=30)


class ClaimOut(Schema):
    id: UUID
    person: PersonOut
    phone: str
    opened_at: datetime

    @staticmethod
    def resolve_id(claim) -> UUID:
        return claim.public_id

    @staticmethod
    def resolve_phone(claim) -> str:
        return mask_phone(claim.phone)


class ClaimPageOut(PageOut):
    items: list[ClaimOut]


class DecisionIn(Schema):
    granted: bool
    reason: str = Field("", max_length=200)


class LookupQuestionOut(Schema):
    """A sum in words; ``token`` comes back with its answer, once."""

    text: str
    token: str


class LookupIn(Schema):
    name: str = Field(max_length=50)
    document_type: DocumentType = DocumentType.RESIDENT_ID
    document_number: str = Field(max_length=30)
    token: str = Field(max_length=600)
    answer: str = Field(max_length=10)


class LookupOut(Schema):
    """All that is told: nothing unless name and document are exactly those registered."""

    is_registered: bool
    since: date | None = None
    organisations: int | None = None
    ticket: str | None = Field(None, description="Lets the asker dispute the registration")


class RegistrationDisputeIn(Schema):
    ticket: str = Field(max_length=600)
    phone: str = Field(max_length=20)
    text: str = Field("", max_length=200)
