"""The volunteers whom a plan may send, as arrays: as many queries for a city as for a community."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from linbang.foundation.db import among
from linbang.foundation.people.choices import Sex
from linbang.foundation.people.models import VolunteerProfile
from linbang.foundation.people.rules import ADULT_AGE, age_on
from linbang.foundation.places.queries import within_any
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.models import Assignment, Commitment
from linbang.operations.dispatch.queries.pool import EPOCH, minute
from matching import (
    CATEGORIES,
    FEMALE,
    LANGUAGES,
    MALE,
    SKILLS,
    Busy,
    Volunteers,
    mask_of,
    place_number,
    project_all,
)

_CHUNK = 20_000
_MINUTE = timedelta(minutes=1)
_COLUMNS = (
    "person_id", "region_id", "longitude", "latitude", "skills", "categories", "availability",
    "rating", "languages", "visits_a_day",
    "visits_a_week", "person__sex", "person__birth_date", "is_active", "is_paused",
)  # fmt: skip
_DTYPES: dict[str, type[np.generic]] = {
    "ids": np.int64,
    "place": np.int64,
    "longitude": np.float64,
    "latitude": np.float64,
    "skills": np.uint32,
    "categories": np.uint32,
    "availability": np.uint32,
    "active": np.bool_,
    "paused": np.bool_,
    "adult": np.bool_,
    "sex": np.uint8,
    "rating": np.int16,
    "languages": np.uint32,
    "day_cap": np.uint8,
    "week_cap": np.uint8,
}


def lenders(
    home: str, *, lending: str, near: tuple[float, float, float, float] | None, also: Iterable[int]
) -> QuerySet[VolunteerProfile]:
    """Return the profiles of a place, those around it that lends to it, and of people named.

    ``near``: west, south, east and north in degrees, beyond which nobody of another area is asked.
    """
    lent = within_any("region_id", [lending])
    if near is not None:
        west, south, east, north = near
        lent &= Q(longitude=None) | Q(longitude__range=(west, east), latitude__range=(south, north))
    served = Q(ended_at=None) & (within_any("region_id", [home]) | lent)
    return VolunteerProfile.objects.filter(served | among("person_id", list(also)))


def volunteers_of(
    profiles: QuerySet[VolunteerProfile],
    *,
    origin: tuple[float, float],
    window: tuple[datetime, datetime],
    first_day: date,
    now: datetime,
) -> Volunteers:
    """Return profiles as the library wants them, with their promises in a window; three queries."""
    columns = _columns(profiles, first_day=first_day, now=now)
    x, y = project_all(columns.pop("longitude"), columns.pop("latitude"), origin=origin)
    # Sub-selects, not lists of ids: a statement takes 65,535 parameters at most.
    people = profiles.values("person_id")
    ids = columns["ids"]
    return Volunteers(
        **columns,
        x=x,
        y=y,
        orders30=_orders(ids, people, now=now),
        busy=_busy(ids, people, window=window),
    )


def _columns(
    profiles: QuerySet[VolunteerProfile], *, first_day: date, now: datetime
) -> dict[str, Any]:
    told = profiles.annotate(
        # Registered by somebody else and not yet confirmed: not counted, not asked (rule 4).
        is_active=_tell(
            Q(ended_at=None, person__confirmed_at__isnull=False, person__closed_at=None)
        ),
        # Who paused is not disturbed before the pause is over, whenever the visit is.
        is_paused=_tell(Q(paused_until__isnull=False, paused_until__gt=now)),
    )
    rows = told.order_by("person_id").values_list(*_COLUMNS).iterator(chunk_size=_CHUNK)
    parts = [_chunk(chunk, first_day=first_day) for chunk in _chunks(rows)]
    return {
        name: np.concatenate([np.zeros(0, dtype), *(part[name] for part in parts)]).astype(dtype)
        for name, dtype in _DTYPES.items()
    }


def _tell(condition: Q) -> "ExpressionWrapper[Any]":
    return ExpressionWrapper(condition, output_field=BooleanField())


def _chunks(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while chunk := list(islice(rows, _CHUNK)):
        yield chunk


def _chunk(rows: Sequence[Any], *, first_day: date) -> dict[str, Any]:
    (ids, regions, longitudes, latitudes, skills, categories, free, ratings, languages, a_day,
     a_week, sexes, births, active, paused) = zip(*rows, strict=True)  # fmt: skip
    values = {
        "ids": ids,
        "place": [_place(region) for region in regions],
        "longitude": longitudes,
        "latitude": latitudes,
        "skills": [_mask(tuple(codes), SKILLS) for codes in skills],
        "categories": [_mask(tuple(codes), CATEGORIES) for codes in categories],
        "availability": free,
        "active": active,
        "paused": paused,
        "adult": [age_on(birth, first_day) >= ADULT_AGE for birth in births],
        "sex": [MALE if sex == Sex.MALE else FEMALE for sex in sexes],
        "rating": [round((points or 0) * 100) for points in ratings],
        # Everybody is taken to speak Mandarin, which no need asks for.
        "languages": [_mask((LANGUAGES[0], *codes), LANGUAGES) for codes in languages],
        "day_cap": a_day,
        "week_cap": a_week,
    }
    return {name: np.array(values[name], dtype) for name, dtype in _DTYPES.items()}


@lru_cache(maxsize=20_000)
def _mask(codes: tuple[str, ...], table: tuple[str, ...]) -> int:
    return mask_of(codes, table)


@lru_cache(maxsize=100_000)
def _place(region_code: str) -> int:
    return place_number(region_code)


def _orders(
    ids: npt.NDArray[np.int64], people: QuerySet[VolunteerProfile, Any], *, now: datetime
) -> npt.NDArray[np.int16]:
    """Count the orders each volunteer took in the last 30 days and did not leave; ids rise."""
    since = now - timedelta(days=rules.LOAD_DAYS)
    taken = Assignment.objects.filter(
        volunteer_id__in=people, accepted_at__gte=since, ended_at=None
    ).values_list("volunteer_id", flat=True)
    rows = np.searchsorted(ids, np.fromiter(taken, np.int64))
    return np.minimum(np.bincount(rows, minlength=len(ids)), 32_767).astype(np.int16)


def _busy(
    ids: npt.NDArray[np.int64],
    people: QuerySet[VolunteerProfile, Any],
    *,
    window: tuple[datetime, datetime],
) -> Busy:
    """Return the promises that touch a window, volunteer after volunteer; ids rise."""
    promises = Commitment.objects.filter(
        person_id__in=people, released_at=None, during__overlap=window
    )
    told = [
        (person_id, minute(during.lower), -(-(during.upper - EPOCH) // _MINUTE))
        for person_id, during in promises.values_list("person_id", "during")
    ]
    table = np.array(told, np.int64).reshape(-1, 3)
    table = table[np.lexsort((table[:, 1], table[:, 0]))]
    count = np.bincount(np.searchsorted(ids, table[:, 0]), minlength=len(ids))
    return Busy(
        ptr=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        start=table[:, 1].astype(np.int32),
        end=table[:, 2].astype(np.int32),
    )
