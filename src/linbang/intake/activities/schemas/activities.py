"""The shape of activities in the API; ids are public ids, instants ISO 8601, money is fen."""

from datetime import date, datetime
from uuid import UUID

from ninja import Field, Schema
from pydantic import AwareDatetime

from linbang.foundation.people.choices import ServiceCategory, Skill
from linbang.foundation.shell.schemas import PageOut
from linbang.intake.activities.choices import (
    ActivityKind,
    ActivityState,
    Audience,
    Beneficiary,
    Guarantee,
    Hazard,
    SignUpMode,
)

TEXT_MAX = 5_000
REASON_MAX = 200


class PostIn(Schema):
    """A post; ``id`` names one that is there already."""

    id: UUID | None = None
    name: str = Field(max_length=50)
    tasks: str = Field("", max_length=500)
    skills: list[Skill] = []
    qualifications: list[str] = []
    age_min: int | None = Field(None, ge=0, le=120)
    age_max: int | None = Field(None, ge=0, le=120)
    places: int = Field(ge=1, le=5000)
    places_min: int = Field(1, ge=0, le=5000)
    point: UUID | None = None
    desk: int | None = Field(None, ge=1, le=999)


class DeskIn(Schema):
    number: int = Field(ge=1, le=999)
    department: str = Field(max_length=60)
    topics: list[str] = Field([], max_length=30)


class WindowIn(Schema):
    starts_at: AwareDatetime
    ends_at: AwareDatetime


class PlannedWindowIn(WindowIn):
    """A window staffed by some posts, named by their place in the list from 1; none means all."""

    posts: list[int] = []


class ActivityPatchIn(Schema):
    """What is to be different; what is left out stays. Lists replace what is there."""

    version: int | None = Field(None, description="As read; a stale one is refused")
    organiser: UUID | None = None
    region_code: str | None = Field(None, max_length=18)
    name: str | None = Field(None, max_length=50)
    kind: ActivityKind | None = None
    categories: list[ServiceCategory] | None = None
    beneficiaries: list[Beneficiary] | None = None
    content: str | None = Field(None, max_length=TEXT_MAX)
    conditions: str | None = Field(None, max_length=500)
    place_name: str | None = Field(None, max_length=80)
    address: str | None = Field(None, max_length=160)
    longitude: float | None = None
    latitude: float | None = None
    radius_m: int | None = Field(None, ge=0, le=9999)
    audience: Audience | None = None
    mode: SignUpMode | None = None
    has_waiting_list: bool | None = None
    sign_up_opens_at: AwareDatetime | None = None
    sign_up_closes_at: AwareDatetime | None = None
    risk_text: str | None = Field(None, max_length=TEXT_MAX)
    hazards: list[Hazard] | None = None
    policy: UUID | None = None
    guarantees: list[Guarantee] | None = None
    guarantee_note: str | None = Field(None, max_length=200)
    with_minors: bool | None = None
    is_outside_city: bool | None = None
    wants_agreement: bool | None = None
    allowance_fen: int | None = Field(None, ge=0, le=10_000_000)
    allowance_reason: str | None = Field(None, max_length=200)
    declares_none_forbidden: bool | None = None
    leader: UUID | None = None
    contact_name: str | None = Field(None, max_length=50)
    contact_phone: str | None = Field(None, max_length=20)
    brand: UUID | None = None
    campaign: UUID | None = None
    project: UUID | None = None
    key_period: UUID | None = None
    posts: list[PostIn] | None = Field(None, max_length=200)
    desks: list[DeskIn] | None = Field(None, max_length=100)
    windows: list[PlannedWindowIn] = Field([], max_length=500)


class ActivityIn(ActivityPatchIn):
    organiser: UUID
    region_code: str = Field(max_length=18)
    name: str = Field(max_length=50)


class CopyIn(Schema):
    starts_on: date | None = Field(None, description="The first day of the copied shifts")


class ReviewIn(Schema):
    approves: bool
    reason: str = Field("", max_length=REASON_MAX)
    version: int | None = None


class PlanReasonIn(Schema):
    reason: str = Field(max_length=REASON_MAX)


class OutcomeIn(Schema):
    people_served: int | None = Field(None, ge=0, le=1_000_000)
    outcome: str = Field("", max_length=500)


class GateOut(Schema):
    """One reason against publishing, and the field to mend."""

    field: str
    code: str
    detail: str


class PostOut(Schema):
    id: UUID = Field(alias="public_id")
    name: str
    tasks: str
    skills: list[str]
    qualifications: list[str]
    age_min: int | None
    age_max: int | None
    places: int
    places_min: int
    point: UUID | None
    desk: int | None


class DeskOut(Schema):
    number: int
    department: str
    topics: list[str]


class ActivityStepOut(Schema):
    state: ActivityState
    at: datetime
    reason: str


class ActivityOut(Schema):
    id: UUID = Field(alias="public_id")
    kind: ActivityKind
    name: str
    state: ActivityState
    state_since: datetime
    version: int
    categories: list[str]
    beneficiaries: list[str]
    organiser: UUID
    organiser_name: str
    region_code: str


class ActivityLineOut(ActivityOut):
    next_starts_at: datetime | None
    next_ends_at: datetime | None
    shifts_ahead: int
    places_ahead: int


class ActivityPageOut(PageOut):
    items: list[ActivityLineOut]


class ActivityDetailOut(ActivityOut):
    """A whole plan; ``gates`` is empty when nothing stands in the way of publishing."""

    content: str
    conditions: str
    place_name: str
    address: str
    longitude: float | None
    latitude: float | None
    radius_m: int
    audience: Audience
    mode: SignUpMode
    has_waiting_list: bool
    sign_up_opens_at: datetime | None
    sign_up_closes_at: datetime | None
    risk_text: str
    risk_version: int
    hazards: list[str]
    policy: UUID | None
    guarantees: list[str]
    guarantee_note: str
    with_minors: bool
    is_outside_city: bool
    wants_agreement: bool
    needs_agreement: bool
    allowance_fen: int
    allowance_reason: str
    declares_none_forbidden: bool
    leader: UUID | None
    contact_name: str
    contact_phone: str
    brand: UUID | None
    campaign: UUID | None
    project: UUID | None
    key_period: UUID | None
    people_served: int | None
    outcome: str
    posts: list[PostOut]
    desks: list[DeskOut]
    steps: list[ActivityStepOut]
    gates: list[GateOut]
