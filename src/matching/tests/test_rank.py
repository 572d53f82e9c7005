from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import Cause, Reason, ReasonCode, Request, Tier, Weights, rank_one, verify
from matching.factories import (
    HOME,
    NAN,
    Volunteer,
    make_request,
    make_volunteers,
    requests,
    volunteer_rows,
)
from matching.verify import rule_59

LIMITS = st.integers(1, 14)


@given(volunteer_rows, requests, LIMITS)
def test_ranking_equals_plain_oracle(rows: list[Volunteer], request: Request, limit: int) -> None:
    volunteers = make_volunteers(*rows)

    ranking = rank_one(volunteers, request, limit=limit)

    assert verify(volunteers, request, ranking, limit=limit) == ()


@given(volunteer_rows, requests, LIMITS, st.randoms(use_true_random=False))
def test_order_of_input_does_not_matter(
    rows: list[Volunteer], request: Request, limit: int, random: Random
) -> None:
    shuffled = random.sample(rows, len(rows))

    rankings = [
        rank_one(make_volunteers(*order), request, limit=limit) for order in (rows, shuffled)
    ]

    assert rankings[0] == rankings[1]


@given(volunteer_rows, requests)
def test_nobody_unfit_is_proposed(rows: list[Volunteer], request: Request) -> None:
    by_id = {row.id: row for row in rows}

    ranking = rank_one(make_volunteers(*rows), request, limit=14)

    for candidate in ranking.candidates:
        row = by_id[candidate.id]
        assert row.active
        assert not row.paused
        assert row.adult or not request.require_adult
        assert row.id not in request.exclude | request.blocked
        assert row.availability & request.slots == request.slots
        assert all(end <= request.starts or request.ends <= start for start, end in row.busy)


@given(volunteer_rows, requests, LIMITS)
def test_rejected_and_eligible_sum_up(rows: list[Volunteer], request: Request, limit: int) -> None:
    ranking = rank_one(make_volunteers(*rows), request, limit=limit)

    assert ranking.considered == len(rows)
    assert ranking.eligible + sum(ranking.rejected.values()) == len(rows)
    assert len(ranking.candidates) == min(limit, ranking.eligible)
    assert ranking.missing == max(0, request.helpers - ranking.eligible)
    assert list(ranking.rejected) == list(Cause)


@st.composite
def _any_weights(draw: st.DrawFn) -> Weights:
    """Draw weights that are as tight as the dominance rule allows, plus something."""
    steps = (("metre", 99_999), ("first_visit", 1), ("rating_step", 500), ("order", 32_767))
    chosen: dict[str, int] = {}
    below = 0
    for name, count in steps:
        chosen[name] = below + draw(st.integers(1, 9))
        below += chosen[name] * count
    return Weights(**chosen, tier=below + 1, unrated=draw(st.sampled_from([0, 300, 500])))


@given(volunteer_rows, requests, _any_weights())
def test_cost_keeps_lexicographic_rule_59(
    rows: list[Volunteer], request: Request, weights: Weights
) -> None:
    volunteers = make_volunteers(*rows)
    row_of = {row.id: index for index, row in enumerate(rows)}

    ranking = rank_one(volunteers, request, limit=14, weights=weights)

    costs = [candidate.cost for candidate in ranking.candidates]
    keys = [rule_59(volunteers, row_of[found.id], request, weights) for found in ranking.candidates]
    assert costs == sorted(costs)
    assert keys == sorted(keys)


# Each pair: who must come first, and the strongest opponent. Source: domain.md rule 59.
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            Volunteer(9, x=4999, orders30=32767, rating=1),
            Volunteer(1, place="110101001001001002", rating=500),
        ),
        (
            Volunteer(9, place="110101001001001002", orders30=99),
            Volunteer(1, place="110101001001002001"),
        ),
        (
            Volunteer(9, place="110101001001002001", orders30=99),
            Volunteer(1, place="110101001002001001"),
        ),
        (Volunteer(9, place="110101001002", orders30=99), Volunteer(1, place="110101002001")),
        (Volunteer(9, place="110101002", orders30=99), Volunteer(1, place="110102001")),
        (Volunteer(9, x=4999, orders30=1, rating=1), Volunteer(1, orders30=2, rating=500)),
        (Volunteer(9, x=4999, rating=451), Volunteer(1, rating=450)),
        (Volunteer(9, x=4999, rating=401), Volunteer(1)),
        (Volunteer(9), Volunteer(1, rating=399)),
        (Volunteer(9, x=10), Volunteer(1, x=11)),
        (Volunteer(9, x=4999), Volunteer(1, x=NAN)),
        (Volunteer(1, x=10.2), Volunteer(9, x=10)),
    ],
)
def test_rule_59_decides_in_turn(first: Volunteer, second: Volunteer) -> None:
    ranking = rank_one(make_volunteers(second, first), make_request(), limit=2)

    assert [candidate.id for candidate in ranking.candidates] == [first.id, second.id]


@pytest.mark.parametrize(
    ("stranger", "expected"),
    [
        (Volunteer(1), [9, 1]),
        (Volunteer(1, rating=401), [1, 9]),
        (Volunteer(1, rating=400), [9, 1]),
    ],
)
def test_continuity_breaks_ties_only(stranger: Volunteer, expected: list[int]) -> None:
    known = Volunteer(9, x=4999)

    ranking = rank_one(
        make_volunteers(stranger, known), make_request(previous=frozenset({9})), limit=2
    )

    assert [candidate.id for candidate in ranking.candidates] == expected


