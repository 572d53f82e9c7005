from dataclasses import fields

import numpy as np

from matching import rank_one, verify
from matching.instances import COMMUNITY, invent_requests, invent_volunteers


def test_same_seed_gives_same_city() -> None:
    twins = [invent_volunteers(300, seed=4) for _ in range(2)]

    assert all(
        np.array_equal(getattr(twins[0], field.name), getattr(twins[1], field.name))
        for field in fields(twins[0])
        if field.name != "busy"
    )
    assert invent_requests(twins[0], 5, seed=1) == invent_requests(twins[1], 5, seed=1)
    assert invent_requests(twins[0], 5, seed=1) != invent_requests(twins[0], 5, seed=2)


def test_invented_community_is_ranked_right() -> None:
    volunteers = invent_volunteers(COMMUNITY, seed=1)
    requests = invent_requests(volunteers, 20, seed=2)

    rankings = [rank_one(volunteers, request, limit=20) for request in requests]

    assert [
        verify(volunteers, request, ranking, limit=20)
        for request, ranking in zip(requests, rankings, strict=True)
    ] == [()] * 20
    assert any(ranking.candidates for ranking in rankings)
