"""The volunteers of an area as arrays, and a need as the request put to them."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import Q, QuerySet

from linbang.foundation import workdays
from linbang.foundation.clock import CHINA, local_date
from linbang.foundation.people.choices import Sex
from linbang.foundation.people.models import Kinship, VolunteerProfile
from linbang.foundation.places.models import Region
from linbang.foundation.places.rules import prefix_range
from linbang.intake.needs.models import Need
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.choices import JUDGED_BY_WORKER, Answer, Unfit
from linbang.operations.dispatch.models import Assignment, BlockedPair, Commitment, Offer
from matching import (
    CATEGORIES,
    FEMALE,
    MALE,
    SKILLS,
    Busy,
    Request,
    Volunteers,
    mask_of,
    place_number,
    project,
    rank_one,
    slots_between,
)

_EPOCH = datetime(2020, 1, 1, tzinfo=CHINA)
_ADULT_YEARS = 18
_COLUMNS = (
    "person_id", "region_id", "longitude", "latitude", "skills", "categories", "availability",
    "paused_until", "rating", "person__sex", "person__birth_date", "person__confirmed_at",
    "person__closed_at",
)  # fmt: skip


@dataclass(frozen=True)
class Pool:
    """Everybody who could be asked for a need, and the need, in the terms of ``matching``."""

    volunteers: Volunteers
    request: Request


def load_pool(need: Need, *, area: str, now: datetime) -> Pool:
    """Return the volunteers of an area and the request: eight queries, whatever their number.

    Whoever was asked for this need before is left out with the family.
    """
    low, high = prefix_range(area)
    profiles = VolunteerProfile.objects.filter(
        region_id__gte=low, region_id__lt=high, ended_at=None
    )
    return _pool(need, profiles, exclude=_family(need) | _asked(need), now=now)


def reason_against(need: Need, profile: VolunteerProfile, *, now: datetime) -> Unfit | None:
    """Return why a volunteer chosen by hand may not go; skill, category, free time and distance
    are the worker's to judge.
    """
    profiles = VolunteerProfile.objects.filter(cell=profile.cell, pk=profile.pk, ended_at=None)
    pool = _pool(need, profiles, exclude=_family(need), now=now)
    rejected = rank_one(pool.volunteers, pool.request, limit=1).rejected
    causes = [Unfit(cause) for cause, count in rejected.items() if count]
    return next((cause for cause in causes if cause not in JUDGED_BY_WORKER), None)


def _pool(
    need: Need, profiles: QuerySet[VolunteerProfile], *, exclude: frozenset[int], now: datetime
) -> Pool:
    rows = list(profiles.values_list(*_COLUMNS))
    ids = [row[0] for row in rows]
    origin = _home_of(need)
    return Pool(
        volunteers=_volunteers(rows, ids, need=need, origin=origin, now=now),
        request=_request(need, origin=origin, exclude=exclude),
    )


def _home_of(need: Need) -> tuple[float, float] | None:
    region = Region.objects.only("longitude", "latitude").get(pk=need.region_id)
    if region.longitude is None or region.latitude is None:
        return None
    return region.longitude, region.latitude


def _volunteers(
    rows: list[Any],
    ids: list[int],
    *,
    need: Need,
    origin: tuple[float, float] | None,
    now: datetime,
) -> Volunteers:
    adult_since = _years_before(local_date(need.starts_at), _ADULT_YEARS)
    orders = _orders(ids, now=now)
    points = [_point(row[2], row[3], origin) for row in rows]
    return Volunteers(
        ids=np.array(ids, dtype=np.int64),
        place=np.array([place_number(row[1]) for row in rows], dtype=np.int64),
        x=np.array([point[0] for point in points], dtype=np.float32),
        y=np.array([point[1] for point in points], dtype=np.float32),
        skills=np.array([mask_of(row[4], SKILLS) for row in rows], dtype=np.uint32),
        categories=np.array([mask_of(row[5], CATEGORIES) for row in rows], dtype=np.uint32),
        availability=np.array([row[6] for row in rows], dtype=np.uint32),
        # Registered by somebody else and not yet confirmed: not counted, not asked (rule 4).
        active=np.array(
            [row[11] is not None and row[12] is None for row in rows], dtype=np.bool_
        ),
        paused=np.array(
            [row[7] is not None and row[7] > need.starts_at for row in rows], dtype=np.bool_
        ),
        adult=np.array([row[10] <= adult_since for row in rows], dtype=np.bool_),
        sex=np.array([MALE if row[9] == Sex.MALE else FEMALE for row in rows], dtype=np.uint8),
        orders30=np.array([orders[person] for person in ids], dtype=np.int16),
        rating=np.array([round((row[8] or 0) * 100) for row in rows], dtype=np.int16),
        busy=_busy(ids, need=need),
    )


def _point(
    longitude: float | None, latitude: float | None, origin: tuple[float, float] | None
) -> tuple[float, float]:
    if longitude is None or latitude is None or origin is None:
        return float("nan"), float("nan")
    return project(longitude, latitude, origin=origin)


def _orders(ids: list[int], *, now: datetime) -> Counter[int]:
    """Count the orders each volunteer took in the last 30 days and did not leave."""
    since = now - timedelta(days=rules.LOAD_DAYS)
    return Counter(
        Assignment.objects.filter(
            volunteer_id__in=ids, accepted_at__gte=since, ended_at=None
        ).values_list("volunteer_id", flat=True)
    )


def _busy(ids: list[int], *, need: Need) -> Busy:
    """Return the commitments that touch the need's window widened by the way there and back."""
    window = (need.starts_at - rules.TRAVEL, need.ends_at + rules.TRAVEL)
    windows: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for person_id, during in Commitment.objects.filter(
        person_id__in=ids, released_at=None, during__overlap=window
    ).values_list("person_id", "during"):
        windows[person_id].append((_minute(during.lower), _minute(during.upper)))
    pointers, starts, ends = [0], [], []
    for person_id in ids:
        for start, end in sorted(windows[person_id]):
            starts.append(start)
            ends.append(end)
        pointers.append(len(starts))
    return Busy(
        ptr=np.array(pointers, dtype=np.int64),
        start=np.array(starts, dtype=np.int32),
        end=np.array(ends, dtype=np.int32),
    )


