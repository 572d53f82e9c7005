from os import environ
from random import Random
from typing import Any, NamedTuple

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from matching.codes import place_number
from matching.factories import HOME, NAN, Volunteer, make_volunteers
from matching.inputs import ANY_SEX, FEMALE, MALE, Int64Array, Request, Volunteers
from matching.requests import Requests

DAY = 24 * 60


class Visit(NamedTuple):
    """One request in plain words; the defaults make an hour at home that everybody may serve."""

    id: int
    starts: int = 9 * 60
    ends: int = 10 * 60
    place: str = HOME
    x: float = 0.0
    y: float = 0.0
    slots: int = 0
    skills: int = 0
    category: int = 0
    languages: int = 0
    helpers: int = 1
    priority: int = 1
    radius_m: int = 5_000
    sex: int = ANY_SEX
    require_adult: bool = True
    exclude: frozenset[int] = frozenset()
    blocked: frozenset[int] = frozenset()
    previous: frozenset[int] = frozenset()


class Week(NamedTuple):
    """People and visits in plain words; fixed: ids of visits and people."""

    people: tuple[Volunteer, ...]
    visits: tuple[Visit, ...]
    fixed: tuple[tuple[int, int], ...] = ()

    @property
    def asked(self) -> tuple[Volunteers, Requests]:
        return make_volunteers(*self.people), make_requests(*self.visits)

    @property
    def fixed_rows(self) -> Int64Array:
        people = [person.id for person in self.people]
        visits = [visit.id for visit in self.visits]
        rows = [(visits.index(visit), people.index(person)) for visit, person in self.fixed]
        return np.array(rows, np.int64).reshape(-1, 2)

    def shuffled(self, random: Random) -> "Week":
        return Week(
            tuple(random.sample(self.people, len(self.people))),
            tuple(random.sample(self.visits, len(self.visits))),
            tuple(random.sample(self.fixed, len(self.fixed))),
        )


def make_requests(*visits: Visit) -> Requests:
    return Requests.of(
        [Request(place=place_number(visit.place), **_single(visit._asdict())) for visit in visits],
        ids=[visit.id for visit in visits],
        priorities=[visit.priority for visit in visits],
    )


def _single(values: dict[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in values if name not in ("id", "priority", "place")}


def examples(count: int) -> settings:
    """Set how many weeks a test tries; MATCHING_EXAMPLES=20 tries twenty times as many."""
    times = int(environ.get("MATCHING_EXAMPLES", "1"))
    return settings(deadline=None, max_examples=count * times)


# Few values each, so that ties, overlaps and equal areas are common.
_PLACES = (HOME, HOME, "110101001001001002", "110101001002")
_POINTS = (0.0, 0.0, 300.0, 1_499.5, 2_500.0)
_FAR_PLACES = (*_PLACES, "110102", "")
_FAR_POINTS = (*_POINTS, 2_000.0, 4_800.0, NAN)


def small_week(random: Random) -> Week:
    """Draw at most four people and five visits that want much the same of them."""
    ids = random.sample(range(1, 40), 9)
    draw_person, draw_visit = random.choice(((_person, _visit), (_any_person, _any_visit)))
    people = tuple(draw_person(one, random) for one in ids[: random.choice((1, 2, 3, 3, 4, 4))])
    visits = tuple(
        draw_visit(one, ids[:4], random) for one in ids[4 : 4 + random.choice((1, 2, 3, 4, 5, 5))]
    )
    pairs = [(visit.id, person.id) for visit in visits for person in people]
    kept = min(random.choice((0, 0, 0, 1, 1, 2)), len(pairs))
    return Week(people, visits, tuple(random.sample(pairs, kept)))


def _person(number: int, random: Random) -> Volunteer:
    """Draw somebody who may be asked, but not for everything at once."""
    return Volunteer(
        number,
        place=random.choice(_PLACES),
        x=random.choice(_POINTS),
        y=random.choice(_POINTS),
        skills=random.choice((7, 3, 1)),
        orders30=random.choice((0, 0, 1, 5, 30)),
        rating=random.choice((0, 380, 500)),
        day_cap=random.choice((1, 1, 2, 2, 3)),
        week_cap=random.choice((1, 2, 2, 3, 5)),
    )


def _any_person(number: int, random: Random) -> Volunteer:
    return _person(number, random)._replace(
        place=random.choice(_FAR_PLACES),
        x=random.choice(_FAR_POINTS),
        y=random.choice(_FAR_POINTS),
        categories=random.choice((7, 7, 7, 3)),
        availability=random.choice((7, 7, 7, 3, 0)),
        active=random.random() < 0.95,
        paused=random.random() < 0.05,
        adult=random.random() < 0.9,
        sex=random.choice((FEMALE, FEMALE, MALE, ANY_SEX)),
        languages=random.choice((1, 1, 3, 2)),
        week_cap=random.choice((0, 1, 3, 5)),
        busy=random.choice(((), (), (), ((9 * 60, 9 * 60 + 45),))),
    )


def _visit(number: int, people: list[int], random: Random) -> Visit:
    starts = random.choice((0, 0, DAY)) + 8 * 60 + 15 * random.randint(0, 14)
    return Visit(
        number,
        starts=starts,
        ends=starts + random.choice((30, 60, 60, 120)),
        place=random.choice(_PLACES),
        x=random.choice(_POINTS),
        y=random.choice(_POINTS),
        skills=random.choice((0, 0, 1, 2)),
        helpers=random.choice((1, 1, 1, 2, 2, 3)),
        priority=random.choice((1, 1, 1, 2, 3, 4)),
        blocked=frozenset(random.sample(people, random.choice((0, 0, 1)))),
        previous=frozenset(random.sample(people, random.choice((0, 1, 2)))),
    )


def _any_visit(number: int, people: list[int], random: Random) -> Visit:
    return _visit(number, people, random)._replace(
        place=random.choice(_FAR_PLACES),
        x=random.choice(_FAR_POINTS),
        y=random.choice(_FAR_POINTS),
        slots=random.choice((0, 0, 1, 2, 3)),
        skills=random.choice((0, 0, 1, 2, 4, 5)),
        category=random.choice((0, 0, 0, 1, 4)),
        languages=random.choice((0, 0, 0, 1, 2, 3)),
        radius_m=random.choice((5_000, 5_000, 5_000, 2_000)),
        sex=random.choice((ANY_SEX, ANY_SEX, ANY_SEX, FEMALE)),
        require_adult=random.random() < 0.5,
        exclude=frozenset(random.sample(people, random.choice((0, 0, 0, 1)))),
    )


small_weeks = st.integers(0, 2**32 - 1).map(lambda seed: small_week(Random(seed)))
