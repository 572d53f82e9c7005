from datetime import datetime
from uuid import UUID

from ninja import Field, Schema

from linbang.foundation.shell.schemas import PageOut
from linbang.operations.dispatch.choices import EscalationCause
from linbang.operations.dispatch.queries import Desk, OfferCard


class OfferOut(Schema):
    id: UUID
    item: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    place: str = Field(description="Community and grid; the address is shown after acceptance")
    why: list[str]
    risks: list[str]
    wishes: list[str] = Field(description="What the resident wishes of the helper, in words")
    helpers: int
    is_urgent: bool
    expires_at: datetime
    is_open: bool
    is_accepted: bool
    answer: str
    answered_at: datetime | None
    left_at: datetime | None
    visit_id: UUID | None

    @classmethod
    def of(cls, card: OfferCard) -> "OfferOut":
        shown = {name: getattr(card, name) for name in cls.model_fields if name != "id"}
        return cls(id=card.public_id, **shown)


class OfferPageOut(PageOut):
    items: list[OfferOut]


class ReasonIn(Schema):
    reason: str = Field("", max_length=200)


class HandOfferIn(Schema):
    volunteer_id: UUID = Field(description="The person's public id")


class BlockIn(HandOfferIn):
    reason: str = Field(max_length=200)


class AssignmentOut(Schema):
    id: UUID
    offer_id: UUID
    volunteer_id: UUID
    volunteer: str
    accepted_at: datetime


class ProposalOut(Schema):
    volunteer_id: UUID
    volunteer: str
    number: str
    rank: int
    metres: int | None
    why: list[str]
    answer: str


class CauseOut(Schema):
    code: str
    label: str
    count: int


class CandidatesOut(Schema):
    """The newest ranking of a need, and why others were left out."""

    ranked_at: datetime | None
    considered: int
    proposals: list[ProposalOut]
    causes: list[CauseOut]

    @classmethod
    def of(cls, desk: Desk) -> "CandidatesOut":
        return cls(
            ranked_at=desk.ranked_at,
            considered=desk.considered,
            proposals=[
                ProposalOut(
                    volunteer_id=one.person_id,
                    volunteer=one.name,
                    number=one.number,
                    rank=one.rank,
                    metres=one.metres,
                    why=list(one.why),
                    answer=one.answer,
                )
                for one in desk.proposals
            ],
            causes=[
                CauseOut(code=cause.value, label=str(cause.label), count=count)
                for cause, count in desk.causes
            ],
        )


class HandOfferOut(Schema):
    id: UUID
    expires_at: datetime


class EscalationOut(Schema):
    need_id: UUID
    item: str
    starts_at: datetime
    ends_at: datetime
    cause: EscalationCause
    raised_at: datetime


class EscalationPageOut(PageOut):
    items: list[EscalationOut]
