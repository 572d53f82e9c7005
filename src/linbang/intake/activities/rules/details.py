"""What is told of an activity and its parts, as plain values."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from linbang.intake.activities.choices import ActivityKind, Audience, SignUpMode


@dataclass(frozen=True)
class ActivityDetails:
    """All that an editor may say of an activity; ids are rows of other tables.

    A draft may be as bare as a name: what is missing stands in the way of publishing alone.
    """

    organiser_id: int
    region_code: str
    name: str
    kind: str = ActivityKind.GATHERING
    categories: tuple[str, ...] = ()
    beneficiaries: tuple[str, ...] = ()
    content: str = ""
    conditions: str = ""
    place_name: str = ""
    address: str = ""
    longitude: float | None = None
    latitude: float | None = None
    radius_m: int = 200
    audience: str = Audience.EVERYONE
    mode: str = SignUpMode.INSTANT
    has_waiting_list: bool = True
    sign_up_opens_at: datetime | None = None
    sign_up_closes_at: datetime | None = None
    risk_text: str = ""
    hazards: tuple[str, ...] = ()
    policy_id: int | None = None
    guarantees: tuple[str, ...] = ()
    guarantee_note: str = ""
    with_minors: bool = False
    is_outside_city: bool = False
    wants_agreement: bool = False
    allowance_fen: int = 0
    allowance_reason: str = ""
    declares_none_forbidden: bool = False
    leader_id: int | None = None
    contact_name: str = ""
    contact_phone: str = ""
    brand_id: int | None = None
    campaign_id: int | None = None
    project_id: int | None = None
    key_period_id: int | None = None


@dataclass(frozen=True)
class DeskDetails:
    """What is told of a booth of a consult event."""

    number: int
    department: str
    topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class PostDetails:
    """What is told of a post; ``public_id`` names one that is there already.

    ``desk`` is the number of a desk of the same activity, ``point_id`` a duty point.
    """

    name: str
    places: int
    places_min: int = 1
    public_id: UUID | None = None
    tasks: str = ""
    skills: tuple[str, ...] = ()
    qualifications: tuple[str, ...] = ()
    age_min: int | None = None
    age_max: int | None = None
    point_id: int | None = None
    desk: int | None = None


@dataclass(frozen=True, order=True)
class Window:
    """When something takes place, half-open, aware."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class PlannedWindow:
    """A window to be staffed by some posts, by their place in the list from 1; none means all."""

    window: Window
    posts: tuple[int, ...] = ()


@dataclass(frozen=True)
class ProgrammeDetails:
    """What brands, campaigns and projects have in common."""

    organiser_id: int
    region_code: str
    name: str
    summary: str = ""


@dataclass(frozen=True)
class CampaignDetails(ProgrammeDetails):
    """A stretch of time with one theme."""

    starts_on: date = date.min
    ends_on: date = date.min
    brand_id: int | None = None


@dataclass(frozen=True)
class ProjectDetails(ProgrammeDetails):
    """Service run as a project."""

    starts_on: date = date.min
    ends_on: date = date.min
    field: str = ""
    goals: str = ""
    budget_fen: int = 0
    campaign_id: int | None = None


@dataclass(frozen=True)
class MeasureDetails:
    """One result a project aims at."""

    name: str
    unit: str
    target: int
    reached: int | None = None
    measured_on: date | None = None


@dataclass(frozen=True)
class PointDetails:
    """What is told of a duty point."""

    kind: str
    region_code: str
    name: str
    address: str = ""
    longitude: float | None = None
    latitude: float | None = None
    is_demonstration: bool = False


@dataclass(frozen=True)
class PolicyDetails:
    """What stands on an insurance policy."""

    organiser_id: int
    region_code: str
    insurer: str
    number: str
    scope: str
    starts_at: datetime
    ends_at: datetime
    sum_fen: int = 0


@dataclass(frozen=True)
class DutyTime:
    """A part of the day to be staffed."""

    start_time: time
    end_time: time
    places: int = 2
    places_min: int = 1
