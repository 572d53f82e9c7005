import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from turnstile import Lane, LaneFull, Limits, NotNow, Turnstile, Unsettled, VerdictsMissing
from turnstile.tests.virtual_time import run

STATEMENT_S = 0.01


class Poisoned(Exception):
    """What the database says of one bad row."""


class Down(Exception):
    """What every call hears when there is no database."""


class Statement:
    """Answer each call with twice its number; even numbers below zero poison their batch."""

    def __init__(self, *, takes_s: float = STATEMENT_S) -> None:
        self.takes_s = takes_s
        self.batches: list[list[int]] = []
        self.is_down = False
        self.running = self.running_max = 0

    async def __call__(self, calls: list[int]) -> Sequence[int]:
        self.batches.append(calls)
        self.running += 1
        self.running_max = max(self.running_max, self.running)
        try:
            await asyncio.sleep(self.takes_s)
        finally:
            self.running -= 1
        if self.is_down:
            raise Down
        if bad := [call for call in calls if call < 0]:
            raise Poisoned(bad[0])
        return [2 * call for call in calls]


def lane_of(statement: Any, **limits: Any) -> Lane[int, int]:
    return Lane(
        "tests",
        statement,
        is_hopeless=lambda error: isinstance(error, Down),
        limits=Limits(**limits),
    )


async def outcome(lane: Lane[int, int], call: int) -> int | str:
    try:
        return await lane.ask(call)
    except (Poisoned, NotNow, VerdictsMissing) as error:
        return type(error).__name__


def ask_all(lane: Lane[int, int], *calls: int) -> list[int | str]:
    async def story() -> list[int | str]:
        return await asyncio.gather(*(outcome(lane, call) for call in calls))

    return run(story())


def test_calls_of_one_moment_share_a_statement() -> None:
    statement = Statement()

    assert ask_all(lane_of(statement), 1, 2, 3) == [2, 4, 6]
    assert statement.batches == [[1, 2, 3]]


def test_batch_holds_no_more_than_its_cap() -> None:
    statement = Statement()

    assert ask_all(lane_of(statement, batch_max=2), 1, 2, 3, 4, 5) == [2, 4, 6, 8, 10]
    assert statement.batches == [[1, 2], [3, 4], [5]]


@pytest.mark.parametrize("in_flight_max", [1, 2])
def test_no_more_statements_run_than_may(in_flight_max: int) -> None:
    statement = Statement()

    ask_all(lane_of(statement, batch_max=1, in_flight_max=in_flight_max), 1, 2, 3, 4, 5)

    assert statement.running_max == in_flight_max


def test_crowd_is_shared_among_statements_that_run_at_once() -> None:
    statement = Statement()

    ask_all(lane_of(statement, in_flight_max=2), *range(10))

    assert statement.batches == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]


def test_lone_caller_is_never_held_back() -> None:
    async def story() -> float:
        lane = lane_of(Statement())
        begun = asyncio.get_running_loop().time()
        for call in range(50):
            await lane.ask(call)
        return asyncio.get_running_loop().time() - begun

    assert run(story()) == pytest.approx(50 * STATEMENT_S)


def test_crowd_that_comes_back_shares_statements() -> None:
    statement = Statement()
    lane = lane_of(statement, wait_max_s=0.003)

    async def caller(number: int) -> None:
        for _ in range(20):
            await lane.ask(number)
            await asyncio.sleep(0.000_03 * number)  # thinks, the one longer than the other

    async def story() -> None:
        await asyncio.gather(*(caller(number) for number in range(64)))

    run(story())

    # Sent at once, every second statement would carry the first caller alone.
    late = [len(batch) for batch in statement.batches[2:20]]
    assert min(late) > 50
    assert lane.snapshot().waits_s.mean() < 0.003


