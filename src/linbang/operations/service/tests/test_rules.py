"""When, where and by which proof; no database."""

import hashlib
import hmac
import struct
from base64 import b32decode
from datetime import datetime, timedelta

import pytest

from linbang.foundation.clock import CHINA
from linbang.operations.service import errors, rules
from linbang.operations.service.choices import PresenceMethod, VisitState
from linbang.operations.service.rules import Proof

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
START = datetime(2026, 11, 23, 14, 30, tzinfo=CHINA)
END = START + timedelta(minutes=60)


def test_code_is_truncated_hmac_sha256_of_the_step() -> None:
    step = int(START.timestamp()) // 30
    digest = hmac.new(b32decode(SECRET), struct.pack(">Q", step), hashlib.sha256).digest()
    offset = digest[-1] & 15  # dynamic truncation, RFC 4226 section 5.3
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF

    assert rules.code_at(SECRET, START) == f"{number % 10**6:06d}"


@pytest.mark.parametrize(
    ("seconds", "is_right"),
    [
        (0, True),
        (29, True),
        (30, True),
        (59, True),
        (60, False),
        (-1, True),
        (-30, True),
        (-31, False),
    ],
)
def test_code_holds_one_step_before_and_after(seconds: int, is_right: bool) -> None:
    shown = rules.code_at(SECRET, START)

    assert rules.is_right_code(SECRET, shown, START + timedelta(seconds=seconds)) is is_right


def test_each_visit_has_a_secret_of_160_bits() -> None:
    first, second = rules.new_secret(), rules.new_secret()

    assert first != second
    assert len(b32decode(first)) == 20


@pytest.mark.parametrize(("second", "left"), [(0, 30), (1, 29), (29, 1), (30, 30)])
def test_seconds_left_count_down_to_the_next_code(second: int, left: int) -> None:
    assert rules.seconds_left(START + timedelta(seconds=second)) == left


def test_sixth_wrong_code_in_a_minute_is_refused() -> None:
    rules.require_another_try(4)

    with pytest.raises(errors.TooManyWrongCodes):
        rules.require_another_try(5)


@pytest.mark.parametrize(
    ("point", "other", "metres"),
    [
        ((22.8170, 108.3665), (22.8170, 108.3665), 0),
        # A minute of latitude is 1853 m on the mean sphere.
        ((22.8170, 108.3665), (22.8170 + 1 / 60, 108.3665), 1853),
        # A quarter of the equator is π/2 radii.
        ((0.0, 0.0), (0.0, 90.0), 10_007_557),
        # Across the date line it is near, not around the world.
        ((0.0, 179.999), (0.0, -179.999), 222),
    ],
)
def test_distance_follows_the_great_circle(
    point: tuple[float, float], other: tuple[float, float], metres: int
) -> None:
    found = rules.distance_m(point, other)

    assert found == pytest.approx(metres, rel=0.003, abs=1)
    assert found == rules.distance_m(other, point)


def test_two_hundred_metres_are_near() -> None:
    rules.require_near(200)

    with pytest.raises(errors.TooFarAway) as refusal:
        rules.require_near(201)
    assert refusal.value.params == {"distance_m": 201, "limit_m": 200}


@pytest.mark.parametrize(
    ("minutes", "refusal"),
    [(-61, errors.TooEarly), (-60, None), (0, None), (59, None), (60, errors.TooLateToCheckIn)],
)
def test_check_in_from_an_hour_before_until_the_end(
    minutes: int, refusal: type[Exception] | None
) -> None:
    at = START + timedelta(minutes=minutes)

    if refusal is None:
        rules.require_check_in_time(at, starts_at=START, ends_at=END)
        return
    with pytest.raises(refusal):
        rules.require_check_in_time(at, starts_at=START, ends_at=END)


@pytest.mark.parametrize(
    ("after", "refusal"),
    [
        (timedelta(seconds=59), errors.TooShort),
        (timedelta(minutes=1), None),
        (timedelta(hours=24), None),
        (timedelta(hours=24, seconds=1), errors.TooLateToCheckOut),
    ],
)
def test_check_out_from_a_minute_to_a_day_later(
    after: timedelta, refusal: type[Exception] | None
) -> None:
    if refusal is None:
        rules.require_check_out_time(START + after, checked_in_at=START)
        return
    with pytest.raises(refusal):
        rules.require_check_out_time(START + after, checked_in_at=START)


@pytest.mark.parametrize(
    ("at", "refusal"),
    [
        (START, errors.TooShort),
        (START + timedelta(minutes=1), None),
        (END, None),
        (END + timedelta(minutes=1), errors.BeyondPlannedEnd),  # rule 33
    ],
)
def test_staff_settles_up_to_the_planned_end(at: datetime, refusal: type[Exception] | None) -> None:
    if refusal is None:
        rules.require_settlement_time(at, checked_in_at=START, ends_at=END, ends_shown="15:30")
        return
    with pytest.raises(refusal):
        rules.require_settlement_time(at, checked_in_at=START, ends_at=END, ends_shown="15:30")


def test_presence_lies_in_the_past() -> None:
    rules.require_past(START, now=START)

    with pytest.raises(errors.NotThenYet):
        rules.require_past(START + timedelta(seconds=1), now=START)


def test_only_staff_names_another_moment() -> None:
    earlier = START - timedelta(hours=1)

    assert Proof(PresenceMethod.STAFF, at=earlier).moment(START) == earlier
    assert Proof(PresenceMethod.STAFF).moment(START) == START
    assert Proof(PresenceMethod.CODE, at=earlier).moment(START) == START


def test_half_a_position_is_none() -> None:
    assert Proof(PresenceMethod.LOCATION, latitude=22.8).point is None
    assert Proof(PresenceMethod.LOCATION, latitude=22.8, longitude=108.3).point == (22.8, 108.3)


@pytest.mark.parametrize(
    ("minutes", "checked_in", "checked_out", "cancelled", "state"),
    [
        (0, False, False, False, VisitState.PLANNED),
        (0, True, False, False, VisitState.RUNNING),
        (0, True, True, False, VisitState.DONE),
        (60, False, False, False, VisitState.MISSED),
        (60, True, False, False, VisitState.UNSETTLED),  # 未签退, rule 33
        (90, True, True, False, VisitState.DONE),
        (0, False, False, True, VisitState.CANCELLED),
    ],
)
def test_visit_state_follows_its_rows_and_the_time(
    minutes: int, checked_in: bool, checked_out: bool, cancelled: bool, state: VisitState
) -> None:
    found = rules.visit_state(
        ends_at=END,
        checked_in=checked_in,
        checked_out=checked_out,
        cancelled=cancelled,
        now=START + timedelta(minutes=minutes),
    )

    assert found == state
