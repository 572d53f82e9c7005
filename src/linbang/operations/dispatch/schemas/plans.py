from datetime import date, datetime
from uuid import UUID

from ninja import Field, Schema

from linbang.foundation.shell.schemas import PageOut
from linbang.operations.dispatch.choices import PlanCause, PlannedState, PlanState, Unfit
from linbang.operations.dispatch.queries.plans import (
    GapRow,
    NeedLine,
    Overruling,
    PlannedRow,
    PlanRow,
)


class PlanIn(Schema):
    region: str = Field(description="Code of a community, street, district or city", max_length=12)
    starts_on: date | None = Field(None, description="Absent: tomorrow")
    ends_on: date | None = Field(None, description="At most six days later; absent: the farthest")


class PlanOut(Schema):
    """A plan of visits; nobody is asked before it is published."""

    id: UUID
    place: str
    starts_on: date
    ends_on: date
    is_nightly: bool
    state: PlanState
    words: str = Field(description="What goes on, for people")
    progress: int = Field(description="0 to 100")
    needs: int
    filled: int
    fixed: int = Field(description="Of these, promised or asked before the plan was made")
    missing: int = Field(description="Helpers missing still")
    hopeless: int = Field(description="Of these, for whom nobody suits at all")
    mean_metres: int | None
    first_choices: int = Field(description="Visits made by who suits best of all")
    busiest_share: int = Field(description="Of the visits, per mille, by the busiest tenth")
    gap: float | None = Field(
        description="How far above the best possible at most, in per cent; null: nothing proven"
    )
    may_be_decided: bool = Field(description="Whether one may publish it or put it away")
    asked_at: datetime
    made_at: datetime | None
    published_at: datetime | None

    @classmethod
    def of(cls, row: PlanRow) -> "PlanOut":
        shown = {name: getattr(row, name) for name in cls.model_fields if name != "id"}
        return cls(id=row.public_id, **shown)


class PlanPageOut(PageOut):
    items: list[PlanOut]


class PlannedNeedOut(Schema):
    id: UUID
    who: str = Field(description="By surname")
    item: str
    place: str
    starts_at: datetime
    ends_at: datetime
    is_urgent: bool
    helpers: int

    @classmethod
    def of(cls, line: NeedLine) -> "PlannedNeedOut":
        shown = {name: getattr(line, name) for name in cls.model_fields if name != "id"}
        return cls(id=line.public_id, **shown)


class PlannedVisitOut(Schema):
    """One volunteer for one place of a need, and why."""

    id: UUID
    need: PlannedNeedOut
    volunteer_id: UUID
    volunteer: str
    number: str
    rank: int = Field(description="Place among the candidates; 0: not one of them")
    metres: int | None
    why: list[str]
    why_not_first: str = Field(description="Why who suits best does not go; empty where she does")
    state: PlannedState
    label: str
    why_dropped: str
    is_fixed: bool = Field(description="Promised or asked before the plan was made")
    is_by_hand: bool
    answer_by: datetime | None
    overruled_for: str
    extra_metres: int | None
    extra_empty: int | None
    extra_cost: int | None

    @classmethod
    def of(cls, row: PlannedRow) -> "PlannedVisitOut":
        own = {"id", "need", "volunteer_id", "volunteer", "why"}
        shown = {name: getattr(row, name) for name in cls.model_fields if name not in own}
        return cls(
            id=row.public_id,
            need=PlannedNeedOut.of(row.need),
            volunteer_id=row.person_id,
            volunteer=row.name,
            why=list(row.why),
            **shown,
        )


class PlannedVisitPageOut(PageOut):
    items: list[PlannedVisitOut]


class NobodyOut(Schema):
    code: Unfit
    label: str
    count: int


class KeptBusyOut(Schema):
    code: PlanCause
    label: str
    count: int


class PlanGapOut(Schema):
    """A need that stays short of helpers, and why."""

    need: PlannedNeedOut
    missing: int
    hopeless: int
    is_by_hand: bool
    nobody: list[NobodyOut] = Field(description="The whole pool by what rules them out")
    busy: list[KeptBusyOut] = Field(description="Who could go, by what keeps them")

    @classmethod
    def of(cls, row: GapRow) -> "PlanGapOut":
        return cls(
            need=PlannedNeedOut.of(row.need),
            missing=row.missing,
            hopeless=row.hopeless,
            is_by_hand=row.is_by_hand,
            nobody=[
                NobodyOut(code=cause, label=str(cause.label), count=count)
                for cause, count in row.nobody
            ],
            busy=[
                KeptBusyOut(code=cause, label=str(cause.label), count=count)
                for cause, count in row.busy
            ],
        )


class PlanGapPageOut(PageOut):
    items: list[PlanGapOut]


class OverrulingPreviewIn(Schema):
    volunteer_id: UUID | None = Field(description="The person's public id; null: nobody goes")


class OverrulingIn(OverrulingPreviewIn):
    reason: str = Field(max_length=200)


class OverrulingOut(Schema):
    """What a choice by hand costs against the plan."""

    metres: int = Field(description="More metres to walk, all visits together")
    empty: int = Field(description="More helpers missing")
    cost: int = Field(description="The weighted sum, in the units of the plan")
    moved: int = Field(description="Visits that change hands besides")
    despite: list[str] = Field(description="What speaks against, and is for people to judge")

    @classmethod
    def of(cls, told: Overruling) -> "OverrulingOut":
        return cls(
            metres=told.metres,
            empty=told.empty,
            cost=told.cost,
            moved=told.moved,
            despite=[str(cause.label) for cause in told.despite],
        )
