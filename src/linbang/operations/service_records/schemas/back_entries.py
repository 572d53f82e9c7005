from datetime import date, datetime, time
from uuid import UUID

from ninja import Field, Schema

from linbang.operations.service_records.rules import EntryLine


class BackEntryLineIn(Schema):
    who: str = Field(min_length=1, max_length=50, description="Volunteer number, or name")
    day: date
    came: time
    left: time

    def line(self) -> EntryLine:
        """Return the line as the actions take it."""
        return EntryLine(self.who, self.day, self.came, self.left)


class BackEntryIn(Schema):
    activity: UUID | None = Field(None, description="Else unit, name and category are named")
    organiser: UUID | None = None
    name: str = Field("", max_length=50)
    category: str = Field("", max_length=4)
    lines: list[BackEntryLineIn] = Field(max_length=500)
    reason: str = Field(max_length=200)
    declares: bool = Field(description="That all of it is true")
    evidence: str = Field(description="PDF, JPEG or PNG in base 64", max_length=7_000_000)


class RefusedLineOut(Schema):
    who: str
    code: str
    reason: str


class BackEntrySegmentOut(Schema):
    name: str
    starts_at: datetime
    ends_at: datetime
    is_late: bool = Field(description="Entered after ten working days (rule 42)")


class BackEntryOut(Schema):
    id: UUID
    title: str
    organiser: str
    entered_at: datetime
    waiting: int = Field(description="How many wait for a second person")
    segments: list[BackEntrySegmentOut]
    refused: list[RefusedLineOut]
