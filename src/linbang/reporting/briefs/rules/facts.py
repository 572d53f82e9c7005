"""The figures a brief is written from, frozen as they were when asked."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Measures:
    """The figures of one group in a brief; minutes are whole minutes, shares from 0 to 1."""

    volunteers: int = 0
    active_volunteers: int = 0
    requests: int = 0
    verified: int = 0
    fulfilled: int = 0
    unserved: int = 0
    response_minutes_median: float | None = None
    answers_due: int = 0
    answered_in_time: int = 0
    visits: int = 0
    person_times: int = 0
    proved_minutes: int = 0
    entered_minutes: int = 0
    beneficiaries: int = 0
    activities: int = 0
    activity_person_times: int = 0
    activity_people: int = 0
    people_served: int = 0

    @property
    def minutes(self) -> int:
        return self.proved_minutes + self.entered_minutes

    @property
    def fulfilment_rate(self) -> float | None:
        return self.fulfilled / self.verified if self.verified else None

    @property
    def in_time_rate(self) -> float | None:
        return self.answered_in_time / self.answers_due if self.answers_due else None


@dataclass(frozen=True)
class Part:
    """The figures of one category or one place below, by its name."""

    name: str
    measures: Measures


@dataclass(frozen=True)
class Snapshot:
    """Everything a brief is written from, frozen as it was when asked (rule 91)."""

    place: str
    period: str
    asked_on: str
    total: Measures
    before: Measures
    categories: tuple[Part, ...]
    places: tuple[Part, ...]
    brands: tuple[Part, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the snapshot as JSON, to be stored with the brief."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Snapshot":
        """Read a snapshot back."""
        return cls(
            place=stored["place"],
            period=stored["period"],
            asked_on=stored["asked_on"],
            total=Measures(**stored["total"]),
            before=Measures(**stored["before"]),
            categories=_parts(stored["categories"]),
            places=_parts(stored["places"]),
            # Briefs issued before activities were counted have no brands.
            brands=_parts(stored.get("brands", ())),
        )


def _parts(stored: Sequence[Mapping[str, Any]]) -> tuple[Part, ...]:
    return tuple(Part(one["name"], Measures(**one["measures"])) for one in stored)
