"""A lane: calls of one operation, gathered, run as one statement, answered one by one."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from itertools import chain
from math import ceil
from typing import Generic

from turnstile.counts import Counts, Snapshot
from turnstile.errors import KeyBusy, LaneClosed, LaneFull, Unsettled, VerdictsMissing
from turnstile.limits import STANDARD, Limits
from turnstile.pace import Pace
from turnstile.queue import Call, Entry, Queue, Verdict

Batch = list[Entry[Call, Verdict]]


def _no_key(_call: object) -> Hashable:
    return None


def _never(_error: Exception) -> bool:
    return False


class Lane(Generic[Call, Verdict]):
    """Gather calls and run them together.

    ``run`` takes the calls of a batch and returns their verdicts in the same order. It is all or
    nothing: when it raises, nothing of the batch was written, or writing it again does no harm.
    Two calls with the same ``key`` never share a batch, nor run at the same time, and keep their
    order. ``is_hopeless`` names errors that no splitting mends, such as a lost connection.
    A lane belongs to one event loop.
    """

    def __init__(
        self,
        name: str,
        run: Callable[[list[Call]], Awaitable[Sequence[Verdict]]],
        *,
        key: Callable[[Call], Hashable] = _no_key,
        is_hopeless: Callable[[Exception], bool] = _never,
        limits: Limits = STANDARD,
    ) -> None:
        self.name = name
        self.limits = limits
        self._run = run
        self._key = key
        self._is_hopeless = is_hopeless
        self._queue: Queue[Call, Verdict] = Queue()
        self._pace = Pace(limits.wait_max_s, limits.in_flight_max)
        self._counts = Counts()
        self._running: dict[asyncio.Task[None], Batch[Call, Verdict]] = {}
        self._under_way = 0
        self._timer: asyncio.TimerHandle | None = None
        self._is_sending = False
        self._free_at = float("-inf")
        self._is_closed = False

    async def ask(self, call: Call) -> Verdict:
        """Return the verdict on a call, or raise the error that is its own.

        Whoever is cancelled before the call was sent has not asked; afterwards the call counts
        and its verdict is dropped. Raises KeyBusy, LaneFull, LaneClosed, Unsettled,
        VerdictsMissing.
        """
        entry = self._enter(call)
        try:
            return await entry.future
        except asyncio.CancelledError:
            self._leave(entry)
            raise

    async def drain(self, *, within_s: float) -> int:
        """Take no more calls, finish those that are here, give up after ``within_s`` seconds.

        Return how many calls were given up; their callers get LaneClosed.
        """
        self._is_closed = True
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within_s
        self._look()
        while self._running or len(self._queue):
            left_s = deadline - loop.time()
            if left_s <= 0:
                return self._give_up()
            if self._running:
                await asyncio.wait(self._running, timeout=left_s)
            else:
                await asyncio.sleep(0)  # the next batch goes in this turn of the loop
        return 0

    def snapshot(self) -> Snapshot:
        """Return what the lane has seen, and how full it is."""
        return self._counts.snapshot(
            self.name, waiting=len(self._queue), in_flight=len(self._running)
        )

    def _enter(self, call: Call) -> Entry[Call, Verdict]:
        key = self._key(call)
        if self._is_closed:
            self._counts.refused_closed += 1
            raise LaneClosed(self.name, retry_after_seconds=1)
        if len(self._queue) >= self.limits.waiting_max:
            self._counts.refused_full += 1
            raise LaneFull(self.name, retry_after_seconds=self._retry_after_s())
        if self._queue.behind(key) >= self.limits.behind_key_max:
            self._counts.refused_key += 1
            raise KeyBusy(self.name, retry_after_seconds=1)
        loop = asyncio.get_running_loop()
        entry: Entry[Call, Verdict] = Entry(call, key, loop.create_future(), loop.time())
        self._counts.calls += 1
        self._queue.add(entry)
        self._pace.arrived(entry.arrived_at, out=self._out())
        self._look()
        return entry

    def _out(self) -> int:
        """How many calls wait or are under way."""
        return len(self._queue) + self._under_way

    def _batch_max(self) -> int:
        return min(self.limits.batch_max, self._pace.share())

    def _retry_after_s(self) -> int:
        ahead = len(self._queue) / self.limits.batch_max / self.limits.in_flight_max
        return self._pace.retry_after_s(ceil(ahead))

    def _leave(self, entry: Entry[Call, Verdict]) -> None:
        self._queue.discard(entry)
        self._counts.left_running += entry.is_sent
        self._counts.left_waiting += not entry.is_sent
        entry.forget()

    def _look(self) -> None:
        """Decide when the next batch goes: in this turn of the loop, or when company has come."""
        if self._is_sending or len(self._running) >= self.limits.in_flight_max:
            return
        ready = self._queue.ready
        if not ready:
            return
        loop = asyncio.get_running_loop()
        # Whoever waited while the lane was busy may still be held: for those it has just answered.
        due_at = max(self._queue.oldest_at, self._free_at) + self._pace.wait_s(ready)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._is_closed or ready >= self._batch_max() or due_at <= loop.time():
            # Not at once: what else the loop has ready in this turn comes along.
            self._is_sending = True
            loop.call_soon(self._send)
        else:
            self._timer = loop.call_at(due_at, self._send)

    def _send(self) -> None:
        self._is_sending, self._timer = False, None
        batch = self._queue.take(self._batch_max())
        if not batch:  # everybody left
            return
        now = asyncio.get_running_loop().time()
        self._counts.batches += 1
        self._counts.batch_sizes.note(len(batch))
        for entry in batch:
            self._counts.waits_s.note(now - entry.arrived_at)
        task = asyncio.create_task(self._settle(batch), name=f"turnstile {self.name}")
        self._running[task] = batch
        self._under_way += len(batch)
        self._pace.sent(out=self._out())
        task.add_done_callback(self._settled)
        self._look()

    def _settled(self, task: "asyncio.Task[None]") -> None:
        batch = self._running.pop(task)
        self._under_way -= len(batch)
        self._queue.release(batch)
        self._free_at = asyncio.get_running_loop().time()
        self._look()

    async def _settle(self, batch: Batch[Call, Verdict]) -> None:
        """Answer everybody of a batch; what failed is tried in halves, down to the single call."""
        groups, retries_left = [batch], self.limits.retries_max
        try:
            while groups:
                group = groups.pop()
                error = await self._error_of(group)
                if error is None:
                    continue
                self._counts.fallbacks += group is batch
                middle = len(group) // 2
                if isinstance(error, VerdictsMissing):
                    self._fail(group, error)
                elif self._is_hopeless(error):
                    self._leave_unsettled([*group, *chain(*groups)], error)
                    return
                elif not middle:
                    self._fail(group, error)
                elif retries_left < 2:
                    self._leave_unsettled(group, error)
                else:
                    retries_left -= 2
                    self._counts.retries += 2
                    groups += [group[middle:], group[:middle]]
        finally:
            # Only a cancelled task has anybody left: nobody waits for what will not come.
            self._close(batch)

    async def _error_of(self, group: Batch[Call, Verdict]) -> Exception | None:
        """Run a group and answer it; if that fails, answer nobody and return why."""
        loop = asyncio.get_running_loop()
        begun_at = loop.time()
        try:
            verdicts = await self._run([entry.call for entry in group])
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to the callers
            return error
        self._pace.ran(loop.time() - begun_at)
        if len(verdicts) != len(group):
            return VerdictsMissing(f"{self.name}: {len(verdicts)} verdicts on {len(group)} calls")
        for entry, verdict in zip(group, verdicts, strict=True):
            entry.answer(verdict)
        return None

    def _fail(self, group: Batch[Call, Verdict], error: Exception) -> None:
        self._counts.failed += len(group)
        for entry in group:
            entry.fail(error)

    def _leave_unsettled(self, entries: Batch[Call, Verdict], error: Exception) -> None:
        self._counts.failed += len(entries)
        for entry in entries:
            unsettled = Unsettled(self.name, retry_after_seconds=1)
            unsettled.__cause__ = error
            entry.fail(unsettled)

    def _give_up(self) -> int:
        batches = chain(*self._running.values())
        given_up = self._close([*self._queue.clear(), *batches])
        for task in self._running:
            task.cancel()
        return given_up

    def _close(self, entries: Batch[Call, Verdict]) -> int:
        unanswered = [entry for entry in entries if not entry.future.done()]
        self._counts.failed += len(unanswered)
        for entry in unanswered:
            entry.fail(LaneClosed(self.name, retry_after_seconds=1))
        return len(unanswered)
