"""Check a plan with plain Python that shares no step with the array code."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import isnan

from matching.inputs import Int32Array, Int64Array, Volunteers
from matching.plans.answers import Plan
from matching.plans.weights import PLAN_WEIGHTS, PlanWeights
from matching.requests import Requests
from matching.verify import first_cause, rule_59
from matching.weights import RATING_MAX, WEIGHTS

_DAY_MINUTES = 24 * 60
Pair = tuple[int, int]  # a request's row and a volunteer's
Offer = tuple[int, Pair]  # what a person would earn by it


def check_plan(
    volunteers: Volunteers,
    requests: Requests,
    plan: Plan,
    *,
    fixed: Int64Array,
    weights: PlanWeights = PLAN_WEIGHTS,
) -> tuple[str, ...]:
    """List everything that is wrong with a plan; empty means that it may be published.

    Slow by design, 13 µs a volunteer and request: five seconds for a community, for tests, audits
    and appeals. Of the bounds it asks only that no plan, this one included, lies below them.
    """
    asked = _Asked(volunteers, requests, weights, {(int(one), int(who)) for one, who in fixed})
    return tuple(fault for check in _CHECKS for fault in check(asked, plan))


def bound_of_prices(
    volunteers: Volunteers,
    requests: Requests,
    price: Int32Array,
    *,
    fixed: Int64Array,
    weights: PlanWeights = PLAN_WEIGHTS,
) -> int:
    """Give what no plan can cost less than, by any prices of the requests and nothing else.

    Every place is paid its price, and each person keeps the most that she could earn alone, found
    by trying all her weeks. Source: Lagrangian relaxation, ADR 0026.
    """
    asked = _Asked(volunteers, requests, weights, {(int(one), int(who)) for one, who in fixed})
    paid, offers = 0, dict[int, list[Offer]]()
    for row, (wanted, priority) in enumerate(zip(price.tolist(), requests.priority, strict=True)):
        pays = min(max(wanted, 0), weights.empty * 2 ** (int(priority) - 1))
        paid += pays * asked.fillable(row)
        for cost, volunteer in asked.eligible(row):
            if cost < pays and (row, volunteer) not in asked.fixed:
                offers.setdefault(volunteer, []).append((pays - cost, (row, volunteer)))
    kept = sum(cost_of(volunteers, requests, pair, weights) for pair in asked.fixed)
    return kept + paid - sum(_most(asked, theirs) for theirs in offers.values())


def may_go(volunteers: Volunteers, requests: Requests, pair: Pair, weights: PlanWeights) -> bool:
    """Tell whether a volunteer may be asked for a request at all, by the words of rule 59."""
    request = requests.one(pair[0], travel=weights.before_busy)
    return first_cause(volunteers, pair[1], request) is None


def cost_of(volunteers: Volunteers, requests: Requests, pair: Pair, weights: PlanWeights) -> int:
    """Give what a pair costs, summand by summand."""
    row, volunteer = pair
    tier, orders, _, is_new, metres, _ = rule_59(volunteers, volunteer, requests.one(row), WEIGHTS)
    rating = int(volunteers.rating[volunteer]) or weights.unrated
    return (
        weights.tier[tier]
        + weights.load[min(orders, len(weights.load) - 1)]
        + (RATING_MAX - rating) // weights.rating_divisor
        + min(metres, weights.metres_max) // weights.metre_divisor
        + (weights.first_visit if is_new else 0)
    )


def do_meet(requests: Requests, one: int, other: int, weights: PlanWeights) -> bool:
    """Tell whether nobody can serve both visits, as they overlap or the way is too long."""
    earlier, later = sorted((one, other), key=lambda row: int(requests.starts[row]))
    minutes = int(requests.starts[later]) - int(requests.ends[earlier]) - weights.settle
    reach = minutes * weights.metres_a_minute
    (east, north), (x, y) = (_point(requests, row) for row in (earlier, later))
    return minutes < 0 or (east - x) ** 2 + (north - y) ** 2 > reach**2


def _point(requests: Requests, row: int) -> Pair:
    """Give where a visit is, in whole metres; an unknown coordinate counts as the origin's."""
    x, y = (float(column[row]) for column in (requests.x, requests.y))
    return (0 if isnan(x) else round(x), 0 if isnan(y) else round(y))


@dataclass(slots=True)
class _Asked:
    volunteers: Volunteers
    requests: Requests
    weights: PlanWeights
    fixed: set[Pair]
    _eligible: dict[int, list[Pair]] = field(default_factory=dict)

    def eligible(self, row: int) -> list[Pair]:
        """Give (cost, volunteer's row) of everybody who may go, the cheapest first, ties by id."""
        if row not in self._eligible:
            ids = self.volunteers.ids.tolist()
            pairs = [(row, volunteer) for volunteer in range(len(ids))]
            self._eligible[row] = sorted(
                (
                    (cost_of(self.volunteers, self.requests, pair, self.weights), pair[1])
                    for pair in pairs
                    if may_go(self.volunteers, self.requests, pair, self.weights)
                ),
                key=lambda one: (one[0], ids[one[1]]),
            )
        return self._eligible[row]

    def fillable(self, row: int) -> int:
        """Give how many places, beside the fixed pairs, somebody is eligible for."""
        kept = sum(one == row for one, _ in self.fixed)
        return max(min(int(self.requests.helpers[row]) - kept, len(self.eligible(row))), 0)


def _pairs(plan: Plan) -> list[Pair]:
    return list(zip(plan.request.tolist(), plan.volunteer.tolist(), strict=True))