def _request(
    need: Need, *, origin: tuple[float, float] | None, exclude: frozenset[int]
) -> Request:
    item = need.item
    beneficiary = need.beneficiary_id
    x, y = (0.0, 0.0) if origin else (float("nan"), float("nan"))
    return Request(
        place=place_number(need.region_id),
        x=x,
        y=y,
        starts=_minute(need.starts_at - rules.TRAVEL),
        ends=_minute(need.ends_at + rules.TRAVEL),
        slots=slots_between(
            need.starts_at.astimezone(CHINA), need.ends_at.astimezone(CHINA), holidays=_holidays(need)
        ),
        skills=mask_of(item.skills, SKILLS),
        category=mask_of([item.category], CATEGORIES),
        helpers=need.helpers,
        exclude=exclude,
        blocked=frozenset(
            BlockedPair.objects.filter(
                cell=need.cell, beneficiary_id=beneficiary, ended_at=None
            ).values_list("volunteer_id", flat=True)
        ),
        previous=frozenset(
            Assignment.objects.filter(
                cell=need.cell, need__beneficiary_id=beneficiary, ended_at=None
            )
            .exclude(need_id=need.pk)
            .values_list("volunteer_id", flat=True)
        ),
    )


def _family(need: Need) -> frozenset[int]:
    """Return the beneficiary, the requester and the beneficiary's kin."""
    kin = Kinship.objects.filter(ended_at=None).filter(
        Q(person_id=need.beneficiary_id) | Q(relative_id=need.beneficiary_id)
    )
    family = {person for pair in kin.values_list("person_id", "relative_id") for person in pair}
    return frozenset(family | {need.beneficiary_id, need.requested_by_id})


def _asked(need: Need) -> frozenset[int]:
    asked = Offer.objects.filter(cell=need.cell, need_id=need.pk).exclude(
        answer__answer=Answer.WITHDRAWN
    )
    return frozenset(asked.values_list("volunteer_id", flat=True))


def _holidays(need: Need) -> tuple[date, ...]:
    """Return the day of the need if it is a public holiday, not a plain weekend.

    Before the year's calendar is published the weekday decides: a volunteer is only asked.
    """
    day = local_date(need.starts_at)
    try:
        return (day,) if workdays.is_public_holiday(day) else ()
    except workdays.CalendarYearMissing:
        return ()


def _minute(moment: datetime) -> int:
    return int((moment - _EPOCH).total_seconds() // 60)


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)
