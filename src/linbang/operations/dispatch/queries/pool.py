"""The volunteers of an area as arrays, and a need as the request put to them."""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import Q, QuerySet

from linbang.foundation import workdays
from linbang.foundation.clock import CHINA, local_date
from linbang.foundation.people.choices import Sex
from linbang.foundation.people.models import Kinship, Person, VolunteerProfile
from linbang.foundation.places.models import Region
from linbang.foundation.places.rules import prefix_range
from linbang.intake.needs.models import Need
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.choices import Answer, Unfit
from linbang.operations.dispatch.models import Assignment, BlockedPair, Commitment, Offer
from linbang.operations.dispatch.queries.pairings import paired_people
from matching import (
    ANY_SEX,
    CATEGORIES,
    FEMALE,
    LANGUAGES,
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
from matching.codes import PLACE_DIGITS
from matching.weights import METRES_MAX

EPOCH = datetime(2020, 1, 1, tzinfo=CHINA)
_ADULT_YEARS = 18
_MANDARIN = LANGUAGES[0]
SEXES = {"": ANY_SEX, Sex.MALE: MALE, Sex.FEMALE: FEMALE}
_COLUMNS = (
    "person_id", "region_id", "longitude", "latitude", "skills", "categories", "availability",
    "paused_until", "rating", "person__sex", "person__birth_date", "person__confirmed_at",
    "person__closed_at", "languages", "visits_a_day", "visits_a_week",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A need in the terms of ``matching``, and what the database is asked about it.

    ``origin``: longitude and latitude of the need's home, where the request's plane begins.
    ``window``: the visit with the way there and back. ``adult_since``: who was born later is a
    minor on that day.
    """

    request: Request
    origin: tuple[float, float] | None
    window: tuple[datetime, datetime]
    adult_since: date


def wanted_of(need: Need) -> Wanted:
    """Return what is wanted for a need; six queries.

    Whoever was asked for it before is left out with the family.
    """
    origin = _home_of(need)
    return Wanted(
        request=_request(need, origin=origin, exclude=_family(need) | _asked(need)),
        origin=origin,
        window=(need.starts_at - rules.TRAVEL, need.ends_at + rules.TRAVEL),
        adult_since=_adult_since(need),
    )


@dataclass(frozen=True)
class Pool:
    """Everybody who could be asked for a need, and the need, in the terms of ``matching``."""

    volunteers: Volunteers
    request: Request


def load_pool(need: Need, *, area: str, now: datetime) -> Pool:
    """Return the volunteers of an area and the request: nine queries, whatever their number.

    Whoever was asked for this need before is left out with the family.
    """
    low, high = prefix_range(area)
    profiles = VolunteerProfile.objects.filter(
        region_id__gte=low, region_id__lt=high, ended_at=None
    )
    return _pool(need, profiles, exclude=_family(need) | _asked(need), now=now)


def reasons_against(need: Need, profile: VolunteerProfile, *, now: datetime) -> tuple[Unfit, ...]:
    """Return what speaks against a volunteer chosen by hand, the first hard reason last.

    Each reason a worker may overrule is set aside, so that the next one shows.
    """
    profiles = VolunteerProfile.objects.filter(cell=profile.cell, pk=profile.pk, ended_at=None)
    pool = _pool(need, profiles, exclude=_family(need), now=now)
    request, found = pool.request, []
    while cause := _cause_against(pool.volunteers, request):
        found.append(cause)
        if cause not in _SET_ASIDE or found.count(cause) > 1:
            break
        request = replace(request, **_SET_ASIDE[cause])
    return tuple(dict.fromkeys(found))


_SET_ASIDE: dict[Unfit, dict[str, Any]] = {
    Unfit.OTHER_SEX: {"sex": ANY_SEX},
    Unfit.LANGUAGE: {"languages": 0},
    Unfit.CATEGORY: {"category": 0},
    Unfit.SKILL: {"skills": 0},
    Unfit.NOT_AVAILABLE: {"slots": 0},
    Unfit.TOO_FAR: {"radius_m": METRES_MAX},
}


def _cause_against(volunteers: Volunteers, request: Request) -> Unfit | None:
    if not len(volunteers):
        return Unfit.NOT_ACTIVE
    rejected = rank_one(volunteers, request, limit=1).rejected
    return next((Unfit(cause) for cause, count in rejected.items() if count), None)


def _pool(
    need: Need, profiles: QuerySet[VolunteerProfile], *, exclude: frozenset[int], now: datetime
) -> Pool:
    origin = _home_of(need)
    return Pool(
        volunteers=_volunteers(profiles, need=need, origin=origin, now=now),
        request=_request(need, origin=origin, exclude=exclude),
    )


def _home_of(need: Need) -> tuple[float, float] | None:
    region = Region.objects.only("longitude", "latitude").get(pk=need.region_id)
    if region.longitude is None or region.latitude is None:
        return None
    return region.longitude, region.latitude


def _volunteers(
    profiles: QuerySet[VolunteerProfile],
    *,
    need: Need,
    origin: tuple[float, float] | None,
    now: datetime,
) -> Volunteers:
    adult_since = _adult_since(need)
    rows: list[Any] = list(profiles.values_list(*_COLUMNS))
    ids = [row[0] for row in rows]
    # Sub-selects, not lists of ids: a statement takes 65,535 parameters at most.
    people = profiles.values("person_id")
    orders = _orders(people, now=now)
    points = [point_at(row[2], row[3], origin) for row in rows]
    return Volunteers(
        ids=np.array(ids, dtype=np.int64),
        place=np.array([place_number(row[1]) for row in rows], dtype=np.int64),
        x=np.array([point[0] for point in points], dtype=np.float32),
        y=np.array([point[1] for point in points], dtype=np.float32),
        skills=np.array([mask_of(row[4], SKILLS) for row in rows], dtype=np.uint32),
        categories=np.array([mask_of(row[5], CATEGORIES) for row in rows], dtype=np.uint32),
        availability=np.array([row[6] for row in rows], dtype=np.uint32),
        # Registered by somebody else and not yet confirmed: not counted, not asked (rule 4).
        active=np.array([row[11] is not None and row[12] is None for row in rows], dtype=np.bool_),
        # Who paused is not disturbed before the pause is over, whenever the visit is.
        paused=np.array([row[7] is not None and row[7] > now for row in rows], dtype=np.bool_),
        adult=np.array([row[10] <= adult_since for row in rows], dtype=np.bool_),
        sex=np.array([MALE if row[9] == Sex.MALE else FEMALE for row in rows], dtype=np.uint8),
        # Everybody is taken to speak Mandarin, which no need asks for.
        languages=np.array([mask_of((_MANDARIN, *row[13]), LANGUAGES) for row in rows], np.uint32),
        orders30=np.array([orders[person] for person in ids], dtype=np.int16),
        rating=np.array([round((row[8] or 0) * 100) for row in rows], dtype=np.int16),
        day_cap=np.array([row[14] for row in rows], dtype=np.uint8),
        week_cap=np.array([row[15] for row in rows], dtype=np.uint8),
        busy=_busy(ids, people, need=need),
    )


def area_range(area: str) -> tuple[int, int]:
    """Return the place numbers of an area, half-open."""
    low = place_number(area)
    return low, low + 10 ** (PLACE_DIGITS - len(area))


def point_at(
    longitude: float | None, latitude: float | None, origin: tuple[float, float] | None
) -> tuple[float, float]:
    """Return metres east and north of the origin; NaN where one of the two is not known."""
    if longitude is None or latitude is None or origin is None:
        return float("nan"), float("nan")
    return project(longitude, latitude, origin=origin)


def _orders(people: QuerySet[VolunteerProfile, Any], *, now: datetime) -> Counter[int]:
    """Count the orders each volunteer took in the last 30 days and did not leave."""
    since = now - timedelta(days=rules.LOAD_DAYS)
    return Counter(
        Assignment.objects.filter(
            volunteer_id__in=people, accepted_at__gte=since, ended_at=None
        ).values_list("volunteer_id", flat=True)
    )


def _busy(ids: list[int], people: QuerySet[VolunteerProfile, Any], *, need: Need) -> Busy:
    """Return the commitments that touch the need's window widened by the way there and back."""
    window = (need.starts_at - rules.TRAVEL, need.ends_at + rules.TRAVEL)
    windows: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for person_id, during in Commitment.objects.filter(
        person_id__in=people, released_at=None, during__overlap=window
    ).values_list("person_id", "during"):
        windows[person_id].append((minute(during.lower), minute(during.upper)))
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


def _request(need: Need, *, origin: tuple[float, float] | None, exclude: frozenset[int]) -> Request:
    item = need.item
    beneficiary = need.beneficiary_id
    x, y = (0.0, 0.0) if origin else (float("nan"), float("nan"))
    return Request(
        place=place_number(need.region_id),
        x=x,
        y=y,
        starts=minute(need.starts_at - rules.TRAVEL),
        ends=minute(need.ends_at + rules.TRAVEL),
        slots=slots_between(
            need.starts_at.astimezone(CHINA),
            need.ends_at.astimezone(CHINA),
            holidays=_holidays(need),
        ),
        skills=mask_of(item.skills, SKILLS),
        category=mask_of([item.category], CATEGORIES),
        helpers=need.helpers,
        sex=SEXES[need.helper_sex],
        languages=mask_of(need.helper_languages, LANGUAGES),
        exclude=exclude,
        blocked=frozenset(
            BlockedPair.objects.filter(
                cell=need.cell, beneficiary_id=beneficiary, ended_at=None
            ).values_list("volunteer_id", flat=True)
        ),
        # Who is paired with her counts as known, whether or not there was a visit yet.
        previous=frozenset(
            Assignment.objects.filter(
                cell=need.cell, need__beneficiary_id=beneficiary, ended_at=None
            )
            .exclude(need_id=need.pk)
            .values_list("volunteer_id", flat=True)
            .union(paired_people(beneficiary))
        ),
    )


def _family(need: Need) -> frozenset[int]:
    """Return the beneficiary with kin and household, and the requester; two queries."""
    who = need.beneficiary_id
    kin = Kinship.objects.filter(ended_at=None).filter(Q(person_id=who) | Q(relative_id=who))
    home = Person.objects.filter(cell=need.cell, pk=who).values("household_id")
    household = Person.objects.filter(cell=need.cell, household_id__in=home)
    return frozenset(
        {
            *(person for pair in kin.values_list("person_id", "relative_id") for person in pair),
            *household.values_list("pk", flat=True),
            who,
            need.requested_by_id,
        }
    )


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


def minute(moment: datetime) -> int:
    """Return an instant in the minutes that ``matching`` counts in, from a midnight in China."""
    return (moment - EPOCH) // timedelta(minutes=1)


def _adult_since(need: Need) -> date:
    return _years_before(local_date(need.starts_at), _ADULT_YEARS)


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)
