"""Rosters keep their rules, fill what can be filled, and are fair; checked by brute force."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import Busy, RosterCause, RosterPeople, RosterRequest, RosterSlots, propose_roster
from matching.tests.rosters import DAY, Slot, ask, faults, most_filled, requests


def test_scarcest_slot_is_filled_first():
    # Only 1 may take slot 10; greedy by time alone would have given 1 the earlier slot.
    slots = [Slot(20, 480, 600), Slot(10, 540, 660)]

    roster = propose_roster(ask(slots, {1: 0, 2: 0}, allowed={1: {10, 20}, 2: {20}}))

    assert roster.pairs == ((20, 2), (10, 1))
    assert roster.gaps == ()


def test_whoever_served_least_comes_first_and_ties_go_to_the_lower_id():
    slots = [Slot(1, 480, 600), Slot(2, DAY + 480, DAY + 600), Slot(3, 2 * DAY, 2 * DAY + 60)]

    roster = propose_roster(ask(slots, {9: 0, 4: 0, 7: 500}))

    assert roster.pairs == ((1, 4), (2, 9), (3, 4))


def test_penalty_speaks_in_minutes_against_a_pair():
    slots = [Slot(1, 480, 600)]
    people = {1: 0, 2: 60}

    near = propose_roster(ask(slots, people, penalty={(1, 1): 59}))
    far = propose_roster(ask(slots, people, penalty={(1, 1): 61}))

    assert (near.pairs, far.pairs) == (((1, 1),), ((1, 2),))


def test_maximum_is_filled_only_when_wished_and_after_all_minimums():
    slots = [Slot(1, 480, 600, 1, 3), Slot(2, 480, 600, 1, 1)]
    people = {1: 0, 2: 0, 3: 0}

    assert len(propose_roster(ask(slots, people)).pairs) == 2
    filled = propose_roster(ask(slots, people, fill=True))

    assert sorted(slot for slot, _ in filled.pairs) == [1, 1, 2]


def test_day_cap_and_busy_windows_hold():
    slots = [Slot(1, 480, 600), Slot(2, 700, 800), Slot(3, DAY + 480, DAY + 600)]

    once = propose_roster(ask(slots, {1: 0}))
    twice = propose_roster(ask(slots, {1: 0}, day_cap=2, busy={1: [(DAY + 590, DAY + 700)]}))

    assert [slot for slot, _ in once.pairs] == [1, 3]
    assert [slot for slot, _ in twice.pairs] == [1, 2]


def test_gap_tells_the_first_cause_of_each():
    slots = [Slot(1, 480, 600), Slot(2, 540, 660, 5, 5)]
    people = dict.fromkeys(range(1, 5), 0)

    roster = propose_roster(
        ask(
            slots,
            people,
            allowed={1: {2}, 2: {1}, 3: {2}, 4: {1}},
            busy={3: [(0, 2 * DAY)], 4: [(0, 600)]},
        )
    )

    [gap] = roster.gaps
    assert (gap.slot, gap.missing) == (2, 4)
    assert gap.causes == {
        RosterCause.BARRED: 2,
        RosterCause.CONFLICT: 1,
        RosterCause.ROSTERED: 0,
        RosterCause.DAY_FULL: 0,
    }


def test_gap_counts_those_who_are_rostered_already():
    slots = [Slot(1, 480, 600), Slot(2, 540, 660), Slot(3, 700, 760)]

    roster = propose_roster(ask(slots, {1: 0}))

    assert [
        (gap.slot, gap.causes[RosterCause.ROSTERED], gap.causes[RosterCause.DAY_FULL])
        for gap in roster.gaps
    ] == [(2, 1, 0), (3, 0, 1)]


def test_one_exchange_fills_what_greed_left_open():
    slots = [Slot(one, 480, 600) for one in (1, 2, 3)]

    # Person 1 takes slot 1 and 3 takes slot 2, since ids decide; then nobody is left for slot 3.
    roster = propose_roster(
        ask(slots, {1: 0, 2: 0, 3: 0}, allowed={1: {1, 2, 3}, 2: {1}, 3: {2, 3}})
    )

    assert (roster.pairs, roster.gaps) == (((1, 2), (2, 3), (3, 1)), ())


def test_chain_of_exchanges_fills_what_one_cannot():
    slots = [Slot(one, 480, 600) for one in (1, 2, 3, 4)]

    # 4 stands where only 4 can; slot 3 is open. 3 takes it and leaves 2 to 1, who leaves 1 to 2.
    roster = propose_roster(
        ask(
            slots,
            {1: 0, 2: 0, 3: 0, 4: 0},
            allowed={1: {1, 2}, 2: {1}, 3: {2, 3}, 4: {3, 4}},
        )
    )

    assert (roster.pairs, roster.gaps) == (((1, 2), (2, 1), (3, 3), (4, 4)), ())


def test_who_got_two_for_want_of_others_gives_one_to_who_got_none():
    slots = [Slot(1, 480, 540), Slot(2, DAY + 480, DAY + 540), Slot(3, DAY + 480, DAY + 540, 2, 2)]

    # 1 takes the first, and the second as well, since 3 and 4 stand elsewhere; 2 has nothing.
    roster = propose_roster(
        ask(
            slots,
            {1: 0, 2: 0, 3: 0, 4: 0},
            allowed={1: {1, 2}, 2: {1}, 3: {2, 3}, 4: {2, 3}},
        )
    )

    assert roster.pairs == ((1, 2), (2, 1), (3, 3), (3, 4))
    assert (roster.fairness.least, roster.fairness.most) == (60, 60)


def test_work_is_evened_out():
    slots = [Slot(day, day * DAY, day * DAY + 120) for day in range(12)]

    roster = propose_roster(ask(slots, dict.fromkeys(range(6), 0)))

    assert (roster.fairness.least, roster.fairness.most, roster.fairness.people) == (240, 240, 6)
    assert roster.fairness.busiest_share == 166


def test_nobody_and_nothing_give_an_empty_roster():
    assert propose_roster(ask([], {1: 0})).pairs == ()
    empty = propose_roster(ask([Slot(1, 0, 60)], {}))

    assert (empty.pairs, empty.gaps[0].missing, empty.fairness.people) == ((), 1, 0)


@settings(deadline=None, max_examples=100)
@given(request=requests())
def test_every_roster_keeps_the_rules(request: RosterRequest):
    assert faults(request, propose_roster(request)) == []


@settings(deadline=None, max_examples=100)
@given(request=requests(one_at_a_time=True))
def test_where_each_takes_one_slot_as_many_are_filled_as_can_be(request: RosterRequest):
    """The pure case, bipartite: chains of exchanges are exact there."""
    roster = propose_roster(request)
    wanted = int(request.slots.minimum.sum())

    assert wanted - sum(gap.missing for gap in roster.gaps) == most_filled(request)


@settings(deadline=None, max_examples=60)
@given(request=requests(), seed=st.integers(0, 99))
def test_order_of_rows_changes_nothing(request: RosterRequest, seed: int):
    random = np.random.default_rng(seed)
    rows = random.permutation(len(request.people))
    columns = random.permutation(len(request.slots))
    windows = [
        (int(request.people.busy.ptr[row]), int(request.people.busy.ptr[row + 1])) for row in rows
    ]
    picked = [window for first, last in windows for window in range(first, last)]
    shuffled = RosterRequest(
        people=RosterPeople(
            ids=request.people.ids[rows],
            load=request.people.load[rows],
            busy=Busy(
                ptr=np.cumsum([0, *(last - first for first, last in windows)]).astype(np.int64),
                start=request.people.busy.start[picked].astype(np.int32),
                end=request.people.busy.end[picked].astype(np.int32),
            ),
        ),
        slots=RosterSlots(
            **{
                name: getattr(request.slots, name)[columns]
                for name in ("ids", "starts", "ends", "minimum", "maximum")
            }
        ),
        allowed=request.allowed[np.ix_(rows, columns)],
        penalty=request.penalty[np.ix_(rows, columns)],
        day_cap=request.day_cap,
        fill=request.fill,
    )

    assert propose_roster(shuffled) == propose_roster(request)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"day_cap": 0}, "day_cap"),
        ({"allowed": np.ones((1, 2), np.bool_)}, "allowed"),
        ({"penalty": np.array([[-1]], np.int32)}, "penalty must not"),
        ({"penalty": np.zeros((2, 1), np.int32)}, "penalty"),
    ],
)
def test_request_of_another_shape_is_refused(change, words):
    good = ask([Slot(1, 0, 60)], {1: 0})
    fields = {
        name: getattr(good, name)
        for name in ("people", "slots", "allowed", "penalty", "day_cap", "fill")
    }

    with pytest.raises(ValueError, match=words):
        RosterRequest(**{**fields, **change})


@pytest.mark.parametrize(
    ("slot", "words"),
    [
        (Slot(1, 60, 60), "end after"),
        (Slot(1, 0, 60, 2, 1), "maximum"),
        (Slot(1, 0, 60, -1, 1), "minimum"),
    ],
)
def test_slot_that_cannot_be_is_refused(slot, words):
    with pytest.raises(ValueError, match=words):
        ask([slot], {1: 0})


def test_ids_are_unique_and_loads_not_negative():
    with pytest.raises(ValueError, match="unique"):
        ask([Slot(1, 0, 60), Slot(1, 60, 90)], {1: 0})
    with pytest.raises(ValueError, match="load"):
        ask([Slot(1, 0, 60)], {1: -1})


def test_pairs_of_one_slot_are_different_people():
    roster = propose_roster(ask([Slot(1, 0, 60, 3, 3)], {1: 0, 2: 0, 3: 0}))

    assert all(one != other for one, other in combinations(roster.pairs, 2))
