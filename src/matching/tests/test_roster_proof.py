"""What is proven of a roster holds for every roster, and small ones are proven to the end."""

import pytest
from hypothesis import given, settings

from matching import RosterRequest, propose_roster, roster_exact, roster_proof
from matching.roster_board import Board
from matching.roster_exact import solve_block
from matching.tests.rosters import DAY, Slot, all_rosters, ask, faults, most_filled, requests


def board_of(request: RosterRequest) -> Board:
    return Board(request)


@settings(deadline=None, max_examples=120)
@given(request=requests())
def test_small_rosters_are_proven_to_the_last_place(request: RosterRequest):
    roster = propose_roster(request)
    reached = all_rosters(request)
    wanted = request.slots.minimum.tolist()
    best = max((sum(map(min, one, wanted)), sum(one)) for one in reached)

    assert roster.is_proven
    assert roster.proof.open_places == sum(wanted) - best[0] == roster.missing
    assert roster.proof.filled == best[1] == len(roster.pairs)


@settings(deadline=None, max_examples=100)
@given(request=requests())
def test_nobody_could_be_less_busy_than_proven(request: RosterRequest):
    roster = propose_roster(request)
    counts = tuple(sum(slot == int(one) for slot, _ in roster.pairs) for one in request.slots.ids)

    assert roster.proof.most <= all_rosters(request)[counts] <= roster.fairness.most


@settings(deadline=None, max_examples=100)
@given(request=requests())
def test_no_bound_is_below_what_can_be_filled(request: RosterRequest):
    board = board_of(request)
    calendar = board.calendar()
    best = most_filled(request)
    flow = prices = 0

    for span in calendar.blocks():
        flow += roster_proof._by_flow(calendar.part(span), board.minimum[span])
        prices += roster_proof._by_prices(calendar.part(span), board.minimum[span])

    assert best <= min(flow, prices)


def test_prices_prove_what_flow_cannot():
    # 1 may take the early and the late one, or the long one between; flow sees only two a day.
    slots = [Slot(1, 0, 240), Slot(2, 180, 420), Slot(3, 360, 600)]
    board = board_of(ask(slots, {1: 0, 2: 0}, allowed={1: {1, 2, 3}, 2: {1}}, day_cap=2))

    assert roster_proof._by_flow(board.calendar(), board.minimum) == 3
    assert roster_proof.most_filled(board.calendar(), board.minimum, reached=2) == 2


def test_what_is_too_large_is_proven_by_flow_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(roster_proof, "_PAIRS_MAX", 0)
    monkeypatch.setattr(roster_exact, "_PAIRS_MAX", 0)
    slots = [Slot(1, 0, 240), Slot(2, 180, 420), Slot(3, 360, 600)]

    roster = propose_roster(ask(slots, {1: 0, 2: 0}, allowed={1: {1, 2, 3}, 2: {1}}, day_cap=2))

    assert (roster.missing, roster.proof.open_places, roster.is_proven) == (1, 0, False)


def test_where_chains_fall_short_the_block_is_solved():
    # Both must have two: chains of one-for-one find no way from three.
    slots = [Slot(1, 600, 960), Slot(2, 540, 600), Slot(3, 660, 960), Slot(4, 360, 660)]
    request = ask(slots, {1: 0, 2: 0}, allowed={1: {1, 2, 4}, 2: {1, 2, 3, 4}}, day_cap=3)

    roster = propose_roster(request)

    assert (roster.missing, roster.is_proven, faults(request, roster)) == (0, True, [])


def test_search_that_does_not_end_is_no_answer(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(roster_exact, "milp", lambda *_, **__: type("Solved", (), {"status": 1}))
    board = board_of(ask([Slot(1, 0, 60)], {1: 0}))

    assert solve_block(board.calendar(), board.minimum, board.maximum) is None


def test_days_apart_are_proven_apart_and_nights_tie_them():
    slots = [
        Slot(1, 480, 600),
        Slot(2, 22 * 60, DAY + 120),
        Slot(3, DAY + 60, DAY + 180),
        Slot(4, 2 * DAY, 2 * DAY + 60),
    ]
    calendar = board_of(ask(slots, {1: 0, 2: 0})).calendar()

    assert calendar.blocks() == [slice(0, 3), slice(3, 4)]
    assert [one.tolist() for one in calendar.part(slice(0, 3)).cliques()] == [[0], [1, 2]]


def test_busiest_hands_on_through_somebody_who_has_no_room():
    # 1 has three hours, and only 2 could take one; 2 gives hers of day 0 to 3 for it.
    slots = [Slot(day, day * DAY, day * DAY + 60) for day in range(4)]
    request = ask(slots, {1: 0, 2: 70, 3: 80}, allowed={1: {1, 2, 3}, 2: {0, 3}, 3: {0}})

    roster = propose_roster(request)

    assert roster.pairs == ((0, 3), (1, 1), (2, 1), (3, 2))
    assert roster.fairness.most == 140


def test_busiest_takes_a_shorter_one_back():
    # 2 takes the short one, being lighter, and so cannot take the long one that day; 3 has hers.
    slots = [Slot(1, 480, 660), Slot(2, 480, 540), Slot(3, 480, 540)]
    request = ask(slots, {1: 120, 2: 60, 3: 0}, allowed={1: {1, 2}, 2: {1, 2}, 3: {1, 3}})

    roster = propose_roster(request)

    assert roster.pairs == ((1, 2), (2, 1), (3, 3))
    assert roster.fairness.most == 240
