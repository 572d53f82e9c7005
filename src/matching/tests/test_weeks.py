from dataclasses import fields

import numpy as np

from matching.requests import IdLists
from matching.weeks import SCARCE, Week, invent_week, invent_week_of


def same(one: Week, other: Week) -> bool:
    return all(
        np.array_equal(getattr(mine, part.name), getattr(theirs, part.name))
        for mine, theirs in zip(one, other, strict=True)
        for part in fields(mine)
        if part.name != "busy" and not isinstance(getattr(mine, part.name), IdLists)
    )


def test_same_seed_gives_same_week() -> None:
    assert same(invent_week_of(700, 40, seed=3), invent_week_of(700, 40, seed=3))
    assert not same(invent_week_of(700, 40, seed=3), invent_week_of(700, 40, seed=4))


def test_community_has_people_and_requests_of_the_benchmark() -> None:
    volunteers, requests = invent_week("community", seed=1)
    scarce, _ = invent_week("community", seed=1, offering=SCARCE)

    assert (len(volunteers), len(requests)) == (1_283, 300)
    assert np.count_nonzero(scarce.availability) < np.count_nonzero(volunteers.availability) / 2
    assert bool((requests.ends // 1_440 == requests.starts // 1_440).all())
    assert len(requests.previous.ids) > len(requests.blocked.ids) > 0
