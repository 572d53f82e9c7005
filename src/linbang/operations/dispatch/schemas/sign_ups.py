from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema
from pydantic import BaseModel

from linbang.foundation.shell.schemas import PageOut
from linbang.operations.clearance.choices import AcceptanceKind
from linbang.operations.dispatch.actions import Report
from linbang.operations.dispatch.choices import (
    Chance,
    SignUpChannel,
    SignUpState,
    SignUpVerdict,
    SortBy,
    StandInState,
    When,
)
from linbang.operations.dispatch.queries import MemberChoice, ShiftRow


class LookIn(Schema):
    """What to look for among the open shifts; nothing given means all of the own county."""

    region: str = Field("", pattern=r"^\d{0,18}$")
    activity: UUID | None = None
    when: When = When.ANY
    category: str = Field("", max_length=4)
    sort: SortBy = SortBy.FIT
    near: bool = False
    skilled: bool = False
    possible: bool = Field(False, description="Only what I may take")


class OpenShiftOut(Schema):
    """A shift as one reader may see it: what she may do, and every reason why not."""

    id: UUID
    activity_id: UUID
    activity: str
    organiser: str
    place: str
    post: str
    starts_at: datetime
    ends_at: datetime
    free: int
    places: int
    waiting: int
    metres: int | None
    fits_skills: bool
    chance: Chance
    reasons: list[str]
    causes: list[str]
    sign_up_id: UUID | None
    my_state: SignUpState | None
    my_position: int | None

    @classmethod
    def of(cls, row: ShiftRow) -> "OpenShiftOut":
        shift = row.shift
        return cls(
            id=shift.public_id,
            activity_id=shift.activity_public_id,
            activity=shift.name,
            organiser=shift.organiser,
            place=shift.point_name or shift.place_name,
            post=shift.post_name,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            free=shift.left,
            places=shift.places,
            waiting=shift.waiting,
            metres=shift.metres,
            fits_skills=bool(shift.fits_skills),
            chance=row.chance,
            reasons=list(row.reasons),
            causes=list(shift.causes),
            sign_up_id=shift.sign_up_id,
            my_state=SignUpState(shift.my_state) if shift.my_state else None,
            my_position=shift.position,
        )


class OpenShiftPageOut(PageOut):
    items: list[OpenShiftOut]


class AcceptedIn(Schema):
    kind: AcceptanceKind
    digest: str = Field(min_length=64, max_length=64, description="SHA-256 of the text shown")


# Not ninja's Schema: the lane reads thousands of these a second, and what that adds for reading
# from models takes twice as long as the reading.
class SignUpIn(BaseModel):
    person_id: UUID | None = Field(None, description="A minor in one's care; oneself if absent")
    waits: bool = Field(False, description="Rather on the waiting list than not at all")
    accepted: list[AcceptedIn] = Field([], max_length=2)


class SignUpOut(Schema):
    """A place on a shift, or the wait for one."""

    id: UUID
    shift_id: UUID
    activity_id: UUID
    activity: str
    post: str
    person_id: UUID
    person: str
    starts_at: datetime
    ends_at: datetime
    state: SignUpState
    channel: SignUpChannel
    position: int | None = Field(description="The place in the line, while waiting")
    held_until: datetime | None
    confirmed_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    is_late: bool

    @classmethod
    def of(cls, sign_up: Any, *, position: int | None = None) -> "SignUpOut":
        shift, activity = sign_up.shift, sign_up.shift.activity
        same = (
            "state",
            "channel",
            "held_until",
            "confirmed_at",
            "ended_at",
            "end_reason",
            "is_late",
        )
        return cls(
            id=sign_up.public_id,
            shift_id=shift.public_id,
            activity_id=activity.public_id,
            activity=activity.name,
            post=shift.post.name,
            person_id=sign_up.person.public_id,
            person=sign_up.person.name,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            position=position,
            **{name: getattr(sign_up, name) for name in same},
        )


class SignUpPageOut(PageOut):
    items: list[SignUpOut]


class NoteIn(Schema):
    note: str = Field("", max_length=200)


class SwapIn(NoteIn):
    sign_up_id: UUID = Field(description="The other's place, as listed under swap-choices")


class SwapChoiceOut(Schema):
    sign_up_id: UUID
    label: str


class StandInOut(Schema):
    """Somebody seeks a stand-in, or a swap; responsible until it is found."""

    id: UUID
    shift_id: UUID
    activity: str
    post: str
    starts_at: datetime
    ends_at: datetime
    who: str = Field(description="Masked")
    note: str
    state: StandInState

    @classmethod
    def of(cls, search: Any, *, who: str) -> "StandInOut":
        shift = search.sign_up.shift
        return cls(
            id=search.public_id,
            shift_id=shift.public_id,
            activity=shift.activity.name,
            post=shift.post.name,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            who=who,
            note=search.note,
            state=search.state,
        )


class SomebodyIn(Schema):
    person_id: UUID = Field(description="The person's public id")
    waits: bool = False


class ApprovalsIn(Schema):
    sign_up_ids: list[UUID] = Field(min_length=1, max_length=200)


class DecisionOut(Schema):
    sign_up_id: UUID
    code: str = Field(description="The refusal's code; empty for approved")
    detail: str


class TeamSignUpIn(Schema):
    organisation_id: UUID
    person_ids: list[UUID] = Field(min_length=1, max_length=200)
    waits: bool = False


class PeopleIn(Schema):
    person_ids: list[UUID] = Field(min_length=1, max_length=200)


class ReportOut(Schema):
    """What became of one of many who were signed up together."""

    person_id: UUID
    name: str
    verdict: SignUpVerdict
    reasons: str

    @classmethod
    def all_of(
        cls, reports: Iterable[Report], members: Iterable[MemberChoice]
    ) -> list["ReportOut"]:
        known = {one.person_id: one for one in members}
        return [
            cls(
                person_id=known[one.person_id].public_id,
                name=known[one.person_id].name,
                verdict=one.answer.verdict,
                reasons=one.reasons,
            )
            for one in reports
        ]


class ReservationIn(Schema):
    organisation_id: UUID
    places: int = Field(ge=0, le=5000, description="How many are to be kept still; 0 for none")


class ReservationOut(Schema):
    id: UUID
    organisation: str
    places: int


class MessageIn(Schema):
    text: str = Field(max_length=300)
    shift_ids: list[UUID] = Field([], max_length=300)
    day: date | None = None


class ToldOut(Schema):
    people: int
