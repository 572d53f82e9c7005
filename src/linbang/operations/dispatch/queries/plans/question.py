"""What a plan is asked: the needs of a place that still lack helpers, and who could go."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from math import cos, radians
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db.models import Exists, OuterRef, Q, QuerySet

from linbang.foundation import workdays
from linbang.foundation.clock import CHINA, day_window
from linbang.foundation.db import among
from linbang.foundation.people.models import Kinship, Person
from linbang.foundation.places.queries import within_any
from linbang.intake.needs.choices import NeedState, Risk, Urgency
from linbang.intake.needs.models import Need
from linbang.operations.dispatch import rules
from linbang.operations.dispatch.choices import Answer
from linbang.operations.dispatch.models import Assignment, BlockedPair, Escalation, Offer
from linbang.operations.dispatch.queries.pairings import paired_with
from linbang.operations.dispatch.queries.plans.pool import lenders, volunteers_of
from linbang.operations.dispatch.queries.pool import SEXES, minute
from matching import (
    CATEGORIES,
    LANGUAGES,
    SKILLS,
    Volunteers,
    mask_of,
    place_number,
    project_all,
    slots_between,
)
from matching.plans import PLAN_WEIGHTS
from matching.requests import HELPERS_MAX, IdLists, Requests

_METRES_A_DEGREE = 111_000
_FACTS = (
    "pk", "cell", "region_id", "region__longitude", "region__latitude", "beneficiary_id",
    "requested_by_id", "item__skills", "item__category", "item__risk", "urgency", "helpers",
    "starts_at", "ends_at", "helper_sex", "helper_languages",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlanNeed:
    """What a plan has to know of a need; ``is_asked``: helpers are wanted for it."""

    id: int
    cell: str
    region_code: str
    longitude: float | None
    latitude: float | None
    beneficiary_id: int
    requested_by_id: int
    skills: Sequence[str]
    category: str
    risk: str
    urgency: str
    helpers: int
    starts_at: datetime
    ends_at: datetime
    helper_sex: str
    helper_languages: Sequence[str]
    is_asked: bool


@dataclass(frozen=True)
class Planning:
    """A plan's question: volunteers, requests, and the pairs that stay as they are.

    ``needs`` in the order of the requests, those that are asked first; ``offers``: the offer
    behind each pair of (need, volunteer) that is promised or asked already.
    """

    needs: tuple[PlanNeed, ...]
    volunteers: Volunteers
    requests: Requests
    fixed: npt.NDArray[np.int64]
    offers: Mapping[tuple[int, int], int]


@dataclass(frozen=True, kw_only=True)
class PlanScope:
    """Whose needs are planned, on which days; ``need_ids`` narrows it to some of them.

    ``home``: the place all of whose volunteers are looked at, the others only near the needs; the
    area itself unless told. ``held``: pairs (need, volunteer) that stay as they are though nobody
    was asked yet; ``barred``: pairs that may not be; ``also``: people who may go wherever they
    live.
    """

    area: str
    starts_on: date
    ends_on: date
    need_ids: Collection[int] | None = None
    home: str = ""
    held: Sequence[tuple[int, int]] = ()
    barred: Sequence[tuple[int, int]] = ()
    also: Sequence[int] = ()

    @property
    def window(self) -> tuple[datetime, datetime]:
        """The half-open window of these days in China."""
        return day_window(self.starts_on)[0], day_window(self.ends_on)[1]


def plannable_needs(*, window: tuple[datetime, datetime], now: datetime) -> QuerySet[Need]:
    """Return the needs of a window for which the system still looks for somebody.

    One that the station was given stays in as long as no worker has taken it: a plan may find an
    exchange where one offer after the other found nobody.
    """
    listed = Escalation.objects.filter(cell=OuterRef("cell"), need_id=OuterRef("pk"), taken_at=None)
    return Need.objects.filter(
        ~Q(state=NeedState.ESCALATED) | Exists(listed),
        state__in=rules.PLANNABLE,
        starts_at__gte=max(window[0], now + rules.ASKING_ENDS_BEFORE),
        starts_at__lt=window[1],
    )


def load_planning(scope: PlanScope, *, now: datetime) -> Planning:
    """Return a plan's question; as many queries for a city as for a community."""
    asked = _asked_needs(scope, now=now)
    promised = _promised(scope, now=now)
    ids = {need.id for need in asked}
    origin = _origin(asked)
    profiles = lenders(
        scope.home or scope.area,
        lending=rules.lending_area(scope.area),
        near=_box(asked),
        also={*scope.also, *(person for need_id, person in promised if need_id in ids)},
    )
    low, high = scope.window
    volunteers = volunteers_of(
        profiles,
        origin=origin,
        window=(low - rules.TRAVEL, high + rules.TRAVEL),
        first_day=scope.starts_on,
        now=now,
    )
    there = set(volunteers.ids.tolist())
    pairs = [pair for pair in dict.fromkeys([*promised, *scope.held]) if pair[1] in there]
    others = _needs_with_ids({need_id for need_id, _ in pairs} - ids)
    needs = _capped([*asked, *others], pairs)
    return Planning(
        needs=tuple(needs),
        volunteers=volunteers,
        requests=_requests(needs, scope, origin=origin),
        fixed=_rows(needs, pairs, volunteers),
        offers=promised,
    )