def _most(asked: _Asked, offers: Sequence[Offer]) -> int:
    """Give the most that one person can earn beside what she has promised."""
    volunteer = offers[0][1][1]
    promised = [pair for pair in asked.fixed if pair[1] == volunteer]
    return max(
        sum(earned for earned, _ in chosen)
        for count in range(len(offers) + 1)
        for chosen in combinations(offers, count)
        if not any(_week(asked, volunteer, [*promised, *(pair for _, pair in chosen)]))
    )


def _order(asked: _Asked, plan: Plan) -> Iterator[str]:
    pairs = _pairs(plan)
    if pairs != sorted(set(pairs)):
        yield "pairs: not sorted, or one stands twice"
    if plan.weights_version != asked.weights.version:
        yield f"weights_version: {plan.weights_version} instead of {asked.weights.version}"


def _kept(asked: _Asked, plan: Plan) -> Iterator[str]:
    marked = {
        pair for pair, is_fixed in zip(_pairs(plan), plan.fixed.tolist(), strict=True) if is_fixed
    }
    for pair in sorted(marked ^ asked.fixed):
        yield f"fixed: {pair} is {'not ' if pair in asked.fixed else ''}marked"


def _people(asked: _Asked, plan: Plan) -> Iterator[str]:
    for pair in _pairs(plan):
        if pair not in asked.fixed and not may_go(
            asked.volunteers, asked.requests, pair, asked.weights
        ):
            yield f"pairs: {pair} may not be"


def _weeks(asked: _Asked, plan: Plan) -> Iterator[str]:
    visits: dict[int, list[Pair]] = {}
    for pair in _pairs(plan):
        visits.setdefault(pair[1], []).append(pair)
    for volunteer, theirs in visits.items():
        yield from _week(asked, volunteer, theirs)


def _week(asked: _Asked, volunteer: int, theirs: Sequence[Pair]) -> Iterator[str]:
    for one, other in combinations(theirs, 2):
        if not {one, other} <= asked.fixed and do_meet(
            asked.requests, one[0], other[0], asked.weights
        ):
            yield f"weeks: {one} and {other} meet"
    yield from _overfull(asked, volunteer, theirs)


def _overfull(asked: _Asked, volunteer: int, theirs: Sequence[Pair]) -> Iterator[str]:
    """Yield caps that are passed; where the fixed pairs alone pass them, no more may be added."""
    if len(theirs) > asked.volunteers.week_cap[volunteer] and not asked.fixed.issuperset(theirs):
        yield f"weeks: {volunteer} has {len(theirs)} visits"
    days: dict[int, list[Pair]] = {}
    for pair in theirs:
        days.setdefault(int(asked.requests.starts[pair[0]]) // _DAY_MINUTES, []).append(pair)
    for day, on_day in days.items():
        if len(on_day) > asked.volunteers.day_cap[volunteer] and not asked.fixed.issuperset(on_day):
            yield f"weeks: {volunteer} has {len(on_day)} visits on day {day}"


def _places(asked: _Asked, plan: Plan) -> Iterator[str]:
    filled = Counter(plan.request.tolist())
    kept = Counter(row for row, _ in asked.fixed)
    expected = {}
    for row, helpers in enumerate(asked.requests.helpers.tolist()):
        if filled[row] > max(helpers, kept[row]):
            yield f"places: {row} has {filled[row]} helpers"
        if filled[row] < helpers:
            empty = asked.fillable(row) - (filled[row] - kept[row])
            expected[row] = (helpers - filled[row], helpers - filled[row] - empty)
    columns = (plan.open_request, plan.missing, plan.hopeless)
    told = {row: rest for row, *rest in zip(*(column.tolist() for column in columns), strict=True)}
    if list(told) != list(expected):
        yield f"open_request: {list(told)} instead of {list(expected)}"
    for row in told.keys() & expected.keys():
        if tuple(told[row]) != expected[row]:
            yield f"missing, hopeless: {row} has {tuple(told[row])} instead of {expected[row]}"


def _costs(asked: _Asked, plan: Plan) -> Iterator[str]:
    columns = (column.tolist() for column in (plan.cost, plan.rank, plan.regret))
    for pair, cost, rank, regret in zip(_pairs(plan), *columns, strict=True):
        expected = cost_of(asked.volunteers, asked.requests, pair, asked.weights)
        if cost != expected:
            yield f"cost: {pair} has {cost} instead of {expected}"
        eligible = asked.eligible(pair[0])
        if rank == 0 and pair not in asked.fixed:
            yield f"rank: {pair} has none"
        if rank and (rank > len(eligible) or eligible[rank - 1][1] != pair[1]):
            yield f"rank: {pair} is not {rank}"
        above = max(expected - eligible[0][0], 0) if eligible else 0
        if regret != above:
            yield f"regret: {pair} has {regret} instead of {above}"


def _sums(asked: _Asked, plan: Plan) -> Iterator[str]:
    pairs = _pairs(plan)
    new = Counter(row for row, volunteer in pairs if (row, volunteer) not in asked.fixed)
    objective = sum(
        cost_of(asked.volunteers, asked.requests, pair, asked.weights) for pair in pairs
    )
    for row, priority in enumerate(asked.requests.priority.tolist()):
        empty = asked.fillable(row) - new[row]
        objective += empty * asked.weights.empty * 2 ** (priority - 1)
    if plan.objective != objective:
        yield f"objective: {plan.objective} instead of {objective}"
    if plan.bound > objective:
        yield f"bound: {plan.bound} above the plan's {objective}"
    if plan.whole_bound > plan.bound:
        yield f"whole_bound: {plan.whole_bound} above the bound {plan.bound}"


_CHECKS = (_order, _kept, _people, _weeks, _places, _costs, _sums)
