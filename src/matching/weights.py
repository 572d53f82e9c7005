"""The weights that turn the order of rule 59 into one integer."""

from dataclasses import dataclass

METRES_MAX = 99_999
RATING_MAX = 500
ORDERS_MAX = 32_767  # the largest i2
_TIERS_BELOW_FIRST = 5
# Costs are stored in JSON and read by browsers: beyond this a double loses units.
_COST_MAX = 2**53 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Hold one version of the weights; every version keeps the order of rule 59.

    Each weight must outweigh all that stands below it together, so the sum sorts exactly like
    (tier, orders in 30 days, rating falling, first visit, metres). Raises ValueError otherwise.
    Source: domain.md rule 59, ADR 0007.
    """

    version: int = 1
    metre: int = 1
    first_visit: int = 100_000  # for a volunteer who has not yet been with this person
    rating_step: int = 200_000  # per hundredth of a point below 5.00
    order: int = 200_000_000  # per order in 30 days
    tier: int = 10_000_000_000_000  # per step: building, grid, community, street, district, other
    unrated: int = 400  # nobody has rated yet: neither ahead of the praised nor behind the rest
    few_orders: int = 2  # up to here "few orders" is named as a reason
    good_rating: int = 400  # from here on the rating is named as a reason

    def __post_init__(self) -> None:
        if not 0 <= self.unrated <= RATING_MAX:
            raise ValueError("unrated must be a rating in hundredths")
        below = 0
        for name, steps in (
            ("metre", METRES_MAX),
            ("first_visit", 1),
            ("rating_step", RATING_MAX),
            ("order", ORDERS_MAX),
            ("tier", _TIERS_BELOW_FIRST),
        ):
            weight = getattr(self, name)
            if weight <= below:
                raise ValueError(f"{name} must outweigh everything below it: {weight} <= {below}")
            below += weight * steps
        if below > _COST_MAX:
            raise ValueError(f"the largest cost must fit a double exactly: {below}")


WEIGHTS = Weights()
