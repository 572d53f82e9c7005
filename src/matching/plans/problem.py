"""A plan's question in whole numbers: the arrays that every stage works on."""

from typing import Any, NamedTuple

import numpy as np

from matching.compiled import loop
from matching.inputs import BoolArray, Int32Array, Int64Array, Volunteers
from matching.plans.sorting import Sorted
from matching.plans.weights import PlanWeights
from matching.requests import Requests

# Prices are kept in sixteenths of a unit of cost, so that everything stays a whole number.
SCALE = 16
NOBODY = -1
_DAY_MINUTES = 24 * 60


class Problem(NamedTuple):
    """Hold requests and the people who could go to them, renumbered without gaps.

    ptr, person, cost: the candidates of each request, cheapest first · theirs, request, own: the
    candidacies of each person: ptr, request, and where it stands in person and cost · starts, ends,
    day, x, y, wanted, empty: by request · week_room: i4[P], visits she may still take · day_room:
    i4[P, D], and each day · settle, pace: the way from one visit to the next. Costs are scaled.
    """

    ptr: Int64Array
    person: Int32Array
    cost: Int32Array
    theirs: Int64Array
    request: Int32Array
    own: Int32Array
    starts: Int32Array
    ends: Int32Array
    day: Int32Array
    x: Int32Array
    y: Int32Array
    wanted: Int32Array
    empty: Int32Array
    week_room: Int32Array
    day_room: Int32Array
    settle: int
    pace: int


class Board(NamedTuple):
    """Hold a plan in the making.

    taken: i4[P, W], visits of each person, NOBODY where free · paid: i4[P, W], what they cost ·
    held: i4[P], how many · filled: i4[R].
    """

    taken: Int32Array
    paid: Int32Array
    held: Int32Array
    filled: Int32Array


class Posed(NamedTuple):
    """Hold a problem, the pool's row of each person of it, and the places of each request that
    somebody is eligible for, but nobody whom the fixed pairs leave free.
    """

    problem: Problem
    people: Int64Array
    lost: Int64Array


def pose(asked: Sorted, weights: PlanWeights) -> Posed:
    """Put the question in whole numbers; fixed pairs take their room and are no longer asked."""
    volunteers, requests, found = asked.volunteers, asked.requests, asked.found
    fixed = asked.fixed
    day = requests.starts // np.int32(_DAY_MINUTES)
    day = (day - day.min(initial=0)).astype(np.int32)
    request = np.repeat(np.arange(len(requests), dtype=np.int32), np.diff(found.ptr))
    volunteer, cost = found.volunteer, found.cost
    if len(fixed):
        left = ~_meets_fixed(requests, fixed, request, volunteer, weights)
        request, volunteer, cost = request[left], volunteer[left], cost[left]
    is_there = np.zeros(len(volunteers), np.bool_)
    is_there[volunteer] = True
    people = np.flatnonzero(is_there)
    person = (np.cumsum(is_there, dtype=np.int32) - np.int32(1))[volunteer]
    week_room, day_room = _rooms(volunteers, people, fixed, day)
    count = np.bincount(request, minlength=len(requests))
    places = requests.helpers - np.bincount(fixed[:, 0], minlength=len(requests))
    empty = weights.empty * (1 << (requests.priority.astype(np.int32) - 1))
    x, y = (np.nan_to_num(column).round().astype(np.int32) for column in (requests.x, requests.y))
    problem = Problem(
        ptr=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        person=person,
        cost=cost * np.int32(SCALE),
        **by_person(request, person, len(people)),
        starts=requests.starts,
        ends=requests.ends,
        day=day,
        x=x,
        y=y,
        # More places than candidates are hopeless: they are told, and weigh nothing.
        wanted=np.clip(np.minimum(places, found.eligible), 0, count).astype(np.int32),
        empty=(empty * SCALE).astype(np.int32),
        week_room=week_room,
        day_room=day_room,
        settle=weights.settle,
        pace=weights.metres_a_minute,
    )
    fillable = np.maximum(np.minimum(places, found.eligible), 0)
    return Posed(problem, people, fillable - problem.wanted)


def by_person(request: Int32Array, person: Int32Array, people: int) -> dict[str, Any]:
    """Give the candidacies of each person, as a Problem holds them."""
    order = np.argsort(person, kind="stable").astype(np.int32)
    ends = np.cumsum(np.bincount(person, minlength=people))
    return {
        "theirs": np.concatenate([[0], ends]).astype(np.int64),
        "request": request[order],
        "own": order,
    }


def requests_of(problem: Problem) -> Int64Array:
    """Give the request of each candidacy: i8[N]."""
    return np.repeat(np.arange(len(problem.wanted)), np.diff(problem.ptr))


