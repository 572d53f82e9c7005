from datetime import date, time
from uuid import UUID

from ninja import Schema
from pydantic import Field

from linbang.foundation.places import rules
from linbang.foundation.places.choices import StationFeature
from linbang.foundation.shell.schemas import PageOut


class RegionOut(Schema):
    code: str
    name: str
    level: int
    former_names: list[str]
    valid_from: date
    valid_to: date | None
    longitude: float | None
    latitude: float | None
    communities: int = 0
    grids: int = 0
    buildings: int = 0


class RegionPageOut(PageOut):
    items: list[RegionOut]


class ChildIn(Schema):
    """A grid of a community, or a building of a grid."""

    name: str = Field(max_length=80)
    longitude: float | None = None
    latitude: float | None = None


class NameIn(Schema):
    name: str = Field(max_length=80)


class PointIn(Schema):
    longitude: float
    latitude: float


class WindowIO(Schema):
    """One opening window: weekday 0 is Monday."""

    weekday: int = Field(ge=0, le=6)
    opens_at: time
    closes_at: time


class StationIn(Schema):
    region_code: str = Field(max_length=18)
    name: str = Field(max_length=80)
    address: str = Field(max_length=160)
    phone: str = Field("", max_length=20)
    longitude: float
    latitude: float
    features: list[StationFeature] = []
    hours: list[WindowIO] = Field([], max_length=70)

    def details(self) -> rules.StationDetails:
        """Return what is told as the actions take it."""
        told = self.dict(exclude={"hours", "features"})
        hours = tuple(rules.OpeningWindow(w.weekday, w.opens_at, w.closes_at) for w in self.hours)
        return rules.StationDetails(**told, hours=hours, features=tuple(self.features))


class StationOut(Schema):
    id: UUID
    region_code: str
    name: str
    address: str
    phone: str
    longitude: float
    latitude: float
    features: list[StationFeature]
    is_standard: bool
    hours: list[WindowIO]

    @staticmethod
    def resolve_id(station) -> UUID:
        return station.public_id

    @staticmethod
    def resolve_region_code(station) -> str:
        return station.region_id

    @staticmethod
    def resolve_hours(station) -> list:
        return list(station.opening_hours.all())


class StationPageOut(PageOut):
    items: list[StationOut]