def test_full_lane_says_when_to_come_back() -> None:
    statement = Statement(takes_s=3)
    lane = lane_of(statement, batch_max=2, waiting_max=4)

    async def story() -> int:
        await lane.ask(0)  # from now on it knows how long a statement takes
        callers = [asyncio.create_task(lane.ask(call)) for call in (1, 2)]
        await asyncio.sleep(1)
        callers += [asyncio.create_task(lane.ask(call)) for call in (3, 4, 5, 6)]
        await asyncio.sleep(1)
        with pytest.raises(LaneFull) as refusal:
            await lane.ask(7)
        assert await asyncio.gather(*callers) == [2, 4, 6, 8, 10, 12]
        return refusal.value.retry_after_seconds

    assert run(story()) == 6  # two batches of three seconds each
    assert lane.snapshot().refused_full == 1
    assert max(len(batch) for batch in statement.batches) == 2


def test_same_key_goes_into_the_next_batch_before_all_others() -> None:
    statement = Statement()
    lane: Lane[int, int] = Lane(
        "tests", statement, key=lambda call: call % 10, limits=Limits(batch_max=3)
    )

    assert ask_all(lane, 1, 11, 21, 2, 12, 3, 4) == [2, 22, 42, 4, 24, 6, 8]
    assert statement.batches == [[1, 2, 3], [11, 12, 4], [21]]


def test_same_key_never_runs_beside_itself() -> None:
    statement = Statement()
    lane: Lane[int, int] = Lane(
        "tests", statement, key=lambda call: call % 10, limits=Limits(batch_max=1, in_flight_max=2)
    )

    ask_all(lane, 1, 11, 2)

    assert statement.batches == [[1], [2], [11]]


def test_who_floods_her_own_key_fills_nobody_elses() -> None:
    lane: Lane[int, int] = Lane(
        "tests", Statement(), key=lambda call: call % 10, limits=Limits(behind_key_max=2)
    )

    assert ask_all(lane, 1, 11, 21, 31, 2) == [2, 22, 42, "KeyBusy", 4]
    assert lane.snapshot().refused_key == 1


def test_poisoned_row_spoils_nobody_elses() -> None:
    statement = Statement()
    lane = lane_of(statement)

    answers = ask_all(lane, *range(99), -1, *range(100, 200))

    assert answers[99] == "Poisoned"
    assert [*answers[:99], *answers[100:]] == [2 * call for call in range(200) if call != 99]
    seen = lane.snapshot()
    assert (seen.batches, seen.fallbacks, seen.failed) == (1, 1, 1)
    assert seen.retries == len(statement.batches) - 1 <= 16


def test_retries_of_a_batch_are_bounded() -> None:
    statement = Statement()

    answers = ask_all(lane_of(statement, retries_max=5), *([-1] * 64))

    # Two halvings; what is left of a third one would not pay for both of its halves.
    assert answers == ["Unsettled"] * 64
    assert len(statement.batches) == 5


def test_unsettled_call_knows_why() -> None:
    async def story() -> BaseException | None:
        lane = lane_of(Statement(), retries_max=0)
        asyncio.get_running_loop().create_task(outcome(lane, -1))
        with pytest.raises(Unsettled) as refusal:
            await lane.ask(2)
        return refusal.value.__cause__

    assert isinstance(run(story()), Poisoned)


def test_hopeless_error_is_not_tried_again() -> None:
    statement = Statement()
    statement.is_down = True
    lane = lane_of(statement)

    assert ask_all(lane, 1, 2, 3) == ["Unsettled"] * 3
    assert statement.batches == [[1, 2, 3]]


def test_error_that_turns_hopeless_ends_the_retries() -> None:
    statement = Statement()

    async def story() -> list[int | str]:
        lane = lane_of(statement)
        callers = [asyncio.create_task(outcome(lane, call)) for call in (1, 2, -1, 4)]
        await asyncio.sleep(1.5 * STATEMENT_S)  # the batch has failed, its first half runs
        statement.is_down = True
        return await asyncio.gather(*callers)

    assert run(story()) == ["Unsettled"] * 4
    assert statement.batches == [[1, 2, -1, 4], [1, 2]]


