from datetime import date, datetime, timedelta, timezone

import pytest

from matching import (
    CATEGORIES,
    SKILLS,
    SLOTS,
    codes_of,
    mask_of,
    place_number,
    project,
    slot_bit,
    slots_between,
)

SHANGHAI = timezone(timedelta(hours=8))


def test_lists_have_national_lengths() -> None:
    assert (len(SKILLS), len(CATEGORIES), len(SLOTS)) == (24, 24, 24)
    assert (SKILLS[-1], CATEGORIES[20], SLOTS[20]) == ("99", "0099", "21")


def test_mask_returns_to_its_codes() -> None:
    assert mask_of(["99", "01"], SKILLS) == 1 << 23 | 1
    assert codes_of(1 << 23 | 1, SKILLS) == ("01", "99")


def test_unknown_code_is_refused() -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        mask_of(["24"], SKILLS)


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("110101001001001002", 110101001001001002),
        ("110101001001", 110101001001000000),
        ("", 0),
    ],
)
def test_place_number_pads_with_zeros(code: str, number: int) -> None:
    assert place_number(code) == number


@pytest.mark.parametrize(
    ("code", "message"),
    [("1101x", "digits only"), ("\uff11\uff11", "digits only"), ("1" * 19, "at most 18")],
)
def test_place_number_refuses_other_text(code: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        place_number(code)


# 2026-10-01 is a Thursday and a holiday; 2026-10-08 is a working Thursday.
@pytest.mark.parametrize(
    ("start", "hours", "codes"),
    [
        ("2026-10-08 09:00", 2, ("10",)),
        ("2026-10-08 10:00", 2, ("10",)),
        ("2026-10-08 11:00", 2, ("10", "11")),
        ("2026-10-08 17:59", 1, ("11", "12")),
        ("2026-10-08 23:00", 2, ("12", "13")),
        ("2026-10-11 23:00", 2, ("01", "21")),
        ("2026-10-01 09:00", 4, ("22", "23")),
        ("2026-09-30 23:00", 2, ("09", "22")),
    ],
)
def test_slots_between_touch_each_part(start: str, hours: int, codes: tuple[str, ...]) -> None:
    starts_at = datetime.fromisoformat(start).replace(tzinfo=SHANGHAI)

    mask = slots_between(
        starts_at, starts_at + timedelta(hours=hours), holidays={date(2026, 10, 1)}
    )

    assert codes_of(mask, SLOTS) == codes


def test_slot_bit_follows_national_numbers() -> None:
    assert [codes_of(slot_bit(day, part), SLOTS)[0] for day, part in ((0, 0), (6, 2), (7, 1))] == [
        "01",
        "21",
        "23",
    ]


def test_project_measures_metres() -> None:
    east, north = project(116.51, 39.91, origin=(116.5, 39.9))

    assert (round(east), round(north)) == (853, 1112)
