"""What the API says and hears of stars, ratings and honours."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema

from linbang.foundation.shell.schemas import PageOut
from linbang.outcomes.recognition.choices import (
    ApplicationState,
    ChangeKind,
    Hindrance,
    HonourLevel,
    HonourState,
    HonourTarget,
    HonourVerdict,
    ObjectionOutcome,
    RatedBy,
    Side,
)
from linbang.outcomes.recognition.queries import RatingLine

Mark = Annotated[int, Field(ge=1, le=5)]


class StarApplicationOut(Schema):
    id: UUID = Field(alias="public_id")
    name: str = Field(alias="masked", description="Masked")
    community: str
    star: int
    proved_minutes: int
    entered_minutes: int
    applied_at: datetime
    state: ApplicationState
    notice_until: date | None
    reason: str


class StarApplicationPageOut(PageOut):
    items: list[StarApplicationOut]


class StarChangeOut(Schema):
    kind: ChangeKind
    star: int
    minutes: int
    reason: str
    at: datetime


class StarLevelsOut(Schema):
    code: str
    version: int
    hours: list[int] = Field(description="What one to five stars ask for")
    is_yearly: bool
    months_first: int


class OwnStarOut(Schema):
    star: int = Field(alias="standing.star")
    proved_minutes: int = Field(alias="standing.proved")
    entered_minutes: int = Field(alias="standing.entered")
    rating: str = Field(description="Average of shown ratings, empty below three")
    levels: StarLevelsOut = Field(alias="scheme.table")
    next_star: int | None
    missing_minutes: int
    may_ask_for: int | None
    hindrances: list[Hindrance]
    application: StarApplicationOut | None
    history: list[StarChangeOut]


class StarApplicationIn(Schema):
    star: int = Field(ge=1, le=5)


class StarDecisionIn(Schema):
    approve: bool
    reason: str = Field("", max_length=200, description="Needed for a refusal")


class StarObjectionIn(Schema):
    text: str = Field(min_length=1, max_length=200)


class StarObjectionOut(Schema):
    id: UUID = Field(alias="public_id")
    text: str
    made_at: datetime
    outcome: ObjectionOutcome | None
    answer: str


class StarObjectionAnswerIn(Schema):
    outcome: ObjectionOutcome
    answer: str = Field(min_length=1, max_length=200)


class StarAdoptionIn(Schema):
    region: str = Field(max_length=12)
    code: str = Field(max_length=16)
    version: int = Field(1, ge=1, le=1000)


class RatingIn(Schema):
    side: Side = Field(description="volunteer: rate who came; service: as the volunteer, rate it")
    points: tuple[Mark, Mark, Mark]
    comment: str = Field("", max_length=200)
    by_station: bool = Field(False, description="The resident said so on the telephone")


class RatingLineOut(Schema):
    item: str
    served_at: datetime
    side: Side
    rated_by: RatedBy
    points: list[int]
    comment: str

    @classmethod
    def of(cls, line: RatingLine) -> "RatingLineOut":
        """Write one shown rating."""
        return cls(
            item=line.item,
            served_at=line.served_at,
            side=line.side,
            rated_by=line.rated_by,
            points=[points for _, points in line.points],
            comment=line.comment,
        )


class RatingsOut(Schema):
    average: str = Field(description="One decimal, from three shown ratings on; else empty")
    count: int
    received: list[RatingLineOut]
    given: list[RatingLineOut]


class HonourIn(Schema):
    name: str = Field(min_length=1, max_length=80)
    level: HonourLevel
    granted_by: str = Field(min_length=1, max_length=80)
    granted_date: date
    document_name: str = Field("", max_length=120)
    document_number: str = Field("", max_length=60)


class HonourOut(Schema):
    id: UUID = Field(alias="public_id")
    name: str
    granted_date: date
    granted_by: str
    document_name: str
    document_number: str
    level: HonourLevel
    target: HonourTarget
    whose: str
    state: HonourState
    reason: str
    has_proof: bool


class HonourPageOut(PageOut):
    items: list[HonourOut]


class HonourDecisionIn(Schema):
    verdict: HonourVerdict
    reason: str = Field("", max_length=200, description="Needed for a refusal")