def test_wrong_number_of_verdicts_is_never_tried_again() -> None:
    seen = []

    async def forgetful(calls: list[int]) -> list[int]:
        seen.append(calls)
        return calls[1:]

    assert ask_all(lane_of(forgetful), 1, 2) == ["VerdictsMissing"] * 2
    assert seen == [[1, 2]]


def test_caller_who_left_before_was_never_there() -> None:
    statement = Statement()
    lane = lane_of(statement)

    async def story() -> int:
        first = asyncio.create_task(lane.ask(1))
        second = asyncio.create_task(lane.ask(2))
        await asyncio.sleep(0)
        first.cancel()
        return await second

    assert run(story()) == 4
    assert statement.batches == [[2]]
    assert (lane.snapshot().left_waiting, lane.snapshot().left_running) == (1, 0)


def test_caller_who_left_afterwards_hangs_nobody() -> None:
    statement = Statement()
    lane = lane_of(statement)

    async def story() -> int:
        first = asyncio.create_task(lane.ask(1))
        second = asyncio.create_task(lane.ask(2))
        await asyncio.sleep(STATEMENT_S / 2)
        first.cancel()
        return await second

    assert run(story()) == 4
    assert statement.batches == [[1, 2]]
    assert (lane.snapshot().left_waiting, lane.snapshot().left_running) == (0, 1)


def test_caller_who_leaves_in_the_moment_of_the_answer_hears_no_complaint() -> None:
    callers: list[asyncio.Task[int]] = []

    async def failing(_calls: list[int]) -> list[int]:
        # Runs before the caller wakes, when the answer lies there already.
        asyncio.get_running_loop().call_soon(callers[0].cancel)
        raise Poisoned

    async def story() -> None:
        callers.append(asyncio.create_task(lane_of(failing).ask(1)))
        await asyncio.wait(callers)
        assert callers[0].cancelled()

    run(story())


def test_everybody_leaving_leaves_nothing_to_send() -> None:
    statement = Statement()

    async def story() -> None:
        caller = asyncio.create_task(lane_of(statement).ask(1))
        await asyncio.sleep(0)
        caller.cancel()
        await asyncio.sleep(1)

    run(story())

    assert statement.batches == []


def test_leaving_lets_the_next_of_the_key_go() -> None:
    statement = Statement()
    lane: Lane[int, int] = Lane("tests", statement, key=lambda call: call % 10)

    async def story() -> list[int]:
        under_way = asyncio.create_task(lane.ask(0))
        await asyncio.sleep(STATEMENT_S / 2)
        callers = [asyncio.create_task(lane.ask(call)) for call in (1, 11, 21, 2)]
        await asyncio.sleep(0)
        callers[0].cancel()  # stood ready
        callers[2].cancel()  # stood behind
        return await asyncio.gather(under_way, callers[1], callers[3])

    assert run(story()) == [0, 22, 4]
    assert statement.batches == [[0], [11, 2]]
    assert len(lane._queue._parked) == 0


def test_drained_lane_finishes_what_waits_and_takes_no_more() -> None:
    statement = Statement()
    lane = lane_of(statement, batch_max=2)

    async def story() -> tuple[int, list[int | str], int | str]:
        callers = [asyncio.create_task(outcome(lane, call)) for call in (1, 2, 3)]
        await asyncio.sleep(0)
        given_up = await lane.drain(within_s=1)
        return given_up, await asyncio.gather(*callers), await outcome(lane, 4)

    assert run(story()) == (0, [2, 4, 6], "LaneClosed")
    assert lane.snapshot().refused_closed == 1


def test_draining_holds_nobody_back_for_company() -> None:
    lane = lane_of(Statement(), wait_max_s=10)

    async def story() -> float:
        await asyncio.gather(*(lane.ask(call) for call in range(50)))
        caller = asyncio.create_task(lane.ask(1))
        await asyncio.sleep(0)
        await lane.drain(within_s=1)
        await caller
        return asyncio.get_running_loop().time()

    assert run(story()) == pytest.approx(2 * STATEMENT_S)


