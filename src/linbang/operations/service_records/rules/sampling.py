"""Spot checks: a sample anybody can draw again, and what it says about all (Order 67, 21)."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linbang.operations.service_records import errors

SAMPLE_MAX = 500
# The normal quantile of 95 %.
_Z = 1.959964


@dataclass(frozen=True)
class Interval:
    """Between which percentages the share of all lies, with 95 % confidence."""

    low: float
    high: float

    @property
    def low_percent(self) -> int:
        """The lower end, rounded down."""
        return math.floor(self.low * 100)

    @property
    def high_percent(self) -> int:
        """The upper end, rounded up."""
        return math.ceil(self.high * 100)


def sample_size(population: int, *, count: int | None, percent: int | None) -> int:
    """Return how many to draw: so many, or so many of a hundred, rounded up.

    Raises SampleEmpty where there is nothing to draw, SampleTooLarge above 500.
    """
    size = count if count is not None else -(-population * (percent or 0) // 100)
    size = min(size, population)
    if size <= 0:
        raise errors.SampleEmpty
    if size > SAMPLE_MAX:
        raise errors.SampleTooLarge(most=SAMPLE_MAX)
    return size


def shares(size: int, populations: Mapping[str, int]) -> dict[str, int]:
    """Divide a sample among strata by their size, at least one from each that has any.

    Largest remainders first; ``size`` is at most the sum of the populations.
    """
    total = sum(populations.values())
    floors = {name: size * n // total for name, n in populations.items()}
    rest = size - sum(floors.values())
    by_remainder = sorted(populations, key=lambda name: (-(size * populations[name] % total), name))
    for name in by_remainder[:rest]:
        floors[name] += 1
    for name in sorted(populations):
        if populations[name] and not floors[name]:
            largest = max(floors, key=lambda one: (floors[one], one))
            if floors[largest] > 1:
                floors[largest] -= 1
                floors[name] = 1
    return floors


def drawn(keys: Sequence[str], *, size: int, seed: int) -> list[str]:
    """Draw ``size`` of the keys: those whose SHA-256 of ``seed:key`` come first.

    The same seed and the same keys give the same sample in any programming language.
    """
    return sorted(keys, key=lambda key: hashlib.sha256(f"{seed}:{key}".encode()).digest())[:size]


def wilson(hits: int, total: int) -> Interval:
    """Return the Wilson score interval of a share at 95 %; all of it for an empty sample.

    Source: Wilson 1927; it stays within 0 and 1 and is honest for small samples.
    """
    if total == 0:
        return Interval(0.0, 1.0)
    share = hits / total
    spread = _Z * math.sqrt(share * (1 - share) / total + _Z**2 / (4 * total**2))
    centre = share + _Z**2 / (2 * total)
    scale = 1 + _Z**2 / total
    return Interval(max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale))
