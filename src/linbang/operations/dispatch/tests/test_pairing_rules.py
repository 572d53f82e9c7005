"""Decisions about pairings over plain values."""

from datetime import date, timedelta

import pytest

from linbang.operations.dispatch import rules
from linbang.operations.dispatch.choices import FULL, PairingWhy, Rhythm, Unfit
from linbang.operations.dispatch.tests.cast import MONDAY
from matching.answers import Cause
from matching.pairings import PairingReason

TODAY = date(2026, 5, 11)


@pytest.mark.parametrize(
    ("rhythm", "days", "overdue"),
    [
        (Rhythm.WEEKLY, 14, False),
        (Rhythm.WEEKLY, 15, True),
        (Rhythm.FORTNIGHTLY, 28, False),
        (Rhythm.FORTNIGHTLY, 29, True),
        (Rhythm.MONTHLY, 62, False),
        (Rhythm.MONTHLY, 63, True),
    ],
)
def test_twice_the_rhythm_is_long(rhythm, days, overdue):
    seen = MONDAY - timedelta(days=days)
    long_ago = MONDAY - timedelta(days=400)

    assert overdue is rules.is_overdue(rhythm, agreed_at=long_ago, visited_at=seen, now=MONDAY)
    # A visit long before the pairing began does not make it late.
    assert overdue is rules.is_overdue(rhythm, agreed_at=seen, visited_at=long_ago, now=MONDAY)
    assert overdue is rules.is_overdue(rhythm, agreed_at=seen, visited_at=None, now=MONDAY)


@pytest.mark.parametrize(
    ("wanted", "born", "helpers"),
    [
        (1, date(1950, 1, 1), 1),
        (3, date(1950, 1, 1), 3),
        (9, date(1950, 1, 1), rules.HELPERS_MAX),
        (1, date(2008, 5, 11), 1),
        (1, date(2008, 5, 12), 2),
    ],
)
def test_minor_gets_two_helpers_at_least(wanted, born, helpers):
    assert rules.helpers_wanted(wanted, birth_date=born, today=TODAY) == helpers


def test_room_is_what_is_left_of_three():
    assert [rules.room(carried) for carried in (0, 2, 3, 9)] == [3, 1, 0, 0]


def test_words_name_every_reason_and_cause():
    assert [why.value for why in PairingWhy] == [reason.value for reason in PairingReason]
    assert rules.why_words([["same_grid", None], ["has_skill", "05"], ["has_time", 1]]) == (
        "同一网格",
        rules.why_words([["has_skill", "05"]])[0],
        "手头服务不多",
    )
    counted = {cause.value: 1 for cause in Cause} | {FULL: 7, "paused": 0}
    words = rules.why_nobody(counted)
    assert words[0] == ("结对已满", 7)
    assert len(words) == len(Unfit)
    assert rules.cause_word(Unfit.SELF_OR_FAMILY) == "本人、亲属或已结对"
