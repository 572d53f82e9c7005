from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from linbang.operations.dispatch.choices import ProposalState, RosterCause
from linbang.operations.dispatch.queries import ProposalDay, RosterBoard, proof_of


class RosterShiftOut(Schema):
    id: UUID
    post: str
    starts_at: datetime
    ends_at: datetime
    least: int
    places: int
    taken: int
    waiting: int


class RosterOut(Schema):
    """The shifts of a week with how many people stand on each."""

    starts_on: date
    missing: int = Field(description="People wanted still, to reach every minimum")
    gaps: int = Field(description="Shifts with fewer people than they need")
    shifts: list[RosterShiftOut]

    @classmethod
    def of(cls, board: RosterBoard) -> "RosterOut":
        return cls(
            starts_on=board.days[0],
            missing=board.missing,
            gaps=board.gaps,
            shifts=[
                RosterShiftOut(
                    id=load.shift.public_id,
                    post=load.shift.post.name,
                    starts_at=load.shift.starts_at,
                    ends_at=load.shift.ends_at,
                    least=load.shift.places_min,
                    places=load.places,
                    taken=load.taken,
                    waiting=load.waiting,
                )
                for load in board.loads
            ],
        )


class ProposeIn(Schema):
    starts_on: date
    ends_on: date
    organisation_id: UUID | None = Field(None, description="Whose people; absent: the place's")
    day_cap: int = Field(1, ge=1, le=6)
    fill: bool = Field(False, description="To the maximum, not only the minimum")


class RosterProposalOut(Schema):
    """A proposed roster; nobody is signed up until it is confirmed."""

    id: UUID
    activity_id: UUID
    starts_on: date
    ends_on: date
    state: ProposalState
    considered: int
    people: int
    least_minutes: int
    most_minutes: int
    busiest_share: int = Field(description="Of the new minutes, per mille, by the busiest tenth")
    missing: int
    more_at_most: int | None = Field(
        description="Proven: no roster places more people besides. Null where nothing was proven"
    )
    most_minutes_bound: int | None = Field(
        description="Proven: the busiest has so many in every roster that fills as much"
    )

    @classmethod
    def of(cls, proposal: Any) -> "RosterProposalOut":
        figures, proof = proposal.figures, proof_of(proposal)
        return cls(
            id=proposal.public_id,
            activity_id=proposal.activity.public_id,
            starts_on=proposal.starts_on,
            ends_on=proposal.ends_on,
            state=proposal.state,
            considered=proposal.considered,
            people=figures["people"],
            least_minutes=figures["least"],
            most_minutes=figures["most"],
            busiest_share=figures["busiest_share"],
            missing=sum(gap["missing"] for gap in figures["gaps"]),
            more_at_most=proof.more if proof else None,
            most_minutes_bound=proof.most_bound if proof else None,
        )


class PairOut(Schema):
    id: UUID
    person_id: UUID
    person: str
    is_by_hand: bool
    verdict: str


class GapCauseOut(Schema):
    code: RosterCause
    label: str
    count: int


class ProposalShiftOut(Schema):
    shift_id: UUID
    post: str
    starts_at: datetime
    ends_at: datetime
    missing: int
    pairs: list[PairOut]
    causes: list[GapCauseOut]


class ProposalDayOut(Schema):
    day: date
    shifts: list[ProposalShiftOut]

    @classmethod
    def of(cls, shown: ProposalDay) -> "ProposalDayOut":
        return cls(
            day=shown.day,
            shifts=[
                ProposalShiftOut(
                    shift_id=one.load.shift.public_id,
                    post=one.load.shift.post.name,
                    starts_at=one.load.shift.starts_at,
                    ends_at=one.load.shift.ends_at,
                    missing=one.missing,
                    pairs=[
                        PairOut(
                            id=pair.public_id,
                            person_id=pair.person.public_id,
                            person=pair.person.name,
                            is_by_hand=pair.is_by_hand,
                            verdict=pair.verdict,
                        )
                        for pair in one.pairs
                    ],
                    causes=[
                        GapCauseOut(code=cause, label=str(cause.label), count=count)
                        for cause, count in one.causes
                    ],
                )
                for one in shown.shifts
            ],
        )


class PairIn(Schema):
    shift_id: UUID
    person_id: UUID


class ReplacementIn(Schema):
    person_id: UUID
