import pytest

from turnstile.counts import Histogram
from turnstile.pace import Pace

MS = 0.001


def paced(*out: int, in_flight_max: int = 1) -> Pace:
    """A lane that saw so many calls out at once, batch after batch."""
    pace = Pace(3 * MS, in_flight_max)
    for turn, most in enumerate(out):
        pace.arrived(turn * MS, out=most)
        pace.sent(out=most)
    return pace


@pytest.mark.parametrize("out", [1, 2, 3])
def test_few_are_not_worth_waiting_for(out: int) -> None:
    assert paced(*[out] * 100).wait_s(1) == 0


@pytest.mark.parametrize(("ready", "wait_s"), [(1, 3 * MS), (18, 3 * MS), (19, 0), (20, 0)])
def test_wait_is_over_when_most_are_there(ready: int, wait_s: float) -> None:
    assert paced(20).wait_s(ready) == wait_s


@pytest.mark.parametrize(("ready", "wait_s"), [(1, 3 * MS), (30, 3 * MS), (31, 0), (64, 0)])
def test_wait_is_over_when_most_of_a_statements_share_is_there(ready: int, wait_s: float) -> None:
    assert paced(64, in_flight_max=2).wait_s(ready) == wait_s


@pytest.mark.parametrize(("out", "in_flight_max", "share"), [(64, 1, 64), (65, 2, 33), (1, 2, 2)])
def test_company_is_shared_among_statements(out: int, in_flight_max: int, share: int) -> None:
    assert paced(*[out] * 50, in_flight_max=in_flight_max).share() == share


def test_crowd_is_shared_from_its_first_statement_on() -> None:
    pace = Pace(3 * MS, 2)

    pace.arrived(0, out=10)

    assert pace.share() == 5


def test_crowd_is_noticed_at_once() -> None:
    assert paced(1, 1, 1, 20).wait_s(10) == 3 * MS


def test_crowd_is_forgotten_within_a_dozen_batches() -> None:
    assert paced(64, *[1] * 12).wait_s(1) == 0


def test_one_small_batch_is_not_the_end_of_a_crowd() -> None:
    assert paced(64, 10).wait_s(10) == 3 * MS


def test_calls_under_way_are_company_of_the_next() -> None:
    pace = Pace(3 * MS)
    pace.arrived(0, out=20)
    pace.sent(out=20)
    pace.sent(out=20)  # nobody came in between

    assert pace.wait_s(1) == 3 * MS


def test_crowd_of_before_a_silence_is_forgotten() -> None:
    pace = paced(64, 64)

    pace.arrived(1.0, out=1)

    assert pace.wait_s(1) == 0


@pytest.mark.parametrize(
    ("took_s", "batches", "seconds"), [(0.0, 5, 1), (0.5, 5, 3), (0.5, 0, 1), (9, 100, 30)]
)
def test_time_to_come_back_is_told_in_whole_seconds(
    took_s: float, batches: int, seconds: int
) -> None:
    pace = Pace(3 * MS)
    for _ in range(2):
        pace.ran(took_s)

    assert pace.retry_after_s(batches) == seconds


def test_empty_histogram_has_a_mean() -> None:
    assert Histogram((1.0,), (0, 0), 0.0).mean() == 0.0
