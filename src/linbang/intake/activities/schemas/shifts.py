"""The shape of shifts, series and rosters in the API."""

from datetime import date, datetime, time
from uuid import UUID

from ninja import Field, Schema

from linbang.foundation.shell.schemas import PageOut
from linbang.intake.activities.choices import (
    DayRule,
    EditScope,
    ShiftState,
)
from linbang.intake.activities.rules import rhythm_words
from linbang.intake.activities.schemas.activities import WindowIn


class ShiftOut(Schema):
    id: UUID = Field(alias="public_id")
    post: UUID
    series: UUID | None
    series_date: date | None
    is_moved: bool
    starts_at: datetime
    ends_at: datetime
    places: int
    places_min: int
    state: ShiftState
    cancel_reason: str


class ShiftPageOut(PageOut):
    items: list[ShiftOut]


class ShiftsIn(Schema):
    windows: list[WindowIn] = Field(min_length=1, max_length=500)
    posts: list[UUID] = []


class CountOut(Schema):
    """How many shifts were reached."""

    shifts: int


class MoveIn(WindowIn):
    shift: UUID


class MovesIn(Schema):
    moves: list[MoveIn] = Field(min_length=1, max_length=500)


class ShiftsCancelIn(Schema):
    shifts: list[UUID] = Field(min_length=1, max_length=500)
    reason: str = Field("", max_length=200)


class ShiftPlacesIn(Schema):
    shifts: list[UUID] = Field(min_length=1, max_length=500)
    places: int = Field(ge=1, le=5000)
    places_min: int | None = Field(None, ge=0, le=5000)


class SeriesIn(Schema):
    rule: str = Field(max_length=200, description="RRULE of RFC 5545, without DTSTART")
    day_rule: DayRule = DayRule.ANY
    starts_on: date
    ends_on: date
    start_time: time
    minutes: int = Field(ge=15, le=1440)
    posts: list[UUID] = []


class SeriesOut(Schema):
    id: UUID = Field(alias="public_id")
    rule: str
    words: str
    day_rule: DayRule
    starts_on: date
    ends_on: date
    start_time: time
    minutes: int

    @staticmethod
    def resolve_words(series) -> str:
        return rhythm_words(series.rule, series.day_rule)


class SeriesChangeIn(Schema):
    """What is to be different about a date, this and following, or all of a series."""

    scope: EditScope = EditScope.ONE
    on: date | None = Field(None, description="Another day, for one date alone")
    start_time: time | None = None
    minutes: int | None = Field(None, ge=15, le=1440)
    rule: str | None = Field(None, max_length=200)
    day_rule: DayRule | None = None
    ends_on: date | None = None
    places: int | None = Field(None, ge=1, le=5000)
    places_min: int | None = Field(None, ge=0, le=5000)
    reason: str = Field("", max_length=200)


class MovedShiftOut(Schema):
    shift: UUID
    starts_at: datetime
    ends_at: datetime


class SeriesChangeOut(Schema):
    """What becomes of each shift."""

    moved: list[MovedShiftOut]
    kept: list[UUID]
    cancelled: list[UUID]
    added_dates: list[date]


class DutyTimeIn(Schema):
    start_time: time
    end_time: time
    places: int = Field(2, ge=1, le=5000)
    places_min: int = Field(1, ge=0, le=5000)


class DutyRosterIn(Schema):
    points: list[UUID] = Field(min_length=1, max_length=200)
    times: list[DutyTimeIn] = Field(min_length=1, max_length=12)
    starts_on: date
    ends_on: date
    weekdays: list[int] = Field([], description="0 is Monday; none means all seven")
    day_rule: DayRule = DayRule.ANY
