"""Fixed tasks are shared among as few workers as can be; checked by trying everything."""

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.smptsp import (
    Workload,
    faults,
    invent_workload,
    least_by_prices,
    most_apart,
    most_at_once,
    read_smptsp,
    search,
    solve,
    solve_exactly,
    staff,
)

FILE = """
# Randomly generated data
Type = 1
Jobs = 3
 1  238
  200 300
 238 400
Qualifications = 2
 2:  0  2
3: 0 1 2
"""
LOOPS = ("fit", "_draw", "_pick", "_place", "_take", "_change", "_lightest", "_fittest")


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run the loops as they stand: they need no compiler, and their lines are counted."""
    for name in LOOPS:
        function = getattr(search, name)
        monkeypatch.setattr(search, name, getattr(function, "py_func", function))
    monkeypatch.setattr(solve, "fit", search.fit)
    return


def workload(windows: list[tuple[int, int]], able: list[set[int]]) -> Workload:
    told = np.array(windows, np.int32).reshape(-1, 2)
    return Workload(
        starts=told[:, 0],
        ends=told[:, 1],
        qualified=np.array([[task in one for task in range(len(windows))] for one in able]),
    )


def fewest(given: Workload) -> int:
    """Return by trying everything how few workers are enough; a number too many if none are."""
    workers, tasks = given.qualified.shape
    sharings = (np.array(one, np.int32) for one in product(range(workers), repeat=tasks))
    return min(
        (len(set(one.tolist())) for one in sharings if not faults(given, one)),
        default=workers + 1,
    )


def test_public_file_is_read():
    read = read_smptsp(FILE)

    assert read.starts.tolist() == [1, 200, 238]
    assert read.ends.tolist() == [238, 300, 400]
    assert read.qualified.tolist() == [[True, False, True], [True, True, True]]
    assert [one.tolist() for one in read.moments()] == [[0, 1], [1, 2]]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("Type = 1", "Type = 2", "type 1"),
        ("Jobs", "Tasks", "Jobs expected"),
        ("3: 0 1 2", "4: 0 1 2", "3 tasks instead of 4"),
    ],
)
def test_file_of_another_kind_is_refused(before, after, words):
    with pytest.raises(ValueError, match=words):
        read_smptsp(FILE.replace(before, after))


@pytest.mark.parametrize(
    ("windows", "able", "words"),
    [
        ([(5, 5)], [{0}], "end after"),
        ([(0, 5)], [set()], "somebody"),
    ],
)
def test_workload_that_cannot_be_is_refused(windows, able, words):
    with pytest.raises(ValueError, match=words):
        workload(windows, able)


def test_arrays_of_other_shapes_are_refused():
    good = workload([(0, 5)], [{0}])

    with pytest.raises(ValueError, match="qualified"):
        Workload(starts=good.starts, ends=good.ends, qualified=np.ones((1, 2), np.bool_))


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize("seed", [1, 2])
def test_invented_day_is_solved_to_its_known_end(seed):
    given = invent_workload(needed=6, workers=9, skill=0.3, seed=seed)

    found = staff(given, steps=2_000, tries=3)

    assert (most_apart(given), found.used, found.bound) == (6, 6, 6)
    assert found.is_proven
    assert faults(given, found.worker_of) == []


@pytest.mark.usefixtures("plain")
def test_tasks_far_apart_may_exclude_each_other_too():
    given = workload([(0, 5), (6, 8), (10, 12)], [{0}, {1}, {2}])

    assert (most_at_once(given), most_apart(given), staff(given, steps=9).used) == (1, 3, 3)


@pytest.mark.usefixtures("plain")
def test_same_question_has_the_same_answer():
    given = invent_workload(needed=8, workers=11, skill=0.2, seed=3)

    first, second = (staff(given, steps=3_000, tries=1, seed=5) for _ in range(2))

    assert first.worker_of.tolist() == second.worker_of.tolist()


def test_compiled_loops_give_the_plain_answer(monkeypatch: pytest.MonkeyPatch):
    given = invent_workload(needed=8, workers=11, skill=0.2, seed=3)
    compiled = staff(given, steps=3_000, tries=2)
    for name in LOOPS:
        function = getattr(search, name)
        monkeypatch.setattr(search, name, getattr(function, "py_func", function))
    monkeypatch.setattr(solve, "fit", search.fit)

    assert staff(given, steps=3_000, tries=2).worker_of.tolist() == compiled.worker_of.tolist()


@st.composite
def workloads(draw: st.DrawFn) -> Workload:
    starts = draw(st.lists(st.integers(0, 6), min_size=1, max_size=5))
    windows = [(start, start + draw(st.integers(1, 4))) for start in starts]
    able = [draw(st.sets(st.integers(0, len(windows) - 1))) for _ in range(draw(st.integers(1, 3)))]
    # Somebody may do everything, or no day could be shared.
    return workload(windows, [*able, set(range(len(windows)))])


@pytest.mark.usefixtures("plain")
@settings(deadline=None, max_examples=60)
@given(given=workloads())
def test_bounds_hold_and_small_ones_are_proven(given: Workload):
    best = fewest(given)
    if best > len(given.qualified):
        with pytest.raises(ValueError, match="no way"):
            staff(given, steps=30, tries=1)
        return

    found = staff(given, steps=300, tries=2)

    assert max(most_apart(given), least_by_prices(given)) <= best
    assert (found.used, found.bound) == (best, best)
    assert faults(given, found.worker_of) == []


@pytest.mark.usefixtures("plain")
def test_what_the_search_misses_is_solved_exactly():
    # Without a single step nothing is found; the programme finds it all the same.
    given = invent_workload(needed=3, workers=5, skill=0.5, seed=4)

    assert staff(given, steps=0, tries=1).used == 3


@pytest.mark.usefixtures("plain")
def test_what_is_not_solved_to_the_end_is_not_proven(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(solve, "solve_exactly", lambda *_, **__: None)
    monkeypatch.setattr(solve, "least_by_prices", lambda _: 1)
    # No two overlap, yet nobody may do both.
    given = workload([(0, 5), (6, 8), (9, 10)], [{0, 1}, {1, 2}, {0, 2}])

    found = staff(given, steps=100, tries=1)

    assert (found.used, found.bound, found.is_proven) == (2, 1, False)


@pytest.mark.usefixtures("plain")
def test_nobody_changes_where_nobody_stands_by():
    desk = search.lay_out(
        search.Work(np.ones((1, 2), np.bool_), np.array([0, 1, 2]), np.array([1, 0], np.int32)),
        np.ones(1, np.bool_),
        np.array([0, -1], np.int32),
    )

    left = search.fit(
        search.Work(np.ones((1, 2), np.bool_), np.array([0, 1, 2]), np.array([1, 0], np.int32)),
        desk,
        steps=20,
        patience=3,
        seed=1,
    )

    assert (left, desk.active.tolist()) == (1, [True])


def test_too_hard_a_question_has_no_exact_answer():
    given = workload([(0, 5), (0, 5)], [{0, 1}])

    assert solve_exactly(given, nodes=10) is None


def test_faults_are_told():
    given = workload([(0, 5), (3, 8)], [{0, 1}, {1}])

    assert faults(given, np.array([0, 0], np.int32)) == ["worker 0 is at two tasks at once"]
    assert faults(given, np.array([1, -1], np.int32)) == [
        "task 0 has nobody who may do it",
        "task 1 has nobody who may do it",
    ]
