from dataclasses import replace

from matching import Cause, Weights, rank_one, verify
from matching.factories import Volunteer, make_request, make_volunteers

NEIGHBOURS = make_volunteers(Volunteer(1), Volunteer(2, orders30=1), Volunteer(3, paused=True))


def test_verify_accepts_right_ranking() -> None:
    ranking = rank_one(NEIGHBOURS, make_request(), limit=5)

    assert verify(NEIGHBOURS, make_request(), ranking, limit=5) == ()


def test_verify_names_each_difference() -> None:
    ranking = rank_one(NEIGHBOURS, make_request(), limit=5)
    wrong = replace(
        ranking,
        considered=4,
        rejected={**ranking.rejected, Cause.PAUSED: 0, Cause.MINOR: 1},
        candidates=ranking.candidates[::-1],
    )

    differences = verify(NEIGHBOURS, make_request(), wrong, limit=5)

    assert [text.split(":")[0] for text in differences] == ["considered", "rejected", "candidates"]
    assert differences[0] == "considered: 4 instead of 3"


def test_verify_notices_other_weights() -> None:
    ranking = rank_one(NEIGHBOURS, make_request(), limit=5)

    differences = verify(
        NEIGHBOURS, make_request(), ranking, limit=5, weights=Weights(version=2, unrated=300)
    )

    assert [text.split(":")[0] for text in differences] == ["weights_version", "candidates"]
