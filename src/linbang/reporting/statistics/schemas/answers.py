from datetime import datetime

from ninja import Schema

from linbang.reporting.statistics.schemas.activities import ActivityTallyOut


class TallyOut(Schema):
    """Rates are shares from 0 to 1; response times and worth are minutes."""

    volunteers: int
    active_volunteers: int
    activity_rate: float | None
    requests: int
    verified: int
    fulfilled: int
    fulfilment_rate: float | None
    declined: int
    withdrawn: int
    lapsed: int
    response_minutes_median: float | None
    response_minutes_mean: float | None
    in_time_rate: float | None
    visits: int
    person_times: int
    minutes: int
    proved_minutes: int
    entered_minutes: int
    beneficiaries: int


class CategoryTallyOut(Schema):
    code: str
    label: str
    tally: TallyOut


class RegionTallyOut(Schema):
    code: str
    name: str
    is_own: bool
    tally: TallyOut


class MonthOut(Schema):
    month: int
    requests: int
    person_times: int
    minutes: int
    active_volunteers: int
    beneficiaries: int


class AgeOut(Schema):
    low: int
    high: int | None
    volunteers: int


class FiguresOut(Schema):
    """Parts may add up to more persons than the total; see the definitions."""

    prefix: str
    starts_at: datetime
    ends_at: datetime
    asked_at: datetime
    total: TallyOut
    activities: ActivityTallyOut
    categories: list[CategoryTallyOut]
    months: list[MonthOut]
    regions: list[RegionTallyOut]
    ages: list[AgeOut]


class DefinitionOut(Schema):
    name: str
    label: str
    definition: str
