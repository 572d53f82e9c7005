"""Decisions about shifts over plain values: no database."""

from datetime import datetime, time, timedelta
from uuid import UUID, uuid4

import pyotp
import pytest

from linbang.foundation.clock import CHINA
from linbang.foundation.people.choices import ServiceCategory
from linbang.operations.service import errors, rules
from linbang.operations.service.choices import AbsenceKind, CardDirection, RollMark, RollState
from linbang.operations.service.rules import CalendarEntry

NINE = datetime(2026, 5, 16, 9, 0, tzinfo=CHINA)
ACTIVITY = UUID("7f1f6ed6-3d0c-4a6f-9a55-6a4f2a1b8c11")
MINUTE = timedelta(minutes=1)


def test_secret_is_the_same_for_the_same_key_and_activity_only() -> None:
    secret = rules.activity_secret(b"site", ACTIVITY)

    assert secret == rules.activity_secret(b"site", ACTIVITY)
    assert len(pyotp.TOTP(secret).byte_secret()) == 20
    others = {rules.activity_secret(b"other", ACTIVITY), rules.activity_secret(b"site", uuid4())}
    assert secret not in others


def test_address_is_what_any_scanner_opens() -> None:
    address = rules.check_in_address("https://linbang.example", ACTIVITY, "123456")

    assert address == f"https://linbang.example/check-in/{ACTIVITY}/?code=123456"


@pytest.mark.parametrize(("second", "left"), [(0, 30), (1, 29), (29, 1), (30, 30), (59, 1)])
def test_seconds_left_count_down_to_the_next_code(second: int, left: int) -> None:
    assert rules.seconds_left(NINE.replace(second=second)) == left


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("https://linbang.example/card/V0000000018/", "V0000000018"),
        ("/card/v0000000018", "V0000000018"),
        (" V0000000018 ", "V0000000018"),
        ("", ""),
    ],
)
def test_number_is_read_off_an_address_or_typed(text: str, number: str) -> None:
    assert rules.number_on_card(text) == number


@pytest.mark.parametrize(
    ("people", "rounds"),
    [
        ([], []),
        ([1, 2, 3], [[0, 1, 2]]),
        ([1, 1, 2, 1], [[0, 2], [1], [3]]),
        ([None, 1, None, 1], [[0, 1, 2], [3]]),
    ],
)
def test_each_person_stands_once_in_a_round(
    people: list[int | None], rounds: list[list[int]]
) -> None:
    assert rules.in_turns(people) == rounds


def test_marks_of_presence_need_no_reason() -> None:
    for mark in (RollMark.PRESENT, RollMark.LEFT, RollMark.TAKE_BACK):
        rules.require_markable(mark, note="", has_come=True, starts_at=NINE, now=NINE - MINUTE)


@pytest.mark.parametrize(
    ("direction", "open_since", "left_at", "is_out"),
    [
        (CardDirection.IN, NINE, None, False),
        (CardDirection.OUT, None, None, True),
        (CardDirection.EITHER, None, None, False),
        (CardDirection.EITHER, NINE - 5 * MINUTE, None, True),
        (CardDirection.EITHER, NINE - 4 * MINUTE, None, False),
        (CardDirection.EITHER, None, NINE - 4 * MINUTE, True),
        (CardDirection.EITHER, None, NINE - 5 * MINUTE, False),
    ],
)
def test_what_a_card_means(
    direction: CardDirection,
    open_since: datetime | None,
    left_at: datetime | None,
    is_out: bool,
) -> None:
    says = rules.card_says_out(direction, open_since=open_since, left_at=left_at, now=NINE)

    assert says is is_out


@pytest.mark.parametrize(
    ("minutes", "moment"), [(None, 0), (0, 0), (-1440, -1440), (5, 0), (-1, -1)]
)
def test_scan_is_taken_within_a_day(minutes: int | None, moment: int) -> None:
    at = None if minutes is None else NINE + minutes * MINUTE

    assert rules.scan_moment(at, now=NINE) == NINE + moment * MINUTE


@pytest.mark.parametrize("minutes", [-1441, 6])
def test_scan_of_another_day_is_refused(minutes: int) -> None:
    with pytest.raises(errors.OutsideTheDay):
        rules.scan_moment(NINE + minutes * MINUTE, now=NINE)


@pytest.mark.parametrize(
    ("starts_at", "clock", "moment"),
    [
        (NINE, time(8, 0), NINE - 60 * MINUTE),
        (NINE, time(10, 30), NINE + 90 * MINUTE),
        (NINE, time(7, 59), NINE + (24 * 60 - 61) * MINUTE),
        (NINE.replace(hour=22), time(2, 0), NINE.replace(hour=2) + timedelta(days=1)),
        (NINE.replace(hour=0, minute=30), time(23, 45), NINE.replace(hour=0) - 15 * MINUTE),
    ],
)
def test_clock_on_a_shift_knows_its_day(starts_at: datetime, clock: time, moment: datetime) -> None:
    assert rules.on_shift_clock(clock, starts_at) == moment


@pytest.mark.parametrize(
    ("hour", "bit"), [(8, 15), (11, 15), (12, 16), (17, 16), (18, 17), (23, 17)]
)
def test_visitor_offers_that_part_of_that_day(hour: int, bit: int) -> None:
    offer = rules.offer_at((), NINE.replace(hour=hour))

    assert (offer.categories, offer.availability) == ((ServiceCategory.COMMUNITY,), 1 << bit)


@pytest.mark.parametrize(
    ("is_open", "has_left", "absence", "is_excused", "minutes", "state"),
    [
        (True, True, None, False, 60, RollState.HERE),
        (True, True, AbsenceKind.NO_SHOW, False, 120, RollState.FORGOTTEN),
        (False, True, AbsenceKind.NO_SHOW, False, 60, RollState.LEFT),
        (False, False, None, False, 60, RollState.EXPECTED),
        (False, False, AbsenceKind.NO_SHOW, False, 60, RollState.ABSENT),
        (False, False, AbsenceKind.NO_SHOW, True, 60, RollState.EXCUSED),
        (False, False, AbsenceKind.EXCUSED, False, 60, RollState.EXCUSED),
    ],
)
def test_state_on_the_roll(
    is_open: bool,
    has_left: bool,
    absence: AbsenceKind | None,
    is_excused: bool,
    minutes: int,
    state: RollState,
) -> None:
    told = rules.roll_state(
        is_open=is_open,
        has_left=has_left,
        absence=absence,
        is_excused=is_excused,
        ends_at=NINE + 120 * MINUTE,
        now=NINE + minutes * MINUTE,
    )

    assert told == state


def test_entry_may_be_bare() -> None:
    entry = CalendarEntry(
        uid="x@linbang", title="值勤", starts_at=NINE, ends_at=NINE + MINUTE, changed_at=NINE
    )

    text = rules.calendar_text([entry], name="邻帮").decode()

    assert "DTSTART;TZID=Asia/Shanghai:20260516T090000" in text
    for absent in ("URL", "LOCATION", "GEO", "DESCRIPTION:\r\n"):
        assert absent not in text
