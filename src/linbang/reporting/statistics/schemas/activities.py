from datetime import datetime
from uuid import UUID

from ninja import Schema


class ActivityTallyOut(Schema):
    """Rates are shares from 0 to 1; presence is minutes."""

    activities: int
    shifts: int
    person_times: int
    people: int
    minutes: int
    people_served: int
    consulted: int
    places: int
    filled: int
    fill_rate: float | None
    no_shows: int
    no_show_rate: float | None
    unsettled: int


class GroupTallyOut(Schema):
    code: str
    name: str
    tally: ActivityTallyOut


class NodeTallyOut(Schema):
    """A team with everything below it; ``team`` is empty for what the one above did itself."""

    team: UUID | None
    name: str
    rank: str
    is_own: bool
    tally: ActivityTallyOut


class ActivityMonthOut(Schema):
    year: int
    month: int
    activities: int
    person_times: int
    people: int
    minutes: int
    people_served: int


class PointTallyOut(Schema):
    """``staffed`` of ``planned`` shifts had at least the people they need."""

    point: UUID
    kind: str
    name: str
    is_demonstration: bool
    planned: int
    staffed: int
    staffed_rate: float | None
    person_times: int
    people: int
    minutes: int
    places: int
    filled: int
    no_shows: int


class ActivityFiguresOut(Schema):
    """Parts may add up to more persons than the total; see the definitions."""

    starts_at: datetime
    ends_at: datetime
    asked_at: datetime
    total: ActivityTallyOut
    kinds: list[GroupTallyOut]
    brands: list[GroupTallyOut]
    regions: list[GroupTallyOut]
    teams: list[NodeTallyOut]
    months: list[ActivityMonthOut]
    points: list[PointTallyOut]
    topics: list[tuple[str, int]]
