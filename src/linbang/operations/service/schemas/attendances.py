from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema
from pydantic import AwareDatetime, BaseModel

from linbang.foundation.errors import Refused
from linbang.foundation.shell.schemas import PageOut
from linbang.operations.service.actions import (
    CardAnswer,
    RollAnswer,
    SheetAnswer,
    SheetLine,
    Visitor,
    WalkIn,
)
from linbang.operations.service.choices import (
    AttendanceMethod,
    CardDirection,
    RollMark,
    RollState,
    ShiftStep,
)
from linbang.operations.service.models import Absence, Attendance
from linbang.operations.service.queries import ActivityDay, Roll, RollRow, ShiftCard
from linbang.operations.service.rules import OwnProof, RollLine


# As SignUpIn: read in a lane.
class PresenceIn(BaseModel):
    """What one's own telephone puts forward; ``person_id`` for a minor in one's care."""

    method: AttendanceMethod = Field(description="code or location; the others are a leader's")
    code: str = Field("", max_length=6)
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)
    person_id: UUID | None = None

    def told(self, key: str) -> OwnProof:
        return OwnProof(self.method, self.code, self.latitude, self.longitude, key)


class AttendanceOut(Schema):
    id: UUID
    shift_id: UUID
    came_at: datetime
    came_by: AttendanceMethod
    left_at: datetime | None
    left_by: AttendanceMethod | None
    distance_m: int | None = Field(description="Where it was shown by location")

    @classmethod
    def of(cls, row: Attendance) -> "AttendanceOut":
        return cls(
            id=row.public_id,
            shift_id=row.sign_up.shift.public_id,
            came_at=row.in_at,
            came_by=AttendanceMethod(row.in_method),
            left_at=row.out_at,
            left_by=AttendanceMethod(row.out_method) if row.out_method else None,
            distance_m=row.in_distance_m if row.out_at is None else row.out_distance_m,
        )


class SignOut(Schema):
    """What to show at the entrance."""

    digits: str
    seconds_left: int
    address: str = Field(description="What the QR code says")


class OwnPairOut(Schema):
    came_at: datetime
    left_at: datetime | None


class OwnShiftOut(Schema):
    id: UUID = Field(description="The sign-up")
    activity_id: UUID
    activity: str
    post: str
    place: str
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime = Field(description="From when one can check in")
    step: ShiftStep
    person: str = Field(description="A minor in one's care; empty for oneself")
    held_until: datetime | None
    waiting_position: int | None
    presence: list[OwnPairOut]
    minutes: int = Field(description="Presence as written, before any crediting")
    absence_id: UUID | None

    @classmethod
    def of(cls, card: ShiftCard) -> "OwnShiftOut":
        same = (
            *("activity_id", "activity", "post", "place", "starts_at", "ends_at", "opens_at"),
            *("step", "person", "held_until", "waiting_position", "minutes"),
        )
        return cls(
            id=card.sign_up,
            presence=[OwnPairOut(came_at=one.in_at, left_at=one.out_at) for one in card.presence],
            absence_id=card.absence.public_id if card.absence else None,
            **{name: getattr(card, name) for name in same},
        )


class OwnShiftPageOut(PageOut):
    items: list[OwnShiftOut]


class ActivityDayOut(Schema):
    activity_id: UUID
    activity: str
    day: date
    starts_at: datetime
    ends_at: datetime
    expected: int
    came: int
    here: int
    by_hand: int
    unclosed: int = Field(description="Shifts that are over and whose roll is not closed")

    @classmethod
    def of(cls, row: ActivityDay) -> "ActivityDayOut":
        same = ("day", "starts_at", "ends_at", "expected", "came", "here", "by_hand", "unclosed")
        return cls(
            activity_id=row.activity.public_id,
            activity=row.activity.name,
            **{name: getattr(row, name) for name in same},
        )


class ActivityDayPageOut(PageOut):
    items: list[ActivityDayOut]


class RollRowOut(Schema):
    sign_up_id: UUID
    name: str
    state: RollState
    came_at: datetime | None
    left_at: datetime | None
    note: str

    @classmethod
    def of(cls, row: RollRow) -> "RollRowOut":
        same = ("name", "state", "came_at", "left_at", "note")
        return cls(sign_up_id=row.sign_up, **{name: getattr(row, name) for name in same})


class ShiftRollOut(Schema):
    shift_id: UUID
    post: str
    starts_at: datetime
    ends_at: datetime
    places_min: int
    is_closed: bool
    people: list[RollRowOut]


