from datetime import timedelta

import pytest

from linbang.foundation.messaging import rules
from linbang.foundation.messaging.factories import NOW


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(0, 15), (1, 15), (2, 30), (3, 60), (rules.TRIES_MAX, 480)]
)
def test_pause_doubles(attempts, seconds):
    assert rules.pause_after(attempts) == timedelta(seconds=seconds)


@pytest.mark.parametrize(("attempts", "given_up"), [(5, False), (6, True)])
def test_message_is_given_up_after_six_tries(attempts, given_up):
    assert rules.gives_up(attempts) is given_up


@pytest.mark.parametrize(
    ("send_before", "expired"),
    [(None, False), (NOW + timedelta(seconds=1), False), (NOW, True)],
)
def test_message_expires_at_its_time(send_before, expired):
    assert rules.is_expired(send_before, NOW) is expired


def test_missing_params_are_named():
    assert rules.missing_params("%(item)s, %(starts_at)s", {"item": "x"}) == {"starts_at"}


def test_instants_are_stored_as_text():
    assert rules.plain_params({"starts_at": NOW, "item": "x"}) == {
        "starts_at": "2026-11-23T09:30:00+08:00",
        "item": "x",
    }
