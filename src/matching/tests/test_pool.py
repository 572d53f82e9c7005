import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import Cause, Pool, Request, rank_one
from matching.factories import (
    NAN,
    Volunteer,
    make_request,
    make_volunteers,
    requests,
    volunteer_rows,
)
from matching.instances import invent_requests, invent_volunteers

LIMITS = st.integers(1, 14)


@settings(max_examples=60)
@given(volunteer_rows, st.lists(requests, min_size=1, max_size=3), LIMITS)
def test_pool_answers_as_the_scan(rows: list[Volunteer], asked: list[Request], limit: int) -> None:
    volunteers = make_volunteers(*rows)
    pool = Pool.of(volunteers)

    for request in asked:
        assert pool.rank_one(request, limit=limit) == rank_one(volunteers, request, limit=limit)


@settings(max_examples=60)
@given(volunteer_rows, volunteer_rows, st.frozensets(st.integers(1, 13)), requests)
def test_changed_pool_answers_as_a_new_one(
    rows: list[Volunteer], changed: list[Volunteer], gone: frozenset[int], request: Request
) -> None:
    pool = Pool.of(make_volunteers(*rows))
    pool.rank_one(request, limit=14)

    pool.put(make_volunteers(*changed))
    pool.drop(gone)
    pool.put(make_volunteers(*changed[:3]))

    left = {row.id: row for row in (*rows, *changed) if row.id not in gone}
    left |= {row.id: row for row in changed[:3]}
    now = make_volunteers(*left.values())
    assert len(pool) == len(now)
    assert pool.rank_one(request, limit=14) == rank_one(now, request, limit=14)


def test_pool_of_a_district_answers_as_the_scan() -> None:
    volunteers = invent_volunteers(6_000, seed=3)
    pool = Pool.of(volunteers)

    for request in invent_requests(volunteers, 40, seed=4):
        assert pool.rank_one(request, limit=20) == rank_one(volunteers, request, limit=20)


def test_pool_grows_beyond_its_room() -> None:
    pool = Pool.of(make_volunteers(Volunteer(1)))
    newcomers = [Volunteer(number, x=float(number % 7)) for number in range(2, 400)]

    pool.put(make_volunteers(*newcomers))

    everybody = make_volunteers(Volunteer(1), *newcomers)
    request = make_request(skills=1)
    assert pool.rank_one(request, limit=20) == rank_one(everybody, request, limit=20)


def test_who_moves_away_is_too_far() -> None:
    pool = Pool.of(make_volunteers(Volunteer(1, busy=((600, 700),)), Volunteer(2)))

    pool.put(make_volunteers(Volunteer(1, x=9e6), Volunteer(2, x=NAN)))

    ranking = pool.rank_one(make_request(), limit=5)
    assert [(found.id, found.metres) for found in ranking.candidates] == [(2, None)]
    assert ranking.rejected == {**dict.fromkeys(Cause, 0), Cause.TOO_FAR: 1}


@pytest.mark.parametrize("asked", ["skills", "category", "slots", "languages"])
def test_nobody_has_what_no_list_has(asked: str) -> None:
    volunteers, request = make_volunteers(Volunteer(1)), make_request(**{asked: 1 << 31})

    ranking = Pool.of(volunteers).rank_one(request, limit=1)

    assert ranking == rank_one(volunteers, request, limit=1)
    assert not ranking.eligible


@settings(max_examples=60)
@given(volunteer_rows, requests)
def test_fitting_leaves_time_and_way_open(rows: list[Volunteer], request: Request) -> None:
    fitting = Pool.of(make_volunteers(*rows)).fitting(request)

    ranking = rank_one(make_volunteers(*rows), request, limit=14)
    late = ranking.rejected[Cause.CONFLICT] + ranking.rejected[Cause.TOO_FAR]
    assert len(fitting.ids) == ranking.eligible + late
    assert {found.id for found in ranking.candidates} <= set(fitting.ids.tolist())
    assert bool(np.all(np.diff(fitting.ids) > 0))
    assert fitting.rejected == {**ranking.rejected, Cause.CONFLICT: 0, Cause.TOO_FAR: 0}


@settings(max_examples=60)
@given(volunteer_rows, requests, st.sampled_from([11, 110101, 110101001, 110101001001]))
def test_fitting_keeps_to_the_homes_asked_for(
    rows: list[Volunteer], request: Request, area: int
) -> None:
    low = area * 10 ** (18 - len(str(area)))
    pool = Pool.of(make_volunteers(*rows))
    pool.drop([rows[0].id] if rows else [])

    fitting = pool.fitting(request, places=(low, low + 10 ** (18 - len(str(area)))))

    there = [row for row in rows[1:] if row.place.startswith(str(area))]
    expected = Pool.of(make_volunteers(*there)).fitting(request)
    assert fitting.ids.tolist() == expected.ids.tolist()
    assert fitting.rejected == expected.rejected


def test_pool_refuses_a_limit_below_one() -> None:
    with pytest.raises(ValueError, match="limit must be at least 1"):
        Pool.of(make_volunteers()).rank_one(make_request(), limit=0)
