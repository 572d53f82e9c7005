from datetime import date, datetime
from uuid import UUID

from ninja import Field, Schema

from linbang.foundation.shell.schemas import PageOut
from linbang.outcomes.certificates.choices import CertificateState, EndReason


class CertificateOut(Schema):
    id: UUID = Field(alias="public_id")
    number: str
    issuer: str
    first_date: date = Field(alias="first")
    last_date: date = Field(alias="last")
    unit: str = Field(description="The one recording unit; empty for all of them")
    proved_minutes: int = Field(alias="proved")
    entered_minutes: int = Field(alias="entered")
    state: CertificateState
    reason: EndReason | None = Field(description="Why it is not valid any more")
    wants_seal: bool
    issued_at: datetime


class CertificatePageOut(PageOut):
    items: list[CertificateOut]


class CertificateIn(Schema):
    first_date: date
    last_date: date
    unit: str = Field("", max_length=100, description="Only what this unit recorded")
    shows_document: bool = Field(False, description="Print the whole identity number (rule 51)")
    wants_seal: bool = False


class CertificateCheckOut(Schema):
    """What strangers are told; ``certificate`` is null for numbers that were never given."""

    class Certificate(Schema):
        number: str
        name: str = Field(description="Masked")
        first_date: date = Field(alias="first")
        last_date: date = Field(alias="last")
        proved_minutes: int = Field(alias="proved")
        entered_minutes: int = Field(alias="entered")
        issuer: str
        issued_date: date = Field(alias="issued")
        state: CertificateState
        reason: EndReason | None

    certificate: Certificate | None
