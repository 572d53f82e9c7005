"""A part of a problem that can be solved by itself, on another machine if need be."""

from typing import NamedTuple

import numpy as np

from matching.inputs import Int32Array, Int64Array
from matching.plans.problem import Problem, by_person, requests_of


class Block(NamedTuple):
    """Hold some requests of a problem with everybody who could go to one of them.

    problem: the block's own requests first, then those elsewhere that pay its people at fixed
    prices · own: how many are its own · price: i4[R], of all these requests · requests: i8[R],
    their rows in the whole · pairs: i8[N], the candidacies in the whole.
    """

    problem: Problem
    own: int
    price: Int32Array
    requests: Int64Array
    pairs: Int64Array


def whole(problem: Problem, price: Int32Array) -> Block:
    """Take a problem as one block, without copying it."""
    count = len(problem.wanted)
    return Block(problem, count, price, np.arange(count), np.arange(len(problem.person)))


def carve(problem: Problem, own: Int64Array, price: Int32Array) -> Block:
    """Cut the block of these requests out of a problem, all others at their prices.

    Elsewhere only pairs that earn something matter: nobody would go there for nothing.
    """
    request = requests_of(problem)
    is_own = np.zeros(len(problem.wanted), np.bool_)
    is_own[own] = True
    ours = is_own[request]
    is_involved = np.zeros(len(problem.week_room), np.bool_)
    is_involved[problem.person[ours]] = True
    pays = (problem.cost < price[request]) & ~ours & is_involved[problem.person]
    pairs = np.flatnonzero(ours | pays)
    requests = np.concatenate([own, np.setdiff1d(request[pairs], own)])
    row = np.full(len(problem.wanted), -1)
    row[requests] = np.arange(len(requests))
    pairs = pairs[np.argsort(row[request[pairs]], kind="stable")]
    people = np.flatnonzero(is_involved)
    number = np.full(len(is_involved), -1)
    number[people] = np.arange(len(people))
    owner = row[request[pairs]].astype(np.int32)
    person = number[problem.person[pairs]].astype(np.int32)
    by_request = ("starts", "ends", "day", "x", "y", "wanted", "empty")
    part = problem._replace(
        ptr=np.searchsorted(owner, np.arange(len(requests) + 1)).astype(np.int64),
        person=person,
        cost=problem.cost[pairs],
        **by_person(owner, person, len(people)),
        **{name: getattr(problem, name)[requests] for name in by_request},
        week_room=problem.week_room[people],
        day_room=problem.day_room[people],
    )
    return Block(part, len(own), price[requests], requests, pairs)
