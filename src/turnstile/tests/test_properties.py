"""Whatever the interleaving, poison and cancellation: one caller, one verdict, her own."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from turnstile import KeyBusy, Lane, LaneFull, Limits, NotNow, Snapshot
from turnstile.tests.virtual_time import run

TICK_S = 0.001


@dataclass(frozen=True)
class Call:
    number: int
    comes_at: int
    key: int | None
    is_poisoned: bool
    leaves_after: int | None


@dataclass(frozen=True)
class Plan:
    calls: tuple[Call, ...]
    limits: Limits
    statement_ticks: tuple[int, ...]
    drains_at: int | None
    drains_within: int


class Poisoned(Exception):
    pass


@dataclass
class Table:
    """The oracle: what was sent together, what was written, and every rule that was broken."""

    plan: Plan
    sent: list[list[Call]] = field(default_factory=list)
    written: list[int] = field(default_factory=list)
    running: list[list[Call]] = field(default_factory=list)

    async def run(self, calls: list[Call]) -> list[int]:
        assert len(calls) <= self.plan.limits.batch_max
        assert len(self.running) < self.plan.limits.in_flight_max
        together = [call.key for batch in (*self.running, calls) for call in batch]
        keys = [key for key in together if key is not None]
        assert len(keys) == len(set(keys))
        ticks = self.plan.statement_ticks[len(self.sent) % len(self.plan.statement_ticks)]
        self.sent.append(calls)
        self.running.append(calls)
        try:
            await asyncio.sleep(ticks * TICK_S)
        finally:
            self.running.remove(calls)
        if any(call.is_poisoned for call in calls):
            raise Poisoned
        self.written += [call.number for call in calls]
        return [2 * call.number for call in calls]


@st.composite
def plans(draw: Any) -> Plan:
    ticks = st.integers(0, 12)
    calls = [
        Call(
            number=number,
            comes_at=draw(ticks),
            key=draw(st.none() | st.integers(1, 3)),
            is_poisoned=draw(st.integers(0, 5)) == 0,
            leaves_after=draw(st.none() | ticks),
        )
        for number in range(draw(st.integers(1, 20)))
    ]
    return Plan(
        calls=tuple(sorted(calls, key=lambda call: call.comes_at)),
        limits=Limits(
            batch_max=draw(st.integers(1, 6)),
            waiting_max=draw(st.sampled_from([1, 3, 50])),
            behind_key_max=draw(st.sampled_from([1, 50])),
            in_flight_max=draw(st.integers(1, 3)),
            wait_max_s=draw(st.sampled_from([0.0, TICK_S, 3 * TICK_S])),
            retries_max=draw(st.sampled_from([0, 3, 50])),
        ),
        statement_ticks=tuple(draw(st.lists(st.integers(0, 5), min_size=1, max_size=4))),
        drains_at=draw(st.none() | ticks),
        drains_within=draw(st.integers(0, 20)),
    )


@dataclass
class Life:
    """What became of a plan."""

    plan: Plan
    table: Table
    seen: Snapshot
    arrived: list[int]
    ends: dict[int, object]


async def lived(plan: Plan) -> Life:
    table = Table(plan)
    lane: Lane[Call, int] = Lane("tests", table.run, key=lambda call: call.key, limits=plan.limits)
    ends: dict[int, object] = {}
    arrived: list[int] = []

    async def caller(call: Call) -> None:
        await asyncio.sleep(call.comes_at * TICK_S)
        arrived.append(call.number)
        was_full = lane.snapshot().waiting >= plan.limits.waiting_max
        left_s = None if call.leaves_after is None else call.leaves_after * TICK_S
        try:
            async with asyncio.timeout(left_s):
                ends[call.number] = await lane.ask(call)
        except TimeoutError:
            ends[call.number] = "left"
        except (Poisoned, NotNow) as error:
            ends[call.number] = type(error)
        assert was_full or ends[call.number] is not LaneFull
        assert lane.snapshot().waiting <= plan.limits.waiting_max

    async def closing() -> None:
        if plan.drains_at is not None:
            await asyncio.sleep(plan.drains_at * TICK_S)
            await lane.drain(within_s=plan.drains_within * TICK_S)

    await asyncio.gather(closing(), *(caller(call) for call in plan.calls))
    await lane.drain(within_s=1)
    return Life(plan, table, lane.snapshot(), arrived, ends)


# However slow the machine is: time is virtual here.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plans())
def test_every_caller_gets_one_end_her_own(plan: Plan) -> None:
    life = run(lived(plan))

    assert set(life.ends) == {call.number for call in plan.calls}
    for call in plan.calls:
        end = life.ends[call.number]
        assert end == 2 * call.number or not isinstance(end, int)
        assert end is not Poisoned or call.is_poisoned
        if plan.drains_at is None and plan.limits.retries_max == 50:
            # Nothing but her own leaving or a full lane keeps her from the end of her own row.
            own = Poisoned if call.is_poisoned else 2 * call.number
            assert end in {own, LaneFull, KeyBusy, "left"}
    require_written_once(life)
    require_order_of_keys(life)
    require_true_counts(life)


def require_written_once(life: Life) -> None:
    told = {number for number, end in life.ends.items() if isinstance(end, int)}

    assert len(life.table.written) == len(set(life.table.written))
    assert told <= set(life.table.written)


def require_order_of_keys(life: Life) -> None:
    sent: dict[int, list[int]] = {}
    for batch in life.table.sent:
        for call in batch:
            # Halves of a batch that failed are sent again.
            if call.key is not None and call.number not in sent.setdefault(call.key, []):
                sent[call.key].append(call.number)

    assert all(order == sorted(order, key=life.arrived.index) for order in sent.values())


def require_true_counts(life: Life) -> None:
    sent = {call.number for batch in life.table.sent for call in batch}
    left = {number for number, end in life.ends.items() if end == "left"}
    seen = life.seen

    assert (seen.waiting, seen.in_flight) == (0, 0)
    assert seen.left_waiting == len(left - sent)
    assert seen.left_running == len(left & sent)
    assert seen.calls + seen.refused_full + seen.refused_key + seen.refused_closed == len(
        life.plan.calls
    )
    assert sum(seen.batch_sizes.counts) == seen.batches
