"""What is kept and what goes to the pool, by decision tables and properties."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linbang.outcomes.time_bank import rules
from linbang.outcomes.time_bank.choices import PoolCause
from linbang.outcomes.time_bank.rules import Gain, Split

DAY = date(2026, 11, 24)
SMALL = replace(rules.XINZHU, earn_day_minutes_max=480, balance_minutes_max=1200)


def gain(minutes=60, *, person_id=1, day=DAY, age=40, sex="m", is_group=False):
    return Gain(person_id=person_id, day=day, minutes=minutes, age=age, sex=sex, is_group=is_group)


@pytest.mark.parametrize(
    ("minutes", "day_kept", "balance", "kept", "cause"),
    [
        # Rule 66: 8 hours a day, 1500 hours in all; what is above goes to the pool.
        (60, 0, 0, 60, None),
        (480, 0, 0, 480, None),
        (481, 0, 0, 480, PoolCause.DAY_LIMIT),
        (60, 450, 450, 30, PoolCause.DAY_LIMIT),
        (60, 480, 480, 0, PoolCause.DAY_LIMIT),
        (60, 0, 89_940, 60, None),
        (61, 0, 89_940, 60, PoolCause.BALANCE_LIMIT),
        (60, 0, 90_000, 0, PoolCause.BALANCE_LIMIT),
        # A balance above a limit that was lowered stays; nothing more is added.
        (60, 0, 95_000, 0, PoolCause.BALANCE_LIMIT),
        # A day that was corrected below zero gives no more room than the limit.
        (500, -30, 0, 500, None),
    ],
)
def test_limits_cut_what_is_kept(minutes, day_kept, balance, kept, cause):
    split = rules.split_gain(gain(minutes), scheme=rules.XINZHU, day_kept=day_kept, balance=balance)

    assert split == Split(kept, minutes - kept, cause)


@pytest.mark.parametrize(
    ("scheme", "age", "sex", "is_group", "cause"),
    [
        # Rule 74: minors' and group service goes to the pool (NJ, SHT).
        (rules.XINZHU, 17, "m", False, PoolCause.MINOR),
        (rules.XINZHU, 18, "m", False, None),
        (rules.XINZHU, 40, "m", True, PoolCause.GROUP),
        (rules.XINZHU, 17, "m", True, PoolCause.MINOR),
        (rules.SHANGHAI, 17, "f", False, PoolCause.MINOR),
        # Changning: 60 to 70, women from 50.
        (rules.CHANGNING, 59, "m", False, PoolCause.AGE),
        (rules.CHANGNING, 60, "m", False, None),
        (rules.CHANGNING, 50, "f", False, None),
        (rules.CHANGNING, 49, "f", False, PoolCause.AGE),
        (rules.CHANGNING, 70, "f", False, None),
        (rules.CHANGNING, 71, "f", False, PoolCause.AGE),
    ],
)
def test_who_does_not_save_serves_for_the_pool(scheme, age, sex, is_group, cause):
    assert rules.pool_cause(scheme, age=age, sex=sex, is_group=is_group) == cause


gains = st.lists(
    st.builds(
        gain,
        st.integers(1, 700),
        person_id=st.integers(1, 2),
        day=st.sampled_from([DAY, date(2026, 11, 25), date(2026, 11, 26)]),
    ),
    max_size=12,
)


@given(
    gains=gains,
    start=st.integers(0, 1300),
    day_kept=st.integers(0, 500),
    seed=st.randoms(use_true_random=False),
)
def test_every_minute_is_kept_or_pooled_and_no_limit_broken(gains, start, day_kept, seed):
    kept_on, held_by = {(1, DAY): day_kept}, {1: start}
    shuffled = list(gains)
    seed.shuffle(shuffled)

    def totals(some):
        splits = rules.split_gains(
            [(one, SMALL) for one in some], day_kept=kept_on, balances=held_by
        )
        for one, split in zip(some, splits, strict=True):
            assert split.kept + split.pooled == one.minutes
            assert min(split.kept, split.pooled) >= 0
            assert (split.cause is None) == (split.pooled == 0)
        by_person, by_day = {1: 0, 2: 0}, {}
        for one, split in zip(some, splits, strict=True):
            by_person[one.person_id] += split.kept
            by_day[one.person_id, one.day] = by_day.get((one.person_id, one.day), 0) + split.kept
        return by_person, by_day

    by_person, by_day = totals(gains)

    assert by_person == totals(shuffled)[0]
    for (person_id, day), kept in by_day.items():
        assert kept_on.get((person_id, day), 0) + kept <= max(480, kept_on.get((person_id, day), 0))
    for person_id, kept in by_person.items():
        assert held_by.get(person_id, 0) + kept <= max(1200, held_by.get(person_id, 0))


@pytest.mark.parametrize(
    ("minutes", "pooled", "pool_free", "person_free", "expected"),
    [
        # From the pool first what went there, then the person's; what is gone is owed.
        (30, 60, 500, 500, (30, 0, 0, 0)),
        (90, 60, 500, 500, (60, 30, 0, 0)),
        (90, 0, 500, 500, (0, 90, 0, 0)),
        (90, 60, 20, 500, (20, 30, 40, 0)),
        (90, 0, 500, 50, (0, 50, 0, 40)),
        (90, 60, 0, 0, (0, 0, 60, 30)),
    ],
)
def test_taking_back_mirrors_the_split(minutes, pooled, pool_free, person_free, expected):
    taken = rules.take_back(minutes, pooled=pooled, pool_free=pool_free, person_free=person_free)

    assert (taken.from_pool, taken.from_person, taken.pool_owes, taken.person_owes) == expected
    assert sum(expected) == minutes
    assert taken.pooled == taken.from_pool + taken.pool_owes


@pytest.mark.parametrize(
    ("incoming", "owed", "paid"),
    [(50, [], []), (50, [20, 60], [20, 30]), (50, [50, 1], [50, 0]), (0, [5], [0])],
)
def test_oldest_debt_is_paid_first(incoming, owed, paid):
    assert rules.settlements(incoming, owed) == paid
