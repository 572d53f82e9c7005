"""What a lane has seen, as numbers that can be read at any time."""

from bisect import bisect_left
from dataclasses import dataclass

BATCH_SIZES = (1, 2, 5, 10, 20, 50, 100, 200)
WAITS_S = (0.000_5, 0.001, 0.002, 0.003, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)


@dataclass(frozen=True)
class Histogram:
    """How many values fell at or below each bound, and above the one before; last, above all."""

    bounds: tuple[float, ...]
    counts: tuple[int, ...]
    total: float

    def mean(self) -> float:
        """Return the mean of all values; 0 before the first."""
        seen = sum(self.counts)
        return self.total / seen if seen else 0.0


@dataclass(frozen=True)
class Snapshot:
    """One lane at one moment.

    ``calls`` were taken; ``batches`` were sent for the first time; ``fallbacks`` of them failed
    and were tried in parts, in ``retries`` statements; ``left_waiting`` callers went away before
    their call was sent, ``left_running`` afterwards; ``failed`` got an error for a verdict.
    """

    lane: str
    calls: int
    batches: int
    refused_full: int
    refused_key: int
    refused_closed: int
    fallbacks: int
    retries: int
    left_waiting: int
    left_running: int
    failed: int
    waiting: int
    in_flight: int
    batch_sizes: Histogram
    waits_s: Histogram


class Buckets:
    """A histogram while it is being filled."""

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._total = 0.0

    def note(self, value: float) -> None:
        """Count one value."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self._total += value

    def frozen(self) -> Histogram:
        """Return what was counted so far."""
        return Histogram(self._bounds, tuple(self._counts), self._total)


class Counts:
    """The counters of one lane, written by the lane alone."""

    def __init__(self) -> None:
        self.calls = self.batches = 0
        self.refused_full = self.refused_key = self.refused_closed = 0
        self.fallbacks = self.retries = self.failed = 0
        self.left_waiting = self.left_running = 0
        self.batch_sizes = Buckets(BATCH_SIZES)
        self.waits_s = Buckets(WAITS_S)

    def snapshot(self, lane: str, *, waiting: int, in_flight: int) -> Snapshot:
        """Return the numbers as they are now."""
        return Snapshot(
            lane=lane,
            calls=self.calls,
            batches=self.batches,
            refused_full=self.refused_full,
            refused_key=self.refused_key,
            refused_closed=self.refused_closed,
            fallbacks=self.fallbacks,
            retries=self.retries,
            left_waiting=self.left_waiting,
            left_running=self.left_running,
            failed=self.failed,
            waiting=waiting,
            in_flight=in_flight,
            batch_sizes=self.batch_sizes.frozen(),
            waits_s=self.waits_s.frozen(),
        )