def rows_of(planning: Planning, pairs: Iterable[tuple[int, int]]) -> npt.NDArray[np.int64]:
    """Return pairs (need, volunteer) as rows; who or what is not there is left out."""
    return _rows(planning.needs, pairs, planning.volunteers)


def _asked_needs(scope: PlanScope, *, now: datetime) -> list[PlanNeed]:
    needs = plannable_needs(window=scope.window, now=now).filter(
        within_any("region_id", [scope.area])
    )
    if scope.need_ids is not None:
        needs = needs.filter(among("pk", scope.need_ids))
    return [_fact(row, is_asked=True) for row in needs.order_by("pk").values_list(*_FACTS)]


def _needs_with_ids(ids: Collection[int]) -> list[PlanNeed]:
    needs = Need.objects.filter(among("pk", sorted(ids))).order_by("pk")
    return [_fact(row, is_asked=False) for row in needs.values_list(*_FACTS)]


def _fact(row: Any, *, is_asked: bool) -> PlanNeed:
    facts = dict(zip((field.name for field in fields(PlanNeed)), row, strict=False))
    return PlanNeed(**facts, is_asked=is_asked)


def _promised(scope: PlanScope, *, now: datetime) -> dict[tuple[int, int], int]:
    """Return the pairs who are promised, then those who are asked, with their offers."""
    low, high = scope.window
    days = Q(need__starts_at__gte=low, need__starts_at__lt=high)
    near = within_any("volunteer__volunteer__region_id", [rules.lending_area(scope.area)])
    near |= within_any("need__region_id", [scope.area])
    taken = Assignment.objects.filter(days, near, ended_at=None).order_by("pk")
    asked = Offer.objects.filter(days, near, answer=None, expires_at__gt=now).order_by("pk")
    pairs = [
        *taken.values_list("need_id", "volunteer_id", "offer_id"),
        *asked.values_list("need_id", "volunteer_id", "pk"),
    ]
    return {(need_id, volunteer_id): offer_id for need_id, volunteer_id, offer_id in pairs}


def _capped(needs: Iterable[PlanNeed], pairs: Iterable[tuple[int, int]]) -> list[PlanNeed]:
    """Let needs that are not planned want nobody beyond whom they have."""
    has = Counter(need_id for need_id, _ in pairs)
    return [
        need if need.is_asked else replace(need, helpers=min(has[need.id], HELPERS_MAX))
        for need in needs
    ]


def _rows(
    needs: Sequence[PlanNeed], pairs: Iterable[tuple[int, int]], volunteers: Volunteers
) -> npt.NDArray[np.int64]:
    """Return the pairs as rows, no more for a need than it wants: a worker may ring up several."""
    row_of = {need.id: row for row, need in enumerate(needs)}
    person_of = {person: row for row, person in enumerate(volunteers.ids.tolist())}
    left = [need.helpers for need in needs]
    rows = []
    for need_id, volunteer_id in pairs:
        row = row_of.get(need_id)
        if row is not None and left[row] and volunteer_id in person_of:
            left[row] -= 1
            rows.append((row, person_of[volunteer_id]))
    return np.array(rows, np.int64).reshape(-1, 2)


def _origin(needs: Iterable[PlanNeed]) -> tuple[float, float]:
    return next(
        (
            (need.longitude, need.latitude)
            for need in needs
            if need.longitude is not None and need.latitude is not None
        ),
        (0.0, 0.0),
    )


def _box(needs: Iterable[PlanNeed]) -> tuple[float, float, float, float] | None:
    """Return west, south, east and north of where somebody may live to be near enough."""
    points = [
        (need.longitude, need.latitude)
        for need in needs
        if need.longitude is not None and need.latitude is not None
    ]
    if not points:
        return None
    longitudes, latitudes = zip(*points, strict=True)
    north = PLAN_WEIGHTS.metres_max / _METRES_A_DEGREE
    east = north / cos(radians(max(map(abs, latitudes))))
    return (
        min(longitudes) - east,
        min(latitudes) - north,
        max(longitudes) + east,
        max(latitudes) + north,
    )


