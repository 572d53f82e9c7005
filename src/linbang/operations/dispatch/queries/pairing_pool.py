"""Residents to be paired and the volunteers around them, as arrays for ``matching``."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db.models import Q, QuerySet

from linbang.foundation.clock import local_date
from linbang.foundation.people.choices import Sex
from linbang.foundation.people.models import Kinship, Person, VolunteerProfile
from linbang.foundation.people.rules import needs_guardian
from linbang.foundation.places.rules import prefix_range
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.choices import Rhythm, Unfit
from linbang.operations.dispatch.models import Assignment, BlockedPair, Pairing
from matching import (
    ANY_SEX,
    CATEGORIES,
    FEMALE,
    MALE,
    SKILLS,
    Busy,
    Volunteers,
    mask_of,
    place_number,
    project,
)
from matching.pairings import PairingPeople, ProposedPairing, propose_pairings
from matching.requests import IdLists
from matching.weights import METRES_MAX

Point = tuple[float, float]
_NOWHERE: Point = (float("nan"), float("nan"))
_SEXES = {"": ANY_SEX, Sex.MALE: MALE, Sex.FEMALE: FEMALE}
_COLUMNS = (
    "person_id", "region_id", "longitude", "latitude", "skills", "categories", "availability",
    "paused_until", "rating", "person__sex", "person__birth_date", "person__confirmed_at",
    "person__closed_at",
)  # fmt: skip


@dataclass(frozen=True)
class PairingPool:
    """Everybody who could be paired, in the terms of ``matching``."""

    volunteers: Volunteers
    people: PairingPeople
    room: npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Fit:
    """How one helper named by hand fits: what bars her, else how near and why."""

    barred: Unfit | None
    found: ProposedPairing | None


def pool_of(
    people: Sequence[Person], *, area: str, wishes: rules.Wishes, now: datetime
) -> PairingPool:
    """Return residents and the volunteers of an area: nine queries, whatever their number."""
    low, high = prefix_range(area)
    profiles = VolunteerProfile.objects.filter(
        region_id__gte=low, region_id__lt=high, ended_at=None
    )
    return _pool(people, profiles, wishes=wishes, now=now)


def fit_of(person: Person, volunteer_id: int, *, now: datetime) -> Fit:
    """Return whether a volunteer named by a worker may be paired with a person.

    Distance and how much she carries are the worker's to judge.
    """
    profiles = VolunteerProfile.objects.filter(person_id=volunteer_id, ended_at=None)
    wishes = rules.Wishes(radius_m=METRES_MAX)
    pool = _pool([person], profiles, wishes=wishes, now=now)
    if not len(pool.volunteers):
        return Fit(Unfit.NOT_ACTIVE, None)
    plan = propose_pairings(pool.volunteers, pool.people, room=np.full(1, 255, np.uint8))
    if plan.pairs:
        return Fit(None, plan.pairs[0])
    causes = [Unfit(cause) for cause, count in plan.gaps[0].causes.items() if count]
    return Fit(next((cause for cause in causes if cause in rules.BARRED), None), None)


def _pool(
    people: Sequence[Person],
    profiles: QuerySet[VolunteerProfile],
    *,
    wishes: rules.Wishes,
    now: datetime,
) -> PairingPool:
    points = [(one.region.longitude, one.region.latitude) for one in people]
    origin = next(((x, y) for x, y in points if x is not None and y is not None), None)
    rows: list[Any] = list(profiles.order_by("id").values_list(*_COLUMNS))
    carried, promised = _carried(profiles)
    visits = _visits(profiles, now=now)
    ids = [row[0] for row in rows]
    return PairingPool(
        volunteers=_volunteers(
            rows, [visits[one] + promised[one] for one in ids], origin=origin, now=now
        ),
        people=_people(people, origin=origin, wishes=wishes, now=now),
        room=np.array([rules.room(carried[one]) for one in ids], np.uint8),
    )


def _volunteers(
    rows: Sequence[Any], visits: Sequence[int], *, origin: Point | None, now: datetime
) -> Volunteers:
    today = local_date(now)
    points = [_point(row[2], row[3], origin) for row in rows]
    cap = np.full(len(rows), rules.PAIRINGS_MAX, np.uint8)
    nothing = np.zeros(0, np.int32)
    return Volunteers(
        ids=np.array([row[0] for row in rows], np.int64),
        place=np.array([place_number(row[1]) for row in rows], np.int64),
        x=np.array([point[0] for point in points], np.float32),
        y=np.array([point[1] for point in points], np.float32),
        skills=np.array([mask_of(row[4], SKILLS) for row in rows], np.uint32),
        categories=np.array([mask_of(row[5], CATEGORIES) for row in rows], np.uint32),
        availability=np.array([row[6] for row in rows], np.uint32),
        active=np.array([row[11] is not None and row[12] is None for row in rows], np.bool_),
        paused=np.array([row[7] is not None and row[7] > now for row in rows], np.bool_),
        adult=np.array([not needs_guardian(row[10], today=today) for row in rows], np.bool_),
        sex=np.array([_SEXES[row[9]] for row in rows], np.uint8),
        languages=np.ones(len(rows), np.uint32),
        orders30=np.array(visits, np.int16),
        rating=np.array([round((row[8] or 0) * 100) for row in rows], np.int16),
        day_cap=cap,
        week_cap=cap,
        busy=Busy(ptr=np.zeros(len(rows) + 1, np.int64), start=nothing, end=nothing),
    )


def _people(
    people: Sequence[Person], *, origin: Point | None, wishes: rules.Wishes, now: datetime
) -> PairingPeople:
    today = local_date(now)
    points = [_point(one.region.longitude, one.region.latitude, origin) for one in people]
    size = len(people)
    skill = mask_of([wishes.skill] if wishes.skill else [], SKILLS)
    helpers = [
        rules.helpers_wanted(wishes.helpers, birth_date=one.birth_date, today=today)
        for one in people
    ]
    ids = [one.pk for one in people]
    family, together = _family(people), _paired(ids)
    return PairingPeople(
        ids=np.array(ids, np.int64),
        place=np.array([place_number(one.region_id) for one in people], np.int64),
        x=np.array([point[0] for point in points], np.float32),
        y=np.array([point[1] for point in points], np.float32),
        skills=np.full(size, skill, np.uint32),
        languages=np.zeros(size, np.uint32),
        sex=np.full(size, _SEXES[wishes.sex], np.uint8),
        helpers=np.array(helpers, np.uint8),
        radius_m=np.full(size, wishes.radius_m, np.int32),
        exclude=IdLists.of(family[one] | together[one] | {one} for one in ids),
        blocked=_lists(
            ids,
            BlockedPair.objects.filter(beneficiary_id__in=ids, ended_at=None).values_list(
                "beneficiary_id", "volunteer_id"
            ),
        ),
        previous=_lists(
            ids,
            Assignment.objects.filter(need__beneficiary_id__in=ids, ended_at=None).values_list(
                "need__beneficiary_id", "volunteer_id"
            ),
        ),
    )


def _lists(ids: Sequence[int], pairs: Iterable[tuple[int, int]]) -> IdLists:
    found = _sets(pairs)
    return IdLists.of(found[one] for one in ids)


def _sets(pairs: Iterable[tuple[int, int]]) -> defaultdict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        found[one].add(other)
    return found


def _paired(ids: Sequence[int]) -> defaultdict[int, set[int]]:
    """Return who stands by each person already."""
    pairings = Pairing.objects.filter(
        beneficiary_id__in=ids, ended_at=None, volunteer__isnull=False
    ).values_list("beneficiary_id", "volunteer_id")
    return _sets((one, other) for one, other in pairings if other is not None)


def _family(people: Sequence[Person]) -> defaultdict[int, set[int]]:
    """Return kin in both directions and household of each person; two queries."""
    ids = [one.pk for one in people]
    kin = Kinship.objects.filter(Q(person_id__in=ids) | Q(relative_id__in=ids), ended_at=None)
    found: defaultdict[int, set[int]] = defaultdict(set)
    for one, other in kin.values_list("person_id", "relative_id"):
        found[one].add(other)
        found[other].add(one)
    homes = {one.household_id for one in people if one.household_id is not None}
    at_home = _sets(
        (home, one)
        for one, home in Person.objects.filter(household_id__in=homes).values_list(
            "pk", "household_id"
        )
        if home is not None
    )
    for person in people:
        if person.household_id is not None:
            found[person.pk] |= at_home[person.household_id]
    return found


def _carried(profiles: QuerySet[VolunteerProfile]) -> tuple[Counter[int], Counter[int]]:
    """Return how many pairings each volunteer carries, and the visits they bring in a month."""
    carried: Counter[int] = Counter()
    promised: Counter[int] = Counter()
    pairings = Pairing.objects.filter(volunteer_id__in=profiles.values("person_id"), ended_at=None)
    for person_id, rhythm in pairings.values_list("volunteer_id", "rhythm"):
        if person_id is not None:
            carried[person_id] += 1
            promised[person_id] += rules.VISITS_A_MONTH[Rhythm(rhythm)]
    return carried, promised


def _visits(profiles: QuerySet[VolunteerProfile], *, now: datetime) -> Counter[int]:
    """Count the orders each volunteer took lately and did not leave."""
    since = now - timedelta(days=rules.LOAD_DAYS)
    taken = Assignment.objects.filter(
        volunteer_id__in=profiles.values("person_id"), accepted_at__gte=since, ended_at=None
    )
    return Counter(taken.values_list("volunteer_id", flat=True))


def _point(longitude: float | None, latitude: float | None, origin: Point | None) -> Point:
    if longitude is None or latitude is None or origin is None:
        return _NOWHERE
    return project(longitude, latitude, origin=origin)
