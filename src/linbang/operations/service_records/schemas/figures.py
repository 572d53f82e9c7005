from datetime import date, datetime

from ninja import Field, Schema

from linbang.operations.service_records.schemas.records import TotalsOut


class PlaceFiguresOut(Schema):
    place: str
    totals: TotalsOut
    people: int


class RecordFiguresOut(Schema):
    day: date
    totals: TotalsOut
    people: int
    places: list[PlaceFiguresOut]


class OverdueShiftOut(Schema):
    activity: str
    post: str
    starts_at: datetime
    ends_at: datetime
    due: date | None
    open_count: int = Field(description="People without check-out")
    unverified: int
    is_unclosed: bool