def _requests(
    needs: Sequence[PlanNeed], scope: PlanScope, *, origin: tuple[float, float]
) -> Requests:
    columns: list[list[float | None]] = [
        [need.longitude for need in needs],
        [need.latitude for need in needs],
    ]
    x, y = project_all(*(np.array(column, np.float64) for column in columns), origin=origin)
    holidays = _holidays(scope)
    size = len(needs)
    return Requests(
        ids=np.array([need.id for need in needs], np.int64),
        place=np.array([place_number(need.region_code) for need in needs], np.int64),
        x=x,
        y=y,
        starts=np.array([minute(need.starts_at) for need in needs], np.int32),
        ends=np.array([minute(need.ends_at) for need in needs], np.int32),
        slots=np.array([_slots(need, holidays) for need in needs], np.uint32),
        skills=np.array([mask_of(need.skills, SKILLS) for need in needs], np.uint32),
        category=np.array([mask_of([need.category], CATEGORIES) for need in needs], np.uint32),
        languages=np.array(
            [mask_of(need.helper_languages, LANGUAGES) for need in needs], np.uint32
        ),
        helpers=np.array([need.helpers for need in needs], np.uint8),
        priority=np.array(
            [rules.plan_priority(Urgency(need.urgency), Risk(need.risk)) for need in needs],
            np.uint8,
        ),
        radius_m=np.full(size, PLAN_WEIGHTS.metres_max, np.int32),
        sex=np.array([SEXES[need.helper_sex] for need in needs], np.uint8),
        require_adult=np.ones(size, np.bool_),
        **_people_lists(needs, scope),
    )


def _slots(need: PlanNeed, holidays: Collection[date]) -> int:
    starts_at, ends_at = need.starts_at.astimezone(CHINA), need.ends_at.astimezone(CHINA)
    return slots_between(starts_at, ends_at, holidays=holidays)


def _holidays(scope: PlanScope) -> tuple[date, ...]:
    """Return the public holidays of the days; before a year's calendar is out, weekdays decide."""
    days = (scope.ends_on - scope.starts_on).days + 1
    found = []
    for day in (scope.starts_on + timedelta(days=n) for n in range(days)):
        try:
            found += [day] if workdays.is_public_holiday(day) else []
        except workdays.CalendarYearMissing:
            return tuple(found)
    return tuple(found)


def _people_lists(needs: Sequence[PlanNeed], scope: PlanScope) -> dict[str, IdLists]:
    """Return who may not go, who must not meet and who knows each other; eight queries.

    Of needs that are not planned nothing has to be known.
    """
    ids = [need.id for need in needs if need.is_asked]
    people = sorted({need.beneficiary_id for need in needs if need.is_asked})
    family = _families(people)
    asked: defaultdict[int, set[int]] = defaultdict(set)
    tried = Offer.objects.filter(among("need_id", ids)).exclude(answer__answer=Answer.WITHDRAWN)
    for need_id, volunteer_id in tried.values_list("need_id", "volunteer_id"):
        asked[need_id].add(volunteer_id)
    for need_id, volunteer_id in scope.barred:
        asked[need_id].add(volunteer_id)
    blocked: defaultdict[int, set[int]] = defaultdict(set)
    apart = BlockedPair.objects.filter(among("beneficiary_id", people), ended_at=None)
    for person_id, volunteer_id in apart.values_list("beneficiary_id", "volunteer_id"):
        blocked[person_id].add(volunteer_id)
    helped: defaultdict[int, set[tuple[int, int]]] = defaultdict(set)
    before = Assignment.objects.filter(among("need__beneficiary_id", people), ended_at=None)
    for person_id, *pair in before.values_list("need__beneficiary_id", "need_id", "volunteer_id"):
        helped[person_id].add((pair[0], pair[1]))
    paired: defaultdict[int, set[int]] = defaultdict(set)
    for person_id, helper_id in paired_with(people):
        paired[person_id].add(helper_id)
    return {
        "exclude": IdLists.of(
            {need.requested_by_id, *family[need.beneficiary_id], *asked[need.id]}
            if need.is_asked
            else ()
            for need in needs
        ),
        "blocked": IdLists.of(blocked[need.beneficiary_id] for need in needs),
        "previous": IdLists.of(
            paired[need.beneficiary_id]
            | {helper for other, helper in helped[need.beneficiary_id] if other != need.id}
            for need in needs
        ),
    }


def _families(people: Sequence[int]) -> Mapping[int, set[int]]:
    """Return each person with kin and household; two queries."""
    family = {person: {person} for person in people}
    kin = Kinship.objects.filter(
        among("person_id", people) | among("relative_id", people), ended_at=None
    )
    for person, relative in kin.values_list("person_id", "relative_id"):
        family.get(person, set()).add(relative)
        family.get(relative, set()).add(person)
    homes = Person.objects.filter(among("pk", people)).values("household_id")
    at_home: defaultdict[int, set[int]] = defaultdict(set)
    for person, home in Person.objects.filter(household_id__in=homes).values_list(
        "pk", "household_id"
    ):
        at_home[home].add(person)
    for members in at_home.values():
        for person in members & family.keys():
            family[person] |= members
    return family
