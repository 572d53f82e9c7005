from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from linbang.foundation.people.choices import Sex, Skill
from linbang.foundation.shell.schemas import PageOut
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.choices import PairingEnd, PairingProposalState, Rhythm
from linbang.operations.dispatch.queries.own_pairings import OwnPairing, OwnPairings
from linbang.operations.dispatch.queries.pairing_proposals import ProposedRow
from linbang.operations.dispatch.queries.pairings import PairingRow


class ResidentPairingOut(Schema):
    """A pairing as the station keeps it."""

    id: UUID
    beneficiary: str
    place: str
    helper: str
    is_group: bool
    rhythm: str
    agreed_at: datetime
    visited_at: datetime | None = Field(description="End of the last visit the two had")
    is_overdue: bool = Field(description="Nobody came for twice the agreed rhythm")
    ended_at: datetime | None
    end_cause: str

    @classmethod
    def of(cls, row: PairingRow) -> "ResidentPairingOut":
        names = [name for name in cls.model_fields if name != "id"]
        return cls(id=row.public_id, **{name: getattr(row, name) for name in names})


class ResidentPairingPageOut(PageOut):
    """Pairings, the longest unvisited first."""

    items: list[ResidentPairingOut]


class OwnPairingOut(Schema):
    id: UUID
    other: str
    for_whom: str
    is_group: bool
    rhythm: str
    agreed_at: datetime
    visited_at: datetime | None

    @classmethod
    def of(cls, row: OwnPairing) -> "OwnPairingOut":
        names = [name for name in cls.model_fields if name != "id"]
        return cls(id=row.public_id, **{name: getattr(row, name) for name in names})


class OwnPairingsOut(Schema):
    """Whom one stands by, and who stands by oneself and by those one speaks for."""

    neighbours: list[OwnPairingOut]
    helpers: list[OwnPairingOut]

    @classmethod
    def of(cls, mine: OwnPairings) -> "OwnPairingsOut":
        return cls(
            neighbours=[OwnPairingOut.of(one) for one in mine.neighbours],
            helpers=[OwnPairingOut.of(one) for one in mine.helpers],
        )


class HelperIn(Schema):
    """A volunteer, or a unit or team: one of the two."""

    volunteer_id: UUID | None = None
    organisation_id: UUID | None = None


class AgreementIn(Schema):
    rhythm: Rhythm
    note: str = Field("", max_length=300)
    both_agree: bool = Field(description="Both sides were asked and said yes")


class ResidentPairingIn(HelperIn, AgreementIn):
    beneficiary_id: UUID


class ResidentPairingEndIn(Schema):
    cause: PairingEnd
    note: str = Field("", max_length=300)


class ProposePairsIn(Schema):
    region: str = Field(max_length=18)
    people: list[UUID] | None = Field(
        None, description="For whom; absent: who is on the care register and paired with nobody"
    )
    helpers: int = Field(1, ge=1, le=rules.HELPERS_MAX)
    sex: Sex | None = None
    skill: Skill | None = None
    radius_m: int = Field(3_000, ge=100, le=5_000)

    @property
    def wishes(self) -> rules.Wishes:
        """Return what is wished of the helpers."""
        return rules.Wishes(self.helpers, self.sex or "", self.skill or "", self.radius_m)


class PairCauseOut(Schema):
    label: str
    count: int


class ProposedPairOut(Schema):
    """One place of a proposal: who is proposed and why, or why nobody."""

    id: UUID
    beneficiary_id: UUID
    beneficiary: str
    helper: str
    helper_id: UUID | None
    is_group: bool
    metres: int | None
    why: list[str]
    why_nobody: list[PairCauseOut]
    pairing_id: UUID | None

    @classmethod
    def of(cls, row: ProposedRow) -> "ProposedPairOut":
        return cls(
            id=row.public_id,
            beneficiary_id=row.beneficiary_id,
            beneficiary=row.beneficiary,
            helper=row.helper,
            helper_id=row.helper_id,
            is_group=row.is_group,
            metres=row.metres,
            why=list(row.why),
            why_nobody=[PairCauseOut(label=label, count=count) for label, count in row.why_nobody],
            pairing_id=row.pairing_id,
        )


class PairingProposalOut(Schema):
    """Proposed pairings; nobody is asked until a worker does."""

    id: UUID
    region: str
    state: PairingProposalState
    considered: int
    people: int
    pairs: list[ProposedPairOut]

    @classmethod
    def of(cls, proposal: Any, rows: list[ProposedRow]) -> "PairingProposalOut":
        return cls(
            id=proposal.public_id,
            region=proposal.region_id,
            state=proposal.state,
            considered=proposal.considered,
            people=proposal.figures["people"],
            pairs=[ProposedPairOut.of(row) for row in rows],
        )
