"""What each person's week is worth at given prices, exactly: her best visits that do not meet."""

from typing import NamedTuple

import numpy as np

from matching.compiled import loop
from matching.inputs import BoolArray, Int32Array, Int64Array
from matching.plans.problem import NOBODY, Problem, meet

_NEVER = -1


class Weeks(NamedTuple):
    """Hold each person's best week. profit: i8[P], scaled · chosen: b1[N], by candidacy."""

    profit: Int64Array
    chosen: BoolArray


class _Table(NamedTuple):
    """Hold the best so far with visit i as the last, d on its day and w in all: [i, d, w].

    best: the profit, or _NEVER · before, held: the visit before and how many on its day.
    """

    best: Int64Array
    before: Int64Array
    held: Int64Array


def bound_of(problem: Problem, price: Int32Array) -> int:
    """Give a cost, scaled, that no plan can stay below: prices paid for all places, less what the
    people could earn at most. Prices lie within 0 and what an empty place costs.

    Source: Lagrangian relaxation of "every place is filled or empty"; handbook matching.md §5.
    """
    paid = int((price.astype(np.int64) * problem.wanted).sum())
    return paid - int(best_weeks(problem, price).profit.sum())


def best_weeks(problem: Problem, price: Int32Array) -> Weeks:
    """Give the visits by which each person would earn most at these prices."""
    weeks = Weeks(
        profit=np.zeros(len(problem.week_room), np.int64),
        chosen=np.zeros(len(problem.person), np.bool_),
    )
    earning = _earning(problem, price)
    widest = int(np.diff(earning.ptr).max(initial=1))
    most = int(problem.week_room.max(initial=1))
    each = min(int(problem.day_room.max(initial=1)), most)
    table = _Table(*(np.zeros((widest, each + 1, most + 1), np.int64) for _ in range(3)))
    _earn(problem, earning, weeks, table, np.zeros(problem.day_room.shape[1], np.int64))
    return weeks


class _Earning(NamedTuple):
    """Hold the candidacies that earn something, by person and start: ptr, which, gain."""

    ptr: Int64Array
    which: Int64Array
    gain: Int64Array


def _earning(problem: Problem, price: Int32Array) -> _Earning:
    gain = price[problem.request] - problem.cost[problem.own]
    which = np.flatnonzero(gain > 0)
    person = np.searchsorted(problem.theirs, which, "right") - 1
    order = np.lexsort((problem.starts[problem.request[which]], person))
    which, person = which[order], person[order]
    ptr = np.searchsorted(person, np.arange(len(problem.week_room) + 1))
    return _Earning(ptr.astype(np.int64), which, gain[which].astype(np.int64))


@loop
def _earn(
    problem: Problem, earning: _Earning, weeks: Weeks, table: _Table, on_day: Int64Array
) -> None:
    for person in range(len(weeks.profit)):
        first, last = earning.ptr[person], earning.ptr[person + 1]
        if first == last:
            continue
        which, gains = earning.which[first:last], earning.gain[first:last]
        if _are_apart(problem, which):
            weeks.profit[person] = _free_week(problem, person, which, gains, weeks, on_day)
        else:
            weeks.profit[person] = _best_week(problem, person, which, gains, table, weeks)


@loop
def _are_apart(problem: Problem, which: Int64Array) -> bool:
    """Tell whether no two visits meet: if none meets the next, none meets a later one."""
    for at in range(1, len(which)):
        if meet(problem, problem.request[which[at - 1]], problem.request[which[at]]):
            return False
    return True


@loop
def _free_week(
    problem: Problem,
    person: int,
    which: Int64Array,
    gains: Int64Array,
    weeks: Weeks,
    on_day: Int64Array,
) -> int:
    """Give the most that visits earn which do not meet: the dearest first, as rooms allow."""
    on_day[:] = 0
    total = 0
    profit = 0
    for at in np.argsort(-gains, kind="mergesort"):
        day = problem.day[problem.request[which[at]]]
        if total >= problem.week_room[person]:
            break
        if on_day[day] < problem.day_room[person, day]:
            on_day[day] += 1
            total += 1
            profit += gains[at]
            weeks.chosen[problem.own[which[at]]] = True
    return profit


@loop
def _best_week(
    problem: Problem,
    person: int,
    which: Int64Array,
    gains: Int64Array,
    table: _Table,
    weeks: Weeks,
) -> int:
    """Give the most that a person can earn, and mark by what.

    Visit follows visit; that each may follow the one before carries over to all: the way from
    the first to the third is no longer than by the second.
    """
    week = min(problem.week_room[person], len(which))
    most, last_of, day_of, total_of = 0, NOBODY, 0, 0
    for last in range(len(which)):
        request = problem.request[which[last]]
        room = min(problem.day_room[person, problem.day[request]], week)
        table.best[last, : room + 1, : week + 1] = _NEVER
        if room < 1:
            continue
        table.best[last, 1, 1] = gains[last]
        table.before[last, 1, 1] = NOBODY
        for before in range(last):
            _follow(problem, person, which, before, last, gains[last], table)
        for on_day in range(1, room + 1):
            for total in range(1, week + 1):
                if table.best[last, on_day, total] > most:
                    most = table.best[last, on_day, total]
                    last_of, day_of, total_of = last, on_day, total
    while last_of != NOBODY:
        weeks.chosen[problem.own[which[last_of]]] = True
        before = table.before[last_of, day_of, total_of]
        day_of = table.held[last_of, day_of, total_of]
        last_of, total_of = before, total_of - 1
    return most


@loop
def _follow(
    problem: Problem,
    person: int,
    which: Int64Array,
    before: int,
    last: int,
    gain: int,
    table: _Table,
) -> None:
    """Let a visit follow another, where that earns more than what is known."""
    one, other = problem.request[which[before]], problem.request[which[last]]
    if meet(problem, one, other):
        return
    week = min(problem.week_room[person], len(which))
    room = min(problem.day_room[person, problem.day[other]], week)
    is_same_day = problem.day[one] == problem.day[other]
    for held in range(1, min(problem.day_room[person, problem.day[one]], week) + 1):
        on_day = held + 1 if is_same_day else 1
        if on_day > room:
            break
        for total in range(1, week):
            so_far = table.best[before, held, total]
            if so_far >= 0 and so_far + gain > table.best[last, on_day, total + 1]:
                table.best[last, on_day, total + 1] = so_far + gain
                table.before[last, on_day, total + 1] = before
                table.held[last, on_day, total + 1] = held
