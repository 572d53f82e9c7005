"""The best plan of a small week, found by trying everything."""

from collections.abc import Iterator
from itertools import combinations

from matching.inputs import Volunteers
from matching.plans.check import cost_of, do_meet, may_go
from matching.plans.tests.factories import DAY, Week
from matching.plans.weights import PLAN_WEIGHTS, PlanWeights
from matching.requests import Requests


def eligible(
    volunteers: Volunteers, requests: Requests, row: int, weights: PlanWeights = PLAN_WEIGHTS
) -> list[tuple[int, int]]:
    """Give (cost, row) of everybody who may go, the cheapest first, ties by id."""
    found = [
        (cost_of(volunteers, requests, (row, volunteer), weights), volunteer)
        for volunteer in range(len(volunteers))
        if may_go(volunteers, requests, (row, volunteer), weights)
    ]
    return sorted(found, key=lambda one: (one[0], int(volunteers.ids[one[1]])))


def optimum(week: Week, *, keep: int | None = None, weights: PlanWeights = PLAN_WEIGHTS) -> int:
    """Give the least that any plan of a week can cost; keep: on so many candidates a request."""
    return _Search(week, keep, weights).best()


class _Search:
    def __init__(self, week: Week, keep: int | None, weights: PlanWeights) -> None:
        volunteers, requests = self.asked = week.asked
        rows = range(len(requests))
        fixed = [(int(row), int(volunteer)) for row, volunteer in week.fixed_rows]
        everybody = [eligible(*self.asked, row, weights) for row in rows]
        asked = [int(requests.helpers[row]) - sum(one == row for one, _ in fixed) for row in rows]
        self.wanted = [max(min(asked[row], len(everybody[row])), 0) for row in rows]
        self.found = [found[:keep] for found in everybody]
        self.empty = [
            weights.empty * 2 ** (priority - 1) for priority in requests.priority.tolist()
        ]
        self.meets = [[do_meet(requests, one, other, weights) for other in rows] for one in rows]
        self.weeks: list[list[int]] = [[] for _ in range(len(volunteers))]
        for row, volunteer in fixed:
            self.weeks[volunteer].append(row)
        self.kept = sum(cost_of(*self.asked, pair, weights) for pair in fixed)
        # No plan of the requests from here on can cost less.
        self.least = [0]
        for row in reversed(rows):
            pays = sorted([cost for cost, _ in self.found[row]] + [self.empty[row]] * 4)
            self.least.insert(0, self.least[0] + sum(pays[: self.wanted[row]]))
        self.found_best = self.kept + sum(
            wanted * empty for wanted, empty in zip(self.wanted, self.empty, strict=True)
        )

    def best(self) -> int:
        self._go(0, self.kept)
        return self.found_best

    def _go(self, row: int, cost: int) -> None:
        if cost + self.least[row] >= self.found_best:
            return
        if row == len(self.wanted):
            self.found_best = cost
            return
        for helpers in self._choices(row):
            for _, volunteer in helpers:
                self.weeks[volunteer].append(row)
            empty = (self.wanted[row] - len(helpers)) * self.empty[row]
            self._go(row + 1, cost + sum(one for one, _ in helpers) + empty)
            for _, volunteer in helpers:
                self.weeks[volunteer].pop()

    def _choices(self, row: int) -> Iterator[tuple[tuple[int, int], ...]]:
        free = [one for one in self.found[row] if self._has_room(one[1], row)]
        for count in range(self.wanted[row], -1, -1):
            yield from combinations(free, count)

    def _has_room(self, volunteer: int, row: int) -> bool:
        volunteers, requests = self.asked
        theirs = self.weeks[volunteer]
        day = requests.starts[row] // DAY
        return (
            row not in theirs
            and not any(self.meets[row][other] for other in theirs)
            and len(theirs) < volunteers.week_cap[volunteer]
            and sum(requests.starts[other] // DAY == day for other in theirs)
            < volunteers.day_cap[volunteer]
        )