class RollOut(Schema):
    day: date
    here: int
    missing: int
    forgotten: int
    shifts: list[ShiftRollOut]

    @classmethod
    def of(cls, roll: Roll) -> "RollOut":
        return cls(
            day=roll.day,
            here=roll.here,
            missing=roll.missing,
            forgotten=roll.forgotten,
            shifts=[
                ShiftRollOut(
                    shift_id=one.shift.public_id,
                    post=one.shift.post.name,
                    starts_at=one.shift.starts_at,
                    ends_at=one.shift.ends_at,
                    places_min=one.shift.places_min,
                    is_closed=one.is_closed,
                    people=[RollRowOut.of(row) for row in one.rows],
                )
                for one in roll.shifts
            ],
        )


class MarkIn(Schema):
    """One mark; ``key`` makes it safe to send again."""

    sign_up_id: UUID
    mark: RollMark
    at: AwareDatetime | None = Field(
        None, description="When it was made, by a phone without network"
    )
    came_at: AwareDatetime | None = Field(
        None, description="With ``left``: when the person had come"
    )
    note: str = Field("", max_length=200)
    key: str = Field("", max_length=64)

    def told(self) -> RollLine:
        told = self.dict()
        return RollLine(sign_up=told.pop("sign_up_id"), **told)


class MarksIn(Schema):
    marks: list[MarkIn] = Field(max_length=500)


class ReportedOut(Schema):
    """What became of one line: written, or refused with a code and words."""

    sign_up_id: UUID
    at: datetime | None
    code: str
    detail: str

    @classmethod
    def of(cls, answer: RollAnswer | SheetAnswer) -> "ReportedOut":
        refusal: Refused | None = answer.refusal
        return cls(
            sign_up_id=answer.sign_up,
            at=getattr(answer, "at", None),
            code=refusal.code if refusal else "",
            detail=str(refusal) if refusal else "",
        )


class SettlementIn(Schema):
    """Whom to check out afterwards; nobody named means everybody who forgot."""

    sign_up_ids: list[UUID] | None = Field(None, max_length=500)
    time: str | None = Field(
        None, pattern=r"^\d\d:\d\d$", description="The planned end unless given"
    )
    note: str = Field("", max_length=200)


class ClosureIn(Schema):
    day: date


class ClosureOut(Schema):
    absent: int


class CardIn(Schema):
    card: str = Field(max_length=200, description="The number on it, or the address it holds")
    direction: CardDirection = CardDirection.EITHER
    at: AwareDatetime | None = None


class CardOut(Schema):
    name: str
    is_out: bool
    attendance: AttendanceOut

    @classmethod
    def of(cls, answer: CardAnswer) -> "CardOut":
        return cls(
            name=answer.name,
            is_out=answer.is_out,
            attendance=AttendanceOut.of(answer.attendance),
        )


class SegmentIn(Schema):
    came_at: AwareDatetime
    left_at: AwareDatetime


class SheetLineIn(Schema):
    sign_up_id: UUID
    segments: list[SegmentIn] = Field(min_length=1, max_length=10)

    def told(self) -> SheetLine:
        return SheetLine(
            self.sign_up_id, tuple((one.came_at, one.left_at) for one in self.segments)
        )


class SheetIn(Schema):
    note: str = Field(max_length=200, description="Why, and where the paper is kept")
    lines: list[SheetLineIn] = Field(max_length=50)


class WalkInIn(Schema):
    """Somebody at the desk; whoever is known needs ``who`` alone."""

    shift_id: UUID
    who: str = Field(max_length=30, description="ID number, phone or volunteer number")
    name: str = Field("", max_length=50)
    phone: str = Field("", max_length=20)
    region_code: str = Field("", max_length=18)
    agreed: bool = False
    accepts_risk: bool = False
    person_id: UUID | None = None

    def told(self) -> Visitor:
        told: dict[str, Any] = self.dict(exclude={"shift_id", "person_id"})
        return Visitor(person=self.person_id, **told)


class WalkInOut(Schema):
    name: str
    is_new: bool
    attendance: AttendanceOut

    @classmethod
    def of(cls, done: WalkIn) -> "WalkInOut":
        return cls(
            name=done.person.name,
            is_new=done.is_new,
            attendance=AttendanceOut.of(done.attendance),
        )


class AbsenceOut(Schema):
    id: UUID
    name: str
    activity: str
    starts_at: datetime
    is_counted: bool
    objection: str
    is_excused: bool
    is_upheld: bool
    answer: str

    @classmethod
    def of(cls, row: Absence) -> "AbsenceOut":
        return cls(
            id=row.public_id,
            name=row.person.name,
            activity=row.sign_up.shift.activity.name,
            starts_at=row.shift_started_at,
            is_counted=row.counted_at is not None,
            objection=row.objection,
            is_excused=row.excused_at is not None,
            is_upheld=row.upheld_at is not None,
            answer=row.answer,
        )


class AbsencePageOut(PageOut):
    items: list[AbsenceOut]


class AbsenceTextIn(Schema):
    text: str = Field(max_length=500)
