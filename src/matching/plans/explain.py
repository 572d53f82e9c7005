"""Say why each pair of a plan is one, and why no candidate takes a place that stays empty."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from matching.answers import Tier
from matching.inputs import BoolArray, Int16Array, Int32Array, Int64Array, UInt8Array, Volunteers
from matching.plans.answers import OPEN_CAUSES, Candidates, OpenCause, Plan
from matching.plans.weights import PLAN_WEIGHTS, PlanWeights
from matching.requests import HELPERS_MAX, Requests
from matching.sift import AREAS, UNKNOWN_METRES

_DAY_MINUTES = 24 * 60
_NO_ROW = -1
# The lowest place among the candidates that no helper holds, by a mask of the places held.
_FIRST_FREE = np.array(
    [
        next(rank for rank in range(1, HELPERS_MAX + 2) if not mask >> rank & 1)
        for mask in range(1 << (HELPERS_MAX + 1))
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explanation:
    """Hold the reasons for a plan, row by row as the plan has them.

    For each pair: tier: u1[n] · metres: i4[n], -1 = unknown · orders30: i2[n] · knows: b1[n], she
    has helped this person before · blocker: i4[n], where somebody cheaper stays away, the request
    that the first of these serves instead, -1 = none. For each open request: busy: i4[m, 4], its
    candidates who do not go there, by their first OpenCause.
    """

    tier: UInt8Array
    metres: Int32Array
    orders30: Int16Array
    knows: BoolArray
    blocker: Int32Array
    busy: Int32Array


def explain(
    volunteers: Volunteers,
    requests: Requests,
    found: Candidates,
    plan: Plan,
    *,
    weights: PlanWeights = PLAN_WEIGHTS,
) -> Explanation:
    """Give the reasons for every pair and every open place; a city takes 30 ms.

    found: the candidates that the plan was made from. Source: PIPL 24, handbook matching.md §6.
    """
    tier, metres = _ways(volunteers, requests, found, plan)
    passed, first = _passed_over(found, plan)
    open_at, staying = _staying(found, plan)
    asked = np.concatenate([plan.request[passed].astype(np.int64), plan.open_request[open_at]])
    people = np.concatenate([found.volunteer[first], found.volunteer[staying]])
    cause, visit = _Duties.of(people, volunteers, requests, plan, weights).against(people, asked)
    blocker = np.full(len(plan.request), _NO_ROW, np.int32)
    blocker[passed] = visit[: len(passed)]
    counted = open_at * len(OPEN_CAUSES) + cause[len(passed) :]
    busy = np.bincount(counted, minlength=len(plan.open_request) * len(OPEN_CAUSES))
    return Explanation(
        tier=tier,
        metres=metres,
        orders30=volunteers.orders30[plan.volunteer],
        knows=_knows(volunteers, requests, plan),
        blocker=blocker,
        busy=busy.reshape(-1, len(OPEN_CAUSES)).astype(np.int32),
    )


def _ways(
    volunteers: Volunteers, requests: Requests, found: Candidates, plan: Plan
) -> tuple[UInt8Array, Int32Array]:
    """Give how close each pair lives; only fixed pairs may stand outside the candidates."""
    at = found.ptr[plan.request] + plan.rank - 1
    outside = np.flatnonzero(plan.rank == 0)
    at[outside] = 0
    if not len(found.volunteer):
        tier, metres = np.zeros(len(at), np.uint8), np.zeros(len(at), np.int32)
    else:
        tier, metres = found.tier[at], found.metres[at]
    request, volunteer = plan.request[outside], plan.volunteer[outside]
    home, wanted = volunteers.place[volunteer], requests.place[request]
    tier[outside] = Tier.OTHER
    for level, size, parent in AREAS:
        tier[outside[(home // size == wanted // size) & (wanted % parent != 0)]] = level
    east = volunteers.x[volunteer].astype(np.float64) - requests.x[request]
    north = volunteers.y[volunteer].astype(np.float64) - requests.y[request]
    way = np.rint(np.sqrt(east * east + north * north))
    metres[outside] = np.where(np.isnan(way), UNKNOWN_METRES, way).astype(np.int32)
    return tier, metres


def _knows(volunteers: Volunteers, requests: Requests, plan: Plan) -> BoolArray:
    previous = requests.previous
    count = np.diff(previous.ptr)[plan.request]
    knows = np.zeros(len(plan.request), np.bool_)
    left = np.flatnonzero(count)
    for nth in range(int(count.max(initial=0))):
        left = left[count[left] > nth]
        known = previous.ids[previous.ptr[plan.request[left]] + nth]
        knows[left] |= known == volunteers.ids[plan.volunteer[left]]
    return knows


def _passed_over(found: Candidates, plan: Plan) -> tuple[Int64Array, Int64Array]:
    """Give the pairs before which somebody cheaper stands who does not go there, and where in the
    candidates the first of these is.
    """
    if not len(plan.request):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    begins = np.flatnonzero(np.diff(plan.request, prepend=_NO_ROW))
    held = np.where(plan.rank <= HELPERS_MAX, 1 << np.minimum(plan.rank, HELPERS_MAX), 0)
    free = _FIRST_FREE[np.bitwise_or.reduceat(held, begins)]
    free = np.repeat(free, np.diff(begins, append=len(held)))
    first = found.ptr[plan.request] + free - 1
    is_passed = (plan.rank == 0) | (plan.rank > free)
    is_passed &= first < found.ptr[plan.request + np.int32(1)]
    passed = np.flatnonzero(is_passed)
    return passed, first[passed]


def _staying(found: Candidates, plan: Plan) -> tuple[Int64Array, Int64Array]:
    """Give the candidates of open requests who do not go there: which of the plan's open requests,
    and where in the candidates.
    """
    begins = found.ptr[plan.open_request]
    count = found.ptr[plan.open_request + np.int32(1)] - begins
    open_at = np.repeat(np.arange(len(count)), count)
    at = np.arange(len(open_at)) + np.repeat(begins - (np.cumsum(count) - count), count)
    stays = np.ones(len(found.volunteer), np.bool_)
    ranked = plan.rank > 0
    stays[found.ptr[plan.request[ranked]] + plan.rank[ranked] - 1] = False
    return open_at[stays[at]], at[stays[at]]


@dataclass(frozen=True, slots=True, eq=False)
class _Duties:
    """Some people's visits of a plan, by start: count[n] of them from first[n], where n is the
    number of the volunteer, 0 = none · times: i4[R, 5], see _times.
    """

    number: Int32Array
    first: Int64Array
    count: Int64Array
    visit: Int32Array
    times: Int32Array
    day_cap: UInt8Array
    week_cap: UInt8Array
    weights: PlanWeights

    @classmethod
    def of(
        cls,
        people: Int32Array,
        volunteers: Volunteers,
        requests: Requests,
        plan: Plan,
        weights: PlanWeights,
    ) -> Self:
        is_asked = np.zeros(len(volunteers), np.bool_)
        is_asked[people] = True
        theirs = np.flatnonzero(is_asked[plan.volunteer])
        span = np.int64(requests.starts.max(initial=0)) + 1
        key = plan.volunteer[theirs] * span + requests.starts[plan.request[theirs]]
        order = theirs[np.argsort(key)]
        person = plan.volunteer[order]
        begins = np.flatnonzero(np.diff(person, prepend=_NO_ROW))
        number = np.zeros(len(volunteers), np.int32)
        number[person[begins]] = np.arange(1, len(begins) + 1)
        return cls(
            number=number,
            first=np.concatenate([[0], begins]),
            count=np.concatenate([[0], np.diff(begins, append=len(person))]),
            visit=plan.request[order],
            times=_times(requests),
            day_cap=volunteers.day_cap,
            week_cap=volunteers.week_cap,
            weights=weights,
        )

    def against(self, people: Int32Array, asked: Int64Array) -> tuple[UInt8Array, Int32Array]:
        """Give for each person and request the first cause not to go, and her earliest visit that
        is in the way, -1 = none.
        """
        number = self.number[people]
        first, count = self.first[number], self.count[number]
        met, on_day, of_all = (np.full(len(people), _NO_ROW, np.int32) for _ in range(3))
        that_day = np.zeros(len(people), np.int32)
        wanted = self.times[asked]
        # The latest visit first, so that the earliest that applies stays.
        for nth in reversed(range(int(count.max(initial=0)))):
            left = np.flatnonzero(count > nth)
            visit = self.visit[first[left] + nth]
            meets, same = self._beside(self.times[visit], wanted[left])
            of_all[left] = visit
            met[left[meets]] = visit[meets]
            on_day[left[same]] = visit[same]
            that_day[left[same]] += 1
        day_full = that_day >= self.day_cap[people]
        ways = [met != _NO_ROW, day_full, count >= self.week_cap[people]]
        causes = [np.uint8(OpenCause.OVERLAP), np.uint8(OpenCause.DAY_FULL)]
        causes.append(np.uint8(OpenCause.WEEK_FULL))
        cause = np.select(ways, causes, np.uint8(OpenCause.DEARER))
        return cause, np.select(ways, [met, on_day, of_all], np.int32(_NO_ROW))

    def _beside(self, one: Int32Array, other: Int32Array) -> tuple[BoolArray, BoolArray]:
        """Tell whether visits overlap, the way between included, and whether they share a day."""
        (starts, ends, day, x, y), (begins, closes, date, east, north) = one.T, other.T
        gap = np.maximum(starts - closes, begins - ends) - np.int64(self.weights.settle)
        apart = (x - east).astype(np.int64) ** 2 + (y - north).astype(np.int64) ** 2
        meets = (gap < 0) | (apart > (gap * self.weights.metres_a_minute) ** 2)
        return meets, day == date


def _times(requests: Requests) -> Int32Array:
    """Give for each request start, end, day, and whole metres east and north, side by side: what
    is looked up together lies together.
    """
    x, y = (np.nan_to_num(one).round() for one in (requests.x, requests.y))
    columns = (requests.starts, requests.ends, requests.starts // _DAY_MINUTES, x, y)
    return np.stack([column.astype(np.int32) for column in columns], axis=1)
