from datetime import datetime
from uuid import UUID

from ninja import Field, Schema
from pydantic import AwareDatetime

from linbang.foundation.shell.schemas import PageOut
from linbang.operations.service.choices import IncidentKind
from linbang.operations.service.models import Incident
from linbang.operations.service.queries import DeskCount
from linbang.operations.service.rules import IncidentDetails


class TopicCountOut(Schema):
    topic: str
    people: int


class DeskCountOut(Schema):
    id: UUID
    number: int
    department: str
    people: int
    topics: list[TopicCountOut]

    @classmethod
    def of(cls, count: DeskCount) -> "DeskCountOut":
        return cls(
            id=count.desk.public_id,
            number=count.desk.number,
            department=count.desk.department,
            people=count.people,
            topics=[TopicCountOut(topic=one.topic, people=one.people) for one in count.topics],
        )


class TallyIn(Schema):
    topic: str = Field(max_length=20)
    people: int = Field(1, ge=-500, le=500, description="A minus takes strokes back")
    at: AwareDatetime | None = None


class IncidentPartsIn(Schema):
    who: str = Field(max_length=100)
    what: str = Field(max_length=2000)
    place: str = Field(max_length=160)
    first_aid: str = Field(max_length=1000)


class IncidentIn(IncidentPartsIn):
    """The short form: everybody who leads is alarmed at once."""

    kind: IncidentKind
    happened_at: AwareDatetime

    def details(self) -> IncidentDetails:
        return IncidentDetails(**self.dict(exclude={"kind", "happened_at"}))


class IncidentAmendmentIn(IncidentPartsIn):
    """The whole record, due within 48 hours."""

    hospital: str = Field("", max_length=500)
    witnesses: str = Field("", max_length=500)
    is_complete: bool = False

    def details(self) -> IncidentDetails:
        return IncidentDetails(**self.dict(exclude={"is_complete"}))


class IncidentLineOut(Schema):
    """An incident in a list: nothing of what happened to whom."""

    id: UUID
    activity: str
    kind: IncidentKind
    happened_at: datetime
    reported_at: datetime
    due_at: datetime
    completed_at: datetime | None

    @classmethod
    def of(cls, row: Incident) -> "IncidentLineOut":
        same = ("kind", "happened_at", "reported_at", "due_at", "completed_at")
        return cls(
            id=row.public_id,
            activity=row.activity.name,
            **{name: getattr(row, name) for name in same},
        )


class IncidentPageOut(PageOut):
    items: list[IncidentLineOut]


class IncidentOut(IncidentLineOut):
    """An incident with all it tells; the look is logged."""

    who: str
    what: str
    place: str
    first_aid: str
    hospital: str
    witnesses: str
    photo_ids: list[UUID]

    @classmethod
    def with_photos(cls, row: Incident, photo_ids: list[UUID]) -> "IncidentOut":
        told = ("who", "what", "place", "first_aid", "hospital", "witnesses")
        return cls(
            **IncidentLineOut.of(row).dict(),
            photo_ids=photo_ids,
            **{name: getattr(row, name) for name in told},
        )


class PhotoOut(Schema):
    id: UUID
    position: int


class CalendarFeedOut(Schema):
    address: str = Field(description="Told this once; whoever has it reads the calendar")
