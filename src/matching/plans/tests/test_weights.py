from typing import Any

import pytest

from matching.plans import PLAN_WEIGHTS, PlanWeights


def test_empty_place_outweighs_dearest_pair() -> None:
    dearest = 2_000 + 1_000 + 1_000 + 125 + 500

    assert PLAN_WEIGHTS.empty > dearest
    assert PlanWeights(empty=dearest + 1).empty == dearest + 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"empty": 4_625}, "an empty place must outweigh the dearest pair: 4625"),
        ({"tier": (0, 100, 50, 600, 1_200, 2_000)}, "tier and load must rise"),
        ({"load": (30, 0)}, "tier and load must rise"),
    ],
)
def test_weights_that_turn_the_order_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        PlanWeights(**changes)