def _rooms(
    volunteers: Volunteers, people: Int64Array, fixed: Int64Array, day: Int32Array
) -> tuple[Int32Array, Int32Array]:
    """Give how many visits each person may still take, in all and each day."""
    days = int(day.max(initial=0)) + 1
    taken = np.zeros((len(people), days), np.int64)
    at = np.searchsorted(people, fixed[:, 1])
    known = at < len(people)
    known[known] = people[at[known]] == fixed[known, 1]
    np.add.at(taken, (at[known], day[fixed[known, 0]]), 1)
    week = np.maximum(volunteers.week_cap[people] - taken.sum(axis=1), 0)
    each = np.maximum(volunteers.day_cap[people].astype(np.int64)[:, None] - taken, 0)
    return week.astype(np.int32), each.astype(np.int32)


def _meets_fixed(
    requests: Requests,
    fixed: Int64Array,
    request: Int32Array,
    volunteer: Int32Array,
    weights: PlanWeights,
) -> BoolArray:
    """Tell the pairs that a fixed pair of the same volunteer rules out, or is."""
    meets = np.zeros(len(request), np.bool_)
    order = np.argsort(fixed[:, 1], kind="stable")
    held, holder = fixed[order, 0], fixed[order, 1]
    first, last = np.searchsorted(holder, volunteer), np.searchsorted(holder, volunteer, "right")
    for nth in range(int((last - first).max(initial=0))):
        has = np.flatnonzero(last - first > nth)
        meets[has] |= _meet_all(requests, request[has], held[first[has] + nth], weights)
    return meets


def _meet_all(
    requests: Requests, one: Int32Array, other: Int64Array, weights: PlanWeights
) -> BoolArray:
    swap = requests.starts[one] > requests.starts[other]
    one, other = np.where(swap, other, one), np.where(swap, one, other)
    gap = requests.starts[other].astype(np.int64) - requests.ends[one] - weights.settle
    x, y = (np.nan_to_num(column).round().astype(np.int64) for column in (requests.x, requests.y))
    apart = (x[one] - x[other]) ** 2 + (y[one] - y[other]) ** 2
    return np.asarray((gap < 0) | (apart > (gap * weights.metres_a_minute) ** 2))


def blank(problem: Problem) -> Board:
    """Give an empty board."""
    widest = int(problem.week_room.max(initial=1))
    return Board(
        taken=np.full((len(problem.week_room), widest), NOBODY, np.int32),
        paid=np.zeros((len(problem.week_room), widest), np.int32),
        held=np.zeros(len(problem.week_room), np.int32),
        filled=np.zeros(len(problem.wanted), np.int32),
    )


def pairs_on(board: Board) -> tuple[Int64Array, Int64Array]:
    """Give all pairs of a board: requests and people."""
    person, at = np.nonzero(board.taken != NOBODY)
    return board.taken[person, at].astype(np.int64), person.astype(np.int64)


@loop
def meet(problem: Problem, one: int, other: int) -> bool:
    """Tell whether two visits overlap, the way from one to the other included."""
    if problem.starts[one] > problem.starts[other]:
        one, other = other, one
    gap = problem.starts[other] - problem.ends[one] - problem.settle
    if gap < 0:
        return True
    east = np.int64(problem.x[one]) - problem.x[other]
    north = np.int64(problem.y[one]) - problem.y[other]
    reach = np.int64(gap) * problem.pace
    return bool(east * east + north * north > reach * reach)


@loop
def could_take(problem: Problem, board: Board, person: int, request: int, leaving: int) -> bool:
    """Tell whether a person has room for a visit, once she has left another (or NOBODY)."""
    on_day = 0
    count = 0
    for at in range(board.held[person]):
        visit = board.taken[person, at]
        if visit == request:
            return False
        if visit == leaving:
            continue
        if meet(problem, visit, request):
            return False
        count += 1
        if problem.day[visit] == problem.day[request]:
            on_day += 1
    if count >= problem.week_room[person]:
        return False
    return bool(on_day < problem.day_room[person, problem.day[request]])


@loop
def give(board: Board, person: int, request: int, cost: int) -> None:
    """Let a person take a visit."""
    board.taken[person, board.held[person]] = request
    board.paid[person, board.held[person]] = cost
    board.held[person] += 1
    board.filled[request] += 1


@loop
def withdraw(board: Board, person: int, request: int) -> int:
    """Take a visit from a person and give what it cost; the order of what she keeps stays."""
    at = 0
    while board.taken[person, at] != request:
        at += 1
    cost = int(board.paid[person, at])
    for later in range(at + 1, board.held[person]):
        board.taken[person, later - 1] = board.taken[person, later]
        board.paid[person, later - 1] = board.paid[person, later]
    board.held[person] -= 1
    board.taken[person, board.held[person]] = NOBODY
    board.filled[request] -= 1
    return cost