def _paused(row: Volunteer) -> Volunteer:
    return row._replace(paused=True)


@pytest.mark.parametrize(
    ("cause", "spoil"),
    [
        (Cause.NOT_ACTIVE, lambda row: row._replace(active=False)),
        (Cause.PAUSED, _paused),
        (Cause.MINOR, lambda row: row._replace(adult=False)),
        (Cause.OTHER_SEX, lambda row: row._replace(sex=1)),
        (Cause.SELF_OR_FAMILY, lambda row: row._replace(id=71)),
        (Cause.BLOCKED, lambda row: row._replace(id=72)),
        (Cause.CATEGORY, lambda row: row._replace(categories=0b01)),
        (Cause.SKILL, lambda row: row._replace(skills=0b01)),
        (Cause.NOT_AVAILABLE, lambda row: row._replace(availability=0b01)),
        (Cause.CONFLICT, lambda row: row._replace(busy=((0, 90), (719, 800)))),
        (Cause.TOO_FAR, lambda row: row._replace(x=5001.0)),
    ],
)
def test_each_cause_is_counted(cause: Cause, spoil: Callable[[Volunteer], Volunteer]) -> None:
    good = Volunteer(5)
    request = make_request(
        sex=2,
        category=0b10,
        skills=0b11,
        slots=0b11,
        exclude=frozenset({71}),
        blocked=frozenset({72}),
    )

    ranking = rank_one(make_volunteers(spoil(good._replace(id=6)), good), request, limit=5)

    assert [candidate.id for candidate in ranking.candidates] == [5]
    assert ranking.rejected == {**dict.fromkeys(Cause, 0), cause: 1}


def test_first_cause_in_order_counts() -> None:
    hopeless = Volunteer(6, paused=True, adult=False, skills=0, busy=((600, 720),), x=9e6)

    ranking = rank_one(make_volunteers(hopeless), make_request(skills=1), limit=5)

    assert ranking.rejected == {**dict.fromkeys(Cause, 0), Cause.PAUSED: 1}


def test_touching_windows_do_not_conflict() -> None:
    neighbour = Volunteer(6, busy=((500, 600), (720, 800)))

    ranking = rank_one(make_volunteers(neighbour), make_request(), limit=5)

    assert ranking.eligible == 1


def test_unknown_point_is_judged_by_area() -> None:
    near = Volunteer(6, place="110101", x=NAN)
    far = Volunteer(7, place="110102", y=NAN)

    ranking = rank_one(make_volunteers(near, far), make_request(), limit=5)

    assert [(found.id, found.metres) for found in ranking.candidates] == [(6, None)]
    assert ranking.rejected[Cause.TOO_FAR] == 1


def test_area_unknown_to_request_is_not_shared() -> None:
    only_street = "110101001"

    ranking = rank_one(
        make_volunteers(Volunteer(6, place=only_street)),
        make_request(place=110101001 * 10**9),
        limit=5,
    )

    assert ranking.candidates[0].tier is Tier.STREET


def test_city_without_districts_has_district_tier() -> None:
    ranking = rank_one(
        make_volunteers(Volunteer(6, place="441900004001")),
        make_request(place=441900003001 * 10**6),
        limit=5,
    )

    assert ranking.candidates[0].tier is Tier.DISTRICT


def test_reasons_name_what_counted() -> None:
    ada = Volunteer(6, orders30=1, rating=480)
    request = make_request(skills=0b101, slots=0b10, previous=frozenset({6}))

    ranking = rank_one(make_volunteers(ada), request, limit=5)

    assert ranking.candidates[0].reasons == (
        Reason(ReasonCode.SAME_BUILDING),
        Reason(ReasonCode.HAS_SKILL, "01"),
        Reason(ReasonCode.HAS_SKILL, "03"),
        Reason(ReasonCode.FREE_THEN, "02"),
        Reason(ReasonCode.FEW_ORDERS, 1),
        Reason(ReasonCode.RATING, 480),
        Reason(ReasonCode.SERVED_BEFORE),
    )


def test_reasons_leave_out_what_does_not_speak() -> None:
    busy_stranger = Volunteer(6, place="110102", orders30=3, rating=399)

    ranking = rank_one(make_volunteers(busy_stranger), make_request(), limit=5)

    assert ranking.candidates[0].tier is Tier.OTHER
    assert ranking.candidates[0].reasons == ()


def test_ties_at_the_limit_go_by_id() -> None:
    crowd = [Volunteer(number, place=HOME) for number in (5, 3, 9, 1, 7)]

    ranking = rank_one(make_volunteers(*crowd), make_request(helpers=2), limit=2)

    assert [(found.id, found.rank) for found in ranking.candidates] == [(1, 1), (3, 2)]


def test_two_helpers_with_one_eligible_misses_one() -> None:
    ranking = rank_one(make_volunteers(Volunteer(6)), make_request(helpers=2), limit=2)

    assert (ranking.eligible, ranking.missing) == (1, 1)


def test_limit_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="limit must be at least 1"):
        rank_one(make_volunteers(), make_request(), limit=0)