def test_draining_gives_up_in_time() -> None:
    statement = Statement(takes_s=60)
    lane = lane_of(statement, batch_max=2)

    async def story() -> tuple[int, list[int | str], float]:
        callers = [asyncio.create_task(outcome(lane, call)) for call in (1, 2, 3)]
        await asyncio.sleep(0)
        given_up = await lane.drain(within_s=5)
        return given_up, await asyncio.gather(*callers), asyncio.get_running_loop().time()

    assert run(story()) == (3, ["LaneClosed"] * 3, 5)
    assert lane.snapshot().failed == 3
    assert len(lane._queue._parked) == 0


def test_draining_gives_up_calls_parked_behind_others() -> None:
    lane: Lane[int, int] = Lane("tests", Statement(takes_s=60), key=lambda _call: "one")

    async def story() -> tuple[int, list[int | str]]:
        callers = [asyncio.create_task(outcome(lane, call)) for call in (1, 2, 3)]
        await asyncio.sleep(1)
        given_up = await lane.drain(within_s=0)
        return given_up, await asyncio.gather(*callers)

    assert run(story()) == (3, ["LaneClosed"] * 3)
    assert lane.snapshot().waiting == 0


def test_loop_that_ends_hangs_no_caller() -> None:
    lane = lane_of(Statement())

    async def story() -> int | str:
        caller = asyncio.create_task(outcome(lane, 1))
        await asyncio.sleep(STATEMENT_S / 2)
        for task in lane._running:
            task.cancel()
        return await caller

    assert run(story()) == "LaneClosed"


def test_snapshot_tells_what_was_seen() -> None:
    lane = lane_of(Statement(), batch_max=2)

    async def story() -> None:
        callers = [asyncio.create_task(outcome(lane, call)) for call in (1, 2, 3)]
        await asyncio.sleep(STATEMENT_S / 2)
        seen = lane.snapshot()
        assert (seen.waiting, seen.in_flight) == (1, 1)
        await asyncio.gather(*callers)

    run(story())

    seen = lane.snapshot()
    assert (seen.lane, seen.calls, seen.batches) == ("tests", 3, 2)
    assert (seen.waiting, seen.in_flight, seen.failed) == (0, 0, 0)
    assert dict(zip(seen.batch_sizes.bounds, seen.batch_sizes.counts, strict=False))[2] == 1
    assert seen.batch_sizes.mean() == 1.5
    assert sum(seen.waits_s.counts) == 3


def test_key_that_cannot_be_told_is_the_callers_own_error() -> None:
    def key(_call: int) -> int:
        raise KeyError("no key")

    lane: Lane[int, int] = Lane("tests", Statement(), key=key)

    async def story() -> None:
        with pytest.raises(KeyError):
            await lane.ask(1)

    run(story())
    assert lane.snapshot().calls == 0


def test_turnstile_drains_every_lane() -> None:
    async def story() -> tuple[int, int]:
        lanes = Turnstile([Lane("quick", Statement()), Lane("slow", Statement(takes_s=60))])
        quick = asyncio.create_task(lanes["quick"].ask(1))
        slow = asyncio.create_task(outcome(lanes["slow"], 2))
        await asyncio.sleep(0)
        given_up = await lanes.drain(within_s=1)
        assert await slow == "LaneClosed"
        assert [seen.lane for seen in lanes.snapshots()] == ["quick", "slow"]
        return given_up, await quick

    assert run(story()) == (1, 2)


def test_lanes_have_names_of_their_own() -> None:
    lanes: list[Lane[int, int]] = [Lane("a", Statement()), Lane("a", Statement())]

    with pytest.raises(ValueError, match="two lanes are called a"):
        Turnstile(lanes)


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({"batch_max": 0}, "batch_max must be at least 1"),
        ({"waiting_max": 0}, "waiting_max must be at least 1"),
        ({"in_flight_max": 0}, "in_flight_max must be at least 1"),
        ({"wait_max_s": -0.1}, "wait_max_s must not be negative"),
        ({"retries_max": -1}, "retries_max must not be negative"),
    ],
)
def test_limits_that_let_nothing_through_are_refused(limits: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Limits(**limits)
