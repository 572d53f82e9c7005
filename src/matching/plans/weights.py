"""The weights by which a plan trades one visit against another."""

from dataclasses import dataclass, field

_LOADS = 21
_TIER_COSTS = (0, 100, 250, 600, 1_200, 2_000)


def _rising() -> tuple[int, ...]:
    """Each further order weighs more than the one before, so that the busiest are spared most."""
    return tuple(30 * orders + orders * orders for orders in range(_LOADS))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWeights:
    """Hold one version of the weights of plans; costs are whole numbers.

    tier: cost by Tier · metre_divisor: metres a unit of cost, up to radius_max · load: cost by
    orders in 30 days, the last for all beyond · rating_divisor: hundredths of a point a unit ·
    first_visit: for who has not been with this person · empty: an empty place of priority 1, twice
    that of 2, and so on; it outweighs the dearest pair, so a filled place always wins · settle,
    metres_a_minute: the way from one visit to the next · before_busy: minutes kept free around
    other promises. Raises ValueError. Source: handbook matching.md §2, ADR 0026.
    """

    version: int = 1
    tier: tuple[int, ...] = _TIER_COSTS
    metre_divisor: int = 5
    metres_max: int = 5_000
    load: tuple[int, ...] = field(default_factory=_rising)
    rating_divisor: int = 4
    unrated: int = 400
    first_visit: int = 500
    empty: int = 5_000
    settle: int = 5
    metres_a_minute: int = 200
    before_busy: int = 10

    def __post_init__(self) -> None:
        dearest = (
            max(self.tier)
            + self.metres_max // self.metre_divisor
            + max(self.load)
            + 500 // self.rating_divisor
            + self.first_visit
        )
        if dearest >= self.empty:
            raise ValueError(f"an empty place must outweigh the dearest pair: {dearest}")
        if list(self.tier) != sorted(self.tier) or list(self.load) != sorted(self.load):
            raise ValueError("tier and load must rise")


PLAN_WEIGHTS = PlanWeights()
