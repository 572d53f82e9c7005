from datetime import datetime
from uuid import UUID

from ninja import Field, Schema

from linbang.foundation.shell.schemas import PageOut
from linbang.operations.service.choices import PresenceMethod, VisitState
from linbang.operations.service.queries import VisitRow


class VisitOut(Schema):
    id: UUID
    need_id: UUID
    item: str
    starts_at: datetime
    ends_at: datetime
    state: VisitState
    helper: str = Field(description="Masked name of the volunteer")
    beneficiary: str = Field(description="Masked name of the resident")
    checked_in_at: datetime | None
    checked_in_by: PresenceMethod | None
    checked_out_at: datetime | None
    checked_out_by: PresenceMethod | None

    @classmethod
    def of(cls, row: VisitRow) -> "VisitOut":
        came, left = row.checked_in, row.checked_out
        return cls(
            id=row.public_id,
            need_id=row.need_id,
            item=row.item,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            state=row.state,
            helper=row.helper,
            beneficiary=row.beneficiary,
            checked_in_at=came.at if came else None,
            checked_in_by=PresenceMethod(came.method) if came else None,
            checked_out_at=left.at if left else None,
            checked_out_by=PresenceMethod(left.method) if left else None,
        )


class VisitPageOut(PageOut):
    items: list[VisitOut]


class CodeOut(Schema):
    digits: str
    seconds_left: int


class ContactOut(Schema):
    """Where to go and whom to ring."""

    name: str
    address: str
    phone: str


class CheckInIn(Schema):
    method: PresenceMethod
    code: str = Field("", max_length=6)
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)
    at: datetime | None = Field(None, description="Staff only: when it was")
    note: str = Field("", max_length=200, description="Staff only: why on behalf of the volunteer")


class CheckOutIn(CheckInIn):
    report: str = Field("", max_length=500)
